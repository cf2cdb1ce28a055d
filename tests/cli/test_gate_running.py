"""`asyncbench gate --base-url --head-url`: two servers that run already."""

import collections
import contextlib
import http.server
import json
import os
import socket
import subprocess
import threading
import time
import unittest

import asyncbench


@contextlib.contextmanager
def server(*flags):
    """A target of ours; its URL, with a path that it answers."""
    process = subprocess.Popen([asyncbench.EXECUTABLE, "target", "mock", "--port", "0", "--end-with-parent", *flags],
                               stdout=subprocess.PIPE, text=True)
    try:
        yield f"http://127.0.0.1:{json.loads(process.stdout.readline())['port']}/io/try/1"
    finally:
        process.terminate()
        process.wait()
        process.stdout.close()


@contextlib.contextmanager
def own_server(*flags):
    """A server as a user may have one; its URL, when it listens."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    process = subprocess.Popen(["python3", asyncbench.SOURCE_DIR / "tests/support/slow_server.py", *flags],
                               env={**os.environ, "PORT": str(port)})
    try:
        deadline = time.monotonic() + 20
        while time.monotonic() < deadline:
            with contextlib.suppress(ConnectionRefusedError), socket.create_connection(("127.0.0.1", port)):
                break
            time.sleep(0.01)
        yield f"http://127.0.0.1:{port}/"
    finally:
        process.terminate()
        process.wait()


def gate(base, head, *flags):
    return asyncbench.run(asyncbench.EXECUTABLE, "gate", "--base-url", base, "--head-url", head, "-c", "4", "--quiet",
                          "--no-confirm", *flags)


class TwoRunningServers(unittest.TestCase):
    def test_of_which_one_answers_later_fail(self):
        with server("--latency", "2ms") as base, server("--latency", "12ms") as head:
            # As few pairs as can show a regression in one line.
            process = gate(base, head, "-n", "20", "--looks", "8", "--ignore", "throughput", "--json", "-")
        self.assertEqual(process.returncode, 2, process.stderr)
        result = json.loads(process.stdout)
        lines = {line["metric"]: line for line in result["lines"]}
        self.assertEqual(lines["service_p50_ns"]["verdict"], "FAIL")
        self.assertEqual((result["base"]["target"], result["head"]["target"]), (base, head))
        self.assertGreater(lines["service_p50_ns"]["ratio"]["value"], 2)
        # The generator is the same in both arms, and of the servers' processes nothing is known.
        self.assertIsNone(lines["generator_cpu_us_per_request"]["verdict"])
        self.assertFalse([metric for metric in lines if metric.startswith("server_")])
        self.assertEqual({subject["name"] for subject in result["subjects"]}, {"native at 4", "control: callback at 16"})

    def test_are_asked_for_each_path(self):
        asked = collections.Counter()

        class Handler(http.server.BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"

            def do_GET(self):
                asked[self.path] += 1
                self.send_response(204)
                self.end_headers()

            def log_message(self, *_):
                pass

        with http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler) as both:
            threading.Thread(target=both.serve_forever, daemon=True).start()
            url = f"http://127.0.0.1:{both.server_port}/"
            process = gate(url, url, "-n", "200", "--looks", "2", "--path", "/a", "--path", "3:/b?c=d")
            both.shutdown()
        self.assertIn(process.returncode, (0, 2), process.stderr)
        self.assertEqual(set(asked), {"/a", "/b?c=d"})
        self.assertAlmostEqual(asked["/b?c=d"] / asked["/a"], 3, delta=1)

    def test_of_which_one_dies_are_never_a_pass(self):
        with own_server() as base, own_server("--die-after", "60") as head:
            process = gate(base, head, "-n", "40", "--looks", "2", "--json", "-")
        self.assertIn(process.returncode, (1, 2, 4), process.stderr)
        self.assertNotEqual(json.loads(process.stdout)["verdict"], "PASS")

    def test_that_answer_with_other_bytes_are_not_compared(self):
        with own_server() as base, own_server("--bytes", "102") as head:
            process = gate(base, head, "-n", "20", "--looks", "2", "--json", "-")
        self.assertEqual(process.returncode, 4, process.stderr)
        self.assertIn("work-differs", {warning["code"] for warning in json.loads(process.stdout)["warnings"]})

    def test_of_which_one_does_not_answer_are_an_error_that_names_it(self):
        with server() as base:
            process = gate(base, "http://127.0.0.1:1/")
        self.assertEqual(process.returncode, 1)
        self.assertIn("http://127.0.0.1:1/ does not answer", process.stderr)

    def test_need_both_urls_and_no_others(self):
        url = "http://127.0.0.1:1/"
        for flags, sentence in (
            (("--base-url", url), "--head-url is missing"),
            (("--base-url", url, "--head-url", "mock"), "'mock' is no URL"),
            (("--base-url", "mock", "--head-url", url), "'mock' is no URL"),
            (("--base-url", url, "--head-url", url, "--base", "x"), "give one of these"),
            (("--base-url", url, "--head-url", url, "--target", url), "which are the targets"),
            (("--base-url", url, "--head-url", url, "-s", "coroutine"), "leave -s out"),
            (("--base-url", url, "--head-url", url, "--latency", "5ms"), "not ours to say"),
            (("--base-url", url, "--head-url", url, "--metric", "cpu=5%"), "is not known of a server"),
            (("--base-url", url, "--head-url", url, "--budget", "peak-memory<64MB"), "is not known of a server"),
            (("--base-url", url, "--head-url", url, "--https"), "belongs to --base-target"),
        ):
            process = asyncbench.run(asyncbench.EXECUTABLE, "gate", *flags)
            self.assertEqual(process.returncode, 64, process.stderr)
            self.assertIn(sentence, " ".join(process.stderr.split()))


if __name__ == "__main__":
    unittest.main()
