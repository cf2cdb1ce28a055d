"""What `cmake --install` puts somewhere works there, and other projects can build with it."""

import pathlib
import shutil
import sys
import tempfile
import unittest

import asyncbench

sys.path.insert(0, str(asyncbench.SOURCE_DIR / "examples/python_trial"))
from client import mix64  # noqa: E402


class Package(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls._directory = tempfile.TemporaryDirectory()
        directory = pathlib.Path(cls._directory.name)
        cls.prefix = directory / "prefix"
        cls.build = directory / "build"
        # A copy outside the checkout, so that no header is found because it happens to lie near.
        outside = directory / "tests/package"
        shutil.copytree(asyncbench.SOURCE_DIR / "tests/package", outside)
        shutil.copytree(asyncbench.SOURCE_DIR / "examples", directory / "examples")
        cls.do("cmake", "--install", asyncbench.BUILD_DIR, "--prefix", cls.prefix)
        cls.do("cmake", "-S", outside, "-B", cls.build, "-G", "Ninja", f"-DCMAKE_PREFIX_PATH={cls.prefix}")
        cls.do("cmake", "--build", cls.build)

    @classmethod
    def tearDownClass(cls):
        cls._directory.cleanup()

    @staticmethod
    def do(*command):
        process = asyncbench.run(*command)
        if process.returncode != 0:
            raise AssertionError(f"{command} failed:\n{process.stdout}{process.stderr}")
        return process.stdout

    def test_installs_a_command_that_lists_the_shipped_scenarios(self):
        listed = self.do(self.prefix / "bin/asyncbench", "list", "scenarios")
        shipped = sorted((asyncbench.SOURCE_DIR / "benches/scenarios").glob("*.json"))
        self.assertGreaterEqual(len(shipped), 5)
        for scenario in shipped:
            self.assertRegex(listed, rf"(?m)^  {scenario.stem} ")

    def test_installs_a_command_that_measures(self):
        flags = ("gateway-fan-out", "-s", "coroutine", "-n", "120", "-c", "8", "-r", "1")
        result = asyncbench.measure(self, *flags, program=self.prefix / "bin/asyncbench")
        self.assertEqual(result["trials"][0]["client"]["count"], 120)

    def test_installs_the_headers_that_its_users_need_and_no_others(self):
        include = self.prefix / "include/asyncbench"
        for public in ("async/gather.hpp", "async/promise.hpp", "harness/work/service.hpp", "analysis/summary.hpp"):
            self.assertTrue((include / public).is_file(), public)
        self.assertFalse((include / "harness/trial/child_process.hpp").exists())
        self.assertFalse((include / "reports/html").exists())

    def test_gives_other_projects_the_ground_floor_alone(self):
        tag = self.do(self.build / "reply").strip()
        self.assertEqual(tag, f"{mix64(mix64(1) ^ 7):016x}")

    def test_gives_other_projects_the_detection_of_blocking_calls_by_linking_it(self):
        self.assertEqual(self.do(self.build / "blocks").split(), ["usleep"])

    def test_gives_other_projects_the_count_of_allocations_by_linking_it(self):
        self.assertEqual(self.do(self.build / "counts").split(), ["1"])

    def test_gives_other_projects_the_whole_command_with_a_strategy_of_their_own(self):
        own = self.build / "own_strategy/own_strategy"
        self.assertIn("std-async", self.do(own, "list", "strategies"))
        flags = ("-s", "std-async", "-n", "120", "-c", "8", "-r", "1", "--warmup", "0s")
        result = asyncbench.measure(self, *flags, program=own)
        self.assertEqual(result["trials"][0]["client"], result["trials"][0]["target"]["served"])


if __name__ == "__main__":
    unittest.main()
