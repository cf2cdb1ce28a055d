#pragma once

#include <stdexcept>

namespace asyncbench {

/// The tool could not do what was asked: exit status 1.
/// The message is a whole sentence: what happened, where, and what to do about it.
class Error : public std::runtime_error {
  public:
    using std::runtime_error::runtime_error;
};

/// What was asked for makes no sense (flag, scenario, latency spec): exit status 64.
class UsageError : public Error {
  public:
    using Error::Error;
};

}  // namespace asyncbench
