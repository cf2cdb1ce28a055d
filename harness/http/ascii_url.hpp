#pragma once

#include <string>

namespace asyncbench {

/// The URL in the letters that are sent: a name in other letters, UTF-8, as IDNA writes it
/// (`http://bücher.example/` as `http://xn--bcher-kva.example/`), and such bytes of the path as %-escapes.
/// Unchanged where it is ASCII already. Throws Error, a sentence, where no host can have the name.
std::string ascii_url(const std::string& url);

}  // namespace asyncbench
