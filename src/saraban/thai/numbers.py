"""The grammar of letter numbers (`domain.md` 1.3): กท 0403/3656, กท 0403/ว 41, กค (กวจ) 0405.2/ว119, 2786/2561.

The grammar writes our own numbers and makes two spellings of one number equal. Numbers of outside senders are free
text: what the grammar does not know is compared as it stands and never refused.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from saraban.thai.folding import fold

CIRCULAR = "ว"
URGENCIES = ("ด่วนที่สุด", "ด่วนมาก", "ด่วน")
SECRECIES = ("ลับที่สุด", "ลับมาก", "ลับ")

_DASHES = re.compile("[\u2010-\u2015\u2212]")
_SLASHES = re.compile("[\u2044\u2215\uff0f]")
_LETTER = re.compile(
    r"""
    (?:(?P<urgency>ด่วนที่สุด|ด่วนมาก|ด่วน)\s*)?
    (?:(?P<secrecy>ลับที่สุด|ลับมาก|ลับ)\s*)?
    (?:ที่\s*)?
    (?P<prefix>[ก-ฮ]{2})\s*
    (?:\(\s*(?P<committee>[^()]+?)\s*\)\s*)?
    (?P<digits>\d{4})
    (?:\.(?P<sub>\d+))?
    \s*/\s*
    (?P<circular>ว\s*\.?\s*)?
    (?P<sequence>\d+)
    """,
    re.VERBOSE,
)
_ORDER = re.compile(r"(?:ที่\s*)?(?P<sequence>\d+)\s*/\s*(?P<year>2[45]\d\d)")
_LOOSE_CIRCULAR = re.compile(r"(^|/)ว\s*\.?\s*(?=\d)")
_SPACE_OF_NO_MEANING = re.compile(r"\s+")
LONGEST_PATTERN = 60
_PLACEHOLDER = re.compile(r"\{(code|seq|year)\}")
_BRACE = re.compile(r"[{}]")
_DIGITS_TOUCH = re.compile(r"\d\{(seq|year)\}|\{(seq|year)\}(\d|\{(seq|year)\})|\{code\}\{(seq|year)\}")
"""Figures side by side could not be told apart: 12569 is number 1 of 2569, or 125 of 69."""


@dataclass(frozen=True)
class LetterNumber:
    """A letter's number in its parts; `text` is what was written."""

    text: str
    prefix: str
    digits: str
    """First two: the department, last two: the division. A leading zero counts: 0403 is not 403."""
    sequence: int
    sub: str = ""
    committee: str = ""
    circular: bool = False
    urgency: str = ""
    secrecy: str = ""

    @property
    def code(self) -> str:
        """The owner's code: กท 0403."""
        committee = f" ({self.committee})" if self.committee else ""
        sub = f".{self.sub}" if self.sub else ""
        return f"{self.prefix}{committee} {self.digits}{sub}"


@dataclass(frozen=True)
class OrderNumber:
    """The number of an order, a rule or an announcement: a number and its Buddhist year."""

    text: str
    sequence: int
    year: int


def _tidy(text: str) -> str:
    return _SLASHES.sub("/", _DASHES.sub("-", fold(text)))


def parse(text: str) -> LetterNumber | OrderNumber | None:
    """The parts of a number, or None where the grammar does not know it."""
    tidy = _tidy(text)
    if found := _LETTER.fullmatch(tidy):
        return LetterNumber(
            text=text,
            prefix=found["prefix"],
            digits=found["digits"],
            sequence=int(found["sequence"]),
            sub=found["sub"] or "",
            committee=found["committee"] or "",
            circular=bool(found["circular"]),
            urgency=found["urgency"] or "",
            secrecy=found["secrecy"] or "",
        )
    if found := _ORDER.fullmatch(tidy):
        return OrderNumber(text=text, sequence=int(found["sequence"]), year=int(found["year"]))
    return None


def normal(text: str) -> str:
    """One spelling of a number, for comparing (E22): กท ๐๔๐๓/ว ๔๑ and กท0403/ว.41 are the same; 0403 and 403 are not."""
    tidy = _tidy(text)
    found = _LETTER.fullmatch(tidy)
    if found:
        tidy = tidy[found.start("prefix") :]
    elif found := _ORDER.fullmatch(tidy):
        tidy = tidy[found.start("sequence") :]
    return _LOOSE_CIRCULAR.sub(rf"\1{CIRCULAR}", _SPACE_OF_NO_MEANING.sub("", tidy))


class PatternRefused(ValueError):
    """A pattern that writes no clear number; `reason` is `braces`, `sequence`, `twice`, `digits` or `long`."""

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason


@dataclass(frozen=True)
class Pattern:
    """How a series writes its numbers: `{code}/ว {seq}` is กท 0403/ว 41, `{seq}/{year}` is 2786/2561 (`domain.md` 1.3).

    `{seq}` stands once; `{code}` (letter code) and `{year}` (Buddhist) once at most. Raises PatternRefused.
    """

    text: str

    def __post_init__(self) -> None:
        names = _PLACEHOLDER.findall(self.text)
        if len(self.text) > LONGEST_PATTERN:
            raise PatternRefused("long")
        if _BRACE.search(_PLACEHOLDER.sub("", self.text)):
            raise PatternRefused("braces")
        if "seq" not in names:
            raise PatternRefused("sequence")
        if len(names) != len(set(names)):
            raise PatternRefused("twice")
        if _DIGITS_TOUCH.search(self.text):
            raise PatternRefused("digits")

    @property
    def needs_code(self) -> bool:
        """Whether the number begins with, or holds, the letter code."""
        return "{code}" in self.text

    def write(self, code: str, sequence: int | str, year: int) -> str:
        """The number as it is printed; a sequence that nobody knows yet is given as `…`."""
        return self.text.replace("{code}", code).replace("{seq}", str(sequence)).replace("{year}", str(year))


def sort_key(text: str) -> tuple[tuple[int, int, str], ...]:
    """A key by which numbers sort as numbers (E26): 9 before 10, in whatever digits they were typed."""
    parts = re.split(r"(\d+)", normal(text))
    return tuple((0, int(part), part) if part.isdecimal() else (1, 0, part) for part in parts if part)
