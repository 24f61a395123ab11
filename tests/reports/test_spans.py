"""Histograms of times: exact where they promise it, right within their precision, and added up as if counted together."""

from __future__ import annotations

import math
import random

from saraban.reports import spans
from saraban.reports.spans import PRECISION, STEPS


def histogram(taken: list[int], step: str = "whole") -> int:
    return spans.counted(spans.place(step, seconds) for seconds in taken)


def shown(value: int) -> dict[str, tuple[int, int, int]]:
    return {step: rest for step, *rest in spans.percentiles(value)}  # type: ignore[misc]


def test_every_time_is_right_within_the_precision() -> None:
    chance = random.Random(3)
    for seconds in [*range(2000), *(int(math.exp(chance.uniform(0, 20))) for _ in range(2000)), 2**31, 2**40]:
        _count, median, most = shown(histogram([seconds]))["whole"]
        assert median == most
        assert abs(median - seconds) <= seconds * PRECISION
        assert seconds > 127 or median == seconds


def test_sums_are_what_is_counted_together() -> None:
    chance = random.Random(4)
    parts = [[int(math.exp(chance.uniform(0, 17))) for _ in range(chance.randrange(1, 60))] for _ in range(30)]
    together = sorted(seconds for part in parts for seconds in part)
    assert sum(histogram(part) for part in parts) == histogram(together)
    count, median, most = shown(sum(histogram(part) for part in parts))["whole"]
    assert count == len(together)
    for share, found in ((0.5, median), (0.9, most)):
        exact = together[math.ceil(count * share) - 1]
        assert abs(found - exact) <= exact * PRECISION


def test_steps_are_apart_and_what_was_not_taken_is_not_there() -> None:
    both = histogram([5, 60, 4000], "opened") + histogram([100_000], STEPS[-1])
    assert {step: count for step, (count, *_rest) in shown(both).items()} == {"opened": 3, STEPS[-1]: 1}
    assert shown(0) == {}


def test_packed_and_back() -> None:
    for value in (0, histogram([1]), histogram(list(range(0, 400_000, 777)))):
        assert spans.unpacked(spans.packed(value)) == value
    assert len(spans.packed(histogram(list(range(0, 400_000, 777))))) < 1500
