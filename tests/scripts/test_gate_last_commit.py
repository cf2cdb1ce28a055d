"""scripts/gate-last-commit: which commit it holds the tree against, and what it makes of the gate's statuses."""

import contextlib
import io
import json
import pathlib
import subprocess
import tempfile
import unittest
from unittest import mock

import script

gate_last_commit = script.load("gate-last-commit")


class Repository(unittest.TestCase):
    def setUp(self):
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.root = pathlib.Path(folder.name)
        self.git("init", "-q")
        self.commit("first")
        for name, value in (("ROOT", self.root), ("WORK", self.root / "build/gate")):
            patch = mock.patch.object(gate_last_commit, name, value)
            patch.start()
            self.addCleanup(patch.stop)

    def git(self, *arguments):
        identity = ["-c", "user.name=a", "-c", "user.email=a@example.org", "-c", "commit.gpgsign=false"]
        process = subprocess.run(["git", "-C", self.root, *identity, *arguments], check=True, capture_output=True, text=True)
        return process.stdout.strip()

    def commit(self, message):
        (self.root / "file").write_text(message)
        self.git("add", "file")
        self.git("commit", "-q", "-m", message)
        return self.git("rev-parse", "HEAD")

    def run_with(self, *statuses, failed="instructions_per_request"):
        """main() where the gates of trials and micro-benchmarks end with these, for the metric that failed."""
        said = io.StringIO()
        for name in ("trials", "micro"):
            folder = self.root / "build/gate" / name
            folder.mkdir(parents=True, exist_ok=True)
            (folder / "gate.json").write_text(json.dumps({"lines": [{"metric": failed, "verdict": "FAIL"}]}))
        with contextlib.ExitStack() as stack:
            for name in ("check_out", "build"):
                stack.enter_context(mock.patch.object(gate_last_commit, name))
            for name, status in zip(("gate_trials", "gate_micro"), statuses):
                stack.enter_context(mock.patch.object(gate_last_commit, name, return_value=status))
            stack.enter_context(contextlib.redirect_stderr(said))
            return gate_last_commit.main([]), said.getvalue()


class TheCommitBefore(Repository):
    def test_is_the_parent_of_a_clean_tree(self):
        first = self.git("rev-parse", "HEAD")
        self.commit("second")
        self.assertEqual(gate_last_commit.commit_before(), first)

    def test_is_the_last_commit_of_an_edited_tree(self):
        second = self.commit("second")
        (self.root / "file").write_text("edited")
        self.assertEqual(gate_last_commit.commit_before(), second)

    def test_is_the_parent_also_where_files_lie_about_that_git_does_not_know(self):
        first = self.git("rev-parse", "HEAD")
        self.commit("second")
        (self.root / "notes.txt").write_text("mine")
        self.assertEqual(gate_last_commit.commit_before(), first)

    def test_of_what_is_no_repository_is_an_error(self):
        with tempfile.TemporaryDirectory() as folder, mock.patch.object(gate_last_commit, "ROOT", pathlib.Path(folder)):
            with self.assertRaisesRegex(gate_last_commit.Failure, "not a git repository"):
                gate_last_commit.main([])

    def test_that_is_not_there_skips_the_gate_loudly(self):
        status, said = self.run_with(1, 1)
        self.assertEqual(status, 0)
        self.assertIn("SKIPPED", said)

    def test_that_was_asked_for_and_is_not_there_is_an_error(self):
        with self.assertRaisesRegex(gate_last_commit.Failure, "no commit nonsense"):
            gate_last_commit.main(["nonsense"])


class TheStatus(Repository):
    def setUp(self):
        super().setUp()
        self.commit("second")

    def test_is_0_where_nothing_counts_more(self):
        self.assertEqual(self.run_with(0, 0), (0, ""))

    def test_is_2_where_either_counts_more(self):
        self.assertEqual(self.run_with(0, 2)[0], 2)
        self.assertEqual(self.run_with(2, 0)[0], 2)

    def test_is_an_error_where_the_gate_could_not_measure(self):
        for status in (1, 4, 64, 130, -9):
            with self.assertRaisesRegex(gate_last_commit.Failure, f"trials ended with status {status}"):
                self.run_with(status, 0)

    def test_is_0_where_the_commit_says_why_it_counts_more(self):
        self.commit("third\n\nGate-accepts: two checks a request more, for safety")
        status, said = self.run_with(2, 0)
        self.assertEqual(status, 0)
        self.assertIn("trials count more; accepted: two checks a request more", said)

    def test_is_0_and_told_where_counts_do_not_decide(self):
        status, said = self.run_with(3, 0)
        self.assertEqual(status, 0)
        self.assertIn("the counts of the trials do not decide", said)

    def test_is_2_where_requests_fail_whatever_the_commit_says(self):
        self.commit("third\n\nGate-accepts: it is quicker")
        self.assertEqual(self.run_with(2, 0, failed="errors")[0], 2)

    def test_is_2_where_the_tree_was_edited_after_the_commit_that_says_so(self):
        self.commit("third\n\nGate-accepts: two checks a request more")
        (self.root / "file").write_text("edited")
        self.assertEqual(self.run_with(2, 0)[0], 2)

    def test_is_2_where_only_an_earlier_commit_says_so(self):
        self.commit("third\n\nGate-accepts: this one")
        self.commit("fourth")
        self.assertEqual(self.run_with(2, 0)[0], 2)


class MicroBenchmarks(Repository):
    def test_of_both_are_joined_from_runs_in_turns(self):
        order = []

        def run_micro(folder):
            order.append(folder)
            return {"context": {}, "benchmarks": [{"name": len(order)}]}

        with mock.patch.object(gate_last_commit, "run_micro", run_micro):
            base, head = gate_last_commit.measure_micro("base")
        self.assertEqual(order[:4], ["base", self.root, self.root, "base"])
        self.assertEqual([entry["name"] for entry in base["benchmarks"]], [1, 4, 5, 8, 9, 12])
        self.assertEqual([entry["name"] for entry in head["benchmarks"]], [2, 3, 6, 7, 10, 11])


class TheFilesOfACommit(Repository):
    def test_are_those_of_that_commit(self):
        (self.root / "CMakeLists.txt").write_text("")
        (self.root / "reports/web/node_modules").mkdir(parents=True)
        (self.root / "reports/web/package-lock.json").write_text("{}")
        (self.root / "reports/web/node_modules/module.js").write_text("")
        self.git("add", "CMakeLists.txt", "reports/web/package-lock.json")
        first = self.commit("first of these")
        self.commit("second of these")
        folder = gate_last_commit.check_out(first)
        self.assertEqual((folder / "file").read_text(), "first of these")
        self.assertTrue((folder / "reports/web/node_modules/module.js").exists())


class TheRules(unittest.TestCase):
    def test_let_no_time_decide(self):
        for name in ("trials", "micro"):
            rules = json.loads((script.SOURCE_DIR / f"scripts/gate/{name}.gate.json").read_text())["metrics"]
            times = {metric: rule for metric, rule in rules.items() if metric in ("p50", "throughput", "cpu", "real-time", "cpu-time")}
            self.assertTrue(times)
            self.assertEqual(set(times.values()), {"information"}, name)


if __name__ == "__main__":
    unittest.main()
