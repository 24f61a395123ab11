"""Walks over all that is kept, in pages, so that memory stays bounded whatever the number of letters."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any


def letter_folders(site: Any) -> Iterator[Any]:
    """Every folder that letters lie in, agency by agency, year by year."""
    for agency in site.agencies.objectValues("Dexterity Container") if "agencies" in site else ():
        letters = agency._getOb("letters", None)
        if letters is None:
            continue
        for year in letters.objectValues():
            yield from year.objectValues()


def pages(site: Any, size: int = 200) -> Iterator[list[str]]:
    """The paths of all letters, a page at a time; no letter is loaded."""
    for folder in letter_folders(site):
        base = "/".join(folder.getPhysicalPath())
        names = list(folder.objectIds())
        for start in range(0, len(names), size):
            yield [f"{base}/{name}" for name in names[start : start + size]]


def count(site: Any) -> int:
    """How many letters there are, from the folders' own counters."""
    return sum(len(folder) for folder in letter_folders(site))
