#include "cli/site/site.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cctype>
#include <optional>
#include <utility>
#include <vector>

#include "cli/read_file.hpp"
#include "cli/write_file.hpp"
#include "harness/errors.hpp"
#include "reports/html/assets.hpp"
#include "reports/html/site_index.hpp"

namespace asyncbench {
namespace {

namespace fs = std::filesystem;

/// 64-bit FNV-1a.
std::uint64_t hash_of(std::string_view text) {
    std::uint64_t hash = 0xcbf29ce484222325;
    for (const char c : text) hash = (hash ^ static_cast<unsigned char>(c)) * 0x100000001b3;
    return hash;
}

std::string plain(std::string_view text) {
    constexpr std::size_t longest = 40;
    std::string name;
    for (const char c : text.substr(0, longest)) {
        const bool kept = std::isalnum(static_cast<unsigned char>(c)) != 0;
        if (kept || (!name.empty() && name.back() != '-')) name += kept ? c : '-';
    }
    return name;
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
        const std::string name = fmt::format("{:016x}.{}", hash_of(text), extension);
        if (!fs::exists(directory / name)) replace_file(directory / name, text);
        return name;
    };
    make_directories(directory);
    return {share(page_style() + std::string(report_asset("site.css")), "css"), share(page_script(), "js")};
}

/// None, and told on stderr, where it is no result.
std::optional<RunResult> kept_result(const fs::path& directory) {
    const fs::path file = directory / "result.json";
    const auto text = read_whole_file(file);
    if (!text) return std::nullopt;
    try {
        return read_json_report(*text);
    } catch (const Error& error) {
        fmt::print(stderr, "{} is not in the index: {}\n", file.string(), error.what());
        return std::nullopt;
    }
}

}  // namespace

std::string site_name(const RunResult& run) {
    return fmt::format("{}-{}-{:08x}", plain(run.started_utc), plain(run.scenario.name),
                       static_cast<std::uint32_t>(hash_of(json_report(run))));
}

void Site::require_own_index() const {
    const fs::path index = directory_ / "index.html";
    if (!fs::exists(index)) return;
    const auto text = read_whole_file(index);
    if (text && is_site_index(*text)) return;
    throw Error(fmt::format("{} is not an index that asyncbench made, and stays. Choose another directory.",
                            index.string()));
}

void Site::write_page(const std::string& name, const RunResult& run, HtmlOptions options) const {
    const SharedAssets shared = share_assets(directory_ / "assets");
    options.links =
        PageLinks{"../../assets/" + shared.style, "../../assets/" + shared.script, "../../index.html"};
    const fs::path directory = directory_ / "runs" / name;
    make_directories(directory);
    replace_file(directory / "index.html", html_report(run, options));
}

void Site::write_index(const HtmlOptions& options) const {
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
    fmt::print(stderr, "Wrote {}\n", (directory_ / "index.html").string());
}

void Site::add(std::span<const RunResult> runs, const HtmlOptions& options) const {
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
