"""The audit trail: every act, refusal and attempt is a row; the worker seals the rows into a hash chain.

No act waits for another's row: a row is only inserted, and sealed in the order of ids a moment later. The tables are
append-only by trigger, and the chain bears a key that is not in the database (`sealkey`). `verify` finds the first row that was
changed, removed, inserted or swapped nevertheless.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import exists, func, insert, select
from sqlalchemy.orm import Session

from saraban.ledger import clock, leases, sealkey
from saraban.ledger.actor import Actor
from saraban.ledger.connection import alone, reader
from saraban.ledger.sealkey import SealKey
from saraban.ledger.tables import AuditRow, AuditSeal

DONE = "done"
LEASE = "audit-seal"
"""Its holder keeps the end of the chain, so that a chain that was cut off at the end is noticed."""
LATE = timedelta(minutes=2)
"""An act may commit after acts with higher ids are sealed; its row is then sealed late, but not later than this."""
PAGE = 1000
_START = "0" * 64
_PLAIN = (str, int, bool, type(None))
_LONGEST = 200
_INSERT = insert(AuditRow.metadata.tables[AuditRow.__tablename__])


@dataclass(frozen=True)
class Verdict:
    """What `verify` found."""

    ok: bool
    sealed: int
    """How many rows are sealed."""
    sealed_to: int
    """Id of the audit row that the chain's last link seals; up to the first bad one if there is one."""
    sealed_at: datetime | None
    first_bad: int | None
    """Id of the first row that is not as it was sealed."""
    reason: str
    """`changed`, `removed`, `inserted`, `swapped`, `seal-missing`, `cut-off`; empty if all is well."""


def _checked(value: Any) -> Any:
    if isinstance(value, (list, tuple)):
        return [_checked(item) for item in value]
    if not isinstance(value, _PLAIN) or (isinstance(value, str) and len(value) > _LONGEST):
        raise TypeError(f"The audit trail keeps identifiers and numbers, not {type(value).__name__}.")
    return value


def append(
    session: Session, *, actor: Actor, act: str, uid: str, outcome: str, at: datetime, detail: Mapping[str, Any] | None = None
) -> None:
    """Adds a row to the running transaction. `detail`: identifiers and numbers only, never a subject of a letter."""
    plain = {name: _checked(value) for name, value in (detail or {}).items()}
    session.execute(
        _INSERT,
        {
            "at": at,
            "person": actor.person,
            "post": actor.post,
            "unit": actor.unit,
            "act": act,
            "uid": uid,
            "address": actor.address,
            "outcome": outcome,
            "detail": json.dumps(plain, sort_keys=True, ensure_ascii=False) if plain else "",
        },
    )


def refused(
    actor: Actor, act: str, uid: str, outcome: str, detail: Mapping[str, Any] | None = None, context: Any = None
) -> None:
    """Keeps a refusal, in a transaction of its own: call it after the act's transaction is aborted."""
    with alone(context) as session:
        append(session, actor=actor, act=act, uid=uid, outcome=outcome, at=clock.now(), detail=detail)


def canonical(row: AuditRow, as_id: int | None = None) -> str:
    """The row as it is hashed: JSON with sorted names, times to the microsecond."""
    content = {
        "id": row.id if as_id is None else as_id,
        "at": row.at.isoformat(timespec="microseconds"),
        "person": row.person,
        "post": row.post,
        "unit": row.unit,
        "act": row.act,
        "uid": row.uid,
        "address": row.address,
        "outcome": row.outcome,
        "detail": row.detail,
    }
    return json.dumps(content, sort_keys=True, ensure_ascii=False, separators=(",", ":"))


def _last_seal(session: Session) -> AuditSeal | None:
    return session.execute(select(AuditSeal).order_by(AuditSeal.position.desc()).limit(1)).scalar_one_or_none()


def _first_open_id(session: Session, last: AuditSeal) -> int:
    """Rows below this id were sealed, or were not there, long before the chain's end: nothing belongs there any more."""
    closed = (
        select(AuditSeal.audit_id)
        .where(AuditSeal.sealed_at < last.sealed_at - LATE)
        .order_by(AuditSeal.audit_id.desc())
        .limit(1)
    )
    return (session.execute(closed).scalar() or 0) + 1


def _unsealed(session: Session, last: AuditSeal | None, limit: int) -> list[AuditRow]:
    query = select(AuditRow).order_by(AuditRow.id).limit(limit)
    if last is not None:
        query = query.where(AuditRow.id >= _first_open_id(session, last), ~exists().where(AuditSeal.audit_id == AuditRow.id))
    return list(session.execute(query).scalars())


