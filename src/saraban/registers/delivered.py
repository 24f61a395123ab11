"""The lines of the delivery book (สมุดส่งหนังสือ, แบบ 16): to which unit each letter went, who took it there, and when."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from typing import Any

from sqlalchemy import Select
from sqlalchemy.orm import Session

from saraban.ledger.clock import iso
from saraban.ledger.tables import RegisterEntry
from saraban.organisation import chart
from saraban.organisation.acting import person_name
from saraban.routing.tables import Delivery
from saraban.thai import dates

STATE_WORDS = {"returned": "ตีกลับ", "recalled": "เรียกคืน"}
"""As the regulation says it."""


def rows(session: Session, query: Select[RegisterEntry, Delivery], chunk: int) -> Iterator[tuple[date, list[Any]]]:
    """The day and the cells of each line."""
    names: dict[str, str] = {}
    for part in session.execute(query.order_by(Delivery.id).execution_options(yield_per=chunk)).partitions(chunk):
        titles = chart.units({row.unit for _entry, row in part})
        for entry, row in part:
            if row.registered_by and row.registered_by not in names:
                names[row.registered_by] = person_name(row.registered_by)
            yield entry.date, cells(entry, row, titles[row.unit].title_th if row.unit in titles else row.unit, names)


def cells(entry: RegisterEntry, row: Delivery, unit: str, names: dict[str, str]) -> list[Any]:
    """One line as the form has it; who registered it took it."""
    at = row.registered_at
    return [
        entry.number,
        entry.sender,
        entry.addressee,
        unit,
        names.get(row.registered_by, ""),
        f"{dates.short(dates.day_of(at))} {dates.time(at)}" if at else "",
        STATE_WORDS.get(row.state, "ยกเลิก" if entry.state == "cancelled" else ""),
    ]


def items(session: Session, query: Select[RegisterEntry, Delivery], start: int, size: int) -> list[dict[str, Any]]:
    """Some lines as JSON."""
    return [
        {
            "number": entry.number,
            "date": entry.date.isoformat(),
            "from": entry.sender,
            "to": entry.addressee,
            "unit": row.unit,
            "registered_by": row.registered_by or None,
            "registered_at": iso(row.registered_at),
            "state": row.state,
        }
        for entry, row in session.execute(query.order_by(Delivery.id).offset(start).limit(size))
    ]
