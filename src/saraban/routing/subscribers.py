"""What the way of letters does when something happens below it."""

from __future__ import annotations

from typing import Any

from plone.dexterity.utils import createContent

from saraban.letters.folders import place


def agency_added(agency: Any, event: object) -> None:
    """A new agency gets the place below which its deliveries have their addresses."""
    if agency._getOb("deliveries", None) is None:
        place(agency, createContent("Deliveries", title="Deliveries"), "deliveries")
