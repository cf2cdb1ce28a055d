"""`asyncbench gate --base-target --head-target`: two builds of a server, told from outside."""

import json
import os
import pathlib
import signal
import subprocess
import tempfile
import time
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
        self.assertEqual(differs[0]["kind"], "wrong")
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


HEAVY = f"python3 {asyncbench.SOURCE_DIR / 'tests/support/heavy_server.py'}"


class WhatAServerNeeds(unittest.TestCase):
    """Of base and head, as the gate measures and judges it; a shell stands before each server."""

    def gate(self, base, head, *flags):
        # As few pairs as can show a regression in all lines at once.
        process = asyncbench.run(
            asyncbench.EXECUTABLE, "gate", "--base-target", base, "--head-target", head, "-s", "coroutine", "-c", "2",
            "-n", "40", "--looks", "12", "--no-confirm", "--quiet", "--ignore", "p50", "--ignore", "throughput",
            "--json", "-", *flags)
        self.assertIn(process.returncode, (0, 2), process.stderr)
        result = json.loads(process.stdout)
        return process.returncode, {line["metric"]: line for line in result["lines"]}, result

    def test_decides_and_the_generators_needs_do_not(self):
        status, lines, result = self.gate(
            HEAVY, f"{HEAVY} --hold-mb 100 --burn-ms 3 --idle-threads 8 --workers 2; true")
        self.assertEqual(status, 2)
        for metric in ("server_cpu_us_per_request", "server_peak_rss_bytes", "server_threads"):
            self.assertEqual(lines[metric]["verdict"], "FAIL", lines[metric])
        self.assertGreater(lines["server_peak_rss_bytes"]["head"]["value"], 100e6)
        self.assertGreater(lines["server_cpu_us_per_request"]["head"]["value"], 3000)
        for metric in ("generator_cpu_us_per_request", "generator_peak_rss_bytes"):
            self.assertIsNone(lines[metric]["verdict"])
        self.assertLess(lines["generator_peak_rss_bytes"]["ratio"]["value"], 1.5)
        processes = {sample["arm"]: sample["metrics"]["server_processes"] for sample in result["samples"]
                     if "server_processes" in sample["metrics"]}
        self.assertEqual(processes, {"base": 1, "head": 3})
        instructions = lines["server_instructions_per_request"]
        self.assertTrue(instructions["base"] is not None or "does not tell it" in instructions["reason"], instructions)

    def test_holds_what_its_ended_processes_used(self):
        _, lines, _ = self.gate(HEAVY, f"{HEAVY} --burn-in-children-ms 5", "--ignore", "threads", "--ignore",
                                "peak-memory")
        self.assertGreater(lines["server_cpu_us_per_request"]["head"]["value"], 4000)
        self.assertEqual(lines["server_cpu_us_per_request"]["verdict"], "FAIL")
        self.assertNotIn("server_threads", lines)

    def test_is_what_a_budget_and_a_tolerance_mean(self):
        status, lines, result = self.gate(f"{HEAVY} --hold-mb 20", f"{HEAVY} --hold-mb 100", "--metric",
                                          "peak-memory=1000%", "--budget", "peak-memory<64MB", "--information", "cpu",
                                          "--ignore", "threads")
        self.assertEqual(status, 2)
        self.assertEqual(lines["server_peak_rss_bytes"]["verdict"], "PASS")
        self.assertEqual([budget["verdict"] for budget in result["budgets"]], ["FAIL"])
        self.assertIsNone(lines["server_cpu_us_per_request"]["verdict"])

    def test_cannot_be_the_generators(self):
        process = asyncbench.run(asyncbench.EXECUTABLE, "gate", "--base-target", HEAVY, "--head-target", HEAVY,
                                 "--metric", "allocations=1%")
        self.assertEqual(process.returncode, 64, process.stderr)
        self.assertIn("load generator", process.stderr)


def has_ended(process):
    """Neither there nor a zombie that waits for its parent."""
    try:
        stat = pathlib.Path(f"/proc/{process}/stat").read_text()
    except (FileNotFoundError, ProcessLookupError):
        return True
    return stat.rpartition(") ")[2][0] in "ZX"


def eventually(condition):
    """Whether it holds within some seconds: for what another process does soon."""
    deadline = time.monotonic() + 20
    while not condition():
        if time.monotonic() > deadline:
            return False
        time.sleep(0.005)
    return True


