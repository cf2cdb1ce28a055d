#include "cli/site/site.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cctype>
#include <optional>
#include <utility>
#include <vector>

#include "async/errors.hpp"
#include "async/fnv1a.hpp"
#include "cli/files.hpp"
#include "cli/tell.hpp"
#include "reports/html/assets.hpp"
#include "reports/html/site_index.hpp"
#include "reports/text/plain_name.hpp"

namespace asyncbench {
namespace {

namespace fs = std::filesystem;

constexpr std::size_t longest_part = 40;  ///< of a name, which has two

/// What stays the same whichever version wrote the result, and is not the same in two measurements: when it
/// began, and what each trial did and took. Not the document, which gets a field more in a later version; nor
/// what may be put right afterwards, as the question or the command.
std::string identity_of(const RunResult& run) {
    std::string text = fmt::format("{} {}\n", run.started_utc, run.scenario.name);
    for (const Trial& trial : run.trials) {
        text += fmt::format("{} {} {} {} {} {}", trial.spec.strategy.text(), trial.spec.plan.concurrency,
                            trial.repetition, trial.order, trial.started_utc, trial.client.sum);
        for (const char* metric : {"throughput_rps", "elapsed_ns"}) {
            text += fmt::format(" {}", value_of(trial.metrics, metric).value_or(0));
        }
        text += '\n';
    }
    return text;
}

/// As site_name() makes them, so that no directory of somebody else gets a page.
bool is_plain(std::string_view name) {
    return std::all_of(name.begin(), name.end(),
                       [](char c) { return std::isalnum(static_cast<unsigned char>(c)) != 0 || c == '-'; });
}

void make_directories(const fs::path& path) {
    std::error_code error;
    fs::create_directories(path, error);
    if (error) {
        throw Error(fmt::format("The directory {} cannot be made: {}. Choose another with --site.",
                                path.string(), error.message()));
    }
}

/// Whole or not at all: a web server may be reading it.
void replace_file(const fs::path& path, const std::string& text) {
    const fs::path next = path.string() + ".new";
    save_file(next.string(), text);
    std::error_code error;
    fs::rename(next, path, error);
    if (error) {
        throw Error(
            fmt::format("{} cannot be replaced: {}. Mend its permissions, or choose another directory.",
                        path.string(), error.message()));
    }
}

struct SharedAssets {
    std::string style;
    std::string script;
};

/// The names of what pages share; written where they are not there yet.
SharedAssets share_assets(const fs::path& directory) {
    const auto share = [&](const std::string& text, const char* extension) {
        const std::string name = fmt::format("{:016x}.{}", fnv1a(text), extension);
        if (!fs::exists(directory / name)) replace_file(directory / name, text);
        return name;
    };
    make_directories(directory);
    return {share(std::string(report_asset("page.css")), "css"), share(page_script(), "js")};
}

/// None, and told on stderr, where it is no result.
std::optional<RunResult> kept_result(const fs::path& directory) {
    const fs::path file = directory / "result.json";
    const auto text = read_whole_file(file);
    if (!text) return std::nullopt;
    try {
        return read_json_report(*text);
    } catch (const Error& error) {
        tell(fmt::format("{} is not in the index: {}", file.string(), error.what()));
        return std::nullopt;
    }
}

}  // namespace

std::string site_name(const RunResult& run) {
    return fmt::format("{}-{}-{:08x}", plain_name(run.started_utc, longest_part),
                       plain_name(run.scenario.name, longest_part),
                       static_cast<std::uint32_t>(fnv1a(identity_of(run))));
}

void ReportSite::require_own_index() const {
    const fs::path index = directory_ / "index.html";
    if (!fs::exists(index)) return;
    const auto text = read_whole_file(index);
    if (text && is_site_index(*text)) return;
    throw Error(fmt::format("{} is not an index that asyncbench made, and stays. Choose another directory.",
                            index.string()));
}

void ReportSite::write_page(const std::string& name, const RunResult& run, HtmlOptions options) const {
    const SharedAssets shared = share_assets(directory_ / "assets");
    options.links =
        PageLinks{"../../assets/" + shared.style, "../../assets/" + shared.script, "../../index.html"};
    const fs::path directory = directory_ / "runs" / name;
    make_directories(directory);
    replace_file(directory / "index.html", html_report(run, options));
}

void ReportSite::write_index(const HtmlOptions& options) const {
    std::vector<SiteEntry> entries;
    make_directories(directory_ / "runs");
    for (const fs::directory_entry& entry : fs::directory_iterator(directory_ / "runs")) {
        const std::string name = entry.path().filename().string();
        if (!entry.is_directory() || !is_plain(name)) continue;
        const auto run = kept_result(entry.path());
        if (!run) continue;
        if (!fs::exists(entry.path() / "index.html")) write_page(name, *run, options);
        entries.push_back(site_entry(*run, "runs/" + name));
    }
    const SharedAssets shared = share_assets(directory_ / "assets");
    replace_file(directory_ / "index.html", site_index(std::move(entries), "assets/" + shared.style));
    tell(fmt::format("Wrote {}", (directory_ / "index.html").string()));
}

void ReportSite::add(std::span<const RunResult> runs, const HtmlOptions& options) const {
    require_own_index();
    for (const RunResult& run : runs) {
        const std::string name = site_name(run);
        make_directories(directory_ / "runs" / name);
        replace_file(directory_ / "runs" / name / "result.json", json_report(run));
        write_page(name, run, options);
    }
    write_index(options);
}

}  // namespace asyncbench
