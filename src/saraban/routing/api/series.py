"""`@series`, `@add-series`, `@change-series` on an agency: its number series (L24)."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from zope.i18n import translate

from saraban.ledger.connection import reader
from saraban.organisation.allow import VIEW, require
from saraban.organisation.rest import ReadService, VerbService
from saraban.routing import series
from saraban.routing.series import Series


def series_json(found: Series, request: Any) -> dict[str, Any]:
    """A series as REST shows it; an added one with its titles in both languages."""
    language = "en" if str(request.get("LANGUAGE") or "th").startswith("en") else "th"
    answer = {
        "id": found.name,
        "title": translate(found.title_in(language), context=request),
        "pattern": found.pattern.text,
        "kinds": list(found.kinds),
        "active": found.active,
        "added": found.added,
    }
    return {**answer, "title_th": found.title, "title_en": found.title_en} if found.added else answer


class AllSeries(ReadService):
    """`GET /agencies/<agency>/@series`: for the agency's people."""

    def answer(self) -> Any:
        """Those of the regulation first, then those that were added."""
        require(VIEW, self.context)
        with reader(self.context) as session:
            found = series.all_series(session, self.context.unit_id)
        items = [series_json(one, self.request) for one in found.values()]
        return {"@id": f"{self.context.absolute_url()}/@series", "items": items, "items_total": len(items)}


class AddSeries(VerbService):
    """`POST /agencies/<agency>/@add-series`."""

    success = 201

    def run(self, data: dict[str, Any]) -> Mapping[str, Any]:
        """The new series."""
        return series_json(series.add(self.context, data), self.request)


class ChangeSeries(VerbService):
    """`POST /agencies/<agency>/@change-series`."""

    def run(self, data: dict[str, Any]) -> Mapping[str, Any]:
        """The series as it is now."""
        return series_json(series.change(self.context, data), self.request)
