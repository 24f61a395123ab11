"""`GET /saraban/@audit`: the audit trail of all agencies, for who may read it."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any
from urllib.parse import urlencode

from saraban.ledger import trail
from saraban.ledger.clock import iso
from saraban.ledger.connection import reader
from saraban.organisation.api.appointments import day_of
from saraban.organisation.rest import PAGE, ReadService, switch, whole_number

MOST = 200


class Audit(ReadService):
    """The newest first; `next` leads to the older ones, null on the last page. There is no total: the trail only grows."""

    def answer(self) -> Mapping[str, Any]:
        """Rows that are asked for."""
        asked = self.request.form
        wanted = trail.Wanted(
            **{name: str(asked.get(name, "")).strip() for name in ("person", "unit", "act", "uid")},
            refused=bool(switch(self.request, "refused")),
            since=day_of(asked, "from"),
            until=day_of(asked, "to"),
        )
        before = whole_number(self.request, "before", 0, most=2**62)
        size = whole_number(self.request, "b_size", PAGE, least=1, most=MOST)
        with reader(self.context) as session:
            rows = trail.read(session, wanted, before=before or None, size=size + 1)
        address = f"{self.context.absolute_url()}/@audit"
        kept = {name: value for name, value in asked.items() if isinstance(value, str) and name != "before"}
        older = {**kept, "before": rows[size - 1].id} if len(rows) > size else None
        items = [
            {
                "id": row.id,
                "at": iso(row.at),
                "actor": {"id": row.person, "post": row.post, "unit": row.unit},
                "act": row.act,
                "uid": row.uid,
                "outcome": row.outcome,
                "address": row.address,
                "detail": json.loads(row.detail) if row.detail else {},
            }
            for row in rows[:size]
        ]
        return {"@id": address, "items": items, "next": f"{address}?{urlencode(older)}" if older else None}
