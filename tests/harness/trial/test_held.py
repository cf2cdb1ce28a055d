"""`asyncbench trial` tells what of each request was the target's and what was not."""

import unittest

import asyncbench
import trial_program
from histogram import count_of, mean

TIMES = ("mean", "p50", "p99")


class HeldTime(unittest.TestCase):
    def result(self, base_url, plan, latency="0s", **more):
        return trial_program.do_trial([asyncbench.EXECUTABLE, "trial"], base_url, plan, latency,
                                      strategy="coroutine", **more)  # fmt: skip

    def assert_unknown(self, result, name, reason):
        self.assertNotIn(name, result)
        for time in TIMES:
            self.assertIsNone(result["metrics"][f"{name}_{time}_ns"])
            self.assertIn(reason, result["unknown"][f"{name}_{time}_ns"])

    def assert_lacks(self, result, name):
        self.assertNotIn(name, result)
        self.assertEqual([metric for metric in result["metrics"] if metric.startswith(name)], [])

    def test_and_overhead_are_the_service_time(self):
        base_url = trial_program.start_target(self, "--latency", "uniform:1ms,9ms")
        result = self.result(base_url, trial_program.CLOSED, "uniform:1ms,9ms")
        held = trial_program.held(base_url)
        metrics = result["metrics"]
        self.assertEqual(held["count"], metrics["requests"])
        self.assertEqual(held["count"], count_of(result["overhead"]))
        sum_of_means = mean(result["overhead"]) + held["sum_ns"] / held["count"]
        # Histograms keep values within a thousandth.
        self.assertAlmostEqual(sum_of_means / metrics["service_mean_ns"], 1, delta=0.002)
        self.assert_lacks(result, "punctual_response")

    def test_of_an_open_loop_gives_the_punctual_response_time(self):
        base_url = trial_program.start_target(self, "--latency", "exponential:4ms")
        result = self.result(base_url, trial_program.OPEN, "exponential:4ms")
        held = trial_program.held(base_url)
        metrics = result["metrics"]
        lateness = (held["sum_ns"] - held["intended_sum_ns"]) / held["count"]
        sum_of_means = mean(result["punctual_response"]) + lateness
        self.assertAlmostEqual(sum_of_means / metrics["response_mean_ns"], 1, delta=0.002)

    def test_is_unknown_of_a_server_that_does_not_tell_it(self):
        with trial_program.foreign_server() as base_url:
            closed = self.result(base_url, trial_program.CLOSED, verify=False)
            opened = self.result(base_url, trial_program.OPEN, verify=False)
        self.assertGreater(closed["client"]["count"], 0)
        self.assert_unknown(closed, "overhead", "told how long the target held")
        self.assert_lacks(closed, "punctual_response")
        self.assert_unknown(opened, "overhead", "told how long the target held")
        self.assert_unknown(opened, "punctual_response", "told how long the target held")

    def test_of_a_foreign_server_that_tells_it_gives_the_overhead_alone(self):
        with trial_program.foreign_server(Held_Ns="1000") as base_url:
            result = self.result(base_url, trial_program.OPEN, verify=False)
        self.assertGreater(mean(result["overhead"]), 0)
        self.assert_unknown(result, "punctual_response", "are not known")


if __name__ == "__main__":
    unittest.main()
