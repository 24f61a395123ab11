"""Idempotency keys: the same request again gets the same answer, whatever happened to the connection (E18)."""

from __future__ import annotations

import hashlib
import json
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import delete, select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from saraban.ledger import clock
from saraban.ledger.errors import IdempotencyKeyReused, LedgerBusy
from saraban.ledger.tables import IdempotencyKey

__all__ = ["Answer", "IdempotencyKeyReused", "answered", "fingerprint", "forget", "remember"]


@dataclass(frozen=True)
class Answer:
    """What was answered the first time."""

    status: int
    body: str
    """JSON."""


def fingerprint(method: str, path: str, body: bytes) -> str:
    """Tells one request from another, by what it says: a client that tries again may write the same JSON in other ways."""
    with suppress(ValueError, RecursionError):  # what is no JSON is refused by who reads it
        body = json.dumps(json.loads(body.strip() or b"{}"), sort_keys=True).encode()
    return hashlib.sha256(b"\0".join((method.encode(), path.encode(), body))).hexdigest()


def answered(session: Session, person: str, key: str, fingerprint: str) -> Answer | None:
    """The first answer to this key of this person, if there is one; another request with it is refused."""
    query = select(IdempotencyKey).where(IdempotencyKey.person == person, IdempotencyKey.key == key)
    row = session.execute(query).scalar_one_or_none()
    if row is None:
        return None
    if row.fingerprint != fingerprint:
        raise IdempotencyKeyReused
    return Answer(row.status, row.answer)


def remember(session: Session, person: str, key: str, fingerprint: str, status: int, body: str) -> None:
    """Keeps the answer, in the act's own transaction.

    Two of the same request at once: the second one fails here as LedgerBusy, is tried again by Zope, and then finds the
    first one's answer. Its own act is rolled back with it.
    """
    session.add(IdempotencyKey(person=person, key=key, fingerprint=fingerprint, status=status, answer=body, at=clock.now()))
    try:
        session.flush()
    except IntegrityError as error:
        raise LedgerBusy("the same request is being answered") from error


def forget(session: Session, before: datetime) -> int:
    """Deletes keys that are older than anybody's retry; how many."""
    return session.connection().execute(delete(IdempotencyKey).where(IdempotencyKey.at < before)).rowcount
