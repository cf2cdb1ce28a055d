#include "harness/load/failures.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <utility>

#include "harness/work/secret_text.hpp"

namespace asyncbench {
namespace {

/// Whether digits end before `rest` that are a duration or a size.
bool follows_an_amount(std::string_view rest) {
    constexpr std::array<std::string_view, 4> units{" ms", " milliseconds", " bytes", " out of"};
    return std::any_of(units.begin(), units.end(),
                       [&](std::string_view unit) { return rest.starts_with(unit); });
}

/// Of those that servers under load give (RFC 9110, 15).
std::string_view phrase_of(int status) {
    constexpr std::array<std::pair<int, std::string_view>, 14> phrases{{{400, "Bad Request"},
                                                                        {401, "Unauthorized"},
                                                                        {403, "Forbidden"},
                                                                        {404, "Not Found"},
                                                                        {405, "Method Not Allowed"},
                                                                        {408, "Request Timeout"},
                                                                        {413, "Content Too Large"},
                                                                        {415, "Unsupported Media Type"},
                                                                        {429, "Too Many Requests"},
                                                                        {500, "Internal Server Error"},
                                                                        {501, "Not Implemented"},
                                                                        {502, "Bad Gateway"},
                                                                        {503, "Service Unavailable"},
                                                                        {504, "Gateway Timeout"}}};
    const auto* const found =
        std::find_if(phrases.begin(), phrases.end(), [&](const auto& each) { return each.first == status; });
    return found == phrases.end() ? std::string_view{} : found->second;
}

/// A count, and what it is of.
using Told = std::pair<std::uint64_t, std::string>;

/// What is not explained by `told` of a class stands in a line of its own.
void add_rest(std::vector<Told>& lines, std::uint64_t all, std::uint64_t told, std::string_view what) {
    if (all > told) lines.emplace_back(all - told, what);
}

}  // namespace

std::string_view name_of(ErrorClass error) {
    constexpr std::array<std::string_view, 6> names{"status", "connect", "timeout",
                                                    "closed", "content", "other"};
    return names.at(static_cast<std::size_t>(error));
}

ErrorCounts& ErrorCounts::operator+=(const ErrorCounts& more) {
    status += more.status;
    connect += more.connect;
    timeout += more.timeout;
    closed += more.closed;
    content += more.content;
    other += more.other;
    unforeseen += more.unforeseen;
    return *this;
}

std::uint64_t ErrorCounts::* counter_of(ErrorClass error) {
    constexpr std::array counters{&ErrorCounts::status, &ErrorCounts::connect, &ErrorCounts::timeout,
                                  &ErrorCounts::closed, &ErrorCounts::content, &ErrorCounts::other};
    return counters.at(static_cast<std::size_t>(error));
}

std::uint64_t count_of(const ErrorCounts& errors, ErrorClass error) {
    return errors.*counter_of(error);
}

EndingCounter::Reason::Reason(ErrorClass error_class, std::string_view message) : error(error_class) {
    const auto put = [this](char c) {
        if (length < text.size()) text[length++] = c;
    };
    for (std::size_t i = 0; i < message.size() && length < text.size();) {
        const std::size_t end = std::min(message.find_first_not_of("0123456789", i), message.size());
        if (end > i && follows_an_amount(message.substr(end))) {
            put('N');
        } else {
            for (const char c : message.substr(i, std::max<std::size_t>(end - i, 1))) put(c);
        }
        i = std::max(end, i + 1);
    }
    // No character is cut.
    if (length < text.size()) return;
    while (length > 0 && (static_cast<unsigned char>(text[length - 1]) & 0xc0) == 0x80) --length;
    if (length > 0 && static_cast<unsigned char>(text[length - 1]) >= 0xc0) --length;
}

void EndingCounter::count_status(int status, std::string_view where_to) {
    if (status < 0 || static_cast<std::size_t>(status) >= statuses) return;
    by_status_[static_cast<std::size_t>(status)].fetch_add(1, std::memory_order_relaxed);
    if (where_to.empty()) return;
    const std::lock_guard lock(mutex_);
    if (redirect_.empty()) redirect_ = without_secrets(where_to.substr(0, 10 * longest_reason));
}

void EndingCounter::count_reason(ErrorClass error, std::string_view message) {
    const Reason reason(error, message);
    const std::lock_guard lock(mutex_);
    const auto end = reasons_.begin() + static_cast<std::ptrdiff_t>(reasons_known_);
    auto known = std::find_if(reasons_.begin(), end, [&](const Reason& each) { return each.is_as(reason); });
    if (known == reasons_.end()) {
        ++others_[static_cast<std::size_t>(error)];
        return;
    }
    if (known == end) {
        *known = reason;
        ++reasons_known_;
    }
    ++known->count;
}

Endings EndingCounter::endings() const {
    Endings endings;
    for (std::size_t status = 0; status < statuses; ++status) {
        const std::uint64_t count = by_status_[status].load(std::memory_order_relaxed);
        if (count > 0) endings.statuses[static_cast<int>(status)] = count;
    }
    const std::lock_guard lock(mutex_);
    for (std::size_t i = 0; i < reasons_known_; ++i)
        endings.add({reasons_[i].error, without_secrets(reasons_[i].message()), reasons_[i].count});
    for (std::size_t i = 0; i < others_.size(); ++i) {
        if (others_[i] > 0) endings.add({static_cast<ErrorClass>(i), {}, others_[i]});
    }
    endings.redirect = redirect_;
    return endings;
}

void Endings::add(const FailureReason& reason) {
    const auto known = std::find_if(reasons.begin(), reasons.end(), [&](const FailureReason& each) {
        return each.error == reason.error && each.message == reason.message;
    });
    if (known == reasons.end()) {
        reasons.push_back(reason);
    } else {
        known->count += reason.count;
    }
    std::stable_sort(reasons.begin(), reasons.end(),
                     [](const FailureReason& a, const FailureReason& b) { return a.count > b.count; });
}

Endings& Endings::operator+=(const Endings& other) {
    for (const auto& [status, count] : other.statuses) statuses[status] += count;
    for (const FailureReason& reason : other.reasons) add(reason);
    if (redirect.empty()) redirect = other.redirect;
    return *this;
}

bool is_redirect(int status) {
    return status == 301 || status == 302 || status == 303 || status == 307 || status == 308;
}

std::vector<std::string> failures_in_words(const ErrorCounts& errors, const Endings& endings,
                                           std::size_t most) {
    std::vector<Told> lines;
    std::uint64_t with_status = 0;
    for (const auto& [status, count] : endings.statuses) {
        if (status < 400) continue;
        with_status += count;
        const std::string_view phrase = phrase_of(status);
        lines.emplace_back(
            count, fmt::format("status {}{}", status, phrase.empty() ? "" : fmt::format(" ({})", phrase)));
    }
    // Of a target of ours, a status that the load did not ask for is wrong content.
    add_rest(lines, errors.status, with_status, name_of(ErrorClass::status));
    std::map<ErrorClass, std::uint64_t> told;
    for (const FailureReason& reason : endings.reasons) {
        told[reason.error] += reason.count;
        lines.emplace_back(reason.count, reason.message.empty()
                                             ? std::string(name_of(reason.error))
                                             : fmt::format("{}: {}", name_of(reason.error), reason.message));
    }
    for (const ErrorClass error : {ErrorClass::connect, ErrorClass::timeout, ErrorClass::closed,
                                   ErrorClass::content, ErrorClass::other})
        add_rest(lines, count_of(errors, error), told[error], name_of(error));
    std::stable_sort(lines.begin(), lines.end(),
                     [](const Told& a, const Told& b) { return a.first > b.first; });
    std::vector<std::string> words;
    std::uint64_t others = 0;
    for (const auto& [count, what] : lines) {
        if (words.size() < most) {
            words.push_back(fmt::format("{} × {}", count, what));
        } else {
            others += count;
        }
    }
    if (others > 0) words.push_back(fmt::format("{} × for other reasons", others));
    return words;
}

}  // namespace asyncbench
