"""Reading and acknowledging circulars; everything else is a letter's (B9, E20, E21)."""

from __future__ import annotations

from typing import Any

from plone.uuid.interfaces import IUUID
from sqlalchemy import Select, select
from sqlalchemy.exc import IntegrityError

from saraban.circulars.content import Circular
from saraban.circulars.entitled import entitled
from saraban.circulars.errors import NotReceived
from saraban.circulars.tables import Receipt, is_circular
from saraban.errors import Forbidden
from saraban.ledger.acts import Act, act
from saraban.ledger.connection import reader
from saraban.ledger.errors import LedgerBusy
from saraban.letters import operations as letters
from saraban.letters.kinds import CIRCULAR
from saraban.organisation import chart
from saraban.organisation.acting import current_actor, current_person
from saraban.organisation.allow import VIEW, at, may, require
from saraban.organisation.functions import agency_of
from saraban.organisation.posts import posts_of
from saraban.routing.content import DeliveryItem, find_delivery
from saraban.routing.operations import OPEN, locked, mark_opened
from saraban.routing.secrecy import may_send
from saraban.routing.tables import GONE, Delivery


def draft(agency: Any, data: dict[str, Any]) -> Circular:
    """Makes the draft of a circular. Raises as `letters.operations.draft`."""
    made: Circular = letters.draft(agency, data, "Circular", CIRCULAR.name)
    return made


def came_to(person: str, uid: str, level: str) -> Select[Delivery]:
    """The deliveries of a circular of a level to the agencies in which the person holds posts, in the order of sending."""
    here = {post.agency for post in posts_of(person)}
    same = (is_circular(), Delivery.secrecy == level, Delivery.letter_uid == uid, Delivery.state.not_in(GONE))
    return select(Delivery).where(*same, Delivery.agency.in_(here)).order_by(Delivery.id)


def receiving(circular: Circular, person: str) -> tuple[Delivery, str] | None:
    """The delivery by which the circular came to the person, and the unit or agency in which they read it.

    It came to the agencies in which they hold posts; above normal only to those of its people who may read it.
    """
    asked = came_to(person, IUUID(circular), circular.secrecy)
    with reader(circular) as session:
        rows = list(session.scalars(asked))
        if not circular.is_secret:
            return (rows[0], rows[0].agency) if rows else None
        may_read = entitled(session, rows)
    return next(((row, one.unit) for row in rows for one in may_read[row.id] if one.person == person), None)


def open_circular(circular: Circular) -> None:
    """Notes that the person read it, once. Raises Missing; does nothing for the sender's own people."""
    _note(circular, acknowledge=False)


def acknowledge(circular: Circular) -> None:
    """The person says that they know it (รับทราบ). Raises Missing, NotReceived. Does nothing the second time."""
    _note(circular, acknowledge=True)


def _note(circular: Circular, *, acknowledge: bool) -> None:
    require(VIEW, circular)
    actor = current_actor()
    found = receiving(circular, actor.person)
    if found is None:
        if acknowledge:
            raise NotReceived()
        return
    delivery, unit = found
    desk = _at_desk(delivery) if delivery.state == "sent" else None
    with reader(circular) as session:
        known = session.scalar(select(Receipt).where(Receipt.circular_uid == IUUID(circular), Receipt.person == actor.person))
    if desk is None and known is not None and (known.acknowledged_at or not acknowledge):
        return
    with act(circular, current_actor(unit), "acknowledge" if acknowledge else "read", IUUID(circular)) as current:
        if desk is not None:
            mark_opened(current, locked(current, desk))
        write_receipt(current, delivery, acknowledge=acknowledge)


def _at_desk(row: Delivery) -> DeliveryItem | None:
    """The delivery at its address, where the person opens what comes: who reads it here has opened it there (L14)."""
    info = chart.unit(row.agency)
    item = find_delivery(at(info.path)["deliveries"], row.key) if info is not None else None
    return item if item is not None and may(OPEN, item) else None


def may_see_receipts(circular: Circular) -> bool:
    """Whether the logged-in person, who works where it was written, is told who has read it.

    Above normal that is for who wrote it and for who sends it: not everybody who may read it is to know who else may.
    """
    return not circular.is_secret or circular.author == current_person() or may_send(circular)


def require_receipts(circular: Circular) -> None:
    """Raises Forbidden unless the person is told who has read it."""
    if not may_see_receipts(circular):
        raise Forbidden()


def write_receipt(current: Act, delivery: Delivery, *, acknowledge: bool = False) -> None:
    """The receipt of the person who acts."""
    uid = delivery.letter_uid
    rows = current.lock(Receipt, Receipt.circular_uid == uid, Receipt.person == current.actor.person)
    if rows:
        row = rows[0]
    else:
        row = Receipt(
            circular_uid=uid,
            person=current.actor.person,
            person_name=current.actor.name[:200],
            unit=current.actor.unit or delivery.unit,
            agency=agency_of(delivery.unit),
            opened_at=current.at,
        )
        current.session.add(row)
    if acknowledge:
        row.acknowledged_at = row.acknowledged_at or current.at
    try:
        current.session.flush()
    except IntegrityError as error:  # the same person on two devices at once
        raise LedgerBusy("the receipt is being written") from error
