#pragma once

// ThreadSanitizer defines the same functions, to see what threads do, and needs every one of these calls.
#if defined(__SANITIZE_THREAD__)
#elif defined(__has_feature)
#if !__has_feature(thread_sanitizer)
#define ASYNCBENCH_INTERPOSES
#endif
#else
#define ASYNCBENCH_INTERPOSES
#endif
