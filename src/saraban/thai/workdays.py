"""Days on which Thai offices work: no week-end, no official holiday (`holidays` library), no day that was declared beside.

The library's calendar is for everybody; what the civil service does differently stands here. Rules: E35.
"""

from __future__ import annotations

from collections.abc import Container
from datetime import date, timedelta
from functools import lru_cache

SATURDAY = 5
LABOUR = "แรงงาน"
"""National Labour Day, and what is given for it, is for employees: government offices are open."""


@lru_cache(maxsize=64)
def holidays_of(year: int) -> dict[date, str]:
    """The official holidays of a Gregorian year with their Thai names, in order."""
    from holidays.constants import GOVERNMENT, PUBLIC  # two seconds on a cold start: only for who counts working days
    from holidays.countries import Thailand

    found = Thailand(years=(year,), categories=(PUBLIC, GOVERNMENT), language="th")
    return {day: name for day, name in sorted(found.items()) if LABOUR not in name}


def is_working(day: date, closed: Container[date] = ()) -> bool:
    """Whether offices work on a day; `closed` are days that were declared holidays beside the official ones."""
    return day.weekday() < SATURDAY and day not in closed and day not in holidays_of(day.year)


def working_days_after(day: date, number: int, closed: Container[date] = ()) -> date:
    """The day that is so many working days after a day, which itself does not count; 0 is the day itself."""
    found = day
    while number > 0:
        found += timedelta(days=1)
        number -= is_working(found, closed)
    return found
