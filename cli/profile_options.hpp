#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "harness/work/profile.hpp"

namespace CLI {
class App;
}

namespace asyncbench {

/// The flags that say what requests are like, the same for `run` and `target`, as text until they are
/// applied.
class ProfileOptions {
  public:
    void add_to(CLI::App& app);

    /// Overwrites what was given as a flag. Throws UsageError.
    void apply_to(Profile& profile, std::uint64_t& seed) const;

    /// Whether any flag was given that says how the target answers.
    bool shapes_replies() const {
        return !(latency_.empty() && payload_.empty() && error_rate_.empty() && faults_.empty());
    }

    bool says_anything() const { return shapes_replies() || !seed_.empty(); }

    /// The flags that give `profile` and `seed` to another process of this program.
    static std::vector<std::string> arguments_for(const Profile& profile, std::uint64_t seed);

  private:
    std::string latency_;
    std::string payload_;
    std::string error_rate_;
    std::string faults_;
    std::string seed_;
};

}  // namespace asyncbench
