"""The ledger's own tables: number series and their register entries, idempotency keys, audit trail, outbox.

Rules: `domain.md` 1.3 (numbers), 8 (E10, E13, E17, E18). Every time is UTC without zone; every year of a number is the
Buddhist calendar year of Bangkok. Rooms above add tables of their own to `Base.metadata`.
"""

from __future__ import annotations

import datetime as time
from datetime import date, datetime
from typing import Any

from sqlalchemy import BigInteger, Date, DateTime, Index, Integer, LargeBinary, String, Text, UniqueConstraint, text
from sqlalchemy.dialects import mysql
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column

PRIMARY_KEY = BigInteger().with_variant(Integer, "sqlite")
UTC_TIME = DateTime().with_variant(mysql.DATETIME(fsp=6), "mysql", "mariadb")
"""A UTC time without zone, to the microsecond on every database."""

ID = String(64)
"""Identifier of a unit, a person, a document (UID) or a state."""
SHORT = String(200)
LONG = String(1000)
LONG_TEXT = Text().with_variant(mysql.MEDIUMTEXT(), "mysql", "mariadb")
FILE = LargeBinary().with_variant(mysql.LONGBLOB(), "mysql", "mariadb")
TABLE: dict[str, Any] = {"mysql_engine": "InnoDB", "mysql_charset": "utf8mb4", "mysql_collate": "utf8mb4_bin"}

ASKED: dict[str, Any] = {
    "sqlite_where": text("direction = 'send'"),
    "postgresql_where": text("direction = 'send'"),
    "mysql_length": {"sender": 200},
    "mariadb_length": {"sender": 200},
}
"""An index of send books alone, where the database can: no receive book pays. What walks it names the direction literally.

MariaDB's indexes hold the beginning of a text, so there the lines themselves are counted.
"""
NEVER_AGAIN: dict[str, Any] = {**TABLE, "sqlite_autoincrement": True}
"""For tables whose ids must not be used again after a row is gone."""


class Base(DeclarativeBase):
    """Every table of Saraban; bytewise comparison of keys on every database."""

    __table_args__: Any = TABLE


class NumberSeries(Base):
    """The counter of one series (book, Buddhist year): the row that `numbers.issue` locks."""

    __tablename__ = "number_series"
    __table_args__ = (UniqueConstraint("book", "year"), TABLE)

    id: Mapped[int] = mapped_column(PRIMARY_KEY, primary_key=True)
    book: Mapped[str] = mapped_column(String(160))
    """`<unit>/<direction>/<kind of series>`: see `numbers.book_id`."""
    year: Mapped[int]
    last: Mapped[int] = mapped_column(default=0)


class RegisterEntry(Base):
    """One line of a register book, with its own copy of what stood on the document that day."""

    __tablename__ = "register_entry"
    __table_args__ = (
        UniqueConstraint("book", "year", "seq"),
        Index("register_entry_document", "document_uid"),
        Index("register_entry_unit", "unit", "direction", "year", "issued_at"),
        Index("register_entry_asked", "unit", "year", "sender", "state", "series", "issued_at", "direction", **ASKED),
        TABLE,
    )

    id: Mapped[int] = mapped_column(PRIMARY_KEY, primary_key=True)
    book: Mapped[str] = mapped_column(String(160))
    unit: Mapped[str] = mapped_column(ID)
    direction: Mapped[str] = mapped_column(String(16))
    """`send` or `receive`."""
    series: Mapped[str] = mapped_column(ID)
    year: Mapped[int]
    seq: Mapped[int]
    number: Mapped[str] = mapped_column(SHORT)
    """As written on the document: `กท 0403/ว 41`; for a receive book the sequence alone."""
    date: Mapped[date] = mapped_column(Date)
    """The day of the register, in Bangkok."""
    document_uid: Mapped[str | None] = mapped_column(ID)
    letter_number: Mapped[str] = mapped_column(SHORT, default="")
    letter_date: Mapped[time.date | None] = mapped_column(Date)
    sender: Mapped[str] = mapped_column(LONG, default="")
    addressee: Mapped[str] = mapped_column(LONG, default="")
    subject: Mapped[str] = mapped_column(LONG, default="")
    action: Mapped[str] = mapped_column(LONG, default="")
    """การปฏิบัติ; empty means not finished."""
    remark: Mapped[str] = mapped_column(LONG, default="")
    state: Mapped[str] = mapped_column(String(16), default="issued")
    """`issued`, `reserved` or `cancelled`."""
    sealed: Mapped[str | None] = mapped_column(Text)
    """Of a line about a secret document: what its texts say, sealed; the columns themselves then say only that it is secret."""
    issued_by: Mapped[str] = mapped_column(ID)
    issued_at: Mapped[datetime] = mapped_column(UTC_TIME)
    cancelled_by: Mapped[str] = mapped_column(ID, default="", server_default="")
    """Who gave the number up (E10); the reason is in the remark."""
    cancelled_at: Mapped[datetime | None] = mapped_column(UTC_TIME)

    def cancel(self, person: str, at: datetime, reason: str) -> None:
        """The number stays and is never used again (E10)."""
        self.state, self.remark, self.cancelled_by, self.cancelled_at = "cancelled", reason, person, at


