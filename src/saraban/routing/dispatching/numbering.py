"""Which number a letter is going to get: the next of its series, of a series that the agency added, or a reserved one."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy.orm import Session

from saraban.ledger import clock
from saraban.organisation.chart import UnitInfo
from saraban.routing import reservations, series
from saraban.routing.books import SECRET_SERIES

SERIES, RESERVED = "series:", "reserved:"


@dataclass(frozen=True)
class Choice:
    """A number that can be chosen."""

    value: str
    """What the form sends: empty for the ordinary number."""
    number: str
    """As far as it is known: กท 9028/…, or the reserved number."""
    title: str = ""
    """Of a series: its name, a message where it is the regulation's; of a reserved number: its purpose."""
    date: date | None = None
    """Of a reserved number: the day that the letter will bear."""

    @property
    def series(self) -> str:
        """The added series that is meant."""
        return self.value.removeprefix(SERIES) if self.value.startswith(SERIES) else ""

    @property
    def reservation(self) -> str:
        """The key of the reserved number that is meant."""
        return self.value.removeprefix(RESERVED) if self.value.startswith(RESERVED) else ""


def choices(session: Session, letter: Any, sender: UnitInfo, language: str) -> list[Choice]:
    """The numbers that the letter can get, the ordinary one first."""
    year = clock.buddhist_year()
    own, *others = series.for_kind(session, sender.unit, letter.kind)
    if letter.is_secret:
        others = []
    names = [SECRET_SERIES if letter.is_secret else letter.series, *(one.name for one in others)]
    title = "" if letter.is_secret else own.title_in(language)
    found = [Choice("", letter.written_number(sender.letter_code, year, "…"), title)]
    for one in others:
        found.append(Choice(SERIES + one.name, one.pattern.write(sender.letter_code, "…", year), one.title_in(language)))
    for kept in reservations.open_ones(session, sender.unit, names):
        line = kept.entry
        number = letter.written_number(sender.letter_code, line.year, line.seq) if letter.is_secret else line.number
        found.append(Choice(RESERVED + kept.reservation.key, number, kept.reservation.purpose, line.date))
    return found
