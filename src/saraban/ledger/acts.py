"""An act: what a person does in a post, with its locks, its audit row and its outbox rows, all or nothing."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, TypeVar

from sqlalchemy import ColumnElement, inspect, select
from sqlalchemy.orm import Session

from saraban.lazy import cached_property
from saraban.ledger import audit, clock, connection, outbox
from saraban.ledger.actor import Actor
from saraban.ledger.tables import Base

__all__ = ["Act", "Actor", "act"]

Row = TypeVar("Row", bound=Base)


@dataclass
class Act:
    """What runs inside one ZODB transaction under one name. Set `uid` as soon as the document has one."""

    actor: Actor
    at: datetime
    """UTC; one time for the whole act."""
    context: Any
    verb: str
    uid: str = ""
    detail: dict[str, Any] = field(default_factory=dict)

    @cached_property
    def session(self) -> Session:
        """The shared session. The first use begins the write: an act that only inserts holds SQLite's file only at its end."""
        return connection.session_of(self.context)

    def lock(self, table: type[Row], *where: ColumnElement[bool]) -> list[Row]:
        """The rows, locked in the order of their keys, as they are now: decide on these, on nothing read before."""
        query = (
            select(table)
            .where(*where)
            .order_by(*inspect(table).primary_key)
            .with_for_update()
            .execution_options(populate_existing=True)
        )
        return list(self.session.execute(query).scalars())

    def refresh(self) -> None:
        """A fresh ZODB snapshot under the locks; check permission and state again after it."""
        self.session  # noqa: B018 - on SQLite the beginning of the write is the lock
        connection.refresh(self.context)

    def note(self, **detail: Any) -> None:
        """Adds identifiers and numbers to the audit row."""
        self.detail.update(detail)

    def queue(
        self, kind: str, operation: str, subject: str, uid: str = "", payload: str = "", due_at: datetime | None = None
    ) -> None:
        """Something to do after the commit."""
        outbox.put(self.session, kind, operation, subject, uid=uid, payload=payload, due_at=due_at)


@contextmanager
def act(context: Any, actor: Actor, verb: str, uid: str = "", detail: Mapping[str, Any] | None = None) -> Iterator[Act]:
    """Appends the audit row at the end; an error dooms the transaction: nothing half done."""
    doing = Act(actor, clock.now(), context, verb, uid, dict(detail or {}))
    try:
        yield doing
        audit.append(doing.session, actor=actor, act=verb, uid=doing.uid, outcome=audit.DONE, at=doing.at, detail=doing.detail)
        doing.session.flush()
    except BaseException:
        connection.jar_of(context).transaction_manager.get().doom()
        raise
