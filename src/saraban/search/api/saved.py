"""`/saraban/@saved-searches`: the searches that the logged-in person keeps."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from saraban.errors import TEXT, Invalid
from saraban.ledger.clock import iso
from saraban.ledger.connection import reader
from saraban.organisation.acting import current_person
from saraban.organisation.rest import ReadService, VerbService, batch, window
from saraban.search import saved
from saraban.search.api.known import Known
from saraban.search.tables import SavedSearch


def saved_json(site: Any, row: SavedSearch) -> dict[str, Any]:
    """One search; `address` is the page that asks it."""
    return {
        "@id": f"{site.absolute_url()}/@saved-searches/{row.id}",
        "id": row.id,
        "name": row.name,
        "query": row.query,
        "address": f"{site.absolute_url()}/find?{row.query}",
        "created": iso(row.at),
    }


class List(Known, ReadService):
    """`GET`."""

    def answer(self) -> Mapping[str, Any]:
        """By name."""
        self.no_names()
        with reader(self.context) as session:
            rows = saved.mine(session, current_person())
        start, size = window(self.request)
        items = [saved_json(self.context, row) for row in rows[start : start + size]]
        return batch(self.request, f"{self.context.absolute_url()}/@saved-searches", len(rows), items)


def asked(data: Mapping[str, Any]) -> dict[str, Any]:
    """The parameters in a body's `query`, which is the part of an address behind the question mark. Raises Invalid."""
    query = data.get("query")
    if not isinstance(query, str):
        raise Invalid(fields={"query": TEXT})
    return saved.form_of(query.removeprefix("?"))


class Save(Known, VerbService):
    """`POST {"name", "query"}`."""

    success = 201

    def run(self, data: dict[str, Any]) -> Mapping[str, Any]:
        """The kept search."""
        self.no_names()
        name = data.get("name")
        return saved_json(self.context, saved.save(self.context, name if isinstance(name, str) else "", asked(data)))


class Delete(Known, VerbService):
    """`DELETE @saved-searches/<id>`."""

    below = "/{id}"

    def run(self, data: dict[str, Any]) -> None:
        """204."""
        saved.delete(self.context, self.number)
