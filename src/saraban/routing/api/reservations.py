"""`@reserve-number` and `@cancel-number` on an agency."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from saraban.organisation.rest import VerbService
from saraban.routing import reservations
from saraban.routing.api.letter import entry_address


class Reserve(VerbService):
    """`POST /agencies/<agency>/@reserve-number` (จองเลข)."""

    numbered = True

    def run(self, data: dict[str, Any]) -> Mapping[str, Any]:
        """The number and the key of the reservation."""
        made = reservations.reserve(self.context, data)
        return {
            "reservation": made.reservation.key,
            "number": made.entry.number,
            "date": made.entry.date.isoformat(),
            "expires": made.reservation.expires.isoformat(),
            "entry": entry_address(made.entry),
        }


class CancelNumber(VerbService):
    """`POST /agencies/<agency>/@cancel-number`."""

    def run(self, data: dict[str, Any]) -> Mapping[str, Any]:
        """The line as it stays in the register."""
        entry = reservations.cancel_number(self.context, data)
        return {"number": entry.number, "state": entry.state, "entry": entry_address(entry)}
