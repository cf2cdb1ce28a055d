"""scripts/answers-under-noise: what it counts of runs that are made up here."""

import contextlib
import io
import json
import pathlib
import tempfile
import unittest

import script

answers = script.load("answers-under-noise")


def estimate(value):
    return {"value": value, "low": value * 0.99, "high": value * 1.01}


def run(callback=12_000, verdict="none", status=0, text="Choose callback: ..."):
    """A default run at three levels; sequential's value is the same at each."""
    cells = [
        {"strategy": name, "concurrency": level, "standing": "ok", "throughput_rps": estimate(value),
         "ideal_rps": estimate(ideal)}
        for level in (16, 64, 256)
        for name, value, ideal in (("sequential", 49, 50), ("callback", callback, 12_800), ("thread-pool", 11_900, 12_800))
    ]  # fmt: skip
    order = {"base": "thread-pool", "head": "callback", "metric": "throughput_rps", "verdict": verdict}
    return {"status": status, "seconds": 105, "text": text, "cells": cells, "ranking": {"orders": [order]}}


def told(records):
    """The table's lines by what they count, and whether all holds."""
    with tempfile.TemporaryDirectory() as name:
        folder = pathlib.Path(name)
        for (kind, condition), runs in records.items():
            lines = "".join(json.dumps(each) + "\n" for each in runs)
            answers.file_of(folder, kind, condition).write_text(lines, encoding="utf-8")
        out = io.StringIO()
        with contextlib.redirect_stdout(out):
            holds = answers.tell(folder)
        return out.getvalue(), holds


class DefaultRuns(unittest.TestCase):
    def test_hold_where_all_is_as_it_must_be(self):
        text, holds = told({("default", "reference"): [run()], ("default", "quiet"): [run()] * 20})
        self.assertTrue(holds, text)
        self.assertIn("| status 0 | quiet | 20 of 20 [83–100 %] | at least 100 % | yes |", text)
        self.assertIn("bounds hold the reference, 245×", text)

    def test_do_not_hold_where_one_has_another_status_or_no_answer(self):
        for bad in (run(status=4), run(text="Nothing was measured.")):
            self.assertFalse(told({("default", "quiet"): [run(), bad]})[1])

    def test_do_not_hold_where_sequential_is_not_last(self):
        self.assertFalse(told({("default", "quiet"): [run(callback=30)]})[1])

    def test_do_not_hold_where_bounds_miss_the_reference(self):
        text, holds = told({("default", "reference"): [run(callback=20_000)], ("default", "bursts"): [run()]})
        self.assertIn("| bounds hold the reference, 408× | bursts | 0 of 1", text)
        self.assertFalse(holds)

    def test_are_ordered_by_verdicts_alone(self):
        runs = [run(verdict="open")] * 18 + [run(verdict="head-better")] * 2
        self.assertIn("| no order of thread-pool and callback at 256 | quiet | 18 of 20 [68–99 %] | at least 95 % | NO |",
                      told({("default", "quiet"): runs})[0])  # fmt: skip


class Brackets(unittest.TestCase):
    def of(self, *windows, in_turn=False):
        """A run of blocks in windows of ten, each around its own middle; one after another, or in turn."""
        tens = [[middle + spread for spread in range(-5, 5)] for middle in windows]
        series = [value for ten in (zip(*tens) if in_turn else tens) for value in ten]
        return {"status": 0, "seconds": 150, "text": "", "cells": [], "ranking": None, "series": {"callback": series}}

    def test_of_ten_blocks_hold_the_median_of_all_where_the_speed_stays(self):
        text, holds = told({("sixty", "quiet"): [self.of(*[1000] * 6)]})
        self.assertIn("hold the median of its 60 | quiet | 6 of 6 [54–100 %] | at least 93 % | yes |", text)
        self.assertIn("| brackets of 10 blocks in a row do | quiet | 6 of 6 [54–100 %] |", text)
        self.assertTrue(holds)

    def test_in_a_row_miss_it_where_the_speed_drifts(self):
        text, holds = told({("sixty", "quiet"): [self.of(1000, 1010, 1020, 1030, 1040, 1050)]})
        self.assertIn("| brackets of 10 blocks in a row do | quiet | 0 of 6 [0–46 %] |", text)
        self.assertTrue(holds, "as each ten that is spread sees all of the drift")

    def test_miss_it_where_each_ten_has_its_own_speed(self):
        text, holds = told({("sixty", "quiet"): [self.of(1000, 1010, 1020, 1030, 1040, 1050, in_turn=True)]})
        self.assertIn("hold the median of its 60 | quiet | 0 of 6 [0–46 %] | at least 93 % | NO |", text)
        self.assertFalse(holds)


class TwoStrategies(unittest.TestCase):
    def of(self, base, head, verdict):
        order = {"base": base, "head": head, "metric": "throughput_rps", "verdict": verdict}
        return {"status": 0, "seconds": 30, "text": "", "cells": [], "ranking": {"orders": [order]}}

    def test_that_are_the_same_may_be_ordered_in_one_run_of_ten(self):
        same = lambda verdict: self.of("callback", "callback:loops=1", verdict)  # noqa: E731
        self.assertTrue(told({("same", "bursts"): [same("alike")] * 9 + [same("head-better")]})[1])
        self.assertFalse(told({("same", "bursts"): [same("open")] * 8 + [same("base-better")] * 2})[1])

    def test_of_which_one_is_slower_are_to_be_ordered_the_right_way(self):
        slower = lambda verdict: self.of("callback", "exec:x --extra-delay 1ms", verdict)  # noqa: E731
        self.assertTrue(told({("slower-5", "quiet"): [slower("base-better")] * 10})[1])
        self.assertFalse(told({("slower-5", "quiet"): [slower("head-better")] * 10})[1])


class Keeping(unittest.TestCase):
    def test_nothing_measured_is_nothing_shown(self):
        self.assertFalse(told({})[1])


if __name__ == "__main__":
    unittest.main()
