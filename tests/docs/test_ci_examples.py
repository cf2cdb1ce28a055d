"""docs/ci: the jobs to start from use the command as it is."""

import re
import subprocess
import unittest

from asyncbench import EXECUTABLE
from script import SOURCE_DIR

EXAMPLES = sorted((SOURCE_DIR / "docs/ci").glob("*.yml"))


def gate_flags(text):
    """The flags of the gate's command, or of the action's arguments, which go on over the following lines."""
    command = re.search(r"(?:asyncbench gate|arguments: >)\n((?:\s+--.*\n)+)", text)
    return set(re.findall(r"(?<=\s)--[a-z-]+", re.sub(r"\"[^\"]*\"|'[^']*'", "", command[1])))


class CiExamples(unittest.TestCase):
    def test_are_there(self):
        self.assertEqual([path.name for path in EXAMPLES], ["github-actions.yml", "gitlab-ci.yml"])

    def test_use_flags_that_the_gate_has(self):
        help_text = subprocess.run([EXECUTABLE, "gate", "--help"], capture_output=True, text=True, check=True).stdout
        known = set(re.findall(r"--[a-z-]+", help_text))
        for path in EXAMPLES:
            flags = gate_flags(path.read_text())
            self.assertGreaterEqual(len(flags), 5, path)
            self.assertEqual(flags - known, set(), path)

    def test_call_scripts_that_are_there(self):
        for path in EXAMPLES:
            for script in re.findall(r"asyncbench/(scripts/\w+)", path.read_text()):
                self.assertTrue((SOURCE_DIR / script).exists(), script)

    def test_keep_the_report_where_the_gate_fails(self):
        for path in EXAMPLES:
            self.assertRegex(path.read_text(), r"if: always\(\)|when: always", path)


if __name__ == "__main__":
    unittest.main()
