// Prints a line `name encoding` for each data set: what HistogramReference.java decodes.
#include <cstdio>

#include "async/histogram.hpp"
#include "harness/measure/histogram_codec.hpp"
#include "tests/harness/measure/reference_data_sets.hpp"

int main() {
    for (const auto& set : asyncbench::reference::data_sets()) {
        asyncbench::Histogram histogram;
        set.generate([&](std::int64_t value, std::uint64_t count) { histogram.record(value, count); });
        std::printf("%s %s\n", std::string{set.name}.c_str(), asyncbench::encode_v2(histogram).c_str());
    }
}
