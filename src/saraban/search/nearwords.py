"""What somebody may have meant who typed a word that no letter holds: the piece of a subject that comes nearest to it.

Taken from letters that the person may view, so that nobody learns a word from others.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from difflib import SequenceMatcher

from saraban.search import service
from saraban.search.typed import squeezed, understand
from saraban.search.wanted import Wanted

MOST_PARTS = 3
LOOKED_AT = 5
LEAST = 4
"""Shorter words have no near one: everything is near to them."""
ALIKE = 0.7
"""What has fewer letters in common (from 0 to 1) is not compared."""
LETTERS_A_SLIP = 4
"""One slip in so many letters."""
_MARKS = frozenset("ะัาำิีึืฺุู็่้๊๋์ํๅ")
"""What no word begins with: vowels and signs that belong to the letter before."""


def meant(wanted: Wanted) -> str:
    """What was typed with near words in the place of those that are nowhere; empty where there are none."""
    parts = wanted.typed.parts
    if wanted.typed.number or not parts or len(parts) > MOST_PARTS:
        return ""
    found = [_near(part) or part for part in parts]
    return " ".join(found) if tuple(found) != parts else ""


def _near(part: str) -> str:
    if len(squeezed(part)) < LEAST:
        return ""
    found = service.find(Wanted(typed=replace(understand(part), phrases=()), size=LOOKED_AT))
    return nearest(part, (one.title for one in found.hits)) if found.near else ""


def nearest(word: str, titles: Iterable[str]) -> str:
    """The piece of one of the titles that is most like the word; empty where none is."""
    flat = squeezed(word)
    best, least = "", (len(flat) // LETTERS_A_SLIP + 1, 0)
    matcher = SequenceMatcher(autojunk=False)
    matcher.set_seq2(flat)
    for title in titles:
        for piece in _pieces(squeezed(title), len(flat)):
            matcher.set_seq1(piece)
            if matcher.quick_ratio() < ALIKE:
                continue
            # Of two that are as near, the one of the same length: a wrong letter is commoner than a missing one.
            apart = slips(piece, flat), abs(len(piece) - len(flat))
            if apart < least:
                best, least = piece, apart
    return best


def slips(one: str, other: str) -> int:
    """Wrong, missing, additional and exchanged letters between two words."""
    before: list[int] = []
    row = list(range(len(other) + 1))
    for at, letter in enumerate(one, 1):
        above, row = row, [at]
        for place, wanted in enumerate(other, 1):
            least = min(above[place] + 1, row[-1] + 1, above[place - 1] + (letter != wanted))
            if at > 1 and place > 1 and letter == other[place - 2] and one[at - 2] == wanted:
                least = min(least, before[place - 2] + 1)
            row.append(least)
        before = above
    return row[-1]


def _pieces(text: str, length: int) -> Iterable[str]:
    """Pieces of about a length that begin with a letter and end with the last of its signs."""
    for begin in range(max(len(text) - length + 2, 0)):
        if text[begin] in _MARKS:
            continue
        for end in range(begin + length - 1, min(begin + length + 2, len(text) + 1)):
            if end == len(text) or text[end] not in _MARKS:
                yield text[begin:end]
