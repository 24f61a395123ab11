"""The contract of `api.md`, seen from outside: the office of the routing tests, and the shapes that answers have."""

from __future__ import annotations

import re
from typing import Any

from tests.routing.conftest import office, refused

__all__ = ["office", "refused"]

MOMENT = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?[+-]\d\d:\d\d")
DAY = re.compile(r"(19|20|21)\d\d-\d\d-\d\d")
DELIVERY = {
    "@id", "@type", "state", "unit", "receive_number", "receive_year", "sent_at", "opened_at", "registered_at", "closed_at",
    "due_date", "follow_up", "letter",
}  # fmt: skip
LETTER_OF_DELIVERY = {"@id", "title", "number", "letter_date", "kind", "urgency", "secrecy", "sender"}


def is_moment(value: Any) -> bool:
    """An ISO time with its offset."""
    return isinstance(value, str) and MOMENT.fullmatch(value) is not None


def is_day(value: Any) -> bool:
    """An ISO date of the common era."""
    return isinstance(value, str) and DAY.fullmatch(value) is not None
