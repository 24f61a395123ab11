"""ทขล.3, the register that controls secret information: a line for each copy, and for each person who was let in."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from plone.uuid.interfaces import IUUID
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from saraban.ledger import numbers
from saraban.ledger.acts import Act
from saraban.ledger.tables import RegisterEntry
from saraban.organisation import chart
from saraban.organisation.chart import UnitInfo
from saraban.routing.books import control_book
from saraban.routing.secrets import cover_entry
from saraban.routing.tables import Delivery


def note_copies(current: Act, letter: Any, unit: str, receivers: Sequence[UnitInfo]) -> None:
    """A line for each copy that a unit sends out: ชุดที่ x ของ y ชุด. Later copies count on."""
    before = select(func.count()).select_from(Delivery).where(Delivery.letter_uid == IUUID(letter))
    first = (current.session.scalar(before) or 0) - len(receivers) + 1
    total = first + len(receivers) - 1
    for number, info in enumerate(receivers, first):
        note(current, letter, unit, addressee=info.title_th, remark=Copy(number, total).words())


@dataclass(frozen=True)
class Copy:
    """Which copy of a secret letter a unit holds."""

    number: int
    total: int
    """How many there are today; the register keeps what was marked when the copy went out."""

    def words(self) -> str:
        """As marked on the paper."""
        return f"ชุดที่ {self.number} ของ {self.total} ชุด"


def copies(session: Session, letter_uid: str) -> dict[int, Copy]:
    """By delivery: which copy it is, counted in the order in which they went out, recalled ones too."""
    ids = list(session.scalars(select(Delivery.id).where(Delivery.letter_uid == letter_uid).order_by(Delivery.id)))
    return {id_: Copy(number, len(ids)) for number, id_ in enumerate(ids, 1)}


def note(
    current: Act, letter: Any, unit: str, *, addressee: str, remark: str, action: str = "", subject: str | None = None
) -> RegisterEntry:
    """A line in the unit's control register. What it says of the letter is sealed; the remark is for everybody who reads it.

    `subject` is given by who reads the letter's no more, having raised it.
    """
    info = chart.unit(unit)
    entry = numbers.issue(
        current,
        control_book(unit),
        write=str,
        document_uid=IUUID(letter),
        letter_number=letter.number,
        letter_date=letter.letter_date,
        sender=info.title_th if info else unit,
        addressee=addressee[:1000],
        subject=letter.title or letter.to_text or "" if subject is None else subject,
        action=action[:1000],
        remark=remark,
    )
    if letter.is_secret:
        cover_entry(current.session, entry)
    return entry
