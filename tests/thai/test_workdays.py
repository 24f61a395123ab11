"""Working days of Thai offices (E35)."""

from __future__ import annotations

from datetime import date

import pytest

from saraban.thai import workdays


@pytest.mark.parametrize(
    ("day", "works"),
    [
        (date(2026, 4, 10), True),
        (date(2026, 4, 11), False),  # Saturday
        (date(2026, 4, 13), False),  # Songkran
        (date(2026, 5, 1), True),  # Labour Day: offices of the State are open
        (date(2026, 5, 13), False),  # the Ploughing Ceremony: a holiday of the civil service alone
        (date(2026, 12, 7), False),  # in place of 5 December, a Saturday
    ],
)
def test_which_days_offices_work(day: date, works: bool) -> None:
    assert workdays.is_working(day) is works


@pytest.mark.parametrize(
    ("number", "closed", "due"),
    [
        (0, (), date(2026, 4, 9)),
        (1, (), date(2026, 4, 10)),
        (2, (), date(2026, 4, 16)),  # over a week-end and Songkran
        (2, (date(2026, 4, 10),), date(2026, 4, 17)),  # the Cabinet declared one more
    ],
)
def test_a_term_in_working_days(number: int, closed: tuple[date, ...], due: date) -> None:
    assert workdays.working_days_after(date(2026, 4, 9), number, closed) == due
