"""Number series: those of the regulation, and those that an agency adds for kinds of letters of its own (L24, `domain.md` 1.3).

Every series counts by itself, from 1 on the 1st of January, in the send register of the agency's central registry.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from plone.uuid.interfaces import IUUID
from sqlalchemy import select
from sqlalchemy.orm import Session

from saraban import _
from saraban.errors import REQUIRED, Invalid
from saraban.ledger import numbers
from saraban.ledger.acts import Act, act
from saraban.ledger.connection import reader
from saraban.ledger.numbers import Book
from saraban.ledger.tables import NumberSeries
from saraban.letters.kinds import ALL_KINDS
from saraban.organisation.acting import current_actor
from saraban.organisation.allow import require
from saraban.organisation.chart import UnitInfo
from saraban.organisation.operations import ADMINISTER
from saraban.organisation.tables import UnitRow
from saraban.routing.books import RECEIVED_LETTERS, SECRET_SERIES
from saraban.routing.errors import NoLetterCode, SeriesEnded, SeriesExists, SeriesInUse
from saraban.routing.tables import AgencySeries, Reservation
from saraban.thai.numbers import Pattern, PatternRefused

TAKEN = (*ALL_KINDS, SECRET_SERIES, RECEIVED_LETTERS)
"""Names that mean something else already."""
LONGEST_TITLE = 200
_NAME = re.compile(r"[a-z][a-z0-9-]{1,31}")
_CONTROL = re.compile(r"[\x00-\x1f\x7f]")
PATTERN_REFUSALS: dict[str, str] = {
    "braces": _("error_pattern_braces", default="Only {code}, {seq} and {year} may stand in braces."),
    "sequence": _("error_pattern_sequence", default="The pattern needs {seq}: the place of the running number."),
    "twice": _("error_pattern_twice", default="Each placeholder may stand once."),
    "digits": _(
        "error_pattern_digits", default="No figure may stand right beside {seq} or {year}: the parts could not be told apart."
    ),
    "long": _("error_pattern_long", default="The pattern is too long."),
}


@dataclass(frozen=True)
class Series:
    """A kind of number series of an agency."""

    name: str
    title: str
    """Of the regulation's: a message. Of an added one: its Thai title."""
    title_en: str
    pattern: Pattern
    kinds: tuple[str, ...]
    """The kinds of letters that may be numbered in it."""
    active: bool = True
    added: bool = False

    def title_in(self, language: str) -> str:
        """Its name: a message where it is the regulation's."""
        return self.title_en if self.added and language == "en" and self.title_en else self.title


STANDARD: dict[str, Series] = {
    kind.name: Series(kind.name, kind.title, "", kind.number_pattern, (kind.name,)) for kind in ALL_KINDS.values()
}
"""The series that every agency has."""


def _series(row: AgencySeries) -> Series:
    kinds = tuple(row.kinds.split())
    return Series(row.name, row.title_th, row.title_en, Pattern(row.pattern), kinds, row.active, added=True)


def added(session: Session, agency: str) -> dict[str, Series]:
    """The series that the agency added, by name, in the order in which they were added."""
    rows = session.scalars(select(AgencySeries).where(AgencySeries.agency == agency).order_by(AgencySeries.id))
    return {row.name: _series(row) for row in rows}


def all_series(session: Session, agency: str) -> dict[str, Series]:
    """Every series of the agency by name, those of the regulation first."""
    return {**STANDARD, **added(session, agency)}


def for_kind(session: Session, agency: str, kind: str) -> list[Series]:
    """The series that give numbers to letters of this kind: the ordinary one first."""
    more = [one for one in added(session, agency).values() if one.active and kind in one.kinds]
    return [STANDARD[kind], *more]


def giving(session: Session, agency: str, name: Any, kind: str = "") -> Series:
    """The series of this name, which still gives numbers, and gives them to letters of this kind.

    Raises Invalid, SeriesEnded.
    """
    found = STANDARD.get(name) if isinstance(name, str) else None
    if found is None and isinstance(name, str):
        found = added(session, agency).get(name)
    if found is None:
        names = ", ".join(all_series(session, agency))
        raise Invalid(
            fields={"series": _("error_field_choice", default="This must be one of: ${names}.", mapping={"names": names})}
        )
    if not found.active:
        raise SeriesEnded()
    if kind and kind not in found.kinds:
        raise Invalid(fields={"series": _("error_series_kind", default="This series is not for letters of this kind.")})
    return found


def chosen(letter: Any, unit: str, series: Any, reservation: Any) -> str:
    """The name of the added series in which a letter is to be numbered, asked for or that of the reserved number.

    Empty where the letter counts in the series of its kind; a secret letter counts in no other than the secret one.
    """
    if letter.is_secret:
        if series:
            raise Invalid(fields={"series": _("error_series_kind", default="This series is not for letters of this kind.")})
        return ""
    reserved = not series and isinstance(reservation, str)
    if reserved:
        with reader(letter) as session:
            mine = Reservation.key == reservation, Reservation.unit == unit, Reservation.series != SECRET_SERIES
            series = session.scalar(select(Reservation.series).where(*mine))
    if not series or series == letter.series:
        return ""
    with reader(letter) as session:  # before anybody locks its row, which is made where there is none
        try:
            return giving(session, unit, series, letter.kind).name
        except Invalid as refusal:
            raise Invalid(fields={"reservation": refusal.fields["series"]} if reserved else refusal.fields) from None


