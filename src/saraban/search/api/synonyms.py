"""`/saraban/@synonyms`: words that mean the same, for the site administrator."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from saraban import _
from saraban.errors import Invalid
from saraban.ledger.connection import reader
from saraban.organisation.rest import ReadService, VerbService, batch, window
from saraban.search import synonyms
from saraban.search.api.known import Known
from saraban.search.tables import Synonym


def synonym_json(site: Any, row: Synonym) -> dict[str, Any]:
    """One line of the list."""
    return {"@id": f"{site.absolute_url()}/@synonyms/{row.id}", "id": row.id, "words": synonyms.split(row.words)}


class List(Known, ReadService):
    """`GET ?text=`: the lines, all or those in which a word stands."""

    def answer(self) -> Mapping[str, Any]:
        """A page of the list."""
        self.no_names()
        with reader(self.context) as session:
            rows = synonyms.listed(session, str(self.request.form.get("text", "")))
        start, size = window(self.request)
        items = [synonym_json(self.context, row) for row in rows[start : start + size]]
        return batch(self.request, f"{self.context.absolute_url()}/@synonyms", len(rows), items)


def _words(data: Mapping[str, Any]) -> list[Any]:
    words = data.get("words")
    if not isinstance(words, list):
        raise Invalid(fields={"words": _("error_list_asked", default="A list is asked for.")})
    return words


class Add(Known, VerbService):
    """`POST {"words": [word, word …]}`."""

    success = 201

    def run(self, data: dict[str, Any]) -> Mapping[str, Any]:
        """The new line."""
        self.no_names()
        return synonym_json(self.context, synonyms.add(self.context, _words(data)))


class Change(Known, VerbService):
    """`PATCH @synonyms/<id> {"words": […]}`."""

    below = "/{id}"

    def run(self, data: dict[str, Any]) -> Mapping[str, Any]:
        """The line as it is now."""
        return synonym_json(self.context, synonyms.change(self.context, self.number, _words(data)))


class Remove(Known, VerbService):
    """`DELETE @synonyms/<id>`."""

    below = "/{id}"

    def run(self, data: dict[str, Any]) -> None:
        """204."""
        synonyms.remove(self.context, self.number)
