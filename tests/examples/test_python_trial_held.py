"""The Python client knows how long the target held a request, and draws the same replies as the target."""

import http.server
import json
import subprocess
import sys
import threading
import unittest
import urllib.request

import asyncbench

CLIENT = asyncbench.SOURCE_DIR / "examples/python_trial/client.py"
sys.path.insert(0, str(CLIENT.parent))
import client  # noqa: E402

CONTRACT = (asyncbench.SOURCE_DIR / "docs/target-contract.md").read_text()
NO_FAULTS = {"close": 0.0, "truncate": 0.0, "stall": 0.0, "dribble": 0.0}
CLOSED = {"kind": "closed", "concurrency": 8, "requests": 0, "duration_ns": 200_000_000}
OPEN = {"kind": "open", "concurrency": 20, "requests": 0, "duration_ns": 300_000_000, "rate_rps": 300.0}


def table(first_columns):
    """The rows, without blanks and backquotes, of the contract's table that begins with these columns."""
    lines = CONTRACT[CONTRACT.index(first_columns) :].split("\n\n")[0].splitlines()
    rows = [[cell.strip(" `") for cell in line.strip("|").split("|")] for line in lines]
    return [rows[0], *rows[2:]]


def mean(histogram):
    return sum(value * count for value, count in histogram["values"]) / count_of(histogram)


def count_of(histogram):
    return sum(count for _, count in histogram["values"])


class Replies(unittest.TestCase):
    def test_are_those_of_the_target_contract(self):
        header, *rows = table("| seed | k |")
        self.assertGreaterEqual(len(rows), 6)
        profile = {"error_rate": 0.15, "faults": dict.fromkeys(NO_FAULTS, 0.15), "payload_bytes": 16}
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


class Foreign(http.server.BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    def do_GET(self):
        self.send_response(200)
        self.send_header("Content-Length", "2")
        self.end_headers()
        self.wfile.write(b"ok")

    def log_message(self, *_):
        pass


class HeldTime(unittest.TestCase):
    def target(self, *flags):
        command = [asyncbench.EXECUTABLE, "target", "mock", "--port", "0", "--end-with-parent", *flags]
        process = subprocess.Popen(command, stdout=subprocess.PIPE, text=True)
        self.addCleanup(process.communicate)
        self.addCleanup(process.terminate)
        return f"http://127.0.0.1:{json.loads(process.stdout.readline())['port']}"

    def result(self, base_url, plan, latency="0s", verify=True, **profile):
        spec = {
            "protocol": 1, "trial": "t", "strategy": "exec:this", "seed": 1, "base_url": base_url, "verify": verify,
            "plan": {"rate_rps": 0.0, "arrivals": "constant"} | plan, "warmup_ns": 0, "timeout_ns": 10_000_000_000,
            "profile": {"latency": latency, "payload_bytes": 1024, "error_rate": 0.0, "faults": NO_FAULTS,
                        "compute_ns": 0} | profile,
        }  # fmt: skip
        talk = f"{json.dumps(spec)}\ngo\n"
        command = [sys.executable, CLIENT]
        process = subprocess.run(command, input=talk, capture_output=True, text=True, timeout=60, check=True)
        return json.loads(process.stdout.splitlines()[1])

    def stats(self, base_url):
        with urllib.request.urlopen(f"{base_url}/stats/t") as response:
            return json.load(response)["held"]

    def test_and_overhead_are_the_service_time(self):
        base_url = self.target("--latency", "uniform:1ms,9ms")
        result = self.result(base_url, CLOSED, "uniform:1ms,9ms")
        held = self.stats(base_url)
        self.assertGreater(held["count"], 0)
        self.assertEqual(count_of(result["overhead"]), held["count"])
        sum_of_means = mean(result["overhead"]) + held["sum_ns"] / held["count"]
        # Histograms keep values within a thousandth.
        self.assertAlmostEqual(sum_of_means / mean(result["service_time"]), 1, delta=0.002)
        self.assertNotIn("punctual_response", result)

    def test_of_an_open_loop_gives_the_punctual_response_time(self):
        for latency in ("5ms", "exponential:4ms", "lognormal:4ms,9ms", "bimodal:1ms,9ms,0.3"):
            with self.subTest(latency):
                base_url = self.target("--latency", latency)
                result = self.result(base_url, OPEN, latency)
                held = self.stats(base_url)
                self.assertEqual(count_of(result["punctual_response"]), held["count"])
                lateness = (held["sum_ns"] - held["intended_sum_ns"]) / held["count"]
                sum_of_means = mean(result["punctual_response"]) + lateness
                self.assertAlmostEqual(sum_of_means / mean(result["response_time"]), 1, delta=0.002)

    def test_counts_right_responses_alone_and_no_dribbled_one_as_overhead(self):
        faults = {"close": 0.1, "truncate": 0.1, "stall": 0.0, "dribble": 0.2}
        listed = ",".join(f"{name}:{share}" for name, share in faults.items() if share)
        base_url = self.target("--latency", "1ms", "--error-rate", "0.1", "--faults", listed)
        result = self.result(base_url, OPEN, "1ms", error_rate=0.1, faults=faults)
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
        with http.server.ThreadingHTTPServer(("127.0.0.1", 0), Foreign) as server:
            threading.Thread(target=server.serve_forever).start()
            try:
                result = self.result(f"http://127.0.0.1:{server.server_port}", OPEN, verify=False)
            finally:
                server.shutdown()
        self.assertGreater(count_of(result["service_time"]), 0)
        for name in ("overhead", "punctual_response"):
            self.assertNotIn(name, result)
            for metric in ("mean", "p50", "p90", "p99", "p999", "max"):
                self.assertIsNone(result["metrics"][f"{name}_{metric}_ns"])
                self.assertIn("does not tell", result["unknown"][f"{name}_{metric}_ns"])


if __name__ == "__main__":
    unittest.main()
