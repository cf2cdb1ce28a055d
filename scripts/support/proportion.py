"""The interval of a proportion after Clopper and Pearson (1934), for scripts that count."""

import math


def proportion_interval(hits, tries, confidence=0.95):
    """Low and high of the share of which `hits` of `tries` is a sample; exact, by bisection."""

    def at_least(count, share):
        return sum(math.comb(tries, k) * share**k * (1 - share) ** (tries - k) for k in range(count, tries + 1))

    def bisect(reached):
        low, high = 0.0, 1.0
        for _ in range(60):
            middle = (low + high) / 2
            low, high = (low, middle) if reached(middle) else (middle, high)
        return low

    tail = (1 - confidence) / 2
    low = 0.0 if hits == 0 else bisect(lambda share: at_least(hits, share) >= tail)
    high = 1.0 if hits == tries else bisect(lambda share: 1 - at_least(hits + 1, share) <= tail)
    return low, high