class IdempotencyKey(Base):
    """The answer that was given to a verb with an `Idempotency-Key` (E18)."""

    __tablename__ = "idempotency_key"
    __table_args__ = (UniqueConstraint("person", "key"), TABLE)

    id: Mapped[int] = mapped_column(PRIMARY_KEY, primary_key=True)
    person: Mapped[str] = mapped_column(ID)
    key: Mapped[str] = mapped_column(SHORT)
    fingerprint: Mapped[str] = mapped_column(String(64))
    """SHA-256 of method, path and body."""
    status: Mapped[int]
    answer: Mapped[str] = mapped_column(Text)
    """The JSON that was answered."""
    at: Mapped[datetime] = mapped_column(UTC_TIME)


class AuditRow(Base):
    """One act, refused act, or attempt on what one may not see. Append-only; never a subject of a letter."""

    __tablename__ = "audit"
    __table_args__ = (Index("audit_uid", "uid", "id"), Index("audit_person", "person", "id"), NEVER_AGAIN)

    id: Mapped[int] = mapped_column(PRIMARY_KEY, primary_key=True)
    at: Mapped[datetime] = mapped_column(UTC_TIME)
    person: Mapped[str] = mapped_column(ID)
    post: Mapped[str] = mapped_column(SHORT, default="")
    unit: Mapped[str] = mapped_column(ID, default="")
    act: Mapped[str] = mapped_column(ID)
    uid: Mapped[str] = mapped_column(ID, default="")
    """UID of the document, key of the delivery, or id of what was acted upon."""
    address: Mapped[str] = mapped_column(ID, default="")
    """Network address that the request came from."""
    outcome: Mapped[str] = mapped_column(ID)
    """`done`, or the code of the refusal."""
    detail: Mapped[str] = mapped_column(Text, default="")
    """Identifiers and numbers of the act, as sorted JSON."""


class AuditSeal(Base):
    """A link of the hash chain: seals one audit row, and all before it."""

    __tablename__ = "audit_seal"
    __table_args__ = (UniqueConstraint("audit_id"), Index("audit_seal_time", "sealed_at"), TABLE)

    position: Mapped[int] = mapped_column(PRIMARY_KEY, primary_key=True, autoincrement=False)
    audit_id: Mapped[int] = mapped_column(PRIMARY_KEY)
    digest: Mapped[str] = mapped_column(String(64))
    """SHA-256 over the previous digest and the row's canonical JSON."""
    sealed_at: Mapped[datetime] = mapped_column(UTC_TIME)


class OutboxRow(Base):
    """Work that waits until after the commit: indexing, messages."""

    __tablename__ = "outbox"
    __table_args__ = (
        Index("outbox_due", "kind", "state", "due_at", "id"),
        Index("outbox_subject", "subject", "id"),
        NEVER_AGAIN,
    )

    id: Mapped[int] = mapped_column(PRIMARY_KEY, primary_key=True)
    kind: Mapped[str] = mapped_column(ID)
    """`index`, or the name of another deliverer."""
    operation: Mapped[str] = mapped_column(ID)
    subject: Mapped[str] = mapped_column(String(600))
    """What must be done in order: the object's path, a message's recipient."""
    uid: Mapped[str] = mapped_column(ID, default="")
    payload: Mapped[str] = mapped_column(Text, default="")
    created_at: Mapped[datetime] = mapped_column(UTC_TIME)
    due_at: Mapped[datetime] = mapped_column(UTC_TIME)
    attempts: Mapped[int] = mapped_column(default=0)
    state: Mapped[str] = mapped_column(String(16), default="waiting")
    """`waiting`, or `failed` until somebody deals with it."""
    error: Mapped[str] = mapped_column(Text, default="")


class Lease(Base):
    """Who does a piece of work that only one process may do at a time, and until when."""

    __tablename__ = "lease"

    name: Mapped[str] = mapped_column(ID, primary_key=True)
    holder: Mapped[str] = mapped_column(SHORT, default="")
    until: Mapped[datetime] = mapped_column(UTC_TIME)
