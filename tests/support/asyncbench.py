"""Runs the built programs for tests and reads what they wrote."""

import json
import os
import pathlib
import subprocess

SOURCE_DIR = pathlib.Path(__file__).resolve().parents[2]
BUILD_DIR = pathlib.Path(os.environ["ASYNCBENCH_BUILD_DIR"])
EXECUTABLE = BUILD_DIR / "asyncbench"


def run(*command, **options):
    """The completed process, its output as text."""
    return subprocess.run(
        [str(part) for part in command], capture_output=True, text=True, timeout=120, check=False, **options
    )


def measure(test, *arguments, program=EXECUTABLE):
    """`asyncbench run ARGUMENTS --json -`: the result, which must hold no trial that is wrong."""
    process = run(program, "run", "--quiet", *arguments, "--json", "-")
    test.assertEqual(process.returncode, 0, process.stderr)
    result = json.loads(process.stdout)
    test.assertGreater(len(result["trials"]), 0)
    for trial in result["trials"]:
        test.assertNotIn("failure", trial)
        test.assertNotEqual(trial["standing"], "wrong", trial["warnings"])
    return result


def trials_of(result, strategy):
    """The trials whose strategy begins with this text."""
    return [trial for trial in result["trials"] if trial["strategy"].startswith(strategy)]


def codes(trial):
    return {warning["code"] for warning in trial["warnings"]}
