"""`/agencies/<agency>/@clearances`: who is cleared, by which order."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from saraban.classification import operations
from saraban.classification.tables import Clearance
from saraban.ledger.clock import iso
from saraban.organisation.rest import ReadService, VerbService, batch, window


def clearance_json(row: Clearance) -> dict[str, Any]:
    """One clearance."""
    return {
        "id": row.id,
        "user": row.person,
        "level": row.level,
        "order_number": row.order_number,
        "order_date": row.order_date.isoformat(),
        "valid_from": row.valid_from.isoformat(),
        "valid_until": row.valid_until.isoformat() if row.valid_until else None,
        "given_by": row.given_by,
        "given_at": iso(row.given_at),
    }


class List(ReadService):
    """`GET`: for the head and the registrar of secret information."""

    def answer(self) -> Mapping[str, Any]:
        """In the order in which they were given."""
        rows = operations.in_agency(self.context)
        start, size = window(self.request)
        items = [clearance_json(row) for row in rows[start : start + size]]
        return batch(self.request, f"{self.context.absolute_url()}/@clearances", len(rows), items)


class Give(VerbService):
    """`POST {"user", "level", "order_number", "order_date", "valid_from", "valid_until"}`: by the head."""

    success = 201

    def run(self, data: dict[str, Any]) -> Mapping[str, Any]:
        """The clearance."""
        return clearance_json(operations.give(self.context, data))


class End(VerbService):
    """`POST /agencies/<agency>/@end-clearance {"id"}`: by the head."""

    def run(self, data: dict[str, Any]) -> Mapping[str, Any]:
        """The clearance, as it ended."""
        return clearance_json(operations.end(self.context, data.get("id")))
