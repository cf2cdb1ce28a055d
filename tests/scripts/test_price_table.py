"""scripts/price-table: prices, ratios and their intervals from what Google Benchmark wrote."""

import json
import os
import pathlib
import subprocess
import sys
import tempfile
import unittest

import script

price_table = script.load("price-table")
MICRO = pathlib.Path(os.environ["ASYNCBENCH_BUILD_DIR"]) / "benches/micro/asyncbench_micro"
STEPS = [
    {"step": "await_child", "title": "Await", "subject": "Tasks", "beside": "asio_await_child", "at_most": 1.1},
    {"step": "create_task", "title": "Create", "subject": "Tasks"},
    {"step": "request/real_time", "title": "Request", "subject": "HTTP"},
]


def entries(name, times, **more):
    return [
        {"name": name, "run_type": "iteration", "time_unit": "ns", "cpu_time": time, "real_time": time * 3} | more
        for time in times
    ]


def around(center):
    """Twenty repetitions with a spread of about 4 %."""
    return [center * (1 + (index - 9.5) / 250) for index in range(20)]


def rows_of(*lists):
    benchmarks = price_table.read_benchmarks({"benchmarks": [entry for one in lists for entry in one]})
    return {row["benchmark"]: row for row in price_table.price_steps(benchmarks, STEPS)}


class Prices(unittest.TestCase):
    def test_are_the_median_with_quartiles(self):
        row = rows_of(entries("create_task", [5, 1, 3, 2, 4], allocations_per_op=2))["create_task"]
        self.assertEqual((row["ns"], row["ns_low_quartile"], row["ns_high_quartile"]), (3, 2, 4))
        self.assertEqual((row["allocations"], row["repetitions"]), (2, 5))

    def test_are_of_one_operation_where_an_iteration_has_many(self):
        row = rows_of(entries("create_task", [100, 100], operations=10, allocations_per_op=5))["create_task"]
        self.assertEqual((row["ns"], row["allocations"]), (10, 0.5))

    def test_are_wall_time_where_the_benchmark_says_so(self):
        self.assertEqual(rows_of(entries("request/real_time", [10]))["request/real_time"]["ns"], 30)

    def test_say_nothing_of_allocations_that_were_not_counted(self):
        row = rows_of(entries("create_task", [1]))["create_task"]
        self.assertIsNone(row["allocations"])
        self.assertIn("-", price_table.cells(row))

    def test_leave_out_aggregates(self):
        mean = [{"name": "create_task_mean", "run_type": "aggregate", "cpu_time": 1, "time_unit": "ns"}]
        self.assertEqual(list(rows_of(entries("create_task", [1]), mean)), ["create_task"])


class Ratios(unittest.TestCase):
    def row(self, one, other):
        return rows_of(entries("await_child", around(one)), entries("asio_await_child", around(other)))["await_child"]

    def test_come_with_an_interval_around_them(self):
        row = self.row(10, 20)
        self.assertAlmostEqual(row["ratio"], 0.5)
        self.assertLess(row["ratio_low"], 0.5)
        self.assertGreater(row["ratio_high"], 0.5)
        self.assertLess(row["ratio_high"] - row["ratio_low"], 0.05)

    def test_are_the_same_when_computed_again(self):
        self.assertEqual(self.row(10, 20), self.row(10, 20))

    def test_are_broken_only_where_the_whole_interval_is_above_the_limit(self):
        for one, is_broken in ((1.0, False), (1.105, False), (1.2, True)):
            with self.subTest(one):
                self.assertEqual(bool(price_table.broken([self.row(one, 1.0)])), is_broken)


class WrongInput(unittest.TestCase):
    def assert_fails(self, text, *lists):
        with self.assertRaisesRegex(price_table.Failure, text):
            rows_of(*lists)

    def test_is_a_benchmark_that_no_step_names(self):
        self.assert_fails("steps.json does not say what these are: unheard_of", entries("unheard_of", [1]))

    def test_is_a_step_without_its_counterpart(self):
        self.assert_fails("without asio_await_child", entries("await_child", [1]))

    def test_is_a_benchmark_that_failed(self):
        failed = entries("create_task", [1], error_occurred=True, error_message="no target")
        self.assert_fails("create_task failed: no target", failed)

    def test_is_nothing_measured(self):
        self.assert_fails("No step was measured")

    def test_is_another_unit(self):
        self.assert_fails("ns is asked for", entries("create_task", [1], time_unit="ms"))


