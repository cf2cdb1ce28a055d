#include "reports/html/packed_result.hpp"

#include <zlib.h>

#include <algorithm>
#include <array>
#include <cstddef>
#include <cstdint>
#include <nlohmann/json.hpp>
#include <optional>
#include <string_view>
#include <vector>

#include "harness/measure/base64.hpp"
#include "reports/html/packing.hpp"
#include "reports/json/result_json.hpp"

namespace asyncbench {
namespace {

constexpr std::size_t compressed_header = 8;  ///< of V2: cookie and length

/// What zlib made of it; none where it is something else.
std::optional<std::string> inflated(std::string_view compressed) {
    z_stream stream{};
    if (inflateInit(&stream) != Z_OK) return std::nullopt;
    stream.next_in = reinterpret_cast<Bytef*>(const_cast<char*>(compressed.data()));  // zlib reads it only
    stream.avail_in = static_cast<uInt>(compressed.size());
    std::string plain;
    std::array<char, std::size_t{16} * 1024> buffer{};
    int status = Z_OK;
    while (status == Z_OK) {
        stream.next_out = reinterpret_cast<Bytef*>(buffer.data());
        stream.avail_out = static_cast<uInt>(buffer.size());
        status = inflate(&stream, Z_NO_FLUSH);
        plain.append(buffer.data(), buffer.size() - stream.avail_out);
    }
    inflateEnd(&stream);
    if (status != Z_STREAM_END) return std::nullopt;
    return plain;
}

/// Takes the histograms out of their text, `{"hdr": base64 of V2}`. Metrics are named by whoever measures.
void take_histograms(Json& node, std::string& histograms) {
    if (!node.is_structured()) return;
    if (node.is_object() && node.size() == 1 && node.contains("hdr") && node["hdr"].is_string()) {
        const auto bytes = decode_base64(node["hdr"].get_ref<const std::string&>());
        if (!bytes || bytes->size() < compressed_header) return;
        const auto plain = inflated(std::string_view(*bytes).substr(compressed_header));
        if (!plain) return;
        node["hdr"] = {{"bytes", plain->size()}};
        histograms += *plain;
        return;
    }
    if (!node.is_object()) {
        for (Json& element : node) take_histograms(element, histograms);
        return;
    }
    for (const auto& item : node.items()) {
        if (item.key() != "metrics" && item.key() != "unknown") take_histograms(item.value(), histograms);
    }
}

/// Whether a script's numbers hold it.
bool is_exact(const std::vector<TimelineEntry>& timeline) {
    constexpr std::uint64_t largest_exact = std::uint64_t{1} << 53;
    return std::all_of(timeline.begin(), timeline.end(), [](const TimelineEntry& entry) {
        const auto fits = [](Nanoseconds time) {
            return static_cast<std::uint64_t>(time.count()) <= largest_exact;
        };
        return entry.id <= largest_exact && fits(entry.intended) && fits(entry.sent) && fits(entry.done);
    });
}

/// Times in the order sent differ little from each other: the ids as they are, how long before its send each
/// was intended, how long after the send before it was sent, and how long it took.
Json deltas_of(const std::vector<TimelineEntry>& timeline) {
    Json deltas = Json::array({Json::array(), Json::array(), Json::array(), Json::array()});
    Nanoseconds before{0};
    for (const TimelineEntry& entry : timeline) {
        deltas[0].push_back(entry.id);
        deltas[1].push_back((entry.sent - entry.intended).count());
        deltas[2].push_back((entry.sent - before).count());
        deltas[3].push_back((entry.done - entry.sent).count());
        before = entry.sent;
    }
    return deltas;
}

}  // namespace

PackedResult pack_result(const RunResult& run) {
    Json result = json_of(run);
    for (std::size_t i = 0; i < run.trials.size(); ++i) {
        const std::vector<TimelineEntry>& timeline = run.trials[i].timeline;
        Json& trial = result["trials"][i];
        if (trial.contains("timeline") && is_exact(timeline))
            trial["timeline"] = {{"deltas", deltas_of(timeline)}};
    }
    // A third of the page. Metrics and the chart have their percentiles, and result.json has all.
    for (Json& trial : result["trials"]) {
        if (trial.contains("target")) trial["target"].erase("delay_error");
    }
    for (const char* list : {"trials", "summary"}) {
        for (Json& each : result[list]) each.erase("overhead");
    }
    std::string histograms;
    take_histograms(result, histograms);
    return {packed(to_text(result)), packed(histograms)};
}

}  // namespace asyncbench
