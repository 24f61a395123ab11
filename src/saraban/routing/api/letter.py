"""`@dispatch`, `@movement`, `@deliveries` on a letter; `@receive` on an agency."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from plone import api
from plone.uuid.interfaces import IUUID

from saraban import _
from saraban.errors import Invalid
from saraban.ledger.connection import reader
from saraban.organisation import chart
from saraban.organisation.rest import ReadService, VerbService, batch, window
from saraban.routing import operations, queries, reception
from saraban.routing.serialize import address_of, letter_address, movement_json, sent_json


class Dispatch(VerbService):
    """`POST <letter>/@dispatch`: number and send."""

    numbered = True

    def run(self, data: dict[str, Any]) -> Mapping[str, Any]:
        """Answers number, date, register entry and deliveries."""
        if data.get("via", "system") != "system":
            raise Invalid(
                fields={"via": _("error_field_choice", default="This must be one of: ${names}.", mapping={"names": "system"})}
            )
        made = operations.dispatch(self.context, data.get("recipients") or [])
        site_url = api.portal.get().absolute_url()
        return {
            "number": made.entry.number,
            "letter_date": made.entry.date.isoformat(),
            "entry": {"book": "send", "series": made.entry.series, "year": made.entry.year, "seq": made.entry.seq},
            "deliveries": [{"@id": address_of(site_url, row), "unit": row.unit, "state": row.state} for row in made.deliveries],
        }


class Movement(ReadService):
    """`GET <letter>/@movement`: the timeline."""

    def answer(self) -> Mapping[str, Any]:
        """Oldest first."""
        with reader(self.context) as session:
            steps = queries.steps_of(session, IUUID(self.context))
        return {"@id": f"{self.context.absolute_url()}/@movement", "items": movement_json(steps), "items_total": len(steps)}


class Deliveries(ReadService):
    """`GET <letter>/@deliveries`: every receiving unit and its state, for the sender."""

    def answer(self) -> Mapping[str, Any]:
        """In the order of sending."""
        start, size = window(self.request)
        with reader(self.context) as session:
            rows = queries.deliveries_of(session, IUUID(self.context))
        shown = rows[start : start + size]
        items = sent_json(api.portal.get(), shown, chart.units([row.unit for row in shown]))
        return batch(self.request, f"{self.context.absolute_url()}/@deliveries", len(rows), items)


class Receive(VerbService):
    """`POST /agencies/<agency>/@receive`: a letter from outside."""

    numbered = True

    def run(self, data: dict[str, Any]) -> Mapping[str, Any]:
        """201 for a new letter; 200 with the first entry for one that is known."""
        made = reception.receive(self.context, data)
        if not made.again:
            self.request.response.setStatus(201)
        site = api.portal.get()
        site_url, site_path = site.absolute_url(), "/".join(site.getPhysicalPath())
        delivery = {"@id": address_of(site_url, made.delivery)}
        return {
            "letter": {"@id": letter_address(site_url, site_path, made.delivery)},
            "delivery": delivery,
            "entry": {"book": "receive", "series": made.entry.series, "year": made.entry.year, "seq": made.entry.seq},
            "duplicate_of": delivery["@id"] if made.again else None,
        }
