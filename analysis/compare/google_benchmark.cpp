#include "analysis/compare/google_benchmark.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <array>
#include <map>
#include <optional>
#include <unordered_map>
#include <unordered_set>
#include <utility>

#include "analysis/compare/few_warnings.hpp"
#include "analysis/compare/google_benchmark_file.hpp"
#include "async/utf8.hpp"

namespace asyncbench {
namespace {

constexpr std::size_t longest_name = 4096;     ///< of which longer ones are cut
constexpr std::size_t enough_of_a_name = 200;  ///< of one that is too long
constexpr std::size_t longest_reason = 300;

using Rows = std::vector<BenchmarkRow*>;

bool is_of_many(const BenchmarkRow& row) {
    return row.kind == BenchmarkRow::Kind::aggregate || row.kind == BenchmarkRow::Kind::fit;
}

/// Versions before 1.5 say of a row in its name alone that it is an aggregate.
class AggregatesByName {
  public:
    explicit AggregatesByName(const std::vector<BenchmarkRow>& rows) {
        for (const BenchmarkRow& row : rows) ++rows_of_[row.name];
    }

    /// The name of the benchmark of which the row is an aggregate; none where it is a benchmark itself. An
    /// aggregate stands beside several rows of its benchmark and has fewer; without these, mean and standard
    /// deviation stand together.
    std::optional<std::string> benchmark_of(const BenchmarkRow& row) const {
        if (row.says_its_kind || row.kind != BenchmarkRow::Kind::repetition) return std::nullopt;
        for (const std::string_view suffix : suffixes) {
            if (!row.name.ends_with(suffix)) continue;
            std::string name = row.name.substr(0, row.name.size() - suffix.size());
            const std::size_t repetitions = count_of(name);
            const bool is_beside_its_like = count_of(name + "_mean") > 0 && count_of(name + "_stddev") > 0;
            if (repetitions > count_of(row.name) || (repetitions == 0 && is_beside_its_like)) return name;
        }
        return std::nullopt;
    }

  private:
    static constexpr std::array<std::string_view, 6> suffixes{"_mean", "_median", "_stddev",
                                                              "_cv",   "_min",    "_max"};

    std::size_t count_of(const std::string& name) const {
        const auto found = rows_of_.find(name);
        return found == rows_of_.end() ? 0 : found->second;
    }

    std::unordered_map<std::string, std::size_t> rows_of_;
};

/// The rows of one name, in the file's order.
struct Named {
    std::string name;
    Rows rows;  ///< no aggregates
};

// Which rows of one name are of one benchmark.

/// Of rows that say which repetition they are: each part is one benchmark. Nothing where a part does not
/// begin as the others do, so that rows were mixed.
std::optional<std::vector<Rows>> parts_by_repetition(const Rows& rows) {
    std::unordered_set<std::uint64_t> known;
    const bool differ = std::all_of(rows.begin(), rows.end(), [&](const BenchmarkRow* row) {
        return known.insert(*row->repetition).second;
    });
    if (differ) return std::vector<Rows>{rows};
    std::vector<Rows> parts;
    for (BenchmarkRow* row : rows) {
        if (parts.empty() || *row->repetition <= *parts.back().back()->repetition) parts.emplace_back();
        parts.back().push_back(row);
        if (*parts.back().front()->repetition != *rows.front()->repetition) return std::nullopt;
    }
    return parts;
}

/// Rows that do not say it are of one benchmark if they follow each other, as repetitions do.
std::optional<std::vector<Rows>> parts_of(const Rows& rows) {
    if (std::all_of(rows.begin(), rows.end(),
                    [](const BenchmarkRow* row) { return row->repetition.has_value(); }))
        return parts_by_repetition(rows);
    const bool in_sequence = rows.back() - rows.front() == static_cast<std::ptrdiff_t>(rows.size()) - 1;
    return in_sequence ? std::optional<std::vector<Rows>>({rows}) : std::nullopt;
}

/// The benchmarks of one name, in the order in which they begin; nothing where they cannot be told apart.
std::optional<std::vector<Rows>> told_apart(const Rows& rows) {
    using Registration = std::pair<std::optional<std::uint64_t>, std::optional<std::uint64_t>>;
    std::map<Registration, Rows> by_registration;
    for (BenchmarkRow* row : rows) by_registration[{row->family, row->instance}].push_back(row);
    std::vector<Rows> benchmarks;
    for (const auto& of_one : by_registration) {
        auto parts = parts_of(of_one.second);
        if (!parts) return std::nullopt;
        std::move(parts->begin(), parts->end(), std::back_inserter(benchmarks));
    }
    std::sort(benchmarks.begin(), benchmarks.end(),
              [](const Rows& one, const Rows& other) { return one.front() < other.front(); });
    return benchmarks;
}

/// Makes the cells of a file, and takes the metrics of its rows.
class CellsOfFile {
  public:
    CellsOfFile(MeasuredValues& measured, BenchmarkFile& file) : measured_(measured), file_(file) {}

    void make() {
        const auto named = by_name();
        measured_.cells.reserve(named.size());
        for (const Named& each : named) add(each);
        tell_taken_for_aggregates();
        measured_.warnings = few_of_each(std::move(measured_.warnings));
    }

  private:
    /// In the order in which the names appear, aggregates' included.
    std::vector<Named> by_name() {
        const AggregatesByName aggregates(file_.rows);
        std::vector<Named> named;
        std::unordered_map<std::string, std::size_t> places;
        const auto named_so = [&](const std::string& name) -> Named& {
            const auto [place, is_new] = places.emplace(name, named.size());
            if (is_new) named.push_back({name, {}});
            return named[place->second];
        };
        for (BenchmarkRow& row : file_.rows) {
            if (row.kind == BenchmarkRow::Kind::fit) continue;
            if (const auto benchmark = aggregates.benchmark_of(row)) {
                named_so(*benchmark);
                if (taken_for_aggregates_++ == 0) first_taken_for_aggregate_ = row.name;
            } else if (Named& each = named_so(row.name); !is_of_many(row)) {
                each.rows.push_back(&row);
            }
        }
        return named;
    }

