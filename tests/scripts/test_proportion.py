"""scripts/support/proportion.py against R."""

import unittest

import script

proportion = script.load_support("proportion")


class TheIntervalOfAProportion(unittest.TestCase):
    def test_is_that_of_r(self):
        # binom.test(7, 20)$conf.int and binom.test(0, 100)$conf.int of R 4.2.2.
        low, high = proportion.proportion_interval(7, 20)
        self.assertAlmostEqual(low, 0.1539092, 6)
        self.assertAlmostEqual(high, 0.5921885, 6)
        self.assertEqual(proportion.proportion_interval(0, 100)[0], 0)
        self.assertAlmostEqual(proportion.proportion_interval(0, 100)[1], 0.03621669, 6)

    def test_ends_at_1_where_each_try_hits(self):
        self.assertEqual(proportion.proportion_interval(5, 5)[1], 1)


if __name__ == "__main__":
    unittest.main()
