"""`GET /saraban/@suggest?text=`: what one may mean, while one types: letters that one may view, and units."""

from __future__ import annotations

from typing import Any

from saraban.ledger.connection import reader
from saraban.organisation.acting import current_person
from saraban.organisation.chart import search_units
from saraban.organisation.posts import posts_of
from saraban.organisation.rest import ReadService
from saraban.search import service, wanted
from saraban.search.api.find import address_of
from saraban.search.titles import language_of

MOST = 6
SHORTEST = 2


class Suggest(ReadService):
    """Suggestions; the same rights as a search."""

    def answer(self) -> Any:
        """Subjects, and units of the chart for those who work in one."""
        text = str(self.request.form.get("text", "")).strip()
        address = f"{self.context.absolute_url()}/@suggest"
        if len(text) < SHORTEST:
            return {"@id": address, "items": []}
        found = service.find(wanted.read({"text": text, "b_size": MOST}))
        items: list[dict[str, Any]] = []
        if not found.near:
            items = [
                {"type": "letter", "title": one.title, "number": one.number or None, "@id": address_of(self.context, one)}
                for one in found.hits
            ]
        return {"@id": address, "items": items + self._units(text)}

    def _units(self, text: str) -> list[dict[str, Any]]:
        if not posts_of(current_person()):
            return []
        with reader() as session:
            units = search_units(session, text[:200], size=MOST)[1]
        language = language_of(self.request)
        return [{"type": "unit", "title": unit.title(language), "value": unit.unit} for unit in units]
