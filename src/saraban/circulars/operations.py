"""Reading and acknowledging circulars; everything else is a letter's (B9, E20, E21)."""

from __future__ import annotations

from typing import Any

from plone.uuid.interfaces import IUUID
from sqlalchemy import select
from sqlalchemy.exc import IntegrityError

from saraban.circulars.content import Circular
from saraban.circulars.errors import NotReceived
from saraban.circulars.tables import Receipt
from saraban.ledger.acts import Act, act
from saraban.ledger.connection import reader
from saraban.ledger.errors import LedgerBusy
from saraban.letters import operations as letters
from saraban.letters.kinds import CIRCULAR
from saraban.organisation.acting import current_actor
from saraban.organisation.allow import VIEW, require
from saraban.organisation.functions import agency_of
from saraban.organisation.posts import posts_of
from saraban.routing.queries import deliveries_of
from saraban.routing.tables import Delivery


def draft(agency: Any, data: dict[str, Any]) -> Circular:
    """Makes the draft of a circular. Raises as `letters.operations.draft`."""
    made: Circular = letters.draft(agency, data, "Circular", CIRCULAR.name)
    return made


def receiving(circular: Circular, person: str) -> Delivery | None:
    """The delivery by which the circular came to an agency in which the person holds a post."""
    agencies = {post.agency for post in posts_of(person)}
    with reader(circular) as session:
        rows = [row for row in deliveries_of(session, IUUID(circular)) if row.state not in ("recalled", "returned")]
    mine = [row for row in rows if row.agency in agencies]
    return mine[0] if mine else None


def open_circular(circular: Circular) -> None:
    """Notes that the person read it, once. Raises Missing; does nothing for the sender's own people."""
    _note(circular, acknowledge=False)


def acknowledge(circular: Circular) -> None:
    """The person says that they know it (รับทราบ). Raises Missing, NotReceived. Does nothing the second time."""
    _note(circular, acknowledge=True)


def _note(circular: Circular, *, acknowledge: bool) -> None:
    require(VIEW, circular)
    actor = current_actor()
    delivery = receiving(circular, actor.person)
    if delivery is None:
        if acknowledge:
            raise NotReceived()
        return
    with reader(circular) as session:
        known = session.scalar(select(Receipt).where(Receipt.circular_uid == IUUID(circular), Receipt.person == actor.person))
    if known is not None and (known.acknowledged_at or not acknowledge):
        return
    with act(circular, current_actor(delivery.agency), "acknowledge" if acknowledge else "read", IUUID(circular)) as current:
        _write(current, IUUID(circular), delivery, acknowledge)


def _write(current: Act, uid: str, delivery: Delivery, acknowledge: bool) -> None:
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
