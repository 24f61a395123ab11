"""Rows of the ledger about secret letters: how their texts are sealed, covered and opened.

A row of a delivery or register shows the cover `(ลับ)` where its texts would stand, and keeps them sealed beside it: who
forgets to open shows nothing. Notes, instructions and results are sealed in their own columns.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from sqlalchemy import inspect
from sqlalchemy.orm import Session

from saraban.classification import vault
from saraban.classification.levels import COVER, NORMAL
from saraban.ledger.tables import RegisterEntry
from saraban.routing.tables import Assignment, Delivery, DeliveryStep

DELIVERY_TEXTS = ("title", "sender")
ENTRY_TEXTS = ("sender", "addressee", "subject", "action")
OPEN_ENTRY_TEXTS = (*ENTRY_TEXTS, "remark")
"""Of a line that lay open until the letter was raised: people wrote the remark too, of a secret letter the system does."""


def cover_values(session: Session, uid: str, secrecy: str, values: dict[str, str]) -> dict[str, Any]:
    """The columns of a row with these texts: as they are, or covered and sealed."""
    if secrecy == NORMAL:
        return dict(values)
    return {**dict.fromkeys(values, COVER), "sealed": vault.seal(session, uid, values)}


def cover_entry(session: Session, entry: RegisterEntry, names: Iterable[str] = ENTRY_TEXTS) -> None:
    """Seals a line of a register about a secret letter; a line that is sealed already gets what it was given since."""
    uid = entry.document_uid or ""
    before = texts_of_entry(entry) if entry.sealed else {}
    now = {name: getattr(entry, name) or "" for name in dict.fromkeys((*names, *before))}
    texts = {name: before.get(name, "") if text == COVER else text for name, text in now.items()}
    entry.sealed = vault.seal(session, uid, texts)
    for name, text in texts.items():
        setattr(entry, name, COVER if text else "")


def texts_of_entry(entry: RegisterEntry) -> dict[str, str]:
    """What a covered line says."""
    found = vault.opened(entry.document_uid or "", entry.sealed)
    return found if isinstance(found, dict) else {}


def texts_of(row: Delivery) -> dict[str, str]:
    """Title and sender of a delivery, for who may see it."""
    found = vault.opened(row.letter_uid, row.sealed) if row.sealed else None
    return found if isinstance(found, dict) else {"title": row.title, "sender": row.sender}


def detach(row: Any) -> None:
    """Takes a row out of its session: what is opened in it is never written back."""
    session = inspect(row).session
    if session is not None:
        session.flush()
        session.expunge(row)


def open_delivery_row(row: Delivery) -> Delivery:
    """The row with its texts readable, for who may see it. Not for rows that are still to be changed."""
    if row.secrecy != NORMAL:
        texts, result = texts_of(row), vault.opened(row.letter_uid, row.result)
        detach(row)
        row.title, row.sender, row.result = texts["title"], texts["sender"], result
    return row


def open_entries(entries: Iterable[RegisterEntry], levels: dict[str, str], cleared: Iterable[str]) -> None:
    """Makes the lines readable whose letters are of levels that the person is cleared for; the others stay covered."""
    allowed = set(cleared)
    for entry in entries:
        if entry.sealed and levels.get(entry.document_uid or "") in allowed:
            texts = texts_of_entry(entry)
            detach(entry)
            for name, text in texts.items():
                setattr(entry, name, text)


def open_steps(steps: Iterable[DeliveryStep]) -> None:
    """Makes the notes of a letter's movement readable, for who may see the letter."""
    for step in steps:
        if vault.is_sealed(step.note):
            note = vault.opened(step.letter_uid, step.note)
            detach(step)
            step.note = note


def open_assignments(uid: str, given: Iterable[Assignment]) -> None:
    """Makes the instructions readable, for who may see the delivery."""
    for one in given:
        if vault.is_sealed(one.instruction):
            instruction = vault.opened(uid, one.instruction)
            detach(one)
            one.instruction = instruction
