"""What is signed: the whole letter as it is on that day, in one digest, so that a later change shows (E31)."""

from __future__ import annotations

import hashlib
import json
from datetime import date
from typing import Any

from saraban.letters.serialize import attachments_of

FIELDS = (
    "kind", "title", "urgency", "urgent_by", "category", "owner_unit", "person_in_charge", "salutation", "to_text", "body",
    "closing", "signatory", "contact", "due_date",
)  # fmt: skip
"""Not the level of secrecy, which others may change later for their own reasons (E30), nor what dispatch gives."""
TABLES = ("references", "enclosures", "copies_to")


def content_of(letter: Any) -> str:
    """The letter in one canonical text: JSON with sorted names; of a file its title and its own digest."""
    found: dict[str, Any] = {name: _plain(getattr(letter, name)) for name in FIELDS}
    for name in TABLES:
        found[name] = [{key: _plain(value) for key, value in row.items()} for row in getattr(letter, name)]
    found["files"] = [{"title": one.title, "sha256": one.sha256, "size": one.size} for one in attachments_of(letter)]
    return json.dumps(found, sort_keys=True, ensure_ascii=False, separators=(",", ":"))


def digest_of(letter: Any) -> str:
    """SHA-256 of it, in hexadecimal figures."""
    return hashlib.sha256(content_of(letter).encode()).hexdigest()


def _plain(value: Any) -> Any:
    return value.isoformat() if isinstance(value, date) else value
