"""`asyncbench generate`: the shells themselves complete by its scripts, and troff has nothing to say about its page."""

import pathlib
import subprocess
import tempfile
import unittest

import asyncbench

BASH = """
source "$1"
shift
COMP_WORDS=("$@")
COMP_CWORD=$(($# - 1))
_asyncbench
printf '%s\\n' "${COMPREPLY[@]}"
"""


def generated(what):
    process = asyncbench.run(asyncbench.EXECUTABLE, "generate", what)
    if process.returncode != 0 or process.stderr:
        raise AssertionError(f"generate {what}: {process.stderr}")
    return process.stdout


class ManPage(unittest.TestCase):
    def test_is_taken_by_groff_without_a_warning(self):
        process = subprocess.run(["groff", "-man", "-Tutf8", "-ww", "-z"], input=generated("man"), capture_output=True,
                                 text=True, check=False)  # fmt: skip
        self.assertEqual((process.returncode, process.stderr), (0, ""))

    def test_has_every_option_of_every_command(self):
        page = generated("man").replace("\\-", "-")
        for command in ("run", "gate", "pitfalls", "compare", "report", "doctor"):
            help_text = asyncbench.run(asyncbench.EXECUTABLE, command, "--help").stdout
            for line in help_text.splitlines():
                if line.startswith("  -"):
                    for flag in line.split()[0].split(","):
                        self.assertIn(f"\\fB{flag}\\fR", page, f"{command} {flag}")


class Completions(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls._directory = tempfile.TemporaryDirectory()
        cls.folder = pathlib.Path(cls._directory.name)
        for shell in ("bash", "zsh", "fish"):
            (cls.folder / shell).write_text(generated(shell))

    @classmethod
    def tearDownClass(cls):
        cls._directory.cleanup()

    def in_bash(self, *words):
        command = ["bash", "-c", BASH, "bash", self.folder / "bash", "asyncbench", *words]
        process = subprocess.run(command, capture_output=True, text=True, check=True, cwd=self.folder)
        return process.stdout.split()

    def in_fish(self, line):
        command = ["fish", "--no-config", "-c", f"source {self.folder / 'fish'}; complete -C '{line}'"]
        process = subprocess.run(command, capture_output=True, text=True, check=True, cwd=self.folder)
        return [line.split("\t")[0] for line in process.stdout.splitlines()]

    def test_of_commands(self):
        for found in (self.in_bash("r"), self.in_fish("asyncbench r")):
            self.assertEqual(set(found), {"run", "report"})

    def test_of_commands_below_commands(self):
        for found in (self.in_bash("history", "a"), self.in_fish("asyncbench history a")):
            self.assertEqual(found, ["add"])

    def test_of_options(self):
        for found in (self.in_bash("run", "--bud"), self.in_fish("asyncbench run --bud")):
            self.assertEqual(found, ["--budget"])

    def test_of_the_values_of_an_option(self):
        for found in (self.in_bash("run", "--arrivals", ""), self.in_fish("asyncbench run --arrivals ")):
            self.assertEqual(set(found), {"constant", "poisson"})
        self.assertEqual(self.in_bash("run", "-s", "seq"), ["sequential"])

    def test_of_files(self):
        for found in (self.in_bash("report", "zs"), self.in_fish("asyncbench report zs")):
            self.assertEqual(found, ["zsh"])
        self.assertEqual(self.in_bash("run", "--json", "zs"), ["zsh"])

    def test_are_read_by_zsh(self):
        subprocess.run(["zsh", "-n", self.folder / "zsh"], check=True)
        completes = "autoload -Uz compinit; compinit -D -u; source $1; whence -w _asyncbench _asyncbench_run"
        process = subprocess.run(["zsh", "-f", "-c", completes, "zsh", self.folder / "zsh"], capture_output=True,
                                 text=True, check=False)  # fmt: skip
        self.assertIn("_asyncbench_run: function", process.stdout, process.stderr)


if __name__ == "__main__":
    unittest.main()
