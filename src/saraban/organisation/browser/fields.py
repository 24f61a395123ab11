"""How typed fields are read."""

from __future__ import annotations

from datetime import date
from typing import Any

from saraban import _
from saraban.errors import Invalid
from saraban.thai import dates


def text(request: Any, name: str, default: str = "") -> str:
    """A line of text."""
    found = request.form.get(name, default)
    return found.strip() if isinstance(found, str) else default


def day(request: Any, name: str) -> date | None:
    """A date as people type it, in either era; None where nothing was typed."""
    typed = text(request, name)
    if not typed:
        return None
    try:
        return dates.parse(typed)
    except ValueError:
        reason = _("error_date_typed", default="This is not a date. Write for instance 9 Apr 2021 or 9/4/2564.")
        raise Invalid(fields={name: reason}) from None


def number(request: Any, name: str) -> int:
    """The number in a hidden field."""
    typed = text(request, name)
    if not typed.isascii() or not typed.isdecimal() or len(typed) > 18:
        raise Invalid(fields={name: _("error_appointment_id", default="The id of an appointment is asked for.")})
    return int(typed)
