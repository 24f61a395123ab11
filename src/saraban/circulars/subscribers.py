"""What circulars do when something happens below them."""

from __future__ import annotations

from typing import Any

from saraban.letters.folders import make_letters


def agency_added(agency: Any, event: object) -> None:
    """A new agency gets its container of circulars."""
    make_letters(agency, "Circulars")
