"""A C++ program links the library, adds a strategy, and has the whole command with it."""

import unittest

import asyncbench

OWN = asyncbench.BUILD_DIR / "examples/own_strategy/own_strategy"


class OwnStrategy(unittest.TestCase):
    def test_is_listed_beside_the_builtin_ones(self):
        listed = asyncbench.run(OWN, "list", "strategies").stdout
        self.assertRegex(listed, r"(?m)^  std-async +std::async for each request\.$")
        self.assertRegex(listed, r"(?m)^  coroutine ")

    def test_does_the_same_work_as_the_builtin_ones(self):
        flags = ("-s", "thread-pool,std-async", "-n", "160", "-c", "8", "-r", "1", "--warmup", "50ms")
        result = asyncbench.measure(self, *flags, program=OWN)
        pool, own = result["trials"]
        self.assertEqual(own["client"]["count"], 160)
        self.assertEqual(own["client"], own["target"]["served"])
        self.assertEqual(own["client"], pool["client"])
        # As docs/adding-a-strategy.md says how to link it. A build with sanitizers counts none, and says why.
        counted = own["metrics"]["allocations_per_request"] is not None
        self.assertTrue(counted or "sanitizers" in own["unknown"]["allocations_per_request"])

    def test_is_unknown_to_the_plain_command(self):
        process = asyncbench.run(asyncbench.EXECUTABLE, "run", "-s", "std-async")
        self.assertEqual(process.returncode, 64)
        self.assertIn("std-async", process.stderr)


if __name__ == "__main__":
    unittest.main()
