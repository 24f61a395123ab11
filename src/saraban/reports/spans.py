"""How long things took, as counts that can be added up: of units, of months, of any of them together.

A time falls into an interval of whole seconds, and is afterwards known as the middle of it. An interval begins at one of 64 to
127 equal parts of a power of two: up to two minutes a time is exact, beyond that right within `PRECISION`. All counts of all
steps are one integer, 32 bits for each, so that adding two histograms is adding two integers.
"""

from __future__ import annotations

import struct
import zlib
from bisect import bisect_left
from collections import Counter
from collections.abc import Iterable, Iterator
from itertools import accumulate

STEPS = ("opened", "registered", "given", "closed", "whole")
"""Sent to opened, sent to registered, registered to given to somebody, registered to closed, sent to closed."""
PRECISION = 1 / 128
"""The most by which a time may be off, as a part of itself."""
_BITS, _BYTES, _COUNT = 32, 4, "<I"
_FINE = 6
"""Bits that tell the parts of a power of two apart."""


def place(step: str, seconds: int) -> int:
    """Where a time of a step is counted."""
    shift = max(seconds.bit_length() - _FINE - 1, 0)
    return ((shift << _FINE) + (seconds >> shift)) * len(STEPS) + STEPS.index(step)


def _middle(interval: int) -> int:
    shift = max((interval >> _FINE) - 1, 0)
    return ((interval - (shift << _FINE)) << shift) + (1 << shift) // 2


def counted(places: Iterable[int]) -> int:
    """A histogram of times at these places."""
    counts = Counter(places)
    data = bytearray(_BYTES * (max(counts, default=-1) + 1))
    for one, count in counts.items():
        struct.pack_into(_COUNT, data, _BYTES * one, count)
    return int.from_bytes(data, "little")


def packed(histogram: int) -> bytes:
    """As a table keeps it."""
    return zlib.compress(histogram.to_bytes((histogram.bit_length() + 7) // 8, "little"))


def unpacked(data: bytes) -> int:
    """The histogram again."""
    return int.from_bytes(zlib.decompress(data), "little")


def percentiles(histogram: int) -> Iterator[tuple[str, int, int, int]]:
    """Of each step that was taken: how often, and the seconds within which at least half, and nine of ten, were done."""
    intervals = -(-histogram.bit_length() // (_BITS * len(STEPS)))
    many = intervals * len(STEPS)
    counts = struct.unpack(f"<{many}I", histogram.to_bytes(_BYTES * many, "little"))
    for number, step in enumerate(STEPS):
        until = list(accumulate(counts[number :: len(STEPS)]))
        if until and (taken := until[-1]):
            ranks = (taken + 1) // 2, (taken * 9 + 9) // 10
            median, most = (_middle(bisect_left(until, rank)) for rank in ranks)
            yield step, taken, median, most
