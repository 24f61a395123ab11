"""The Thai calendar: how a date is shown, and what a typed one means (`domain.md` 1.4, E24, E25).

Dates are kept as Gregorian, moments as UTC without zone; here they become Buddhist years and Bangkok's time. Until 1940
the Buddhist year began on 1 April: January to March of a year before 2484 lie one year later than the rule of 543 says.
"""

from __future__ import annotations

import re
from datetime import UTC, date, datetime
from zoneinfo import ZoneInfo

from saraban.thai.digits import to_arabic, to_thai
from saraban.thai.folding import fold

BANGKOK = ZoneInfo("Asia/Bangkok")
ERA = 543
FIRST_JANUARY_YEAR = 2484
"""The first Buddhist year that began on 1 January."""
BUDDHIST = range(2400, 2601)
CHRISTIAN = range(1900, 2101)

MONTHS = (
    "มกราคม",
    "กุมภาพันธ์",
    "มีนาคม",
    "เมษายน",
    "พฤษภาคม",
    "มิถุนายน",
    "กรกฎาคม",
    "สิงหาคม",
    "กันยายน",
    "ตุลาคม",
    "พฤศจิกายน",
    "ธันวาคม",
)
SHORT_MONTHS = ("ม.ค.", "ก.พ.", "มี.ค.", "เม.ย.", "พ.ค.", "มิ.ย.", "ก.ค.", "ส.ค.", "ก.ย.", "ต.ค.", "พ.ย.", "ธ.ค.")
ENGLISH_MONTHS = (
    "January",
    "February",
    "March",
    "April",
    "May",
    "June",
    "July",
    "August",
    "September",
    "October",
    "November",
    "December",
)

EMPTY = "empty"
UNREADABLE = "unreadable"
NO_YEAR = "no-year"
AMBIGUOUS_YEAR = "ambiguous-year"
NO_SUCH_DATE = "no-such-date"
REASONS = (EMPTY, UNREADABLE, NO_YEAR, AMBIGUOUS_YEAR, NO_SUCH_DATE)


class DateRefused(ValueError):
    """What was typed is not a date, or may be two; `reason` is one of `REASONS`."""

    def __init__(self, reason: str, text: str) -> None:
        self.reason = reason
        self.text = text
        super().__init__(f"{reason}: {text!r}")


def bangkok(moment: datetime) -> datetime:
    """The moment on Bangkok's clock; without a zone it is UTC, as kept in the ledger."""
    if moment.tzinfo is None:
        moment = moment.replace(tzinfo=UTC)
    return moment.astimezone(BANGKOK)


def day_of(value: date | datetime) -> date:
    """The day in Bangkok."""
    return bangkok(value).date() if isinstance(value, datetime) else value


def buddhist_year(value: date | datetime) -> int:
    """The Buddhist year of a day."""
    day = day_of(value)
    year = day.year + ERA
    return year - 1 if year < FIRST_JANUARY_YEAR and day.month < 4 else year


def fiscal_year(value: date | datetime) -> int:
    """The Buddhist fiscal year of a day: it begins on 1 October of the year before."""
    day = day_of(value)
    return day.year + ERA + (1 if day.month >= 10 else 0)


def short(value: date | datetime, thai_digits: bool = False) -> str:
    """For tables and lists: 9 เม.ย. 64."""
    day = day_of(value)
    return _digits(f"{day.day} {SHORT_MONTHS[day.month - 1]} {buddhist_year(day) % 100:02}", thai_digits)


def medium(value: date | datetime, thai_digits: bool = False) -> str:
    """For running text: 9 เมษายน 2564."""
    day = day_of(value)
    return _digits(f"{day.day} {MONTHS[day.month - 1]} {buddhist_year(day)}", thai_digits)


def official(value: date | datetime, thai_digits: bool = True) -> str:
    """As on an official letter: ๙ เมษายน ๒๕๖๔."""
    return medium(value, thai_digits)


def english(value: date | datetime) -> str:
    """For readers of English: 9 Apr 2021."""
    day = day_of(value)
    return f"{day.day} {ENGLISH_MONTHS[day.month - 1][:3]} {day.year}"


def time(moment: datetime, thai_digits: bool = False) -> str:
    """A time of day in Bangkok: 09.30 น."""
    return _digits(f"{bangkok(moment):%H.%M} น.", thai_digits)


def english_time(moment: datetime) -> str:
    """A time of day in Bangkok for readers of English: 09:30."""
    return f"{bangkok(moment):%H:%M}"


def _digits(text: str, thai: bool) -> str:
    return to_thai(text) if thai else text


