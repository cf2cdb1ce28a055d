"""`asyncbench gate --base-target --head-target`: two builds of a server, told from outside."""

import json
import pathlib
import tempfile
import unittest

import asyncbench

SERVER = f"exec python3 {asyncbench.SOURCE_DIR / 'tests/support/slow_server.py'}"
# Enough to see what becomes of it, not enough to judge times.
SHORT = ("-s", "coroutine", "-c", "16", "-n", "100", "--looks", "2", "--no-confirm", "--quiet")


class TwoBuildsOfAServer(unittest.TestCase):
    def gate(self, head, *flags, base=SERVER):
        with tempfile.TemporaryDirectory() as directory:
            process = asyncbench.run(
                asyncbench.EXECUTABLE, "gate", "--base-target", base, "--head-target", head, *SHORT, *flags,
                "-o", directory)
            document = pathlib.Path(directory) / "gate.json"
            return process, json.loads(document.read_text()) if document.exists() else None

    def test_are_loaded_with_the_same_requests(self):
        process, result = self.gate(f"{SERVER} --port {{port}}", "--path", "/api/x")
        self.assertIn(process.returncode, (0, 2), process.stderr)
        self.assertEqual(result["base"]["target"], SERVER)
        bodies = {sample["metrics"]["response_bytes_per_request"]
                  for sample in result["samples"] if not result["subjects"][sample["subject"]]["is_control"]}
        self.assertEqual(bodies, {100})

    def test_that_answer_with_other_bytes_are_not_compared(self):
        process, result = self.gate(f"{SERVER} --bytes 102")
        self.assertNotEqual(process.returncode, 0)
        differs = [warning for warning in result["warnings"] if warning["code"] == "work-differs"]
        self.assertEqual(len(differs), 1, result["warnings"])
        self.assertTrue(differs[0]["invalidates"])
        self.assertIn("100 bytes", differs[0]["message"])
        self.assertNotEqual(result["verdict"], "PASS")

    def test_of_which_one_does_not_start_are_an_error_that_names_it(self):
        process, _ = self.gate("exit 7")
        self.assertEqual(process.returncode, 1)
        self.assertIn("The server of head (`exit 7`) ended with status 7", process.stderr)

    def test_of_which_one_dies_are_never_a_pass(self):
        process, result = self.gate(SERVER, base=f"{SERVER} --die-after 50")
        self.assertIn(process.returncode, (1, 4), process.stderr)
        self.assertNotEqual(result["verdict"], "PASS")
        self.assertIn("The server of base", process.stdout)

    def test_of_which_one_hangs_are_never_a_pass(self):
        process, result = self.gate(f"{SERVER} --hang-after 50", "--timeout", "100ms")
        self.assertIn(process.returncode, (1, 2, 4), process.stderr)
        self.assertNotEqual(result["verdict"], "PASS")

    def test_need_both_commands_and_no_others(self):
        for flags, sentence in (
            (("--base-target", "x"), "--head-target is missing"),
            (("--base-target", "x", "--head-target", "y", "--base", "z"), "do not go with"),
            (("--base-target", "x", "--head-target", "y", "--latency", "5ms"), "not ours to say"),
            (("--base-target", "x", "--head-target", "y", "--target", "blocking"), "--target does not go"),
            (("--base", "x", "--head", "y", "--path", "/api"), "--path belongs to"),
        ):
            process = asyncbench.run(asyncbench.EXECUTABLE, "gate", *flags)
            self.assertEqual(process.returncode, 64, process.stderr)
            self.assertIn(sentence, process.stderr)


if __name__ == "__main__":
    unittest.main()
