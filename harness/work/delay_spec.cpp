#include "harness/work/delay_spec.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <numbers>
#include <vector>

#include "async/errors.hpp"
#include "harness/work/random.hpp"
#include "harness/work/units.hpp"

namespace asyncbench {
namespace {

constexpr Limits<Nanoseconds> delay_limits{Nanoseconds{0}, std::chrono::minutes{10}, "at most 10 minutes"};

/// The standard normal distribution's 99th percentile, Phi^-1(0.99).
constexpr double normal_p99 = 2.3263478740408408;

/// A standard normal value out of two uniform ones (Box and Muller, 1958).
double to_normal(double u1, double u2) {
    return std::sqrt(-2 * std::log1p(-u1)) * std::cos(2 * std::numbers::pi * u2);
}

std::vector<std::string_view> split(std::string_view text, char separator) {
    std::vector<std::string_view> parts;
    while (true) {
        const auto at = text.find(separator);
        parts.push_back(text.substr(0, at));
        if (at == std::string_view::npos) return parts;
        text.remove_prefix(at + 1);
    }
}

/// Of a sentence that becomes a part of another.
std::string without_full_stop(std::string sentence) {
    if (sentence.ends_with('.')) sentence.pop_back();
    return sentence;
}

double sigma_of(Nanoseconds median, Nanoseconds p99) {
    return std::log(static_cast<double>(p99.count()) / static_cast<double>(median.count())) / normal_p99;
}

/// The mean of min(X, limit) where ln X is normal with `mu` and `sigma`. With X's own mean, a median of 1 ns
/// and a p99 of 10 minutes would have a mean of 10^13 years.
double lognormal_mean_up_to(double limit, double mu, double sigma) {
    const auto phi = [](double x) { return std::erfc(-x / std::numbers::sqrt2) / 2; };
    const double z = (std::log(limit) - mu) / sigma;
    return std::exp(mu + sigma * sigma / 2) * phi(z - sigma) + limit * phi(-z);
}

}  // namespace

DelaySpec DelaySpec::parse(std::string_view text) {
    const auto fail = [&](std::string_view why) {
        return UsageError(fmt::format(
            "'{}' is no latency spec: {}. Write 20ms, constant:20ms, uniform:10ms,30ms, exponential:20ms, "
            "lognormal:20ms,80ms (median,p99) or bimodal:5ms,100ms,0.05 (fast,slow,share of slow).",
            text, why));
    };
    const auto colon = text.find(':');
    const std::string_view name = colon == std::string_view::npos ? "constant" : text.substr(0, colon);
    const auto arguments = split(colon == std::string_view::npos ? text : text.substr(colon + 1), ',');
    const auto expect = [&](std::size_t count) {
        if (arguments.size() != count) throw fail(fmt::format("{} takes {} value(s)", name, count));
    };
    const auto read = [&](auto parse, auto... rest) {
        try {
            return parse(rest...);
        } catch (const UsageError& error) {
            throw fail(without_full_stop(error.what()));
        }
    };
    const auto duration = [&](std::size_t index) {
        return read(parse_duration, arguments[index], delay_limits);
    };

    DelaySpec spec;
    if (name == "constant" || name == "exponential") {
        expect(1);
        spec.shape_ = name == "constant" ? Shape::constant : Shape::exponential;
        spec.first_ = duration(0);
    } else if (name == "uniform") {
        expect(2);
        spec.shape_ = Shape::uniform;
        spec.first_ = duration(0);
        spec.second_ = duration(1);
        if (spec.second_ < spec.first_) throw fail("the minimum stands first");
    } else if (name == "lognormal") {
        expect(2);
        spec.shape_ = Shape::lognormal;
        spec.first_ = duration(0);
        spec.second_ = duration(1);
        if (spec.first_.count() == 0) throw fail("the median must be over 0");
        if (spec.second_ < spec.first_) throw fail("the median stands before the p99");
    } else if (name == "bimodal") {
        expect(3);
        spec.shape_ = Shape::bimodal;
        spec.first_ = duration(0);
        spec.second_ = duration(1);
        spec.share_ = read(parse_share, arguments[2], "share");
    } else {
        throw fail(fmt::format("there is no distribution '{}'", name));
    }
    return spec;
}

Nanoseconds DelaySpec::sample(std::uint64_t seed, std::uint64_t id) const {
    const double u = to_unit(random_bits(seed, id, 0));
    const auto first = static_cast<double>(first_.count());
    const auto second = static_cast<double>(second_.count());
    double ns = 0;
    switch (shape_) {
        case Shape::constant:
            return first_;
        case Shape::uniform:
            ns = first + u * (second - first);
            break;
        case Shape::exponential:
            ns = -first * std::log1p(-u);
            break;
        case Shape::lognormal:
            ns =
                first * std::exp(sigma_of(first_, second_) * to_normal(u, to_unit(random_bits(seed, id, 1))));
            break;
        case Shape::bimodal:
            ns = u < share_ ? second : first;
            break;
    }
    return std::min(Nanoseconds{std::llround(std::min(ns, 1e15))}, delay_limits.most);
}

Nanoseconds DelaySpec::mean() const {
    const auto first = static_cast<double>(first_.count());
    const auto second = static_cast<double>(second_.count());
    const auto longest = static_cast<double>(delay_limits.most.count());
    double ns = first;
    switch (shape_) {
        case Shape::constant:
            break;
        case Shape::exponential:
            if (first > 0) ns = -first * std::expm1(-longest / first);
            break;
        case Shape::uniform:
            ns = (first + second) / 2;
            break;
        case Shape::lognormal: {
            const double sigma = sigma_of(first_, second_);
            if (sigma > 0) ns = lognormal_mean_up_to(longest, std::log(first), sigma);
            break;
        }
        case Shape::bimodal:
            ns = first * (1 - share_) + second * share_;
            break;
    }
    return Nanoseconds{std::llround(ns)};
}

std::string DelaySpec::text() const {
    switch (shape_) {
        case Shape::uniform:
            return fmt::format("uniform:{},{}", to_text(first_), to_text(second_));
        case Shape::exponential:
            return fmt::format("exponential:{}", to_text(first_));
        case Shape::lognormal:
            return fmt::format("lognormal:{},{}", to_text(first_), to_text(second_));
        case Shape::bimodal:
            return fmt::format("bimodal:{},{},{}", to_text(first_), to_text(second_), number_text(share_));
        case Shape::constant:
            break;
    }
    return to_text(first_);
}

}  // namespace asyncbench
