"""Walks over all that is kept, in pages, so that memory stays bounded whatever the number of letters."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

LETTERS = ("letters",)
ALL = ("letters", "circulars")
"""Containers of an agency in which letters of one type or another lie."""


def letter_folders(site: Any, containers: Sequence[str] = LETTERS) -> Iterator[Any]:
    """Every folder that letters lie in, agency by agency, year by year."""
    for agency in site.agencies.objectValues("Dexterity Container") if "agencies" in site else ():
        for name in containers:
            letters = agency._getOb(name, None)
            if letters is not None:
                for year in letters.objectValues():
                    yield from year.objectValues()


def pages(site: Any, size: int = 200, containers: Sequence[str] = LETTERS) -> Iterator[list[str]]:
    """The paths of all letters, a page at a time; no letter is loaded."""
    for folder in letter_folders(site, containers):
        base = "/".join(folder.getPhysicalPath())
        names = list(folder.objectIds())
        for start in range(0, len(names), size):
            yield [f"{base}/{name}" for name in names[start : start + size]]


def count(site: Any, containers: Sequence[str] = LETTERS) -> int:
    """How many letters there are, from the folders' own counters."""
    return sum(len(folder) for folder in letter_folders(site, containers))
