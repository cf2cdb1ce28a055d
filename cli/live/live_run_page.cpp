#include "cli/live/live_run_page.hpp"

#include <nlohmann/json.hpp>
#include <utility>

#include "cli/time_left.hpp"
#include "harness/trial/json_fields.hpp"
#include "reports/html/live_page.hpp"

namespace asyncbench {
namespace {

constexpr int largest_share = 20;  ///< of the run's time, one in so many
constexpr std::chrono::seconds patience{8};

}  // namespace

LiveRunPage::LiveRunPage(const Scenario& scenario, std::uint16_t port, std::string report)
    : report_(std::move(report)), server_(port, board_, live_page(scenario)) {}

LiveRunPage::~LiveRunPage() {
    board_.end();  // or the server's threads would wait for news
}

void LiveRunPage::show(const Progress& progress) {
    tell(progress, {});
}

void LiveRunPage::tell(const Progress& progress, const std::string& report) {
    progress_ = progress;
    Json members = Json::object();
    members["done"] = progress.done;
    members["total"] = progress.total;
    members["unit"] = progress.unit;
    members["running"] = progress.running;
    members["left"] = time_left(Clock::now() - started_, progress.done, progress.total);
    if (!report.empty()) members["report"] = report;
    const std::string object = to_text(members);
    board_.set_progress(object.substr(1, object.size() - 2));
}

bool LiveRunPage::wants_run() {
    summarized_since_ = Clock::now();
    return summarized_since_ >= next_article_;
}

void LiveRunPage::show(const RunResult& run) {
    board_.set_article(to_text(Json(live_article(run))));
    const TimePoint now = Clock::now();
    next_article_ = now + (largest_share - 1) * (now - summarized_since_);
}

std::optional<Warning> LiveRunPage::warning() const {
    if (!server_.was_watched()) return std::nullopt;
    return Warning{"live-page",
                   "The run's page was open in a browser while it was measured, which takes CPU time of this "
                   "machine. Measure without --live what you publish.",
                   WarningKind::note};
}

void LiveRunPage::end(const RunResult& run) {
    board_.set_article(to_text(Json(live_article(run))));
    progress_.running.clear();
    if (progress_.total > 0) tell(progress_, report_);
    board_.end();
    server_.linger(patience);
}

}  // namespace asyncbench