class ServersOfAGateThatEnds(unittest.TestCase):
    """Each server writes the number of its process to a file; a shell stands between it and the gate."""

    def setUp(self):
        temporary = tempfile.TemporaryDirectory()
        self.addCleanup(temporary.cleanup)
        self.directory = pathlib.Path(temporary.name)
        (self.directory / "it's temporary").mkdir()
        self.addCleanup(self.end_what_is_left)

    def end_what_is_left(self):
        for process in self.servers():
            if not has_ended(process):
                os.kill(process, signal.SIGKILL)

    def servers(self):
        pids = self.directory / "pids"
        return [int(line) for line in pids.read_text().split()] if pids.exists() else []

    def server(self, program=SERVER, before=""):
        return f"{before} sh -c 'echo $$ >> {self.directory}/pids; {program}'; true"

    def start(self, base, head, *flags):
        """A gate that would go on for long, with both servers started."""
        gate = subprocess.Popen(
            [asyncbench.EXECUTABLE, "gate", "--base-target", base, "--head-target", head, "-s", "coroutine", "-c", "2",
             "-n", "100000", "--looks", "20", "--quiet", "--json", self.directory / "gate.json", *flags],
            stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True,
            env=os.environ | {"TMPDIR": str(self.directory / "it's temporary")})
        self.addCleanup(gate.kill)
        self.assertTrue(eventually(lambda: len(self.servers()) == 2))
        return gate

    def expect_interrupted_result(self, gate):
        _, errors = gate.communicate(timeout=60)
        self.assertEqual(gate.returncode, 130, errors)
        self.assertTrue(json.loads((self.directory / "gate.json").read_text())["interrupted"])
        self.expect_all_ended()
        return errors

    def expect_all_ended(self):
        for server in self.servers():
            self.assertTrue(eventually(lambda server=server: has_ended(server)))
        self.assertEqual(list((self.directory / "it's temporary").iterdir()), [])

    def test_that_is_not_ready_yet_is_not_waited_for(self):
        gate = self.start(self.server(), self.server("exec sleep 1000"), "--start-timeout", "10m")
        gate.send_signal(signal.SIGINT)
        self.assertNotIn("not ready", self.expect_interrupted_result(gate))

    def test_that_accepts_and_does_not_answer_is_not_waited_for(self):
        mute = self.server(f"{SERVER} --hang-after 0")
        gate = self.start(self.server(), mute, "--start-timeout", "10m")
        gate.send_signal(signal.SIGTERM)
        self.expect_interrupted_result(gate)

    def test_end_with_a_gate_whose_terminal_closes(self):
        gate = self.start(self.server(), self.server())
        gate.send_signal(signal.SIGHUP)
        gate.send_signal(signal.SIGHUP)  # the kernel and the shell may each send one
        self.assertEqual(self.expect_interrupted_result(gate).count("Interrupted"), 1)

    def test_end_with_a_gate_that_is_told_again(self):
        stubborn = self.server(before="trap '' TERM;")
        gate = self.start(stubborn, stubborn)
        gate.send_signal(signal.SIGINT)
        # Written before the servers have taken their time to end.
        self.assertTrue(eventually((self.directory / "gate.json").exists))
        self.assertTrue(eventually(lambda: (self.directory / "gate.json").read_text().endswith("}\n")))
        self.assertFalse(any(has_ended(server) for server in self.servers()))
        gate.send_signal(signal.SIGTERM)
        self.expect_interrupted_result(gate)

    def test_end_side_by_side(self):
        def ending_after(own, other):
            """Ends when the other has been asked to, too."""
            return (f"cd {self.directory}; python3 {SERVER.split()[-1]} & trap 'touch asked-{own}; "
                    f"until [ -e asked-{other} ]; do sleep 0.01; done; touch ended-{own}; exit 0' TERM; wait")
        gate = asyncbench.run(asyncbench.EXECUTABLE, "gate", "--base-target", ending_after("base", "head"),
                              "--head-target", ending_after("head", "base"), *SHORT)
        self.assertEqual({path.name for path in self.directory.glob("ended-*")}, {"ended-base", "ended-head"},
                         gate.stderr)

    def test_end_with_a_gate_that_is_killed(self):
        stubborn = self.server(before="trap '' TERM HUP INT;")
        gate = self.start(stubborn, stubborn)
        gate.kill()
        gate.communicate(timeout=60)
        self.expect_all_ended()

    def test_that_are_daemons_are_told_of_where_they_outlive_it(self):
        daemon = self.server(f"exec setsid -f sh -c \"echo \\$\\$ >> {self.directory}/pids; {SERVER}\"") + "; sleep 1000"
        gate = subprocess.run(
            [asyncbench.EXECUTABLE, "gate", "--base-target", SERVER, "--head-target", daemon, *SHORT],
            capture_output=True, text=True, timeout=120, check=False)
        self.assertNotEqual(gate.returncode, 1, gate.stderr)
        self.assertRegex(gate.stderr, r"The server of head .* left a process behind .* port \d+\. .*in the foreground")
        self.assertNotIn("server of base", gate.stderr)

    def test_that_are_daemons_and_say_so_to_nobody_are_refused(self):
        daemon = f"setsid -f sh -c 'exec 3>&-; echo $$ >> {self.directory}/pids; {SERVER}'"
        gate = asyncbench.run(asyncbench.EXECUTABLE, "gate", "--base-target", SERVER, "--head-target", daemon, *SHORT)
        self.assertEqual(gate.returncode, 1, gate.stderr)
        self.assertIn("Start it in the foreground", gate.stderr)


if __name__ == "__main__":
    unittest.main()
