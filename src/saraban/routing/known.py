"""What tells the same letter again (E03): its sender, number and date."""

from __future__ import annotations

import hashlib
from datetime import date

from saraban.thai.folding import fold
from saraban.thai.numbers import normal


def known_by(sender: str, number: str, letter_date: date | None) -> str:
    """A digest of the three, however they are written; empty where not all are known."""
    if not (sender and number and letter_date):
        return ""
    return hashlib.sha256(f"{fold(sender)}\0{normal(number)}\0{letter_date.isoformat()}".encode()).hexdigest()[:64]
