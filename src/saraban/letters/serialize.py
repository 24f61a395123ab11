"""A letter and its attachments as the JSON of `api.md`."""

from __future__ import annotations

from typing import Any

from plone.uuid.interfaces import IUUID

from saraban.ledger.clock import iso
from saraban.letters.content import Attachment, Letter
from saraban.letters.operations import state_of

PLAIN = (
    "kind", "title", "urgency", "secrecy", "secrecy_reason", "category", "owner_unit", "person_in_charge", "salutation",
    "to_text", "body", "closing", "signatory", "contact", "number", "sender", "sender_number", "publish",
)  # fmt: skip
TABLES = ("copies_to", "references", "enclosures")


def letter_json(letter: Letter) -> dict[str, Any]:
    """The whole letter; `number` and `letter_date` are null until dispatch gives them."""
    found: dict[str, Any] = {
        "@id": letter.absolute_url(),
        "@type": letter.portal_type,
        "UID": IUUID(letter),
        "id": letter.getId(),
        "state": state_of(letter),
        "review_state": state_of(letter),
        "agency": letter.agency,
        "author": letter.author,
        "created": letter.creation_date.ISO8601(),
        "modified": letter.modification_date.ISO8601(),
    }
    found.update({name: getattr(letter, name) for name in PLAIN})
    found.update({name: [dict(row) for row in getattr(letter, name)] for name in TABLES})
    found["number"] = letter.number or None
    found["version"] = letter.version
    found["via"] = letter.via or None
    found["letter_date"] = letter.letter_date.isoformat() if letter.letter_date else None
    found["due_date"] = letter.due_date.isoformat() if letter.due_date else None
    found["urgent_by"] = iso(letter.urgent_by)
    items = [attachment_json(one) for one in attachments_of(letter)]
    found["items"], found["items_total"] = items, len(items)
    return found


def attachments_of(letter: Letter) -> list[Attachment]:
    """The letter's files, in the order in which they were attached; not those that a correction took out."""
    return sorted(
        (one for one in letter.objectValues() if not one.superseded), key=lambda one: (one.creation_date, one.getId())
    )


def attachment_json(attachment: Attachment) -> dict[str, Any]:
    """One file: what it is, and where it is downloaded."""
    address = attachment.absolute_url()
    file = attachment.file
    return {
        "@id": address,
        "@type": attachment.portal_type,
        "UID": IUUID(attachment),
        "title": attachment.title,
        "sha256": attachment.sha256,
        "file": {
            "filename": file.filename,
            "content-type": file.contentType,
            "size": attachment.size,
            "download": f"{address}/@@download/file",
        },
    }
