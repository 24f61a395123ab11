"""What the worker keeps of the ledger so that a report need not read it all: figures by unit, level and month.

Derived, and derived again whenever an act moves one of them (`keeping.py`): who throws these rows away loses nothing.
"""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import LargeBinary
from sqlalchemy.dialects import mysql
from sqlalchemy.orm import Mapped, mapped_column

from saraban.ledger.tables import ID, PRIMARY_KEY, UTC_TIME, Base

PACKED = LargeBinary().with_variant(mysql.MEDIUMBLOB(), "mysql", "mariadb")


class UnitMonth(Base):
    """What came to a unit at one level in one month, what became of it, and how long it took."""

    __tablename__ = "report_month"

    unit: Mapped[str] = mapped_column(ID, primary_key=True)
    secrecy: Mapped[str] = mapped_column(ID, primary_key=True)
    month: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    """Of arrival, as `periods.index` counts."""
    received: Mapped[int]
    registered: Mapped[int]
    closed: Mapped[int]
    late: Mapped[int]
    """Closed after its day."""
    times: Mapped[bytes] = mapped_column(PACKED)
    """`spans.packed`."""


class UnitNumbers(Base):
    """How many numbers of a unit's send registers a letter has, by the month of the register."""

    __tablename__ = "report_sent"

    unit: Mapped[str] = mapped_column(ID, primary_key=True)
    book: Mapped[str] = mapped_column(ID, primary_key=True)
    """`send` or `secret-send`."""
    month: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    sent: Mapped[int]


class Mark(Base):
    """How far the worker has come; one row."""

    __tablename__ = "report_mark"

    id: Mapped[int] = mapped_column(PRIMARY_KEY, primary_key=True, autoincrement=False)
    turn: Mapped[int] = mapped_column(PRIMARY_KEY)
    """Grows with every write, so that a worker that was overtaken notices."""
    settled: Mapped[int] = mapped_column(PRIMARY_KEY)
    """All steps up to this id are in the figures, and no act that is still running can write one."""
    begun: Mapped[datetime] = mapped_column(UTC_TIME)
    """When the first count of the whole ledger was asked for."""
    unit: Mapped[str | None] = mapped_column(ID)
    """The unit that it has come to; None once it has been through all."""
    month: Mapped[int]
    """The first month of this unit that is not counted yet."""
    as_of: Mapped[datetime | None] = mapped_column(UTC_TIME)
    """What was committed by then is in the figures; None until the first count has ended."""
