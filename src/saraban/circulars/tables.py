"""Who read a circular: one row for each person, not one write to the document (`docs/architecture.md`, ledgers)."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Index, UniqueConstraint, literal
from sqlalchemy.orm import Mapped, mapped_column

from saraban.ledger.tables import ID, PRIMARY_KEY, SHORT, TABLE, UTC_TIME, Base
from saraban.letters.kinds import CIRCULAR
from saraban.routing.tables import Delivery


def is_circular(of: Any = Delivery) -> ColumnElement[bool]:
    """A condition: a delivery (`of` is its table) of a circular; in the words that its indexes are made with."""
    found: ColumnElement[bool] = of.kind == literal(CIRCULAR.name, literal_execute=True)
    return found


class Receipt(Base):
    """A person opened a circular, and perhaps acknowledged it (รับทราบ)."""

    __tablename__ = "circular_receipt"
    __table_args__ = (
        UniqueConstraint("circular_uid", "person"),
        Index("circular_receipt_person", "person", "circular_uid"),
        Index("circular_receipt_agency", "circular_uid", "agency"),
        TABLE,
    )

    id: Mapped[int] = mapped_column(PRIMARY_KEY, primary_key=True)
    circular_uid: Mapped[str] = mapped_column(ID)
    person: Mapped[str] = mapped_column(ID)
    person_name: Mapped[str] = mapped_column(SHORT, default="")
    unit: Mapped[str] = mapped_column(ID)
    """The unit of the post in which the person read it."""
    agency: Mapped[str] = mapped_column(ID)
    opened_at: Mapped[datetime] = mapped_column(UTC_TIME)
    acknowledged_at: Mapped[datetime | None] = mapped_column(UTC_TIME)
