"""What a check finds, and what could be done about it."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

Progress = Callable[[int], object]


@dataclass(frozen=True)
class Finding:
    """Something that is not as it should be."""

    subject: str
    """Where: a path, a number, a file."""
    text: str
    repair: Callable[[], object] | None = None
    """Puts it right within the running transaction; None where only a person can decide."""
    wrong: bool = True
    """False for what could not be looked at: it is said, and the rest may be consistent all the same."""


@dataclass(frozen=True)
class Check:
    """One walk over the data."""

    name: str
    count: Callable[[Any], int]
    """Of the site: how many steps the progress bar has."""
    examine: Callable[[Any, Progress], Iterator[Finding]]
    """Of the site; tells its progress."""