def writer(current: Act, letter: Any, sender: UnitInfo, named: str) -> Callable[[int, int], str]:
    """How the letter's number is written, from sequence and year. Call it when the series is locked.

    Raises Invalid, SeriesEnded, NoLetterCode.
    """
    if not named:
        if letter.needs_code and not sender.letter_code:
            raise NoLetterCode()
        return lambda sequence, year: str(letter.written_number(sender.letter_code, year, sequence))
    pattern = giving(current.session, sender.unit, named, letter.kind).pattern
    if pattern.needs_code and not sender.letter_code:
        raise NoLetterCode()
    return lambda sequence, year: pattern.write(sender.letter_code, sequence, year)


# The verbs of the agency's administrator


def add(agency: Any, data: Mapping[str, Any]) -> Series:
    """Adds a series. Raises Forbidden, Missing, Invalid, SeriesExists."""
    require(ADMINISTER, agency)
    values = _values(data, ("id", "title_th", "title_en", "pattern", "kinds"))
    with act(agency, current_actor(agency.unit_id), "add-series", IUUID(agency)) as current:
        current.lock(UnitRow, UnitRow.unit == agency.unit_id)  # one after the other: the second sees the first one's name
        if values["name"] in added(current.session, agency.unit_id):
            raise SeriesExists(fields={"id": SeriesExists.text})
        row = AgencySeries(agency=agency.unit_id, active=True, created_by=current.actor.person, created_at=current.at, **values)
        current.session.add(row)
        current.note(series=row.name, pattern=row.pattern)
    return _series(row)


def change(agency: Any, data: Mapping[str, Any]) -> Series:
    """Changes an added series: its titles, kinds, pattern, and whether it still gives numbers (`active`).

    Numbers that were given stay as they are; the pattern stays for the year in which it gave one.
    Raises Forbidden, Missing, Invalid, SeriesInUse.
    """
    require(ADMINISTER, agency)
    if not isinstance(data.get("active", True), bool):
        raise Invalid(fields={"active": _("error_switch", default="This must be true or false.")})
    values = _values(data, tuple(name for name in ("title_th", "title_en", "pattern", "kinds") if name in data))
    with act(agency, current_actor(agency.unit_id), "change-series", IUUID(agency)) as current:
        rows = current.lock(AgencySeries, AgencySeries.agency == agency.unit_id, AgencySeries.name == str(data.get("id", "")))
        if not rows:
            raise Invalid(fields={"id": _("error_series_unknown", default="This agency added no such number series.")})
        row = rows[0]
        if values.get("pattern", row.pattern) != row.pattern and _has_numbers(current, row):
            raise SeriesInUse(fields={"pattern": SeriesInUse.text})
        for name, value in values.items():
            setattr(row, name, value)
        row.active = data.get("active", row.active)
        current.note(series=row.name, pattern=row.pattern, active=row.active)
    return _series(row)


def _has_numbers(current: Act, row: AgencySeries) -> bool:
    book = Book(row.agency, numbers.SEND, row.name)
    used = select(NumberSeries.last).where(NumberSeries.book == book.id, NumberSeries.year == numbers.year_of(current))
    return bool(current.session.scalar(used.with_for_update()))


def _values(data: Mapping[str, Any], names: tuple[str, ...]) -> dict[str, str]:
    """The columns of what was sent; all that is wrong is said at once."""
    found: dict[str, str] = {}
    wrong: dict[str, str] = {}
    for name in names:
        try:
            found["name" if name == "id" else name] = _PARSERS[name](data.get(name))
        except _Refused as refusal:
            wrong[name] = refusal.args[0]
    if wrong:
        raise Invalid(fields=wrong)
    return found


class _Refused(ValueError):
    """One field's trouble; its only argument is the sentence."""


def _line(value: Any) -> str:
    if value is None:
        return ""
    if not isinstance(value, str) or _CONTROL.search(value) or len(value.strip()) > LONGEST_TITLE:
        raise _Refused(_("error_series_title", default="A line of at most 200 characters is asked for."))
    return value.strip()


def _required(value: Any) -> str:
    if not _line(value):
        raise _Refused(REQUIRED)
    return _line(value)


def _name(value: Any) -> str:
    if not isinstance(value, str) or not _NAME.fullmatch(value):
        raise _Refused(
            _(
                "error_series_id",
                default="2 to 32 small Latin letters, figures and hyphens, a letter first: contract, order-city.",
            )
        )
    if value in TAKEN:
        raise _Refused(_("error_series_taken", default="This id belongs to a series of the regulation."))
    return value


def _pattern(value: Any) -> str:
    try:
        return Pattern(_required(value)).text
    except PatternRefused as refusal:
        raise _Refused(PATTERN_REFUSALS[refusal.reason]) from None


def _kinds(value: Any) -> str:
    chosen = value if isinstance(value, list) else []
    if not chosen or not all(isinstance(one, str) and one in ALL_KINDS for one in chosen):
        names = ", ".join(ALL_KINDS)
        raise _Refused(_("error_series_kinds", default="A list of one or more of: ${names}.", mapping={"names": names}))
    return " ".join(kind for kind in ALL_KINDS if kind in chosen)


_PARSERS = {"id": _name, "title_th": _required, "title_en": _line, "pattern": _pattern, "kinds": _kinds}
