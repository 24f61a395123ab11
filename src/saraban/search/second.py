"""The index of a rebuild, while it stands beside the one that is searched."""

from __future__ import annotations

import time

from saraban.search import places
from saraban.search.client import Solr

SUFFIX = "next"
LOOK_SECONDS = 5.0
_looked: dict[str, tuple[float, bool]] = {}


def stands(main: Solr) -> bool:
    """Whether a rebuild's index stands beside it."""
    return places.stands(main.beside(SUFFIX))


def beside(main: Solr) -> Solr | None:
    """The index of a rebuild, if one stands: looked for every few seconds."""
    at, there = _looked.get(main.urls, (0.0, False))
    if time.monotonic() - at >= LOOK_SECONDS:
        there = stands(main)
        _looked[main.urls] = time.monotonic(), there
    return main.beside(SUFFIX) if there else None


def forget() -> None:
    """Looks again before the next answer of `beside`."""
    _looked.clear()
