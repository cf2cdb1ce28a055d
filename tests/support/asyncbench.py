"""Runs the built programs for tests and reads what they wrote."""

import json
import os
import pathlib
import subprocess

SOURCE_DIR = pathlib.Path(__file__).resolve().parents[2]
BUILD_DIR = pathlib.Path(os.environ["ASYNCBENCH_BUILD_DIR"])
EXECUTABLE = BUILD_DIR / "asyncbench"

# What a busy machine may do to a measurement, in a test that is not about that machine.
OF_THE_MACHINE = {"steal", "target-late", "target-saturated", "generator-late"}


def run(*command, **options):
    """The completed process, its output as text."""
    return subprocess.run(
        [str(part) for part in command], capture_output=True, text=True, timeout=120, check=False, **options
    )


def measure(test, *arguments, program=EXECUTABLE):
    """`asyncbench run ARGUMENTS --json -`: the result, which must hold nothing but measured trials."""
    process = run(program, "run", "--quiet", *arguments, "--json", "-")
    test.assertIn(process.returncode, (0, 4), process.stderr)
    result = json.loads(process.stdout)
    test.assertGreater(len(result["trials"]), 0)
    for trial in result["trials"]:
        test.assertNotIn("failure", trial)
        test.assertLessEqual(invalidating(trial), OF_THE_MACHINE, trial["warnings"])
    return result


def trials_of(result, strategy):
    """The trials whose strategy begins with this text."""
    return [trial for trial in result["trials"] if trial["strategy"].startswith(strategy)]


def codes(trial):
    return {warning["code"] for warning in trial["warnings"]}


def invalidating(trial):
    return {warning["code"] for warning in trial["warnings"] if warning["invalidates"]}
