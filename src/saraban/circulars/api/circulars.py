"""Circulars by REST: make, read, acknowledge, see who read. Dispatch and the other verbs are a letter's."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from Acquisition import aq_parent
from plone import api
from plone.uuid.interfaces import IUUID

from saraban.circulars import operations, queries, reminders
from saraban.ledger.clock import iso
from saraban.ledger.connection import reader
from saraban.letters.api.letters import Draft as DraftLetter
from saraban.letters.api.letters import require_type
from saraban.letters.serialize import letter_json
from saraban.organisation.acting import current_person
from saraban.organisation.rest import ReadService, VerbService, batch, whole_number, window
from saraban.routing.queries import deliveries_of
from saraban.routing.serialize import letter_address


class Draft(DraftLetter):
    """`POST /agencies/<agency>/circulars`."""

    # As of a letter, no text of a secret one is kept for a key that comes again.

    def run(self, data: dict[str, Any]) -> Mapping[str, Any]:
        """The draft, at its address."""
        require_type(data, "Circular")
        circular = operations.draft(aq_parent(self.context), data)
        self.request.response.setHeader("Location", circular.absolute_url())
        return letter_json(circular)


class Open(VerbService):
    """`POST <circular>/@open`: the person read it; idempotent. The page does it by itself."""

    def run(self, data: dict[str, Any]) -> None:
        """204."""
        operations.open_circular(self.context)


class Acknowledge(VerbService):
    """`POST <circular>/@acknowledge` (รับทราบ); idempotent."""

    def run(self, data: dict[str, Any]) -> None:
        """204."""
        operations.acknowledge(self.context)


class Remind(VerbService):
    """`POST <circular>/@remind`: `{"to": "units" or "persons"}`; units by default."""

    def run(self, data: dict[str, Any]) -> Mapping[str, Any]:
        """How many persons were told."""
        return {"reminded": reminders.remind(self.context, data)}


class Received(ReadService):
    """`GET /@circulars?year=&issuer=`: what came to the person's agencies, unread first, with `unread` of what is asked for."""

    def answer(self) -> Mapping[str, Any]:
        """A batch."""
        start, size = window(self.request)
        year = whole_number(self.request, "year", 0, least=2400, most=2700) if self.request.form.get("year") else 0
        issuer = str(self.request.form.get("issuer", ""))
        person, site = current_person(), api.portal.get()
        site_url, site_path = site.absolute_url(), "/".join(site.getPhysicalPath())
        with reader(self.context) as session:
            page = queries.received(
                session, person, queries.agencies_of(person), year=year, issuer=issuer, start=start, size=size
            )
        items = [_line_json(site_url, site_path, line) for line in page.lines]
        return {**batch(self.request, f"{self.context.absolute_url()}/@circulars", page.total, items), "unread": page.unread}


def _line_json(site_url: str, site_path: str, line: queries.Line) -> dict[str, Any]:
    row = line.delivery
    return {
        "@id": letter_address(site_url, site_path, row),
        "@type": "Circular",
        "title": row.title,
        "number": row.number,
        "letter_date": row.letter_date.isoformat() if row.letter_date else None,
        "issuer": row.from_unit,
        "urgency": row.urgency,
        "secrecy": row.secrecy,
        "sent_at": iso(row.sent_at),
        "read": line.read,
        "acknowledged": line.acknowledged,
    }


class Readers(ReadService):
    """`GET <circular>/@readers`: for the sender, who got, opened, registered and acknowledged it."""

    def answer(self) -> Mapping[str, Any]:
        """In the order of sending."""
        operations.require_receipts(self.context)
        start, size = window(self.request)
        uid = IUUID(self.context)
        with reader(self.context) as session:
            rows = deliveries_of(session, uid)
            items = queries.readers(session, uid, rows, start, size)
        return batch(self.request, f"{self.context.absolute_url()}/@readers", len(rows), items)
