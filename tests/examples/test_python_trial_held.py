"""The Python client knows how long the target held a request, and draws the same replies as the target."""

import sys
import unittest

import asyncbench
import trial_program
from histogram import count_of, mean

CLIENT = asyncbench.SOURCE_DIR / "examples/python_trial/client.py"
sys.path.insert(0, str(CLIENT.parent))
import client  # noqa: E402

CONTRACT = (asyncbench.SOURCE_DIR / "docs/target-contract.md").read_text()


def table(first_columns):
    """The rows, without blanks and backquotes, of the contract's table that begins with these columns."""
    lines = CONTRACT[CONTRACT.index(first_columns) :].split("\n\n")[0].splitlines()
    rows = [[cell.strip(" `") for cell in line.strip("|").split("|")] for line in lines]
    return [rows[0], *rows[2:]]


class Replies(unittest.TestCase):
    def test_are_those_of_the_target_contract(self):
        header, *rows = table("| seed | k |")
        self.assertGreaterEqual(len(rows), 6)
        profile = {"error_rate": 0.15, "faults": dict.fromkeys(trial_program.NO_FAULTS, 0.15), "payload_bytes": 16}
        outcomes = {"error_rate": 500, "close": "closed", "truncate": "closed", "stall": "timeout"}
        for seed, request_id, *delays, what, tag in rows:
            seed, request_id = int(seed), int(request_id)
            for latency, delay in zip(header[2:6], delays, strict=True):
                drawn = client.delay_ns(latency, seed, request_id)
                self.assertLessEqual(abs(drawn - int(delay)), 1, (seed, request_id, latency))
            self.assertEqual(client.expected_outcome(profile, seed, request_id), outcomes.get(what, 200))
            self.assertEqual(client.is_dribbled(profile, seed, request_id), what == "dribble")
            self.assertTrue(client.is_expected_body(tag.encode(), profile, seed, request_id))

    def test_of_a_constant_delay_have_it(self):
        for latency, delay in (("20ms", 20_000_000), ("0s", 0), ("1.5us", 1500), ("7ns", 7), ("90s", 90 * 10**9)):
            self.assertEqual(client.delay_ns(latency, 1, 5), delay)


class HeldField(unittest.TestCase):
    def test_is_a_number_of_digits(self):
        self.assertEqual(client.held_ns({"held-ns": "0000020012345"}), 20_012_345)
        self.assertEqual(client.held_ns({"held-ns": "999999999999999"}), 999_999_999_999_999)

    def test_is_ignored_where_it_is_anything_else(self):
        for value in ("", "-1", "+1", "1.5", "1e3", "1 2", "1_000", "\u0663", "9" * 16, "9" * 10_000, "1\n", "1,2"):
            self.assertIsNone(client.held_ns({"held-ns": value}), value)
        self.assertIsNone(client.held_ns({}))


class HeldTime(unittest.TestCase):
    def result(self, base_url, plan, latency="0s", **more):
        return trial_program.do_trial([sys.executable, CLIENT], base_url, plan, latency, **more)

    def test_and_overhead_are_the_service_time(self):
        base_url = trial_program.start_target(self, "--latency", "uniform:1ms,9ms")
        result = self.result(base_url, trial_program.CLOSED, "uniform:1ms,9ms")
        held = trial_program.held(base_url)
        self.assertGreater(held["count"], 0)
        self.assertEqual(count_of(result["overhead"]), held["count"])
        sum_of_means = mean(result["overhead"]) + held["sum_ns"] / held["count"]
        # Histograms keep values within a thousandth.
        self.assertAlmostEqual(sum_of_means / mean(result["service_time"]), 1, delta=0.002)
        self.assertNotIn("punctual_response", result)

    def test_of_an_open_loop_gives_the_punctual_response_time(self):
        for latency in ("5ms", "exponential:4ms", "lognormal:4ms,9ms", "bimodal:1ms,9ms,0.3"):
            with self.subTest(latency):
                base_url = trial_program.start_target(self, "--latency", latency)
                result = self.result(base_url, trial_program.OPEN, latency)
                held = trial_program.held(base_url)
                self.assertEqual(count_of(result["punctual_response"]), held["count"])
                lateness = (held["sum_ns"] - held["intended_sum_ns"]) / held["count"]
                sum_of_means = mean(result["punctual_response"]) + lateness
                self.assertAlmostEqual(sum_of_means / mean(result["response_time"]), 1, delta=0.002)

    def test_counts_right_responses_alone_and_no_dribbled_one_as_overhead(self):
        faults = {"close": 0.1, "truncate": 0.1, "stall": 0.0, "dribble": 0.2}
        listed = ",".join(f"{name}:{share}" for name, share in faults.items() if share)
        base_url = trial_program.start_target(self, "--latency", "1ms", "--error-rate", "0.1", "--faults", listed)
        result = self.result(base_url, trial_program.OPEN, "1ms", error_rate=0.1, faults=faults)
        whole = result["client"]["count"]
        profile = {"error_rate": 0.1, "faults": faults}
        ids = range(90)
        arrive = [k for k in ids if client.expected_outcome(profile, 1, k) in (200, 500)]
        dribbled = [k for k in ids if client.is_dribbled(profile, 1, k)]
        self.assertEqual(whole, len(arrive))
        self.assertGreater(len(dribbled), 5)
        self.assertEqual(count_of(result["overhead"]), whole - len(dribbled))
        self.assertEqual(count_of(result["punctual_response"]), whole)

    def test_is_unknown_of_a_server_that_does_not_tell_it(self):
        with trial_program.foreign_server() as base_url:
            result = self.result(base_url, trial_program.OPEN, verify=False)
        self.assertGreater(count_of(result["service_time"]), 0)
        for name in ("overhead", "punctual_response"):
            self.assertNotIn(name, result)
            for metric in ("mean", "p50", "p99"):
                self.assertIsNone(result["metrics"][f"{name}_{metric}_ns"])
                self.assertIn("told how long the target held", result["unknown"][f"{name}_{metric}_ns"])


if __name__ == "__main__":
    unittest.main()
