"""The sender's verbs after dispatch: recall, further copies, cancelling (L18; E04-E06, E09, E10, E20)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from plone.uuid.interfaces import IUUID
from sqlalchemy import select
from zope.event import notify

from saraban import _
from saraban.classification.levels import COVER
from saraban.errors import REQUIRED, Missing
from saraban.ledger import numbers
from saraban.ledger.acts import Act, act
from saraban.ledger.connection import reader
from saraban.ledger.tables import RegisterEntry
from saraban.letters import fields
from saraban.letters.operations import agency_of, change_state, state_of
from saraban.organisation import chart
from saraban.organisation.acting import current_actor
from saraban.routing import recipients as routes
from saraban.routing.books import SENT, control_book, send_book
from saraban.routing.errors import (
    AlreadyCancelled,
    NotDispatched,
    NothingToRecall,
    ReasonRequired,
    WrongRecipients,
)
from saraban.routing.events import DeliveryChanged
from saraban.routing.operations import Dispatched, send
from saraban.routing.secrecy import require_receivers, require_sender
from saraban.routing.steps import write_steps
from saraban.routing.tables import GONE, Delivery

RECALLABLE = ("sent", "opened")


@dataclass
class Recalled:
    """Which receivers lost the letter, and which keep it, with the code of the reason."""

    recalled: list[str] = field(default_factory=list)
    refused: list[tuple[str, str]] = field(default_factory=list)


def reason_of(data: Mapping[str, Any]) -> str:
    """The reason that must be given. Raises ReasonRequired, Invalid."""
    reason: str = fields.note_values(data, "reason")["reason"]
    if not reason:
        raise ReasonRequired(fields={"reason": REQUIRED})
    return reason


def recall(letter: Any, data: Mapping[str, Any]) -> Recalled:
    """Takes the letter back from receivers who have not registered it (เรียกคืน).

    Raises Forbidden, Missing, WrongRecipients, NotDispatched, NothingToRecall.
    """
    require_sender(letter)
    wanted = data.get("recipients")
    reason = fields.note_values(data, "reason")["reason"]
    if wanted is not None and (not isinstance(wanted, list) or not all(isinstance(one, str) for one in wanted)):
        raise WrongRecipients(fields={"recipients": _("error_recipients_list", default="A list of units is asked for.")})
    with act(letter, current_actor(agency_of(letter).unit_id), "recall", IUUID(letter)) as current:
        rows = [row for row in _sent_by_us(current, letter) if row.state not in GONE or wanted]
        current.refresh()
        require_sender(letter)
        if state_of(letter) not in ("dispatched", "closed") or letter.received:
            raise NotDispatched()
        if wanted:
            unknown = set(wanted) - {row.unit for row in rows}
            if unknown:
                raise WrongRecipients(
                    fields={
                        "recipients": _(
                            "error_recipient_not_sent",
                            default="The letter was not sent to “${unit}”.",
                            mapping={"unit": sorted(unknown)[0]},
                        )
                    }
                )
            rows = [row for row in rows if row.unit in wanted]
        found = take_back(current, letter, rows, reason)
        if not found.recalled:
            raise NothingToRecall()
        current.note(units=found.recalled)
    return found


def can_be_recalled(letter: Any) -> bool:
    """Whether a receiver is left who has not registered the letter."""
    left = select(Delivery.id).where(
        Delivery.letter_uid == IUUID(letter), Delivery.parent_id.is_(None), Delivery.state.in_(RECALLABLE)
    )
    with reader(letter) as session:
        return session.scalar(left.limit(1)) is not None


def _sent_by_us(current: Act, letter: Any) -> list[Delivery]:
    """The deliveries that the sender made, locked; those that receivers forwarded are the receivers' affair."""
    return current.lock(Delivery, Delivery.letter_uid == IUUID(letter), Delivery.parent_id.is_(None))


def take_back(current: Act, letter: Any, rows: list[Delivery], reason: str) -> Recalled:
    """Recalls what can be recalled of locked deliveries: what recall and cancel share."""
    found = Recalled()
    taken = []
    for row in rows:
        if row.state in RECALLABLE:
            row.state = "recalled"
            letter.withdraw(f"delivery:{row.key}")
            found.recalled.append(row.unit)
            taken.append(row)
        else:
            code = {"returned": "Returned", "recalled": "AlreadyRecalled"}.get(row.state, "AlreadyRegistered")
            found.refused.append((row.unit, code))
    write_steps(current, "recalled", taken, unit=agency_of(letter).unit_id, to_unit=True, note=reason)
    for row in taken:
        notify(DeliveryChanged(row, "recalled", current))
    return found


def send_copy(letter: Any, recipients: Any) -> Dispatched:
    """Sends a dispatched letter to further receivers under its number.

    `all-agencies` are those that do not hold it yet. Raises Forbidden, Missing, WrongRecipients, NotDispatched.
    """
    require_sender(letter)
    sender = chart.unit(agency_of(letter).unit_id)
    if sender is None:
        raise Missing()
    receivers = routes.parse(recipients, sender.unit, letter.owner_unit)
    require_receivers(letter.secrecy, receivers)
    with act(letter, current_actor(sender.unit), "send-copy", IUUID(letter)) as current:
        holders = {row.unit for row in current.lock(Delivery, Delivery.letter_uid == IUUID(letter)) if row.state not in GONE}
        if letter.is_secret:
            numbers.lock(current, [control_book(sender.unit)])
        current.refresh()
        require_sender(letter)
        require_receivers(letter.secrecy, receivers)
        if state_of(letter) not in ("dispatched", "closed") or letter.received:
            raise NotDispatched()
        already = [info for info in receivers if info.unit in holders]
        if routes.ALL in recipients:  # a text, or a list of texts: all who do not have it yet
            receivers = [info for info in receivers if info.unit not in holders]
        if already and (routes.ALL not in recipients or not receivers):
            raise routes.has_already(already[0])
        deliveries = send(current, letter, receivers, from_unit=sender.unit)
        entry = entry_of(current, letter)
        current.note(number=letter.number, units=[info.unit for info in receivers])
    return Dispatched(entry, tuple(deliveries))


def entry_of(current: Act, letter: Any) -> RegisterEntry:
    """The line of the send register in which the letter stands, locked."""
    found = current.lock(RegisterEntry, RegisterEntry.document_uid == IUUID(letter), RegisterEntry.direction.in_(SENT))
    if not found:
        raise NotDispatched()
    return found[0]


def cancel(letter: Any, data: Mapping[str, Any]) -> RegisterEntry:
    """Cancels a numbered letter: the number stays in the register as cancelled and is never used again (E09, E10).

    Receivers who have not registered it lose it. Raises Forbidden, Missing, ReasonRequired, NotDispatched, AlreadyCancelled.
    """
    require_sender(letter)
    reason = reason_of(data)
    unit = agency_of(letter).unit_id
    with act(letter, current_actor(unit), "cancel", IUUID(letter)) as current:
        rows = _sent_by_us(current, letter)
        numbers.lock(current, [send_book(letter, unit)])
        current.refresh()
        require_sender(letter)
        state = state_of(letter)
        if state == "cancelled":
            raise AlreadyCancelled()
        if state != "dispatched" or letter.received:
            raise NotDispatched()
        entry = entry_of(current, letter)
        entry.cancel(current.actor.person, current.at, COVER if letter.is_secret else reason[: fields.LINE])
        take_back(current, letter, rows, reason)
        change_state(letter, "cancel")
        write_steps(current, "cancelled", [], unit=unit, note=reason, letter_uid=IUUID(letter))
        current.note(number=entry.number)
    return entry
