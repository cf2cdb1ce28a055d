#include "harness/http/ascii_url.hpp"

#include <curl/curl.h>
#include <fmt/format.h>

#include <locale.h>
#include <algorithm>
#include <clocale>
#include <memory>

#include "async/errors.hpp"
#include "harness/work/secret_text.hpp"

namespace asyncbench {
namespace {

/// For this thread and its own life: libcurl's IDNA reads a name in the locale's letters. A program's locale
/// is its own matter, and is "C" where it says nothing, in which there are no such names.
class Utf8Letters {
  public:
    Utf8Letters() : locale_(newlocale(LC_CTYPE_MASK, "C.UTF-8", nullptr)) {
        if (locale_ != nullptr) before_ = uselocale(locale_);
    }
    ~Utf8Letters() {
        if (locale_ == nullptr) return;
        uselocale(before_);
        freelocale(locale_);
    }
    Utf8Letters(const Utf8Letters&) = delete;
    Utf8Letters& operator=(const Utf8Letters&) = delete;

  private:
    locale_t locale_;
    locale_t before_ = nullptr;
};

using Text = std::unique_ptr<char, decltype(&curl_free)>;

}  // namespace

std::string ascii_url(const std::string& url) {
    if (std::all_of(url.begin(), url.end(), [](unsigned char c) { return c < 0x80; })) return url;
    const Utf8Letters letters;
    const std::unique_ptr<CURLU, decltype(&curl_url_cleanup)> parsed(curl_url(), &curl_url_cleanup);
    const auto require = [&](CURLUcode code) {
        if (code == CURLUE_OK) return;
        throw Error(fmt::format("The URL {} cannot be used: {}. Check its name and its letters.",
                                SecretText::url(url).shown(), curl_url_strerror(code)));
    };
    const auto part = [&](CURLUPart which, unsigned flags) {
        char* text = nullptr;
        const CURLUcode code = curl_url_get(parsed.get(), which, &text, flags);
        // Before the code is looked at: libcurl 7.88 leaves a name that it cannot convert to its caller.
        Text owned(text, &curl_free);
        require(code);
        return owned;
    };
    require(curl_url_set(parsed.get(), CURLUPART_URL, url.c_str(), CURLU_URLENCODE));
    const Text host = part(CURLUPART_HOST, CURLU_PUNYCODE);
    require(curl_url_set(parsed.get(), CURLUPART_HOST, host.get(), 0));
    return part(CURLUPART_URL, 0).get();
}

}  // namespace asyncbench
