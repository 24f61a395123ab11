"""The months that a report covers: the last twelve, a calendar year, or a budget year (1 October to 30 September)."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import UTC, date, datetime

from saraban.ledger import clock

RECENT = "recent"
_YEAR = re.compile(r"(budget-)?(2[4-6]\d\d)")
MONTHS = 12


@dataclass(frozen=True)
class Period:
    """Twelve months; `first` counts as `year * 12 + month - 1`."""

    name: str
    first: int

    @property
    def months(self) -> list[int]:
        """All its months that have begun; the first at least."""
        now = index(clock.today())
        return [one for one in range(self.first, self.first + MONTHS) if one <= max(now, self.first)]

    @property
    def start(self) -> date:
        """Its first day."""
        return first_day(self.first)

    @property
    def after(self) -> date:
        """The day after its last."""
        return first_day(self.first + MONTHS)

    @property
    def begins(self) -> datetime:
        """Its beginning in UTC, as the tables keep times."""
        return midnight(self.start)

    @property
    def ends(self) -> datetime:
        """The first moment that is no longer in it."""
        return midnight(self.after)


def period(name: str, today: date | None = None) -> Period | None:
    """The period of a name: `recent`, `2569`, `budget-2569`; None for any other name."""
    if name in ("", RECENT):
        return Period(RECENT, index(today or clock.today()) - MONTHS + 1)
    found = _YEAR.fullmatch(name)
    if found is None:
        return None
    january = (int(found[2]) - clock.BUDDHIST_ERA) * 12
    return Period(name, january - 3 if found[1] else january)


def choices(today: date | None = None, years: int = 3) -> list[str]:
    """The names of periods to choose from, the newest first."""
    today = today or clock.today()
    year = clock.buddhist_year(today)
    budget = year + (today.month >= 10)
    return [RECENT, *(f"budget-{budget - back}" for back in range(years)), *(str(year - back) for back in range(years))]


def index(day: date) -> int:
    """The month of a day."""
    return day.year * 12 + day.month - 1


def first_day(month: int) -> date:
    """The first day of a month."""
    return date(month // 12, month % 12 + 1, 1)


def midnight(day: date) -> datetime:
    """When a day begins in Bangkok, in UTC."""
    return datetime(day.year, day.month, day.day, tzinfo=clock.BANGKOK).astimezone(UTC).replace(tzinfo=None)
