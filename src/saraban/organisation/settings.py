"""What an agency sets for itself: how it counts the days of a term, holidays, categories, ways of sending (L12, L21, E35).

Holidays that the Cabinet declares are set once for the whole city, at `/agencies`, by who manages the site.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from saraban import _
from saraban.errors import Invalid
from saraban.ledger import clock
from saraban.ledger.acts import Act, act
from saraban.ledger.connection import reader
from saraban.organisation.acting import current_actor
from saraban.organisation.allow import require
from saraban.organisation.operations import ADMINISTER
from saraban.organisation.tables import AgencySetting, AgencyWord, ExtraHoliday
from saraban.thai.workdays import working_days_after

CALENDAR, WORKING = "calendar", "working"
DUE_DAYS: dict[str, str] = {
    CALENDAR: _("due_days_calendar", default="Every day counts"),
    WORKING: _("due_days_working", default="Only working days count"),
}
CATEGORY, WAY = "category", "way"
SUBJECTS = {"categories": CATEGORY, "ways": WAY}
"""Lists of words in the API, and as they are kept."""
CITY = ""
"""In the place of an agency: of all agencies."""
MOST = 200
"""Most lines of a list."""
LONGEST = 100
"""Longest word or name of a holiday, in characters."""
_CONTROL = re.compile(r"[\x00-\x1f\x7f]")


@dataclass(frozen=True)
class Settings:
    """All that an agency set."""

    due_days: str
    holidays: tuple[tuple[date, str], ...]
    """Its own, by day."""
    city_holidays: tuple[tuple[date, str], ...]
    categories: tuple[str, ...]
    ways: tuple[str, ...]


def settings_of(session: Session, agency: str) -> Settings:
    """The settings of an agency; of the city with `CITY`."""
    row = session.get(AgencySetting, agency)
    days: dict[str, list[tuple[date, str]]] = {CITY: [], agency: []}
    asked = select(ExtraHoliday).where(ExtraHoliday.agency.in_(list(days))).order_by(ExtraHoliday.day)
    for one in session.scalars(asked):
        days[one.agency].append((one.day, one.title))
    return Settings(
        due_days=row.due_days if row is not None else CALENDAR,
        holidays=tuple(days[agency]),
        city_holidays=tuple(days[CITY]),
        categories=words_of(session, agency, CATEGORY),
        ways=words_of(session, agency, WAY),
    )


def words_of(session: Session, agency: str, subject: str) -> tuple[str, ...]:
    """The agency's categories or ways of sending, in its order."""
    mine = select(AgencyWord.word).where(AgencyWord.agency == agency, AgencyWord.subject == subject)
    return tuple(session.scalars(mine.order_by(AgencyWord.position)))


def words(agency: str, subject: str) -> tuple[str, ...]:
    """`words_of`, for forms and parsers."""
    with reader() as session:
        return words_of(session, agency, subject)


def term(agency: str) -> Callable[[int], date]:
    """How the agency counts a term: from a number of days to the day on which it ends. Asks nothing until it is called."""

    def ends(days: int) -> date:
        with reader() as session:
            found = settings_of(session, agency)
        if found.due_days == CALENDAR:
            return clock.today() + timedelta(days=days)
        return working_days_after(clock.today(), days, {day for day, _title in (*found.holidays, *found.city_holidays)})

    return ends


def change(place: Any, data: Mapping[str, Any]) -> Settings:
    """Changes what is named in `data`: `due_days`, `holidays`, `categories`, `ways`; a list takes the place of the one before.

    `place` is an agency, or the folder of all agencies, which has holidays alone. Raises Forbidden, Missing, Invalid.
    """
    require(ADMINISTER, place)
    agency = getattr(place, "unit_id", CITY)
    parsers = _PARSERS if agency else {"holidays": _holidays}
    values: dict[str, Any] = {}
    wrong: dict[str, str] = {}
    for name in data:
        if name not in parsers:
            wrong[name] = _("error_setting_unknown", default="There is no such setting here.")
            continue
        try:
            values[name] = parsers[name](data[name])
        except _Refused as refusal:
            wrong[name] = refusal.args[0]
    if wrong:
        raise Invalid(fields=wrong)
    with act(place, current_actor(agency), "change-settings", place.UID()) as current:
        _write(current, agency, values)
        current.note(settings=sorted(values))
        return settings_of(current.session, agency)


def _write(current: Act, agency: str, values: Mapping[str, Any]) -> None:
    session = current.session
    rows = current.lock(AgencySetting, AgencySetting.agency == agency)
    row = rows[0] if rows else AgencySetting(agency=agency, due_days=CALENDAR)
    row.due_days = values.get("due_days", row.due_days)
    row.changed_by, row.changed_at = current.actor.person, current.at
    session.add(row)
    if "holidays" in values:
        session.execute(delete(ExtraHoliday).where(ExtraHoliday.agency == agency))
        session.add_all(ExtraHoliday(agency=agency, day=day, title=title) for day, title in values["holidays"].items())
    for name, subject in SUBJECTS.items():
        if name in values:
            session.execute(delete(AgencyWord).where(AgencyWord.agency == agency, AgencyWord.subject == subject))
            kept = enumerate(values[name])
            session.add_all(AgencyWord(agency=agency, subject=subject, position=at, word=word) for at, word in kept)
    session.flush()


class _Refused(ValueError):
    """One setting's trouble; its only argument is the sentence."""


def _list(value: Any) -> list[Any]:
    if not isinstance(value, list) or len(value) > MOST:
        raise _Refused(_("error_setting_list", default="A list of at most ${most} lines is asked for.", mapping={"most": MOST}))
    return value


def _line(value: Any) -> str:
    found = " ".join(value.split()) if isinstance(value, str) and not _CONTROL.search(value) else ""
    if not found or len(found) > LONGEST:
        raise _Refused(_("error_setting_line", default="Each line has 1 to ${most} characters.", mapping={"most": LONGEST}))
    return found


def _words(value: Any) -> list[str]:
    return list(dict.fromkeys(_line(one) for one in _list(value)))


def _holidays(value: Any) -> dict[date, str]:
    found: dict[date, str] = {}
    for one in _list(value):
        try:
            day = date.fromisoformat(one["date"])
        except (KeyError, TypeError, ValueError):
            raise _Refused(_("error_date", default="A date is asked for: YYYY-MM-DD.")) from None
        if not 1900 <= day.year <= 2200:
            raise _Refused(_("error_buddhist_year", default="Dates are sent with the year of the common era (ISO 8601)."))
        found[day] = _line(one.get("title"))
    return dict(sorted(found.items()))


def _due_days(value: Any) -> str:
    if not isinstance(value, str) or value not in DUE_DAYS:
        raise _Refused(
            _("error_field_choice", default="This must be one of: ${names}.", mapping={"names": ", ".join(DUE_DAYS)})
        )
    return value


_PARSERS: dict[str, Callable[[Any], Any]] = {
    "due_days": _due_days,
    "holidays": _holidays,
    "categories": _words,
    "ways": _words,
}
