"""Numbers as people half remember them (E22, E26): what a number is found by, and how it sorts."""

from __future__ import annotations

import re

from saraban.thai.digits import to_arabic
from saraban.thai.folding import fold
from saraban.thai.numbers import LetterNumber, OrderNumber, normal, parse

LONGEST = 60
_RUN = re.compile(r"\d+")
_LEAD = re.compile(r"^[^\d/]+(?=\d)")
_LOOKS = re.compile(r"(?:[ก-ฮ]{1,4}\.?(?:\([^()]{1,20}\))?)?[\d./\-ว]*\d[\d./\-ว]*")
_PADDED = 10


def forms(number: str) -> list[str]:
    """What a letter's number is found by: itself, its tails, and its owner's code, each in its one spelling.

    กท ๐๔๐๓/ว ๔๑ is found by กท0403/ว41, 0403/ว41, ว41, 41, กท0403 and 0403; not by 403.
    """
    whole = normal(number)
    if not whole:
        return []
    found = {whole: None}
    known = parse(number)
    if isinstance(known, OrderNumber):
        found[str(known.sequence)] = None
        return list(found)
    bare = _LEAD.sub("", whole)
    found[bare] = None
    code, slash, tail = whole.rpartition("/")
    if slash:
        found[tail] = None
        if tail.startswith("ว"):
            found[tail[1:]] = None
    if isinstance(known, LetterNumber):
        found[code] = None
        found[_LEAD.sub("", code)] = None
    return [form for form in found if form]


def looks_like_number(text: str) -> bool:
    """Whether the whole of what was typed is a number: its spaces and signs then mean nothing."""
    if len(text) > LONGEST or not any(sign.isdigit() for sign in to_arabic(text)):
        return False
    return parse(text) is not None or _LOOKS.fullmatch(normal(text)) is not None


def sort_form(number: str) -> str:
    """A text by which numbers sort as numbers: 9 before 10 (E26). Empty for no number."""
    return _RUN.sub(lambda run: run[0].zfill(_PADDED), normal(number))


def receive_number(text: str) -> tuple[int, int | None] | None:
    """A receive number as it is typed, with its Buddhist year where that was typed too: 123, ๑๒๓, 123/2563."""
    found = re.fullmatch(r"(\d{1,9})(?:\s*/\s*(2[45]\d\d))?", fold(text))
    if found is None:
        return None
    return int(found[1]), int(found[2]) if found[2] else None
