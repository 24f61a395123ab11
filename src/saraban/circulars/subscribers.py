"""What circulars do when something happens below them."""

from __future__ import annotations

from typing import Any

from saraban.circulars.operations import write_receipt
from saraban.letters.folders import make_letters
from saraban.letters.kinds import CIRCULAR
from saraban.routing.events import DeliveryChanged


def agency_added(agency: Any, event: object) -> None:
    """A new agency gets its container of circulars."""
    make_letters(agency, "Circulars")


def delivery_changed(event: DeliveryChanged) -> None:
    """Whoever is the first to look at a circular where it came to a desk has read it, as on its own page."""
    if event.what == "opened" and event.delivery.kind == CIRCULAR.name:
        write_receipt(event.act, event.delivery)
