"""What a receiver prints of one delivery: the stamped copy (แบบ 12), the receipt slip (แบบ 17), the index card (แบบ 18)."""

from __future__ import annotations

from io import BytesIO
from tempfile import TemporaryFile
from typing import Any, BinaryIO, cast

from saraban.classification import vault
from saraban.classification.levels import NORMAL
from saraban.errors import Missing
from saraban.ledger.connection import reader
from saraban.organisation import chart
from saraban.organisation.acting import person_name
from saraban.organisation.allow import VIEW, require
from saraban.registers.errors import StampImpossible
from saraban.registers.printed import slips
from saraban.registers.printed.stamp import Stamp, stamped
from saraban.routing import queries
from saraban.routing.content import DeliveryItem
from saraban.routing.errors import NotRegistered
from saraban.routing.steps import postponement
from saraban.routing.tables import GONE, Delivery, DeliveryStep
from saraban.thai import dates

PDF = "application/pdf"
DONE = {"forwarded": "ส่งต่อ", "assigned": "มอบหมาย", "ordered": "สั่งการ", "postponed": "เลื่อนกำหนด", "closed": "ปิดเรื่อง"}
"""What a card says of a step, in the regulation's words."""


def stamped_copy(item: DeliveryItem, name: str, thai_digits: bool = False) -> BinaryIO:
    """A copy of a PDF file of the letter with the receive stamp of this unit; of a secret letter it touches no disk.

    Raises Missing, NotRegistered, StampImpossible.
    """
    row = _readable(item)
    letter = item.letter()
    attachment = letter._getOb(name, None) if isinstance(name, str) else None
    if attachment is None:
        raise Missing()
    if row.receive_number is None or row.registered_at is None:
        raise NotRegistered()
    if attachment.file.contentType != PDF:
        raise StampImpossible()
    unit = chart.unit(row.unit)
    stamp = Stamp(unit.title_th if unit is not None else row.unit, row.receive_number, row.registered_at, thai_digits)
    out = BytesIO() if row.secrecy != NORMAL else cast(BinaryIO, TemporaryFile())  # noqa: SIM115 - the answer closes it
    with attachment.open() as content:
        stamped(content, stamp, out)
    return out


def receipt(item: DeliveryItem, thai_digits: bool = False) -> bytes:
    """แบบ 17. Raises Missing."""
    return slips.receipt(_letter(item), thai_digits)


def index_card(item: DeliveryItem, thai_digits: bool = False) -> bytes:
    """แบบ 18. Raises Missing, NotRegistered."""
    if _readable(item).receive_number is None:
        raise NotRegistered()
    return slips.card(_letter(item), thai_digits)


def _readable(item: DeliveryItem) -> Delivery:
    """The row of a delivery whose letter the person may read."""
    require(VIEW, item)
    if item.row.state in GONE:
        raise Missing()
    require(VIEW, item.letter())
    return item.row


def _letter(item: DeliveryItem) -> slips.Letter:
    row = _readable(item)
    with reader(item) as session:
        steps = [step for step in queries.steps_of(session, row.letter_uid) if step.delivery_id == row.id and step.what in DONE]
    unit = chart.unit(row.unit)
    return slips.Letter(
        number=row.number,
        dated=dates.short(row.letter_date) if row.letter_date else "",
        sender=row.sender,
        to=unit.title_th if unit is not None else row.unit,
        subject=row.title,
        receive_number=f"{row.receive_number}/{row.receive_year}" if row.receive_number is not None else "",
        registered_at=row.registered_at,
        registered_by=person_name(row.registered_by) if row.registered_by else "",
        code=item.letter().category,
        done=[_done(row, step) for step in steps],
    )


def _done(row: Delivery, step: DeliveryStep) -> str:
    """ส่งต่อ ฝ่ายทะเบียน 9 เม.ย. 70."""
    to = chart.unit(step.to_unit) if step.to_unit else None
    said: Any = to.title_th if to is not None else vault.opened(row.letter_uid, step.note)
    if step.what == "postponed" and (known := postponement(said)):
        said = f"เป็น {dates.short(known[1])} {known[2]}"
    return f"{DONE[step.what]} {said} {dates.short(dates.day_of(step.at))}".replace("  ", " ")
