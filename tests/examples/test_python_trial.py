"""A Python program takes part in a run by the trial protocol."""

import sys
import unittest

import asyncbench

CLIENT = f"exec:{sys.executable} {asyncbench.SOURCE_DIR}/examples/python_trial/client.py"


class PythonTrial(unittest.TestCase):
    def measure(self, *arguments, strategies=CLIENT):
        flags = ("-s", strategies, "-r", "1", "--warmup", "50ms")
        return asyncbench.measure(self, *flags, *arguments)

    def assert_same_work(self, trial):
        """Client and target agree, as two programs that share no code can only when both are right."""
        self.assertEqual(trial["client"], trial["target"]["served"])
        self.assertNotIn("work-mismatch", asyncbench.codes(trial))

    def test_is_measured_beside_a_strategy_of_the_program_itself(self):
        result = self.measure("-c", "8", "-d", "300ms", strategies=f"coroutine,{CLIENT}")
        self.assertEqual(len(result["trials"]), 2)
        for trial in result["trials"]:
            self.assert_same_work(trial)
            self.assertGreater(trial["client"]["count"], 0)
            self.assertEqual(trial["errors"]["unforeseen"], 0)
        (python,) = asyncbench.trials_of(result, "exec:")
        self.assertEqual(python["target"]["connections"], 8)
        self.assertEqual(python["metrics"]["connections_opened"], 0, "the warm-up's are used again")

    def test_has_the_metrics_that_every_strategy_has(self):
        metrics = self.measure("-c", "8", "-d", "300ms")["trials"][0]["metrics"]
        self.assertEqual(metrics["threads"], 1)
        for name in (
            "throughput_rps", "ideal_rps", "efficiency", "service_p50_ns", "response_p99_ns",
            "cpu_us_per_request", "peak_rss_bytes", "target_cpu_share",
        ):  # fmt: skip
            self.assertGreater(metrics[name], 0, name)
        self.assertGreaterEqual(metrics["cpu_wait_share"], 0)
        self.assertLess(metrics["cpu_wait_share"], 1)

    def test_does_a_batch_of_exactly_as_many_requests_as_asked_for(self):
        (trial,) = self.measure("-n", "150", "-c", "20")["trials"]
        self.assertEqual(trial["client"]["count"], 150)
        self.assertEqual(trial["metrics"]["requests"], 150)
        self.assert_same_work(trial)

    def test_keeps_an_open_loops_schedule(self):
        for arrivals in ("constant", "poisson"):
            with self.subTest(arrivals):
                flags = ("-c", "50", "-q", "400", "-d", "500ms", "--arrivals", arrivals)
                native, python = self.measure(*flags, strategies=f"coroutine,{CLIENT}")["trials"]
                self.assert_same_work(python)
                self.assertEqual(native["client"], python["client"], "the same requests")
                # A program keeps as many of its first requests as it likes.
                schedules = [sorted(trial["timeline"]["intended_ns"]) for trial in (native, python)]
                length = min(map(len, schedules))
                self.assertGreater(length, 50)
                self.assertEqual(schedules[0][:length], schedules[1][:length])

    def test_foresees_the_errors_that_the_profile_asks_for(self):
        flags = ("--error-rate", "0.1", "--faults", "close:0.1,truncate:0.1", "--payload", "100")
        (trial,) = self.measure("-n", "300", "-c", "10", *flags)["trials"]
        self.assertGreater(trial["errors"]["status"], 0)
        self.assertGreater(trial["errors"]["closed"], 0)
        self.assertEqual(trial["errors"]["unforeseen"], 0)
        self.assertEqual(trial["errors"]["content"], 0)
        self.assert_same_work(trial)

    def test_times_out_what_is_never_answered(self):
        flags = ("--faults", "stall:0.05", "--timeout", "80ms", "--latency", "1ms")
        (trial,) = self.measure("-n", "200", "-c", "20", *flags)["trials"]
        self.assertGreater(trial["errors"]["timeout"], 0)
        self.assertEqual(trial["errors"]["unforeseen"], 0)
        self.assertEqual(trial["client"]["count"] + trial["errors"]["timeout"], 200)


if __name__ == "__main__":
    unittest.main()
