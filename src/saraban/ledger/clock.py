"""What time it is: UTC in the database, Bangkok for people and for numbers, whatever zone the server is in."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

BANGKOK = ZoneInfo("Asia/Bangkok")
AHEAD = timedelta(hours=7)
"""Of UTC; there has been no other offset in Bangkok since 1920."""
BUDDHIST_ERA = 543


def now() -> datetime:
    """This instant in UTC, without zone, as the tables keep it."""
    return datetime.now(UTC).replace(tzinfo=None)


def bangkok(moment: datetime) -> datetime:
    """A time of the tables, as the clock on a Bangkok wall showed it."""
    return moment.replace(tzinfo=UTC).astimezone(BANGKOK)


def today() -> date:
    """The calendar day in Bangkok."""
    return bangkok(now()).date()


def buddhist_year(day: date | None = None) -> int:
    """The Buddhist calendar year of a Bangkok day (default: today): the year of number series (E13, E16)."""
    return (day or today()).year + BUDDHIST_ERA


def iso(moment: datetime | None) -> str | None:
    """A time of the tables as ISO 8601 with Bangkok's offset, as REST answers it."""
    return (moment + AHEAD).isoformat(timespec="milliseconds") + "+07:00" if moment is not None else None
