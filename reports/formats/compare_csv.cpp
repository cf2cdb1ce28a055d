#include "reports/compare_report.hpp"
#include "reports/formats/csv.hpp"
#include "reports/text/compare_text.hpp"

#include "harness/trial/metric.hpp"

namespace asyncbench {
namespace {

void add(CsvLine& line, const Estimate& estimate) {
    line.number(estimate.value).number(estimate.low).number(estimate.high);
}

std::string line_of(const ResultsComparison& comparison, const ComparedMetric& row) {
    CsvLine line;
    line.text(comparison.base).text(comparison.head).text(row.subject).text(row.metric);
    line.text(metric_kind(row.metric).unit);
    add(line, row.base);
    line.number(static_cast<double>(row.base_count));
    add(line, row.head);
    line.number(static_cast<double>(row.head_count));
    add(line, row.ratio);
    line.number(row.p_value).number(row.noise_floor).text(text_of(row.change)).flag(row.paired);
    return line.line();
}

}  // namespace

std::string compare_csv_report(const CompareResult& result) {
    std::string text =
        "base,head,subject,metric,unit,base_value,base_low,base_high,base_count,head_value,head_low,"
        "head_high,head_count,ratio,ratio_low,ratio_high,p_value,noise_floor,change,paired\n";
    for (const ResultsComparison& comparison : result.comparisons) {
        for (const ComparedMetric& row : comparison.rows) text += line_of(comparison, row);
    }
    return text;
}

}  // namespace asyncbench