class Program(unittest.TestCase):
    def run_on(self, measured, *flags):
        with tempfile.TemporaryDirectory() as folder:
            path = pathlib.Path(folder) / "measured.json"
            path.write_text(measured if isinstance(measured, str) else json.dumps(measured))
            return self.run_script("--input", path, *flags)

    def run_script(self, *arguments):
        command = [sys.executable, str(script.path_of("price-table")), *map(str, arguments)]
        return subprocess.run(command, capture_output=True, text=True, check=False)

    def measured(self, ratio):
        lists = entries("await_child", around(10 * ratio)) + entries("asio_await_child", around(10))
        return {"context": {"num_cpus": 2, "compiler": "GCC 12", "date": "today"}, "benchmarks": lists}

    def test_ends_with_status_two_only_where_a_ratio_that_is_asked_for_is_broken(self):
        self.assertEqual(self.run_on(self.measured(0.9), "--check").returncode, 0)
        self.assertEqual(self.run_on(self.measured(1.5)).returncode, 0)
        process = self.run_on(self.measured(1.5), "--check")
        self.assertEqual(process.returncode, 2)
        self.assertIn("1.500", process.stderr)
        self.assertIn("at most 1.1 is asked for", process.stderr)

    def test_does_not_pass_a_check_of_nothing(self):
        process = self.run_on({"benchmarks": entries("two_looks_at_the_clock", [1])}, "--check")
        self.assertEqual(process.returncode, 1)
        self.assertIn("None of these steps has a ratio", process.stderr)

    def test_writes_the_same_as_text_markdown_and_json(self):
        measured = self.measured(0.5)
        text = self.run_on(measured)
        self.assertIn("Await a child task", text.stdout)
        self.assertIn("GCC 12", text.stdout)
        markdown = self.run_on(measured, "--markdown")
        self.assertIn("| Await a child task | 5.00 |", markdown.stdout)
        self.assertIn("`asio_await_child`", markdown.stdout)
        rows = json.loads(self.run_on(measured, "--json").stdout)["rows"]
        self.assertEqual([(row["benchmark"], row["at_most"]) for row in rows], [("await_child", 1.1)])

    def test_refuses_input_that_is_none_of_google_benchmark(self):
        for wrong in ("nonsense", "[]", "{}"):
            process = self.run_on(wrong)
            self.assertEqual((process.returncode, process.stdout), (1, ""), wrong)
            self.assertRegex(process.stderr, r"^price-table: .*\.\n$")
        self.assertIn("cannot be read", self.run_script("--input", "/no/such/file").stderr)

    def test_refuses_wrong_usage(self):
        for wrong in (
            ("--repetitions", "0"), ("--repetitions", "many"), ("--seconds", "-1"), ("--filter", "("),
            ("--markdown", "--json"), ("--unheard-of",),
        ):  # fmt: skip
            process = self.run_script(*wrong)
            self.assertEqual((process.returncode, process.stdout), (64, ""), wrong)
            self.assertIn("--help", process.stderr)

    def test_refuses_a_filter_that_matches_no_step(self):
        process = self.run_script("--filter", "no such step")
        self.assertEqual(process.returncode, 64)
        self.assertIn("'no such step'", process.stderr)

    def test_measures_what_a_chosen_step_is_compared_with(self):
        self.assertEqual(price_table.names_to_run(STEPS, "await"), ["asio_await_child", "await_child"])
        self.assertEqual(price_table.names_to_run(STEPS, "HTTP"), ["request/real_time"])


class Steps(unittest.TestCase):
    @unittest.skipUnless(MICRO.exists(), "this build has no micro-benchmarks")
    def test_name_every_benchmark_and_no_other(self):
        process = subprocess.run([MICRO, "--benchmark_list_tests"], capture_output=True, text=True, check=True)
        steps = json.loads(price_table.STEPS.read_text())
        named = {name for step in steps for name in (step["step"], step.get("beside")) if name}
        self.assertEqual(set(process.stdout.split()), named)

    def test_ask_for_at_most_a_tenth_more_than_asio_takes(self):
        limits = {step["step"]: step.get("at_most") for step in json.loads(price_table.STEPS.read_text())}
        for step in ("await_child", "post_callback/1", "post_coroutine/1", "resume_on_loop/1", "resume_on_loop/100"):
            self.assertEqual(limits[step], 1.1, step)


if __name__ == "__main__":
    unittest.main()
