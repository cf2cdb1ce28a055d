#include "reports/html/assets.hpp"

#include <fmt/format.h>

#include <stdexcept>

namespace asyncbench {

std::string_view report_asset(std::string_view name) {
    for (const ReportAsset& asset : report_assets()) {
        if (asset.name == name) return asset.text;
    }
    throw std::out_of_range(fmt::format("no report asset '{}'", name));
}

}  // namespace asyncbench
