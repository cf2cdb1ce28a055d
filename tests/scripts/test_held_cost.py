"""scripts/held-cost: what it makes of valgrind's counts."""

import contextlib
import io
import unittest

import script

held_cost = script.load("held-cost")


class HeldCost(unittest.TestCase):
    def measured(self, base, head):
        """`base` and `head` are instructions a request, on a start of a million."""
        cost = {"base": base, "head": head}
        held_cost.client_total = held_cost.target_total = lambda program, requests, _: 1e6 + cost[program] * requests
        out = io.StringIO()
        with contextlib.redirect_stdout(out):
            worst = held_cost.measure("base", "head", 2)
        return worst, out.getvalue()

    def test_is_a_ratio_of_requests_without_start_and_end(self):
        worst, text = self.measured(50_000, 50_500)
        self.assertAlmostEqual(worst, 1.01)
        self.assertIn("| client | 32 | 50,000 | 50,500 | 1.0100 | 1.0100 to 1.0100 |", text)
        self.assertIn("| target | 1 |", text)

    def test_reads_what_callgrind_collected(self):
        self.assertEqual(held_cost.collected("==7== Events    : Ir\n==7== Collected : 123456\n"), 123456)
        with self.assertRaises(held_cost.Failed):
            held_cost.collected("valgrind: no such file")


if __name__ == "__main__":
    unittest.main()
