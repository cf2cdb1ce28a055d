"""What the bridges refuse does not compile, and the compiler says why in one sentence."""

import re
import subprocess
import unittest

import asyncbench

PREAMBLE = """
#include "async/async_to_sync.hpp"
#include "async/sync_to_async.hpp"
#include "async/thread_pool.hpp"
using namespace asyncbench;
int twice(int number);
Task<int> fetch(int number);
void use(ThreadPool& pool, int& number) {
    (void)pool, (void)number;
"""


def compiler():
    cache = (asyncbench.BUILD_DIR / "CMakeCache.txt").read_text()
    return re.search(r"^CMAKE_CXX_COMPILER:\w+=(.+)$", cache, re.MULTILINE)[1]


def errors_of(statement):
    command = [compiler(), "-std=c++20", "-fsyntax-only", f"-I{asyncbench.SOURCE_DIR}", "-x", "c++", "-"]
    source = f"{PREAMBLE}    {statement}\n}}\n"
    return subprocess.run(command, input=source, capture_output=True, text=True, timeout=120, check=False).stderr


class Rejections(unittest.TestCase):
    def test_what_is_right_compiles(self):
        right = "auto one = sync_to_async(twice)(1); auto other = async_to_sync(fetch)(2); (void)other;"
        self.assertNotIn("error", errors_of(right))

    def test_sync_to_async_takes_what_can_be_called(self):
        self.assertIn("this cannot be called", errors_of("(void)sync_to_async(3);"))

    def test_sync_to_async_takes_no_function_that_gives_a_task(self):
        sentence = "this one returns a Task: await that"
        self.assertIn(sentence, errors_of("(void)sync_to_async(fetch);"))
        self.assertIn(sentence, errors_of("(void)sync_to_async([](auto n) { return fetch(n); })(1);"))

    def test_a_thread_sensitive_function_takes_no_executor(self):
        sentence = "an executor is for functions that are not thread-sensitive"
        self.assertIn(sentence, errors_of("sync_to_async(twice, thread_sensitive, pool);"))

    def test_a_reference_reaches_a_thread_by_ref_alone(self):
        change = "auto change = sync_to_async([](int& n) { ++n; });"
        self.assertIn("needs std::ref", errors_of(f"{change} (void)change(number);"))
        self.assertNotIn("error", errors_of(f"{change} (void)change(std::ref(number));"))

    def test_async_to_sync_takes_a_function_that_gives_a_task(self):
        self.assertIn("call this one directly", errors_of("(void)async_to_sync(twice)(1);"))


if __name__ == "__main__":
    unittest.main()
