"""The Thai calendar (`domain.md` 1.4, E13, E24, E25)."""

from contextlib import suppress
from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from saraban.thai import dates
from saraban.thai.dates import DateRefused, parse, parse_year

DAY = date(2021, 4, 9)


def test_shown() -> None:
    assert dates.short(DAY) == "9 เม.ย. 64"
    assert dates.short(DAY, thai_digits=True) == "๙ เม.ย. ๖๔"
    assert dates.medium(DAY) == "9 เมษายน 2564"
    assert dates.official(DAY) == "๙ เมษายน ๒๕๖๔"
    assert dates.english(DAY) == "9 Apr 2021"


def test_time_is_bangkoks() -> None:
    moment = datetime(2021, 4, 9, 2, 30)
    assert dates.time(moment) == "09.30 น."
    assert dates.time(moment, thai_digits=True) == "๐๙.๓๐ น."
    assert dates.english_time(moment) == "09:30"
    assert dates.time(moment.replace(tzinfo=UTC)) == "09.30 น."


def test_new_year_is_bangkoks() -> None:
    before, after = datetime(2020, 12, 31, 16, 59, 59), datetime(2020, 12, 31, 17, 0)
    assert (dates.buddhist_year(before), dates.buddhist_year(after)) == (2563, 2564)
    assert dates.short(after) == "1 ม.ค. 64"


def test_years() -> None:
    assert dates.buddhist_year(DAY) == 2564
    assert dates.buddhist_year(date(1941, 1, 1)) == 2484
    assert dates.buddhist_year(date(1940, 3, 31)) == 2482
    assert dates.buddhist_year(date(1940, 4, 1)) == 2483
    assert dates.fiscal_year(date(2020, 9, 30)) == 2563
    assert dates.fiscal_year(date(2020, 10, 1)) == 2564


@pytest.mark.parametrize(
    "text",
    [
        "9 เม.ย. 64",
        "9 เม.ย. 2564",
        "9เม.ย.64",
        "9 เมย 64",
        "๙ เมษายน ๒๕๖๔",
        "9 เมษา 64",
        "วันที่ 9 เมษายน พ.ศ. 2564",
        "ลงวันที่ 9 เดือนเมษายน 2564",
        "9 เมษายน ค.ศ. 2021",
        "9 เมษายน 2021",
        "9/4/2564",
        "09/04/64",
        "๐๙/๐๔/๒๕๖๔",
        "9-4-2021",
        "9.4.64",
        "9 4 2564",
        "2021-04-09",
        "2564-04-09",
        "2564/4/9",
        "9 Apr 2021",
        "9 April 2564",
        "APRIL 9, 2021",
        " 9 เม\u200b.ย. 64 ",
    ],
)
def test_typed(text: str) -> None:
    assert parse(text) == DAY


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("", dates.EMPTY),
        ("  ", dates.EMPTY),
        ("พรุ่งนี้", dates.UNREADABLE),
        ("9 เมษาพัน 2564", dates.UNREADABLE),
        ("09042564", dates.UNREADABLE),
        ("9 เมษายน", dates.NO_YEAR),
        ("9/4", dates.NO_YEAR),
        ("9/4/2200", dates.AMBIGUOUS_YEAR),
        ("9/4/2399", dates.AMBIGUOUS_YEAR),
        ("9/4/2601", dates.AMBIGUOUS_YEAR),
        ("9/4/1899", dates.AMBIGUOUS_YEAR),
        ("9/4/564", dates.AMBIGUOUS_YEAR),
        ("9/4/6", dates.AMBIGUOUS_YEAR),
        ("9 Apr 21", dates.AMBIGUOUS_YEAR),
        ("9 เมษายน พ.ศ. 2021", dates.AMBIGUOUS_YEAR),
        ("9 เมษายน ค.ศ. 2564", dates.AMBIGUOUS_YEAR),
        ("9 เมษายน ค.ศ. 21", dates.AMBIGUOUS_YEAR),
        ("4/13/2564", dates.NO_SUCH_DATE),
        ("31/4/2564", dates.NO_SUCH_DATE),
        ("29 ก.พ. 2566", dates.NO_SUCH_DATE),
        ("0/1/2564", dates.NO_SUCH_DATE),
        ("1 ม.ค. 2483", dates.NO_SUCH_DATE),
    ],
)
def test_refused(text: str, reason: str) -> None:
    with pytest.raises(DateRefused) as refusal:
        parse(text)
    assert refusal.value.reason == reason
    assert reason in dates.REASONS


def test_leap_day() -> None:
    assert parse("29 ก.พ. 2567") == date(2024, 2, 29)


def test_old_registration_scans() -> None:
    assert parse("3 ก.พ. 2470") == date(1928, 2, 3)
    assert parse("3 เม.ย. 2470") == date(1927, 4, 3)


@pytest.mark.parametrize("month", range(1, 13))
def test_every_name_of_a_month(month: int) -> None:
    names = (dates.MONTHS[month - 1], dates.SHORT_MONTHS[month - 1], dates.ENGLISH_MONTHS[month - 1])
    for name in names:
        assert parse(f"2 {name} 2564") == date(2021, month, 2)


@pytest.mark.parametrize(("text", "year"), [("2564", 2564), ("64", 2564), ("2021", 2564), ("๒๕๖๔", 2564)])
def test_typed_year(text: str, year: int) -> None:
    assert parse_year(text) == year


@pytest.mark.parametrize("text", ["", "2200", "564", "ปีนี้", "-64", "2564.0"])
def test_refused_year(text: str) -> None:
    with pytest.raises(DateRefused):
        parse_year(text)


@given(st.dates(date(1857, 4, 1), date(2057, 12, 31)))
def test_what_is_shown_is_read(day: date) -> None:
    assert parse(dates.medium(day)) == parse(dates.official(day)) == day
    if 2500 <= dates.buddhist_year(day) < 2600:
        assert parse(dates.short(day)) == day
    if day.year >= 1900:
        assert parse(dates.english(day)) == parse(day.isoformat()) == day


@given(st.datetimes(datetime(1941, 1, 2), datetime(2056, 1, 1)))
def test_moments_and_days_agree(moment: datetime) -> None:
    assert dates.short(moment) == dates.short((moment + timedelta(hours=7)).date())


@given(st.text())
def test_any_text_is_a_date_or_refused(text: str) -> None:
    with suppress(DateRefused):
        assert isinstance(parse(text), date)