def seal(context: Any = None, limit: int = PAGE) -> int:
    """Seals rows that are not sealed yet, at most `limit`; how many. One process at a time: the others wait.

    Raises SealKeyMissing.
    """
    key = sealkey.load()
    with reader(context) as session:  # so that an idle system does not lock SQLite's file every second
        if not _unsealed(session, _last_seal(session), 1):
            return 0
    with alone(context) as session:
        lease = leases.locked(session, LEASE)
        last = _last_seal(session)
        position, digest = (last.position, last.digest) if last is not None else (0, _START)
        at = clock.now()
        seals = []
        for row in _unsealed(session, last, limit):
            position, digest = position + 1, key.link(position + 1, digest, canonical(row))
            seals.append({"position": position, "audit_id": row.id, "digest": digest, "sealed_at": at})
        if seals:
            session.execute(insert(AuditSeal), seals)
            lease.holder, lease.until = f"{position}:{digest}:{key.end(position, digest)}", at
    return len(seals)


def _sealed_rows(session: Session) -> Iterator[tuple[AuditSeal, AuditRow | None]]:
    """Every link with its row, in the chain's order, a page at a time."""
    position = 0
    while True:
        query = (
            select(AuditSeal, AuditRow)
            .outerjoin(AuditRow, AuditRow.id == AuditSeal.audit_id)
            .where(AuditSeal.position > position)
            .order_by(AuditSeal.position)
            .limit(PAGE)
        )
        page = session.execute(query).all()
        for seal_, row in page:
            yield seal_, row
            position = seal_.position
        session.expunge_all()
        if len(page) < PAGE:
            return


def _has_content(session: Session, key: SealKey, previous: str, sealed: AuditSeal) -> bool:
    """Does some other row hold what this link sealed?"""
    last_id = 0
    while True:
        query = select(AuditRow).where(AuditRow.id > last_id).order_by(AuditRow.id).limit(PAGE)
        rows = list(session.execute(query).scalars())
        for row in rows:
            if key.link(sealed.position, previous, canonical(row, as_id=sealed.audit_id)) == sealed.digest:
                return True
            last_id = row.id
        session.expunge_all()
        if len(rows) < PAGE:
            return False


def _inserted(session: Session, last: AuditSeal) -> int | None:
    """The first row with an id among the sealed ones that was not there when they were sealed."""
    query = select(func.min(AuditRow.id)).where(
        AuditRow.id < _first_open_id(session, last), ~exists().where(AuditSeal.audit_id == AuditRow.id)
    )
    return session.execute(query).scalar()


@dataclass(frozen=True)
class End:
    """The last link that was sealed. Noted outside the database it proves a cut-off chain."""

    position: int = 0
    digest: str = ""
    signature: str = ""

    def is_signed(self, key: SealKey) -> bool:
        """Whether the holder of the key wrote it; nobody else can say that the chain ended where it did not."""
        return self.position <= key.since or self.signature == key.end(self.position, self.digest)


def end_of_chain(session: Session) -> End:
    """Where the chain ends."""
    lease = leases.seen(session, LEASE)
    if lease is None or not lease.holder:
        return End()
    position, digest, signature = f"{lease.holder}:".split(":")[:3]
    return End(int(position), digest, signature)


def _walk(
    session: Session, key: SealKey, end: End, progress: Callable[[int], object]
) -> tuple[int, AuditSeal | None, tuple[int, str] | None]:
    """Walks the chain: how many links are good, the last good one, and what is wrong with the next.

    `end`: what the chain had when it was last written; it may have grown since, not shrunk.
    """
    good: AuditSeal | None = None
    count, digest = 0, _START
    for sealed, row in _sealed_rows(session):
        progress(1)
        if sealed.position != count + 1:
            return count, good, (sealed.audit_id, "seal-missing")
        if row is None:
            return count, good, (sealed.audit_id, "removed")
        expected = key.link(sealed.position, digest, canonical(row))
        if expected != sealed.digest:
            reason = "swapped" if _has_content(session, key, digest, sealed) else "changed"
            return count, good, (sealed.audit_id, reason)
        if sealed.position == end.position and sealed.digest != end.digest:
            return count, good, (sealed.audit_id, "changed")
        count, digest, good = count + 1, expected, sealed
    if count < end.position or not end.is_signed(key):
        return count, good, ((good.audit_id if good is not None else 0) + 1, "cut-off")
    return count, good, None


def verify(context: Any = None, progress: Callable[[int], object] = lambda rows: None) -> Verdict:
    """Compares every sealed row with the chain; needs memory for a page of rows only. Tells `progress` of each.

    Raises SealKeyMissing.
    """
    key = sealkey.load()
    with reader(context) as session:
        count, good, wrong = _walk(session, key, end_of_chain(session), progress)
        inserted = _inserted(session, good) if good is not None else None
        if inserted is not None and (wrong is None or inserted < wrong[0]):
            wrong = (inserted, "inserted")
        return Verdict(
            ok=wrong is None,
            sealed=count,
            sealed_to=good.audit_id if good is not None else 0,
            sealed_at=good.sealed_at if good is not None else None,
            first_bad=wrong[0] if wrong is not None else None,
            reason=wrong[1] if wrong is not None else "",
        )
