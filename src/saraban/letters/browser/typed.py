"""What people type into forms, made ready for the one parser (`letters.fields`): Thai dates, whole numbers (E24, E25)."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from typing import Any

from saraban import _
from saraban.errors import REQUIRED
from saraban.thai import dates
from saraban.thai.digits import to_arabic

REASONS: dict[str, str] = {
    dates.EMPTY: REQUIRED,
    dates.UNREADABLE: _("date_unreadable", default="This is not a date. Write it for example as 9 เม.ย. 64 or 9/4/2564."),
    dates.NO_YEAR: _("date_no_year", default="The year is missing. Write for example 9 เม.ย. 64."),
    dates.AMBIGUOUS_YEAR: _(
        "date_ambiguous", default="It is not clear which year is meant. Write it in full, for example 2564."
    ),
    dates.NO_SUCH_DATE: _("date_no_such", default="There is no such day in the calendar."),
}
"""Why a typed date is refused, as a sentence."""


END_OF_WORK = "16:30"
"""When offices close (regulation on office hours)."""
_TIME = re.compile(r"([01]?\d|2[0-3])[.:]([0-5]\d)")


class Typed:
    """Collects what was typed, and what of it cannot be read."""

    def __init__(self, form: Mapping[str, Any]) -> None:
        self.form = form
        self.data: dict[str, Any] = {}
        self.errors: dict[str, str] = {}

    def text(self, name: str) -> str:
        """A text as typed; empty where the form has none."""
        value = self.form.get(name, "")
        return value if isinstance(value, str) else ""

    def texts(self, *names: str) -> None:
        """Takes texts that the form has."""
        for name in names:
            if isinstance(self.form.get(name), str):
                self.data[name] = self.form[name]

    def day(self, name: str) -> None:
        """Takes a date as people write it; an empty one is None."""
        self._take(name, iso_day)

    def whole(self, name: str) -> None:
        """Takes a whole number in either kind of digits; an empty one is None."""
        self._take(name, whole_number)

    def moment(self, name: str) -> None:
        """Takes a date with the time in the field `<name>_time`; a date alone means the end of that working day."""
        if name not in self.form:
            return
        try:
            day = iso_day(self.text(name))
        except TypedError as refusal:
            self.errors[name] = refusal.message
            return
        try:
            clock = clock_time(self.text(f"{name}_time"))
        except TypedError as refusal:
            self.errors[f"{name}_time"] = refusal.message
            return
        if clock and not day:
            self.errors[name] = REASONS[dates.EMPTY]
        self.data[name] = f"{day}T{clock or END_OF_WORK}" if day else None

    def _take(self, name: str, read: Callable[[str], Any]) -> None:
        if name not in self.form:
            return
        try:
            self.data[name] = read(self.text(name))
        except TypedError as refusal:
            self.errors[name] = refusal.message


class TypedError(ValueError):
    """What was typed cannot be read; `message` says why."""

    def __init__(self, message: str) -> None:
        self.message = message
        super().__init__(str(message))


def iso_day(text: str) -> str | None:
    """The typed day as an ISO date, None for nothing. Raises TypedError."""
    if not text.strip():
        return None
    try:
        return dates.parse(text).isoformat()
    except dates.DateRefused as refusal:
        raise TypedError(REASONS[refusal.reason]) from None


def clock_time(text: str) -> str:
    """A time of day as ISO, from 9.30, 09:30, ๙.๓๐ น.; empty for nothing. Raises TypedError."""
    plain = to_arabic(text).strip().removesuffix("น.").strip()
    if not plain:
        return ""
    found = _TIME.fullmatch(plain)
    if found is None:
        raise TypedError(_("error_clock_time", default="Write the time for example as 09.30."))
    return f"{int(found[1]):02}:{found[2]}"


def whole_number(text: str) -> int | None:
    """The typed whole number, None for nothing. Raises TypedError."""
    plain = to_arabic(text).strip()
    if not plain:
        return None
    if not (plain.isascii() and plain.isdigit() and len(plain) < 10):
        raise TypedError(_("error_whole_number", default="Write a whole number."))
    return int(plain)
