"""Clearances, keys of sealed letters, and who was let in to one letter (`domain.md` 2.4)."""

from __future__ import annotations

from datetime import date, datetime

from sqlalchemy import Date, Index, Text
from sqlalchemy.orm import Mapped, mapped_column

from saraban.ledger.tables import ID, LONG, PRIMARY_KEY, SHORT, TABLE, UTC_TIME, Base


class Clearance(Base):
    """A person may handle one level, by a written order of the head of the agency."""

    __tablename__ = "clearance"
    __table_args__ = (Index("clearance_person", "person", "level"), TABLE)

    id: Mapped[int] = mapped_column(PRIMARY_KEY, primary_key=True)
    person: Mapped[str] = mapped_column(ID)
    level: Mapped[str] = mapped_column(ID)
    """`confidential` or `secret`: each is given by itself."""
    order_number: Mapped[str] = mapped_column(SHORT)
    order_date: Mapped[date] = mapped_column(Date)
    valid_from: Mapped[date] = mapped_column(Date)
    valid_until: Mapped[date | None] = mapped_column(Date)
    """The last day."""
    given_by: Mapped[str] = mapped_column(ID)
    given_at: Mapped[datetime] = mapped_column(UTC_TIME)


class LetterKey(Base):
    """The key of one letter above normal, wrapped by the installation's key, which lies in no database.

    The row is there exactly as long as the letter is above normal.
    """

    __tablename__ = "letter_key"
    __table_args__ = (Index("letter_key_master", "master"), Index("letter_key_agency", "agency", "made_at"), TABLE)

    uid: Mapped[str] = mapped_column(ID, primary_key=True)
    level: Mapped[str] = mapped_column(ID)
    wrapped: Mapped[str] = mapped_column(SHORT)
    master: Mapped[str] = mapped_column(ID)
    """The installation key that wraps it, by its id."""
    path: Mapped[str] = mapped_column(LONG, server_default="")
    """Where the letter lies: it is in no index."""
    agency: Mapped[str] = mapped_column(ID, server_default="")
    unit: Mapped[str] = mapped_column(ID, server_default="")
    """The unit in which the author reads it."""
    author: Mapped[str] = mapped_column(ID, server_default="")
    """Empty for a letter from outside, which is the registry's."""
    made_at: Mapped[datetime | None] = mapped_column(UTC_TIME)
    """Since when it is above normal."""


class MasterKey(Base):
    """Which installation key wraps new keys: one row, which `wrap` and the rotation lock."""

    __tablename__ = "master_key"

    id: Mapped[int] = mapped_column(PRIMARY_KEY, primary_key=True, autoincrement=False)
    master: Mapped[str] = mapped_column(ID)


class NeedToKnow(Base):
    """A named person was let in to one letter, with the reason."""

    __tablename__ = "need_to_know"
    __table_args__ = (Index("need_to_know_letter", "letter_uid", "person"), TABLE)

    id: Mapped[int] = mapped_column(PRIMARY_KEY, primary_key=True)
    letter_uid: Mapped[str] = mapped_column(ID)
    person: Mapped[str] = mapped_column(ID)
    unit: Mapped[str] = mapped_column(ID)
    """The unit of the post in which they read it."""
    agency: Mapped[str] = mapped_column(ID)
    reason: Mapped[str] = mapped_column(Text)
    given_by: Mapped[str] = mapped_column(ID)
    given_at: Mapped[datetime] = mapped_column(UTC_TIME)
    withdrawn_by: Mapped[str] = mapped_column(ID, default="")
    withdrawn_at: Mapped[datetime | None] = mapped_column(UTC_TIME)
