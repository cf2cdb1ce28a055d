"""`--target URL` against a server that knows nothing of asyncbench: a real nginx."""

import sys
import unittest

import asyncbench
from nginx import Nginx

CLIENT = f"exec:{sys.executable} {asyncbench.SOURCE_DIR}/examples/python_trial/client.py"


class ForeignTarget(unittest.TestCase):
    def test_is_measured_and_the_result_says_what_proves_the_work(self):
        with Nginx() as nginx:
            url = f"http://127.0.0.1:{nginx.port}/"
            strategies = f"sequential,thread-pool,callback,coroutine,callback-poll,native,{CLIENT}"
            flags = ("-s", strategies, "-c", "4", "-n", "200", "-r", "1", "--warmup", "0s")
            result = asyncbench.measure(self, *flags, "--target", url)
            nginx.stop()
            log = nginx.log()
        self.assertEqual(result["scenario"]["target"], url)
        self.assertEqual(len(result["trials"]), 7)
        for trial in result["trials"]:
            self.assertIn("server-count-unknown", asyncbench.codes(trial))
            self.assertNotIn("target", trial, "nginx counts nothing for us")
            self.assertEqual(trial["client"]["count"], 200)
            self.assertEqual(trial["errors"]["unforeseen"], 0)
            self.assertGreater(trial["metrics"]["throughput_rps"], 0)
            self.assertIsNone(trial["metrics"].get("ideal_rps"), "nobody knows its delays")
        # nginx's own count: those of the trials, and one that asked whether it answers at all.
        self.assertEqual(set(log), {"GET / 200"})
        self.assertEqual(len(log), 7 * 200 + 1)

    def test_that_refuses_the_url_is_named_before_anything_is_measured(self):
        with Nginx() as nginx:
            url = f"http://127.0.0.1:{nginx.port}/missing"
            process = asyncbench.run(asyncbench.EXECUTABLE, "run", "-s", "callback", "--target", url)
        self.assertEqual(process.returncode, 1)
        self.assertIn("404", process.stderr)
        self.assertIn(url, process.stderr)


if __name__ == "__main__":
    unittest.main()
