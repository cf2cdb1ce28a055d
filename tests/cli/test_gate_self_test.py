"""`asyncbench gate --self-test`, and the script that runs many."""

import json
import pathlib
import subprocess
import sys
import tempfile
import unittest

import asyncbench

# Two pairs decide nothing; what is looked at here is that each injection is measured and told.
SHORT = ("--self-test", "--looks", "2", "--no-confirm", "--warmup", "0s", "-n", "50", "--quiet",
         "--ignore", "instructions")


class SelfTest(unittest.TestCase):
    def setUp(self):
        self.directory = tempfile.TemporaryDirectory()
        self.addCleanup(self.directory.cleanup)
        self.document = pathlib.Path(self.directory.name) / "self-test-0.json"

    def gate(self, *flags, suites=1):
        return asyncbench.run(
            asyncbench.EXECUTABLE, "gate", *SHORT, "--suites", suites, *flags, "--json", self.document)

    def test_measures_each_injection_in_pairs_of_its_own(self):
        process = self.gate("--only-latency", "--inject", "50%,100%", "--latency", "2ms")
        self.assertEqual(process.returncode, 0, process.stderr)
        for name in ("nothing", "latency +50 %", "latency +100 %"):
            self.assertRegex(process.stdout, rf"(?m)^{name.replace('+', '.')} +1 ")
        result = json.loads(self.document.read_text())
        self.assertEqual([len(injection["suites"]) for injection in result["injections"]], [1, 1, 1])
        self.assertEqual([len(injection["pairs"]) for injection in result["injections"]], [2, 2, 2])
        self.assertEqual(len(result["control_pairs"]), 2)
        orders = [pair[arm]["order"] for injection in result["injections"] for pair in injection["pairs"]
                  for arm in ("base", "head")]
        self.assertEqual(len(set(orders)), 12)

    def test_makes_the_latency_longer_by_what_it_says(self):
        self.assertEqual(self.gate("--only-latency", "--inject", "100%", "--latency", "10ms").returncode, 0)
        injection = json.loads(self.document.read_text())["injections"][1]
        for pair in injection["pairs"]:
            for arm, least_ns in (("base", 10e6), ("head", 20e6)):
                self.assertGreater(pair[arm]["metrics"]["service_p50_ns"], 0.99 * least_ns)

    def test_goes_with_no_other_program(self):
        for flags, sentence in ((("--base", "x"), "give it no other"), (("--latency", "uniform:1ms,2ms"), "constant"),
                                (("--target", "blocking"), "leave out --target"), (("--html", "x.html"), "leave out --html")):
            process = self.gate(*flags)
            self.assertEqual(process.returncode, 64, process.stderr)
            self.assertIn(sentence, process.stderr)
        self.assertEqual(self.gate(suites=0).returncode, 64)
        process = asyncbench.run(asyncbench.EXECUTABLE, "gate", "--base", "x", "--head", "x", "--suites", "3")
        self.assertEqual(process.returncode, 64)
        self.assertIn("belong to --self-test", process.stderr)


class ErrorRates(unittest.TestCase):
    """scripts/gate-error-rates, of data that is there."""

    def table(self, nothing, tenth, counted=()):
        def injection(name, verdicts, counted=()):
            suites = [{"verdict": verdict, "pairs": 20, "control_moved": False} for verdict in verdicts]
            return {"name": name, "suites": suites, "instructions": [{"verdict": verdict} for verdict in counted]}

        document = {"cell": "coroutine at 16", "requests": 320, "control": "callback at 16", "looks": [20],
                    "elapsed_ns": 1,
                    "injections": [injection("nothing", nothing), injection("latency +10 %", tenth),
                                   injection("client CPU +10 %", ["INCONCLUSIVE"], counted)]}
        with tempfile.TemporaryDirectory() as directory:
            (pathlib.Path(directory) / "self-test-0.json").write_text(json.dumps(document))
            return subprocess.run(
                [sys.executable, asyncbench.SOURCE_DIR / "scripts/gate-error-rates", "--tell", "--out", directory],
                capture_output=True, text=True, check=False)

    def test_hold_where_nothing_is_blamed_and_changes_are_found(self):
        process = self.table(["PASS"] * 99 + ["FAIL"], ["FAIL"] * 85 + ["INCONCLUSIVE"] * 15)
        self.assertEqual(process.returncode, 0, process.stderr)
        # R: binom.test(1, 100)$conf.int is 0.0002531 to 0.0544594
        self.assertIn("1 of 100 [0.0-5.4 %]", process.stdout)

    def test_do_not_hold_where_one_in_fifty_is_blamed(self):
        self.assertEqual(self.table(["PASS"] * 98 + ["FAIL"] * 2, ["FAIL"] * 100).returncode, 2)

    def test_do_not_hold_where_a_tenth_passes_once(self):
        self.assertEqual(self.table(["PASS"] * 100, ["FAIL"] * 99 + ["PASS"]).returncode, 2)

    def test_do_not_hold_where_counts_pass_a_tenth_more_work(self):
        self.assertEqual(self.table(["PASS"] * 100, ["FAIL"] * 100, ["FAIL"] * 4).returncode, 0)
        self.assertEqual(self.table(["PASS"] * 100, ["FAIL"] * 100, ["FAIL"] * 3 + ["PASS"]).returncode, 2)

    def test_are_not_told_where_a_part_was_not_judged(self):
        process = self.table(["PASS"] * 100, [])
        self.assertEqual(process.returncode, 1)
        self.assertIn("no suite was judged of: latency +10 %", process.stderr)

    def test_do_not_hold_where_most_is_undecided(self):
        self.assertEqual(self.table(["PASS"] * 69 + ["INCONCLUSIVE"] * 31, ["FAIL"] * 100).returncode, 2)


if __name__ == "__main__":
    unittest.main()
