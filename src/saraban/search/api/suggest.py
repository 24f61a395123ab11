"""`GET /saraban/@suggest?text=`: what one may mean, while one types: letters that one may view, units, colleagues."""

from __future__ import annotations

from typing import Any

from saraban.ledger.clock import today
from saraban.ledger.connection import reader
from saraban.organisation.acting import current_person, person_name
from saraban.organisation.chart import search_units
from saraban.organisation.posts import posts_of
from saraban.organisation.rest import ReadService
from saraban.routing.browser.lists import colleagues
from saraban.search import service, wanted
from saraban.search.api.find import address_of
from saraban.search.titles import language_of
from saraban.search.typed import squeezed

MOST = 6
SHORTEST = 2


class Suggest(ReadService):
    """Suggestions; the same rights as a search."""

    def answer(self) -> Any:
        """Subjects; and, for those who work in a unit, units of the chart and persons of their own agencies."""
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
        return {"@id": address, "items": items + self._units(text) + self._persons(text)}

    def _units(self, text: str) -> list[dict[str, Any]]:
        if not posts_of(current_person()):
            return []
        with reader() as session:
            units = search_units(session, text[:200], size=MOST)[1]
        language = language_of(self.request)
        return [{"type": "unit", "title": unit.title(language), "value": unit.unit} for unit in units]

    def _persons(self, text: str) -> list[dict[str, Any]]:
        """Persons with a post in an agency in which one works oneself: whom one may give work to, and no others."""
        language, wanted = language_of(self.request), squeezed(text)
        agencies = dict.fromkeys(post.agency for post in posts_of(current_person()))
        if not wanted or not agencies:
            return []
        with reader() as session:
            known = {one.person: one for agency in agencies for one in colleagues(session, agency, today(), language)}
        found = []
        for one in known.values():
            name = person_name(one.person)
            if wanted in squeezed(name) or wanted in squeezed(one.post):
                found.append({"type": "person", "title": name, "post": one.post, "value": one.person})
                if len(found) == MOST:
                    break
        return found
