"""`@dispatch`, `@movement`, `@deliveries` on a letter; `@receive` on an agency."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from plone import api
from plone.uuid.interfaces import IUUID

from saraban import _
from saraban.errors import TEXT, Invalid
from saraban.ledger.connection import reader
from saraban.ledger.tables import RegisterEntry
from saraban.organisation import chart
from saraban.organisation.rest import ReadService, VerbService, batch, window
from saraban.routing import keepers, operations, queries, reception, sender
from saraban.routing.operations import Dispatched
from saraban.routing.serialize import address_of, letter_address, movement_json, sent_json
from saraban.routing.way import is_sender, way_of


def dispatched_json(made: Dispatched) -> dict[str, Any]:
    """Number, date, register entry and deliveries."""
    site_url = api.portal.get().absolute_url()
    return {
        "number": made.entry.number,
        "letter_date": made.entry.date.isoformat(),
        "entry": entry_address(made.entry),
        "deliveries": [{"@id": address_of(site_url, row), "unit": row.unit, "state": row.state} for row in made.deliveries],
    }


def entry_address(entry: RegisterEntry) -> dict[str, Any]:
    """Where a line stands: parameters of `@register-book`, and its number."""
    return {"book": entry.direction, "series": entry.series, "unit": entry.unit, "year": entry.year, "seq": entry.seq}


class Dispatch(VerbService):
    """`POST <letter>/@dispatch`: number and send (ส่ง)."""

    numbered = True

    def run(self, data: dict[str, Any]) -> Mapping[str, Any]:
        """Number, date, register entry and deliveries."""
        if data.get("via", "system") != "system":
            raise Invalid(
                fields={"via": _("error_field_choice", default="This must be one of: ${names}.", mapping={"names": "system"})}
            )
        wrong = [name for name in ("reservation", "series") if not isinstance(data.get(name, ""), str | None)]
        if wrong:
            raise Invalid(fields=dict.fromkeys(wrong, TEXT))
        made = operations.dispatch(self.context, data.get("recipients") or [], data.get("reservation"), data.get("series"))
        return dispatched_json(made)


class SendCopy(VerbService):
    """`POST <letter>/@send-copy`: further receivers under the same number."""

    def run(self, data: dict[str, Any]) -> Mapping[str, Any]:
        """As dispatch."""
        return dispatched_json(sender.send_copy(self.context, data.get("recipients") or []))


class Recall(VerbService):
    """`POST <letter>/@recall` (เรียกคืน)."""

    def run(self, data: dict[str, Any]) -> Mapping[str, Any]:
        """Which units lost it, and which keep it and why."""
        found = sender.recall(self.context, data)
        return {"recalled": found.recalled, "refused": [{"unit": unit, "reason": reason} for unit, reason in found.refused]}


class Cancel(VerbService):
    """`POST <letter>/@cancel`: the number stays in the register as cancelled (ยกเลิก)."""

    def run(self, data: dict[str, Any]) -> Mapping[str, Any]:
        """The line of the register."""
        entry = sender.cancel(self.context, data)
        return {"number": entry.number, "state": entry.state, "entry": entry_address(entry)}


class Movement(ReadService):
    """`GET <letter>/@movement`: the timeline, as far as the person may know it."""

    def answer(self) -> Mapping[str, Any]:
        """Oldest first; `unkept` are the holders with nobody to keep a secret letter, for its sender."""
        with reader(self.context) as session:
            way = way_of(session, self.context)
        letter = self.context
        unkept = keepers.unkept(way.deliveries, letter.secrecy, letter.agency) if is_sender(letter) else []
        return {
            "@id": f"{letter.absolute_url()}/@movement",
            "items": movement_json(way.steps),
            "items_total": len(way.steps),
            "unkept": [row.agency for row in unkept],
        }


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
            "entry": entry_address(made.entry),
            "duplicate_of": delivery["@id"] if made.again else None,
        }
