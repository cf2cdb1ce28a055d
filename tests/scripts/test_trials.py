"""What scripts read of a result file."""

import pathlib
import sys
import unittest

sys.path.append(str(pathlib.Path(__file__).resolve().parents[2] / "scripts/support"))

from trials import metric_by_block  # noqa: E402


def trial(strategy, block, standing, metrics):
    return {"strategy": strategy, "repetition": block, "standing": standing, "metrics": metrics}


class MetricByBlock(unittest.TestCase):
    def test_leaves_out_wrong_and_lost_trials_and_what_is_unknown(self):
        cpu = {"cpu_us_per_request": 20}
        result = {"trials": [
            trial("callback", 0, "ok", cpu), trial("callback", 1, "wrong", cpu), trial("callback", 2, "disturbed", cpu),
            trial("callback", 3, "limited", cpu), trial("callback", 4, "ok", {"cpu_us_per_request": None}),
            trial("coroutine", 0, "lost", {}), trial("coroutine", 1, "ok", {"cpu_us_per_request": 30}),
        ]}  # fmt: skip
        self.assertEqual(metric_by_block(result, "cpu_us_per_request"),
                         {"callback": {0: 20, 2: 20, 3: 20}, "coroutine": {1: 30}})


if __name__ == "__main__":
    unittest.main()
