"""compare and gate take as many instructions more for each further benchmark of a file. Counted, as times vary."""

import contextlib
import io
import shutil
import unittest

import asyncbench
import script

file_cost = script.load("file-cost")


class FileCost(unittest.TestCase):
    @unittest.skipUnless(shutil.which("valgrind"), "valgrind is not installed")
    def test_grows_in_proportion_to_the_benchmarks(self):
        out = io.StringIO()
        with contextlib.redirect_stdout(out):
            worst = file_cost.measure(asyncbench.EXECUTABLE, benchmarks=50, count=True, rounds=1)
        self.assertLess(worst, file_cost.MOST["instructions"], out.getvalue())


if __name__ == "__main__":
    unittest.main()
