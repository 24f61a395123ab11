"""Register books that the worker prints."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import ForeignKey, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from saraban.ledger.tables import FILE, ID, PRIMARY_KEY, TABLE, UTC_TIME, Base


class PrintJob(Base):
    """A register book that the worker prints, page by page (`printed.jobs`); forgotten after a day."""

    __tablename__ = "print_job"
    __table_args__ = (UniqueConstraint("key"), TABLE)

    id: Mapped[int] = mapped_column(PRIMARY_KEY, primary_key=True)
    key: Mapped[str] = mapped_column(ID)
    """Random; its name in addresses."""
    unit: Mapped[str] = mapped_column(ID)
    book: Mapped[str] = mapped_column(ID)
    year: Mapped[int]
    series: Mapped[str] = mapped_column(ID, default="")
    from_seq: Mapped[int | None]
    to_seq: Mapped[int | None]
    thai_digits: Mapped[bool] = mapped_column(default=False)
    person: Mapped[str] = mapped_column(ID)
    """Who asked for it, and alone gets it."""
    state: Mapped[str] = mapped_column(ID, default="waiting")
    """`waiting`, `done`."""
    lines: Mapped[int] = mapped_column(default=0)
    """Lines that are on finished pages."""
    total: Mapped[int] = mapped_column(default=0)
    """Lines that the book had when it was asked for."""
    pages: Mapped[int] = mapped_column(default=0)
    made_at: Mapped[datetime] = mapped_column(UTC_TIME)


class PrintPart(Base):
    """Some pages of a print, as they stand in the file."""

    __tablename__ = "print_part"
    __table_args__ = (UniqueConstraint("job_id", "position"), TABLE)

    id: Mapped[int] = mapped_column(PRIMARY_KEY, primary_key=True)
    job_id: Mapped[int] = mapped_column(ForeignKey("print_job.id"))
    position: Mapped[int]
    sizes: Mapped[str] = mapped_column(Text)
    """Octets of each object in it, in order, with spaces between."""
    data: Mapped[bytes] = mapped_column(FILE)
