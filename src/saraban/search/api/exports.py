"""`/saraban/@exports`: lists of results as XLSX, made in the background for the person who asks."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from saraban.ledger.clock import iso
from saraban.ledger.connection import reader
from saraban.organisation.acting import current_person
from saraban.organisation.rest import ReadService, VerbService, batch, window
from saraban.search import exports
from saraban.search.api.known import Known
from saraban.search.api.saved import asked
from saraban.search.tables import Export
from saraban.search.titles import language_of


def export_json(site: Any, row: Export) -> dict[str, Any]:
    """One list; `file` is where it is fetched, once there is one."""
    address = f"{site.absolute_url()}/@exports/{row.key}"
    return {
        "@id": address,
        "state": row.state,
        "query": row.query,
        "written": row.written,
        "total": row.total,
        "found": row.found,
        "size": row.size,
        "asked_at": iso(row.asked_at),
        "done_at": iso(row.done_at) if row.done_at else None,
        "kept_until": iso(row.asked_at + exports.KEPT),
        "file": f"{site.absolute_url()}/find-export?key={row.key}" if row.state == exports.DONE else None,
    }


class Get(Known, ReadService):
    """`GET`: the person's lists, newest first; `GET @exports/<key>` is one of them."""

    def answer(self) -> Mapping[str, Any]:
        """A page of them, or one."""
        person = current_person()
        with reader(self.context) as session:
            if self.names:
                return export_json(self.context, exports.one(session, person, self.name))
            rows = exports.mine(session, person)
        start, size = window(self.request)
        items = [export_json(self.context, row) for row in rows[start : start + size]]
        return batch(self.request, f"{self.context.absolute_url()}/@exports", len(rows), items)


class Order(Known, VerbService):
    """`POST {"query"}`: begins one."""

    success = 202

    def run(self, data: dict[str, Any]) -> Mapping[str, Any]:
        """The list, as it waits."""
        self.no_names()
        return export_json(self.context, exports.order(self.context, asked(data), language_of(self.request)))


class Remove(Known, VerbService):
    """`DELETE @exports/<key>`."""

    below = "/{key}"

    def run(self, data: dict[str, Any]) -> None:
        """204."""
        exports.remove(self.context, self.name)
