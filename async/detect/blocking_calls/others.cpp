// Names, processes and libcurl; and the sign that all of this is linked.

#include "async/detect/blocking_calls/available.hpp"
#include "async/detect/blocking_calls/interpose.hpp"

#ifdef ASYNCBENCH_INTERPOSES

#include <arpa/inet.h>
#include <curl/curl.h>
#include <netdb.h>
#include <sys/wait.h>
#include <unistd.h>

#include <array>
#include <cstdlib>

using asyncbench::detail::must_not_block;
using asyncbench::detail::Real;
using asyncbench::detail::Wait;
using asyncbench::detail::watch_call;

namespace {

[[maybe_unused]] const bool linked = asyncbench::detail::blocking_calls_linked = true;

// An address in numbers is read without asking anybody.
Wait wait_to_resolve(const char* name) {
    std::array<unsigned char, sizeof(in6_addr)> address{};
    return name == nullptr || inet_pton(AF_INET, name, address.data()) == 1 ||
                   inet_pton(AF_INET6, name, address.data()) == 1
               ? Wait::no
               : Wait::certain;
}

}  // namespace

extern "C" {

int getaddrinfo(const char* name, const char* service, const addrinfo* hints, addrinfo** result) {
    static constinit Real<decltype(::getaddrinfo)> real("getaddrinfo");
    if (!must_not_block()) [[likely]] {
        return real(name, service, hints, result);
    }
    const bool numeric = hints != nullptr && (hints->ai_flags & AI_NUMERICHOST) != 0;
    return watch_call("getaddrinfo", numeric ? Wait::no : wait_to_resolve(name), ASYNCBENCH_CALLER,
                      [&] { return real(name, service, hints, result); });
}

hostent* gethostbyname(const char* name) {
    static constinit Real<decltype(::gethostbyname)> real("gethostbyname");
    if (!must_not_block()) [[likely]] {
        return real(name);
    }
    return watch_call("gethostbyname", wait_to_resolve(name), ASYNCBENCH_CALLER, [&] { return real(name); });
}

pid_t waitpid(pid_t process, int* status, int options) {
    static constinit Real<decltype(::waitpid)> real("waitpid");
    if (!must_not_block() || (options & WNOHANG) != 0) [[likely]] {
        return real(process, status, options);
    }
    const pid_t at_once = real(process, status, options | WNOHANG);
    return watch_call("waitpid", at_once == 0 ? Wait::certain : Wait::no, ASYNCBENCH_CALLER,
                      [&] { return at_once != 0 ? at_once : real(process, status, options); });
}

int system(const char* command) {
    static constinit Real<decltype(::system)> real("system");
    if (!must_not_block() || command == nullptr) [[likely]] {
        return real(command);
    }
    return watch_call("system", Wait::certain, ASYNCBENCH_CALLER, [&] { return real(command); });
}

CURLcode curl_easy_perform(CURL* handle) {
    static constinit Real<decltype(::curl_easy_perform)> real("curl_easy_perform");
    if (!must_not_block()) [[likely]] {
        return real(handle);
    }
    return watch_call("curl_easy_perform", Wait::certain, ASYNCBENCH_CALLER, [&] { return real(handle); });
}

}  // extern "C"

#endif
