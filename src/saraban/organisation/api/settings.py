"""`GET` and `PATCH /agencies/<agency>/@settings`, and of the whole city at `/agencies/@settings`."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date
from typing import Any

from saraban.ledger.connection import reader
from saraban.organisation import settings
from saraban.organisation.rest import ReadService, VerbService
from saraban.organisation.settings import Settings


def _days(days: Iterable[tuple[date, str]]) -> list[dict[str, str]]:
    return [{"date": day.isoformat(), "title": title} for day, title in days]


def settings_json(place: Any, found: Settings) -> dict[str, Any]:
    """The settings as REST shows them; of the city its holidays alone."""
    address = {"@id": f"{place.absolute_url()}/@settings"}
    if not hasattr(place, "unit_id"):
        return {**address, "holidays": _days(found.holidays)}
    return {
        **address,
        "due_days": found.due_days,
        "holidays": _days(found.holidays),
        "city_holidays": _days(found.city_holidays),
        "categories": list(found.categories),
        "ways": list(found.ways),
    }


class Get(ReadService):
    """For the agency's staff: their forms offer what stands here."""

    def answer(self) -> Mapping[str, Any]:
        """All settings."""
        with reader(self.context) as session:
            found = settings.settings_of(session, getattr(self.context, "unit_id", settings.CITY))
        return settings_json(self.context, found)


class Change(VerbService):
    """For the agency's administrator."""

    def run(self, data: dict[str, Any]) -> Mapping[str, Any]:
        """The settings as they now are."""
        return settings_json(self.context, settings.change(self.context, data))
