"""The steps of action.yml, as a runner calls them."""

import os
import pathlib
import re
import subprocess
import tempfile
import unittest

import asyncbench
from script import path_of

RUN = ("run", "--quiet", "-s", "callback", "-c", "4", "-n", "40", "-r", "1", "--latency", "1ms", "--warmup", "0ms")


class Step(unittest.TestCase):
    def setUp(self):
        directory = tempfile.TemporaryDirectory()
        self.addCleanup(directory.cleanup)
        self.folder = pathlib.Path(directory.name)
        self.programs = self.folder / "programs"
        self.programs.mkdir()

    def stand_in(self, name, script):
        """A program of this name, before those of the system."""
        program = self.programs / name
        program.write_text(f"#!/bin/sh\n{script}\n")
        program.chmod(0o755)

    def do(self, step, **variables):
        environment = {
            **os.environ,
            "PATH": f"{self.programs}:{asyncbench.BUILD_DIR}:{os.environ['PATH']}",
            "GITHUB_STEP_SUMMARY": str(self.folder / "summary"),
            "GITHUB_OUTPUT": str(self.folder / "output"),
            "GITHUB_PATH": str(self.folder / "path"),
            "OUT": str(self.folder / "out"),
            **variables,
        }
        return subprocess.run([path_of(f"action/{step}")], env=environment, capture_output=True, text=True, timeout=120,
                              check=False, cwd=self.folder)  # fmt: skip

    def written(self, name):
        return (self.folder / name).read_text()


class Gate(Step):
    def test_keeps_the_reports_and_shows_the_markdown(self):
        result = self.folder / "a result.json"
        process = asyncbench.run(asyncbench.EXECUTABLE, *RUN, "--json", result)
        self.assertEqual(process.returncode, 0, process.stderr)
        step = self.do("gate", ARGUMENTS=f"'{result}' \\\n '{result}'\n--metric p50=5%\n")
        self.assertEqual(step.returncode, 0, step.stderr)
        self.assertEqual(self.written("output"), "status=0\n")
        self.assertEqual(self.written("summary"), self.written("out/gate.md"))
        self.assertIn("p50", self.written("summary"))
        for name in ("gate.json", "gate.html", "gate.xml"):
            self.assertTrue(self.written(f"out/{name}"), name)

    def test_has_the_status_of_the_gate(self):
        step = self.do("gate", ARGUMENTS="--no-such-option")
        self.assertEqual(step.returncode, 64, step.stderr)
        self.assertEqual(self.written("output"), "status=64\n")


class Install(Step):
    def test_installs_a_package_by_its_absolute_path(self):
        for name in ("apt-get", "sudo"):
            self.stand_in(name, f'echo {name} "$@" >> {self.folder}/calls')
        (self.folder / "asyncbench.deb").touch()
        step = self.do("install", PACKAGE="asyncbench.deb")
        self.assertEqual(step.returncode, 0, step.stderr)
        calls = self.written("calls").splitlines()
        self.assertIn(" install ", calls[-1])
        self.assertTrue(calls[-1].endswith(f" {self.folder.resolve()}/asyncbench.deb"), calls)


class Comment(Step):
    def test_adds_the_markdown_to_the_pull_request(self):
        self.stand_in("gh", f'echo "$@" > {self.folder}/call')
        (self.folder / "out").mkdir()
        (self.folder / "out/gate.md").write_text("PASS")
        self.assertEqual(self.do("comment", PULL_REQUEST="7").returncode, 0)
        self.assertEqual(self.written("call"), f"pr comment 7 --body-file {self.folder}/out/gate.md\n")

    def test_says_that_there_is_none_where_nothing_was_measured(self):
        self.stand_in("gh", "exit 1")
        step = self.do("comment", PULL_REQUEST="7")
        self.assertEqual(step.returncode, 0)
        self.assertIn("nothing to comment", step.stderr)


class Action(unittest.TestCase):
    def test_calls_steps_that_are_there(self):
        steps = re.findall(r"scripts/action/(\w+)", (asyncbench.SOURCE_DIR / "action.yml").read_text())
        self.assertEqual(steps, ["install", "gate", "comment"])
        for step in steps:
            self.assertTrue(os.access(path_of(f"action/{step}"), os.X_OK), step)


if __name__ == "__main__":
    unittest.main()
