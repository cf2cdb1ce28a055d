#pragma once

#include <cstddef>
#include <string>
#include <string_view>

#include "reports/report.hpp"

namespace asyncbench {

/// Columns by which what belongs to a heading stands to the right.
inline constexpr std::size_t report_indent = 2;

enum class Tone { heading, plain, bad, note };

/// Lines of a terminal report, coloured where the style says so.
class Writer {
  public:
    explicit Writer(TerminalStyle style) : style_(style) {}

    void line(std::string_view text, Tone tone = Tone::plain);

    /// Breaks at spaces; the first line stands `first_indent` columns to the right, later ones `indent`.
    void paragraph(std::string_view text, Tone tone = Tone::plain, std::size_t indent = 0,
                   std::size_t first_indent = 0);

    std::size_t width() const;
    std::string take() { return std::move(text_); }

  private:
    TerminalStyle style_;
    std::string text_;
};

}  // namespace asyncbench