    void add(const Named& named) {
        const std::string name =
            distinct_excerpt(named.name, named.name.size() > longest_name ? enough_of_a_name : longest_name);
        if (named.rows.empty()) {
            note({"only-aggregates",
                  fmt::format("{} of {} has aggregates only, from which nothing can be compared; run it "
                              "without --benchmark_report_aggregates_only.",
                              name, measured_.source),
                  WarningKind::note});
            return;
        }
        const auto benchmarks = told_apart(named.rows);
        if (!benchmarks) return add_mixed(name);
        if (benchmarks->size() > 1) {
            note({"same-name",
                  fmt::format(
                      "{} benchmarks of {} have the same name {}. They are told apart by their order alone: "
                      "give each a name of its own. If they are runs of one, use --benchmark_repetitions.",
                      benchmarks->size(), measured_.source, name),
                  WarningKind::note});
        }
        for (std::size_t i = 0; i < benchmarks->size(); ++i) {
            add((*benchmarks)[i], benchmarks->size() == 1
                                      ? name
                                      : fmt::format("{} ({} of {})", name, i + 1, benchmarks->size()));
        }
    }

    void add_mixed(const std::string& name) {
        MeasuredCell& cell = measured_.cells.emplace_back();
        cell.name = name;
        cell.warnings.push_back(
            {"same-name",
             fmt::format("{} stands for several benchmarks of {}, and nothing in its rows tells "
                         "them apart. Give each a name of its own.",
                         name, measured_.source),
             WarningKind::wrong});
    }

    /// What has no values cannot be compared: told, and left out. What failed stays, as wrong, or nobody
    /// would miss it.
    void add(const Rows& rows, const std::string& name) {
        MeasuredCell cell;
        cell.name = name;
        cell.measured.reserve(rows.size());
        for (BenchmarkRow* row : rows) add_row(cell, *row);
        tell_unknown(cell);
        // One that failed once did not do its work: none of its repetitions is used.
        if (has(cell.warnings, WarningKind::wrong)) cell.used_trials = 0;
        if (!metrics_of(cell).empty() || has(cell.warnings, WarningKind::wrong)) {
            measured_.cells.push_back(std::move(cell));
        } else {
            for (const Warning& warning : cell.warnings) note(warning);
        }
    }

    /// Of several that failed or were skipped the first says why.
    void add_row(MeasuredCell& cell, BenchmarkRow& row) const {
        const auto warn = [&](std::string_view code, std::string_view what, WarningKind kind) {
            if (has(cell.warnings, code)) return;
            cell.warnings.push_back({std::string(code), message_of(cell.name, what, row.reason), kind});
        };
        if (row.kind == BenchmarkRow::Kind::failed)
            return warn("benchmark-error", "failed", WarningKind::wrong);
        if (row.kind == BenchmarkRow::Kind::skipped)
            warn("benchmark-skipped", "was skipped", WarningKind::note);
        Trial& repetition = cell.measured.emplace_back();
        repetition.repetition = cell.trials;
        repetition.metrics = std::move(row.metrics);
        ++cell.trials;
        ++cell.used_trials;
    }

    std::string message_of(const std::string& name, std::string_view what, const std::string& reason) const {
        return fmt::format("{} of {} {}{}.", name, measured_.source, what,
                           reason.empty() ? " and says no reason" : ": " + excerpt(reason, longest_reason));
    }

    /// The metric that the most repetitions do not tell, for all of them.
    void tell_unknown(MeasuredCell& cell) const {
        std::size_t least = cell.used_trials;
        std::string metric;
        for (const std::string& each : metrics_of(cell)) {
            const std::size_t count = values_of(cell, each).values.size();
            if (count >= least) continue;
            least = count;
            metric = each;
        }
        if (metric.empty()) return;
        cell.warnings.push_back(
            {"values-left-out",
             fmt::format("{} of {}: {} of {} repetitions tell no finite number for {}, and are left "
                         "out.",
                         cell.name, measured_.source, cell.used_trials - least, cell.used_trials,
                         excerpt(metric, enough_of_a_name)),
             WarningKind::note});
    }

    void tell_taken_for_aggregates() {
        if (taken_for_aggregates_ == 0) return;
        note({"aggregates-by-name",
              fmt::format("{} of {} rows of {} are aggregates by their names, and left out; the first is {}. "
                          "A version of "
                          "Google Benchmark from 1.5 on says what a row is.",
                          taken_for_aggregates_, file_.rows.size(), measured_.source,
                          excerpt(first_taken_for_aggregate_, enough_of_a_name)),
              WarningKind::note});
    }

    void note(Warning warning) { measured_.warnings.push_back(std::move(warning)); }

    MeasuredValues& measured_;
    BenchmarkFile& file_;
    std::size_t taken_for_aggregates_ = 0;
    std::string first_taken_for_aggregate_;
};

}  // namespace

MeasuredValues google_benchmark_values(std::string_view text, std::string source) {
    BenchmarkFile file = read_benchmark_file(text, source);
    MeasuredValues measured;
    measured.source = std::move(source);
    measured.work = "Google Benchmark";
    measured.environment = std::move(file.environment);
    measured.warnings = std::move(file.warnings);
    CellsOfFile(measured, file).make();
    return measured;
}

}  // namespace asyncbench
