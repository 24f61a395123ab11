"""What a person typed into the box, taken apart: plain words, phrases in quotes, what is left out, a number.

Nothing of it is ever a query: it goes to Solr as the value of a parameter, and signs that mean something to a query parser
are taken out before.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass

from saraban.search.numbers import looks_like_number
from saraban.thai.folding import fold
from saraban.thai.numbers import normal

LONGEST = 400
MOST_PARTS = 20
_QUOTED = re.compile(r'(?P<less>(?:^|(?<=\s))-)?["“”„«](?P<phrase>[^"“”„«»]*)["“”„»]')
_SIGNS = re.compile(r"[+\-!(){}\[\]^~*?:\\/&|\"“”„«»'’‘<>=;,$%#@`]")
_MEANT = re.compile(r"[^\W_]")
_NOT_RUNS = re.compile(r"[^\w\u0e00-\u0e7f]|_")


@dataclass(frozen=True)
class Typed:
    """The parts of what was typed, folded (E23)."""

    text: str = ""
    """Everything that is looked for, in one line without signs."""
    parts: tuple[str, ...] = ()
    """Its pieces between spaces."""
    phrases: tuple[str, ...] = ()
    """What must stand there as it was typed in quotes."""
    excluded: tuple[str, ...] = ()
    literal: str = ""
    """With what is left out taken for text: a piece of a subject may hold a dash. Empty when nothing is left out."""
    words: tuple[str, ...] = ()
    """The words that the dictionary sees in it, where they were asked for."""
    number: str = ""
    """The number in its one spelling, when the whole is one (E22)."""
    also: tuple[tuple[str, ...], ...] = ()
    """Other parts that mean the same (`synonyms.py`)."""
    empty: bool = True
    """Nothing was typed; False with nothing else means that only signs were."""

    @property
    def meaningless(self) -> bool:
        """Something was typed that cannot be looked for."""
        return not (self.empty or self.text)

    def __bool__(self) -> bool:
        return bool(self.text)


def squeezed(text: str) -> str:
    """Folded, without spaces and signs: what overlapping runs are made of."""
    return _NOT_RUNS.sub("", fold(text))


def _tidy(text: str) -> str:
    """Without signs, one space between pieces; a piece of signs alone is none."""
    return " ".join(_SIGNS.sub("", fold(text)).split())


def understand(text: str) -> Typed:
    """Takes apart what was typed."""
    line = " ".join(text[:LONGEST].split())
    if not line:
        return Typed()
    if looks_like_number(line):
        number = normal(line)
        return Typed(text=_tidy(number), parts=(_tidy(number),), number=number, empty=False)
    phrases: list[str] = []
    excluded: list[str] = []

    def quoted(found: re.Match[str]) -> str:
        phrase = _tidy(found["phrase"])
        if not _MEANT.search(phrase):
            return " "
        (excluded if found["less"] else phrases).append(phrase)
        return " " if found["less"] else f" {phrase} "

    line = _QUOTED.sub(quoted, line)
    parts: list[str] = []
    for piece in line.split():
        tidy = _tidy(piece)
        if not _MEANT.search(tidy):
            continue
        if piece.startswith("-"):
            excluded.append(tidy)
        else:
            parts.extend(tidy.split())
    if not parts and excluded:
        # Nothing but what is left out: a piece of a subject that begins with a dash.
        parts, excluded = [part for one in excluded for part in one.split()], []
    parts = parts[:MOST_PARTS]
    return Typed(
        text=" ".join(parts),
        parts=tuple(parts),
        phrases=tuple(phrases[:MOST_PARTS]),
        excluded=tuple(excluded[:MOST_PARTS]),
        literal=_tidy(" ".join(text[:LONGEST].split())) if excluded and not phrases else "",
        empty=False,
    )


def pieces(words: Iterable[str], least: int = 3) -> tuple[str, ...]:
    """Words of a dictionary as pieces to look for: what is too short belongs to the one before it.

    A word with a wrong letter falls into syllables, each of which stands in nearly every letter.
    """
    found: list[str] = []
    for word in words:
        if found and (len(squeezed(word)) < least or len(squeezed(found[-1])) < least):
            found[-1] += word
        else:
            found.append(word)
    return tuple(found)


def runs(text: str, size: int = 3) -> str:
    """The overlapping runs of a text, separated by spaces: what a text with a wrong letter still shares with the right one."""
    flat = squeezed(text)
    return " ".join(dict.fromkeys(flat[at : at + size] for at in range(len(flat) - size + 1)))
