"""scripts/lint-coroutines finds each form that g++ 12 compiles wrongly, and none of those that are safe."""

import pathlib
import subprocess
import sys
import tempfile
import unittest

import script

lint_coroutines = script.load("lint-coroutines")


def rules(text):
    return [finding.rule for finding in lint_coroutines.lint(text)]


def in_coroutine(statement):
    return f"Task<void> outer() {{\n    int before = 1;\n    {statement}\n    co_return;\n}}\n"


class Hazards(unittest.TestCase):
    def assert_found(self, rule, *statements):
        for statement in statements:
            with self.subTest(statement):
                findings = lint_coroutines.lint(in_coroutine(statement))
                self.assertEqual([(finding.line, finding.rule) for finding in findings], [(3, rule)])

    def test_a_lambda_that_captures_by_copy_in_an_awaiting_expression(self):
        self.assert_found(
            "capture-in-await",
            "co_await apply([held = Counted(1)] { return held; });",
            "co_await apply([=] { return before; });",
            "co_await apply([&one, two]() mutable -> int { return one + two; });",
            "co_await apply([*this] { return x_; });",
            "const int x = co_await apply(1, [f = std::move(f)](auto y) { return f(y); });",
            "EXPECT_EQ(co_await apply([text] { return text; }), 1);",
            "if (co_await apply([text] { return text; })) before = 2;",
            "co_return co_await apply([text] { return text; });",
            "use([text] { return text; }, co_await number(1));",
        )

    def test_a_braced_list_in_an_awaiting_expression(self):
        self.assert_found(
            "braces-in-await",
            "co_await get(Request{url, 2});",
            "co_await get({.url = url});",
            "const auto response = co_await session.get({url, 2});",
            "co_await get(std::array<Counted, 2>{});",
            "const std::vector<int> all{co_await number(1), 2};",
            "use(Request{url}, co_await number(1));",
            "while (co_await get({url})) before = 2;",
        )

    def test_a_choice_between_awaits(self):
        self.assert_found(
            "await-in-choice",
            "const auto x = condition ? co_await make() : Object();",
            "const auto x = condition ? Object() : co_await make();",
            "use(condition ? Object((co_await make()).text()) : Object());",
        )

    def test_a_coroutine_lambda_that_captures(self):
        for text in (
            "auto f() { return spawn([&x]() -> Task<void> { co_await hop(); }); }",
            "auto f() { group.spawn([x] () -> Task<int> { co_return x; }()); }",
            "const auto f = [x]() -> Task<int> { co_return x; };",
            "const auto f = [&, y = 2]<class T>(T t) mutable -> Task<int> { if (t) { co_return y; } co_return 1; };",
        ):
            with self.subTest(text):
                self.assertEqual(rules(text), ["capturing-coroutine"])


class SafeForms(unittest.TestCase):
    def test_are_not_reported(self):
        for statement in (
            "co_await get(Request(url, 2));",
            "Request request{url, 2}; co_await get(std::move(request));",
            "auto function = [held] { return held; }; co_await apply(std::move(function));",
            "auto task = get({url}); co_await std::move(task);",
            "co_await apply([] { return 1; });",
            "co_await apply([&] { return before; });",
            "co_await apply([&before, this] { return before; });",
            "co_await sleep_for(std::chrono::milliseconds{1});",
            "co_await std::move(task).with_cancellation({});",
            "co_await number(condition ? 1 : 2);",
            "use(list[0], co_await number(before ? 1 : 2));",
            "if (co_await number(1)) { Request request{url}; use([x] { return x; }); }",
            "for (int i = 0; i < 3; ++i) { co_await hop(); } Request request{url};",
            "switch (before) { case 1: { co_await hop(); break; } default: use({1, 2}); }",
            "try { co_await hop(); } catch (const Error& error) { use({1}); }",
            "const char* text = \"co_await get({url})\"; // co_await get({url});",
            "auto raw = R\"x(co_await get({url}) ? co_await a() : b)x\"; use({1});",
            "int numbers[2] = {1, 2}; co_await number(numbers[1'0]);",
            "group.spawn(get({url})); co_await group.join();",
        ):
            with self.subTest(statement):
                self.assertEqual(rules(in_coroutine(statement)), [])

    def test_of_lambdas_are_not_reported(self):
        for text in (
            "const auto f = [](int x) -> Task<int> { co_return x; };",
            "const auto f = [&]() -> Task<int> { co_return co_await number(x); };",
            "post([x] { use([](int y) -> Task<int> { co_return y; }(x)); });",
            "[[nodiscard]] Task<int> f() { co_return 1; }",
            "template <class T> concept C = requires(T&& t) { std::forward<T>(t).operator co_await(); };",
            "#define USE(x) co_await get({x})\nint y{1};",
        ):
            with self.subTest(text):
                self.assertEqual(rules(text), [])

    def test_are_those_that_say_why(self):
        reason = "// lint-coroutines: allow await-in-choice: scalars are not destroyed"
        statement = "const int x = condition ? co_await number(1) : 2;"
        self.assertEqual(rules(in_coroutine(f"{reason}\n    {statement}")), [])
        self.assertEqual(rules(in_coroutine(f"{statement} {reason}")), [])
        without_reason = "// lint-coroutines: allow await-in-choice:"
        self.assertEqual(rules(in_coroutine(f"{statement} {without_reason}")), ["await-in-choice"])
        other_rule = reason.replace("await-in-choice", "braces-in-await")
        self.assertEqual(rules(in_coroutine(f"{statement} {other_rule}")), ["await-in-choice"])


class Program(unittest.TestCase):
    def run_lint(self, *arguments):
        command = [sys.executable, str(script.path_of("lint-coroutines")), *map(str, arguments)]
        return subprocess.run(command, capture_output=True, text=True, check=False)

    def test_finds_nothing_in_this_project(self):
        process = self.run_lint()
        self.assertEqual((process.returncode, process.stdout), (0, ""), process.stderr)

    def test_names_file_line_and_rule(self):
        with tempfile.TemporaryDirectory() as folder:
            path = pathlib.Path(folder) / "wrong.cpp"
            path.write_text(in_coroutine("co_await get({url});"))
            process = self.run_lint(folder)
        self.assertEqual(process.returncode, 1)
        self.assertEqual(process.stdout, f"{path}:3: braces-in-await: a braced list inside a co_await expression\n")
        self.assertIn("--help", process.stderr)

    def test_refuses_what_it_does_not_know(self):
        for wrong in ("--all", "/no/such/folder"):
            process = self.run_lint(wrong)
            self.assertEqual(process.returncode, 64, wrong)
            self.assertIn(wrong, process.stderr)

    def test_says_what_to_write_instead(self):
        process = self.run_lint("--help")
        self.assertEqual(process.returncode, 0)
        for rule in lint_coroutines.RULES:
            self.assertIn(rule, process.stdout)


if __name__ == "__main__":
    unittest.main()
