#include "reports/pitfalls_report.hpp"

namespace asyncbench {

std::string pitfalls_html_report(const PitfallsResult& result) {
    return result.command;
}

}  // namespace asyncbench
