"""What cannot be awaited does not compile, and the compiler says why in one sentence."""

import functools
import pathlib
import re
import shutil
import subprocess
import tempfile
import unittest

import asyncbench

PREAMBLE = """
#include <utility>
#include "async/now_task.hpp"
#include "async/task.hpp"
using namespace asyncbench;
Task<int> fetch(int number);
NowTask<int> fetch_now(const int& number);
"""
FLAGS = ["-std=c++20", "-Wall", "-Werror", f"-I{asyncbench.SOURCE_DIR}"]
precompiled = tempfile.TemporaryDirectory()
unittest.addModuleCleanup(precompiled.cleanup)


def compilers():
    cache = (asyncbench.BUILD_DIR / "CMakeCache.txt").read_text()
    found = [re.search(r"^CMAKE_CXX_COMPILER:\w+=(.+)$", cache, re.MULTILINE)[1]]
    found += [path for path in map(shutil.which, ("g++", "clang++-19")) if path]
    return list({pathlib.Path(path).resolve(): path for path in found}.values())  # c++ is g++


@functools.cache
def with_preamble(compiler):
    """The flags by which a compiler reads the preamble precompiled, which is most of its work."""
    folder = pathlib.Path(precompiled.name) / pathlib.Path(compiler).name
    folder.mkdir()
    header = folder / "preamble.hpp"
    header.write_text(PREAMBLE)
    is_clang = "clang" in compiler
    made = folder / ("preamble.hpp.pch" if is_clang else "preamble.hpp.gch")
    subprocess.run([compiler, *FLAGS, "-x", "c++-header", header, "-o", made], check=True, timeout=120)
    return ["-include-pch", made] if is_clang else ["-include", header]


def errors_of(compiler, statements):
    command = [compiler, *FLAGS, *with_preamble(compiler), "-fsyntax-only", "-x", "c++", "-"]
    source = f"Task<int> f() {{\n    {statements}\n    co_return 0;\n}}\n"
    done = subprocess.run(command, input=source, capture_output=True, text=True, timeout=120, check=False)
    return [line for line in done.stderr.splitlines() if " error: " in line]


class CompileTime(unittest.TestCase):
    def assert_compiles(self, statements):
        for compiler in compilers():
            with self.subTest(compiler=compiler):
                self.assertEqual(errors_of(compiler, statements), [])

    def assert_says(self, sentence, statements):
        """The sentence is all that is said."""
        for compiler in compilers():
            with self.subTest(compiler=compiler):
                errors = errors_of(compiler, statements)
                self.assertEqual(len(errors), 1, errors)
                self.assertIn(sentence, errors[0])

    def test_what_is_right_compiles(self):
        self.assert_compiles("int one = co_await fetch(1); Task<int> kept = fetch(2); one += co_await std::move(kept);"
                             " one += co_await fetch_now(3); (void)one;")

    def test_a_number_cannot_be_awaited(self):
        self.assert_says("this cannot be awaited: it is no Task", "co_await 42;")

    def test_the_result_of_what_cannot_be_awaited_adds_no_second_sentence(self):
        self.assert_says("this cannot be awaited: it is no Task", "int number = co_await 42; (void)number;")

    def test_a_function_is_called_before_it_is_awaited(self):
        self.assert_says("a function is called first", "co_await fetch;")

    def test_a_task_that_is_kept_is_given_up_to_be_awaited(self):
        self.assert_says("write co_await std::move(task)", "Task<int> kept = fetch(1); int one = co_await kept; (void)one;")

    def test_a_task_that_is_neither_kept_nor_awaited_is_a_warning(self):
        self.assert_says("a Task does nothing until it is awaited", "fetch(1);")

    def test_a_now_task_that_is_not_awaited_is_a_warning(self):
        self.assert_says("a NowTask does nothing until it is awaited: co_await it here", "fetch_now(1);")

    def test_a_now_task_is_awaited_where_it_is_made(self):
        sentence = "a NowTask is awaited in the expression that makes it: write co_await f()"
        self.assert_says(sentence, "auto kept = fetch_now(1); co_await std::move(kept);")
        self.assert_says(sentence, "auto kept = fetch_now(1); co_await kept;")


if __name__ == "__main__":
    unittest.main()
