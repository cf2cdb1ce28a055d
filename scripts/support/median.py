"""The median with its exact interval, for scripts that measure."""

import math
import statistics


def median_interval(values, confidence=0.95):
    """Median and the narrowest symmetric interval of order statistics that covers it with `confidence`, or the widest
    there is; and the confidence it has (exact, binomial)."""
    values = sorted(values)
    n = len(values)

    def cover(k):
        return 1 - 2 * sum(math.comb(n, i) for i in range(k)) / 2**n

    k = 1
    while k + 1 <= n // 2 and cover(k + 1) >= confidence:
        k += 1
    return statistics.median(values), values[k - 1], values[n - k], cover(k)
