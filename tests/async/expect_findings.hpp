#pragma once

#include <gtest/gtest.h>

#include <cstddef>
#include <vector>

#include "async/detect/collected_findings.hpp"

namespace asyncbench {

/// For a test that provokes findings: `count` of `kind`, and no others, must come while it lives.
class ExpectFindings {
  public:
    explicit ExpectFindings(Finding::Kind kind, std::size_t count = 1) : kind_(kind), count_(count) {}
    ExpectFindings(const ExpectFindings&) = delete;
    ExpectFindings& operator=(const ExpectFindings&) = delete;
    ~ExpectFindings() {
        EXPECT_EQ(findings_.count(kind_), count_) << "findings of the kind " << name_of(kind_);
        for (const Finding& finding : findings_.all()) {
            EXPECT_EQ(finding.kind, kind_) << name_of(finding.kind) << ": " << finding.message;
        }
    }

    std::vector<Finding> all() const { return findings_.all(); }

  private:
    Finding::Kind kind_;
    std::size_t count_;
    CollectedFindings findings_;
};

}  // namespace asyncbench