def _month_names() -> dict[str, int]:
    names: dict[str, int] = {}
    for months in (MONTHS, SHORT_MONTHS, ENGLISH_MONTHS, tuple(name[:3] for name in ENGLISH_MONTHS)):
        for number, name in enumerate(months, 1):
            names[fold(name).replace(".", "")] = number
    # Said and written without the ending as often as with it.
    names.update({name[:-2]: number for name, number in list(names.items()) if name.endswith(("าคม", "ายน"))})
    names["กุมภา"] = 2
    names["sept"] = 9
    return names


_MONTHS_BY_NAME = _month_names()
LONGEST = 100
"""Characters of a typed date; the patterns below would look for one in a long text in very many ways."""
_LEAD = re.compile(r"^(?:ลงวันที่|วันที่|ลง\s|ที่\s)\s*")
_YEAR_FIRST = re.compile(r"(\d{4})([-/])(\d{1,2})\2(\d{1,2})")
_FIGURES = re.compile(r"(\d{1,2})([/.\-\s])\s*(\d{1,2})\2\s*(\d+)")
_WORDS = re.compile(r"(\d{1,2})\s*(?:เดือน\s*)?([^\d\s][^\d]*?)\s*(พศ|คศ|be|ce|ad)?\s*(\d+)?")
_ENGLISH_WORDS = re.compile(r"([a-z]+)\s*(\d{1,2})(?:\s*,\s*|\s+)(\d+)")
_ERAS = {"พศ": BUDDHIST, "be": BUDDHIST, "คศ": CHRISTIAN, "ce": CHRISTIAN, "ad": CHRISTIAN}


def parse(text: str) -> date:
    """The day that was typed: 9 เม.ย. 64, ๙ เมษายน ๒๕๖๔, 9/4/2564, 9 Apr 2021, 2021-04-09.

    Day before month, as Thailand writes. Raises `DateRefused`.
    """
    if len(text) > LONGEST:
        raise DateRefused(UNREADABLE, text[:LONGEST])
    typed = fold(text)
    tidy = _LEAD.sub("", typed).strip()
    if not tidy:
        raise DateRefused(EMPTY, text)
    if found := _YEAR_FIRST.fullmatch(tidy):
        return _day(found[1], int(found[3]), int(found[4]), text)
    if found := _FIGURES.fullmatch(tidy):
        return _day(found[4], int(found[3]), int(found[1]), text)
    plain = tidy.replace(".", "")
    if (found := _WORDS.fullmatch(plain)) and (month := _MONTHS_BY_NAME.get(found[2])):
        if found[4] is None:
            raise DateRefused(NO_YEAR, text)
        return _day(found[4], month, int(found[1]), text, found[3] or "", latin=found[2].isascii())
    if (found := _ENGLISH_WORDS.fullmatch(plain)) and (month := _MONTHS_BY_NAME.get(found[1])):
        return _day(found[3], month, int(found[2]), text, latin=True)
    raise DateRefused(NO_YEAR if re.fullmatch(r"\d{1,2}[/.\-]\d{1,2}", tidy) else UNREADABLE, text)


def parse_year(text: str) -> int:
    """The Buddhist year that was typed: 2564, 64 and 2021 are all 2564. Raises `DateRefused`."""
    tidy = to_arabic(text[: LONGEST + 1]).strip()
    if not tidy:
        raise DateRefused(EMPTY, text)
    if len(tidy) > LONGEST or not re.fullmatch(r"[0-9]+", tidy):
        raise DateRefused(UNREADABLE, text[:LONGEST])
    year, era = _year(tidy, text)
    return year if era is BUDDHIST else year + ERA


def _year(digits: str, text: str, era: str = "", latin: bool = False) -> tuple[int, range]:
    """The year as typed, and its era."""
    year = int(digits)
    asked = _ERAS.get(era)
    # 64 is 2564 for everybody here; beside an English month, or said to be Christian, nobody knows.
    if len(digits) == 2 and not latin and asked is not CHRISTIAN:
        return 2500 + year, BUDDHIST
    if len(digits) == 4:
        for known in (BUDDHIST, CHRISTIAN):
            if year in known and asked in (None, known):
                return year, known
    raise DateRefused(AMBIGUOUS_YEAR, text)


def _day(digits: str, month: int, day: int, text: str, era: str = "", latin: bool = False) -> date:
    year, known = _year(digits, text, era, latin)
    christian = year - ERA if known is BUDDHIST else year
    if known is BUDDHIST and year < FIRST_JANUARY_YEAR and month < 4:
        # The year 2483 had nine months.
        if year == FIRST_JANUARY_YEAR - 1:
            raise DateRefused(NO_SUCH_DATE, text)
        christian += 1
    try:
        return date(christian, month, day)
    except ValueError:
        raise DateRefused(NO_SUCH_DATE, text) from None
