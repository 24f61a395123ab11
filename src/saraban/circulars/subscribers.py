"""What circulars do when something happens below them."""

from __future__ import annotations

from typing import Any

from saraban.circulars.operations import open_circular, write_receipt
from saraban.letters.folders import make_letters
from saraban.letters.kinds import CIRCULAR
from saraban.organisation.allow import VIEW, may
from saraban.routing.events import DeliveryChanged, DeliveryLookedAt
from saraban.routing.tables import GONE


def agency_added(agency: Any, event: object) -> None:
    """A new agency gets its container of circulars."""
    make_letters(agency, "Circulars")


def delivery_changed(event: DeliveryChanged) -> None:
    """Whoever is the first to look at a circular where it came to a desk has read it, as on its own page."""
    if event.what == "opened" and event.delivery.kind == CIRCULAR.name:
        write_receipt(event.act, event.delivery)


def delivery_looked_at(event: DeliveryLookedAt) -> None:
    """And so has everybody who reads it there afterwards."""
    row = event.delivery.row
    if row.kind == CIRCULAR.name and row.state not in GONE and may(VIEW, circular := event.delivery.letter()):
        open_circular(circular)
