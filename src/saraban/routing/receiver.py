"""More verbs of the receiver: return, forward, order, postpone, follow up, close, reopen (L19, L20, L28-L31, B4; E07, E08)."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from sqlalchemy import select
from zope.event import notify

from saraban import _
from saraban.classification import vault
from saraban.classification.levels import NORMAL
from saraban.errors import REQUIRED, Invalid
from saraban.ledger import clock, numbers
from saraban.ledger.acts import Act, act
from saraban.letters import fields
from saraban.letters.kinds import CIRCULAR
from saraban.organisation import settings
from saraban.organisation.acting import current_actor
from saraban.organisation.allow import may, require
from saraban.organisation.chart import UnitInfo
from saraban.routing import recipients as routes
from saraban.routing.books import control_book, receive_entry
from saraban.routing.content import DeliveryItem
from saraban.routing.errors import AlreadyClosed, AlreadyRegistered, NotClosed, NoteRequired, ReasonRequired, Returned
from saraban.routing.events import DeliveryChanged
from saraban.routing.operations import CLOSE, REGISTER, give, locked, persons_of, require_registered, send
from saraban.routing.queries import UNREGISTERED
from saraban.routing.secrecy import require_cleared_persons, require_receivers
from saraban.routing.secrets import cover_entry
from saraban.routing.steps import write_steps
from saraban.routing.tables import GONE, Assignment, Delivery
from saraban.thai.dates import short

ORDER = "Saraban: Order on delivery"
POSTPONE = "Saraban: Postpone delivery"
ASSIGN = "Saraban: Assign delivery"


def return_to_sender(item: DeliveryItem, data: Mapping[str, Any]) -> Delivery:
    """Sends an arrival back before it is registered, with a note (ตีกลับ, L19); the receiver then reads it no more.

    Raises Forbidden, Missing, NoteRequired, AlreadyRegistered, Returned.
    """
    require(REGISTER, item)
    note = fields.note_values(data, "note")["note"]
    if not note:
        raise NoteRequired(fields={"note": REQUIRED})
    with act(item, current_actor(item.row.unit), "return", item.getId()) as current:
        row = locked(current, item)
        if row.state == "returned":
            raise Returned()
        if row.state not in ("sent", "opened"):
            raise AlreadyRegistered()
        current.refresh()
        row.state, row.result = "returned", vault.protect(current.session, row.letter_uid, note)
        item.letter().withdraw(f"delivery:{row.key}")
        write_steps(current, "returned", [row], unit=row.unit, note=note)
        notify(DeliveryChanged(row, "returned", current))
    return row


def forward(item: DeliveryItem, data: Mapping[str, Any]) -> list[Delivery]:
    """Passes a registered letter on to units, which register it in their own books (ส่งต่อ).

    Raises Forbidden, Missing, WrongRecipients, NotRegistered, AlreadyClosed, Returned.
    """
    require(REGISTER, item)
    receivers = routes.parse(data.get("units") or [], item.row.unit, item.row.unit, "units")
    require_receivers(item.row.secrecy, receivers, "units")
    note = fields.note_values(data, "note")["note"]
    with act(item, current_actor(item.row.unit), "forward", item.getId()) as current:
        row = locked(current, item)
        require_registered(row)
        made = _pass_on(current, item, row, receivers, note)
        current.note(units=[info.unit for info in receivers])
    return made


def _pass_on(current: Act, item: DeliveryItem, row: Delivery, receivers: list[UnitInfo], note: str) -> list[Delivery]:
    """New deliveries, children of this one. Raises WrongRecipients where the letter lies with a unit and waits there.

    To a unit that has registered it a letter can come back (E01); of a circular each unit has one, for it tells who has read.
    """
    here = Delivery.state.not_in(GONE) if row.kind == CIRCULAR.name else Delivery.state.in_(UNREGISTERED)
    holders = select(Delivery.unit).where(Delivery.letter_uid == row.letter_uid, here)
    held = set(current.session.scalars(holders))
    for info in receivers:
        if info.unit in held:
            raise routes.has_already(info, "units")
    if row.secrecy != NORMAL:
        numbers.lock(current, [control_book(row.unit)])
    current.refresh()
    return send(current, item.letter(), receivers, from_unit=row.unit, parent=row, note=note)


def _or_none(data: Mapping[str, Any], name: str) -> Any:
    """A list that may be left out."""
    return [] if data.get(name) is None else data[name]


def order(item: DeliveryItem, data: Mapping[str, Any]) -> tuple[list[Assignment], list[Delivery]]:
    """An executive's order (สั่งการ, B4): its text stands in the movement and goes out as assignments and forwards.

    Raises Forbidden, Missing, Invalid, WrongRecipients, NotRegistered, AlreadyClosed, Returned.
    """
    require(ORDER, item)
    text = fields.note_values(data, "text")["text"]
    if not text:
        raise Invalid(fields={"text": REQUIRED})
    due = fields.instruction_values(data, settings.term(item.row.agency))["due_date"]
    persons = persons_of(_or_none(data, "users"), item.row.agency, item.row.unit)
    require_cleared_persons(item.row.secrecy, persons)
    units = _or_none(data, "units")
    receivers = routes.parse(units, item.row.unit, item.row.unit, "units") if units != [] else []
    require_receivers(item.row.secrecy, receivers, "units")
    with act(item, current_actor(item.row.unit), "order", item.getId()) as current:
        row = locked(current, item)
        require_registered(row)
        write_steps(current, "ordered", [row], unit=row.unit, note=text)
        made = _pass_on(current, item, row, receivers, text) if receivers else []
        if not receivers:
            current.refresh()
        given = give(current, item, row, persons, text, due)
        current.note(persons=sorted(persons), units=[info.unit for info in receivers])
        notify(DeliveryChanged(row, "ordered", current))
    return given, made


def postpone(item: DeliveryItem, data: Mapping[str, Any]) -> Delivery:
    """Moves the completion date, with the reason; the movement keeps what it was (L31, E35).

    Raises Forbidden, Missing, Invalid, ReasonRequired, NotRegistered, AlreadyClosed, Returned.
    """
    require(POSTPONE, item)
    values = fields.postponement_values(data, settings.term(item.row.agency))
    if not values["reason"]:
        raise ReasonRequired(fields={"reason": REQUIRED})
    with act(item, current_actor(item.row.unit), "postpone", item.getId()) as current:
        row = locked(current, item)
        require_registered(row)
        before, due = row.due_date, values["due_date"]
        mine = select(Assignment).where(
            Assignment.delivery_id == row.id, Assignment.person == current.actor.person, Assignment.state == "open"
        )
        for one in current.session.scalars(mine.with_for_update()):
            before, one.due_date = one.due_date or before, due
        if may(ASSIGN, item) or row.due_date is None or row.due_date < due:
            row.due_date = due
        note = f"{before.isoformat() if before else '-'} → {due.isoformat()}: {values['reason']}"
        write_steps(current, "postponed", [row], unit=row.unit, note=note)
        notify(DeliveryChanged(row, "postponed", current))
    return row


def follow_up(item: DeliveryItem, data: Mapping[str, Any]) -> Delivery:
    """Marks the matter for follow-up, or takes the mark away (ติดตาม, L30). Raises Forbidden, Missing, Invalid, Returned."""
    require(REGISTER, item)
    on = data.get("on", True)
    if not isinstance(on, bool):
        raise Invalid(fields={"on": _("error_switch", default="This must be true or false.")})
    with act(item, current_actor(item.row.unit), "follow-up", item.getId()) as current:
        row = locked(current, item)
        if row.state == "returned":
            raise Returned()
        if row.state == "closed" and on:
            raise AlreadyClosed()
        if row.follow_up != on:
            row.follow_up = on
            write_steps(current, "followed-up", [row], unit=row.unit, note="" if on else "-")
            notify(DeliveryChanged(row, "followed-up", current))
    return row


def close(item: DeliveryItem, data: Mapping[str, Any]) -> Delivery:
    """Ends the matter in this unit (ปิดเรื่อง); only what was registered can be closed (L20, E08).

    `publish` marks it for publication under section 7 or 9 of the Official Information Act.
    Raises Forbidden, Missing, Invalid, NotRegistered, AlreadyClosed, Returned.
    """
    require(CLOSE, item)
    values = fields.closing_values(data)
    with act(item, current_actor(item.row.unit), "close", item.getId()) as current:
        row = locked(current, item)
        require_registered(row)
        fields.check_publication(values["publish"], row.secrecy)
        row.state, row.closed_at = "closed", current.at
        row.result = vault.protect(current.session, row.letter_uid, values["result"])
        row.publish = values["publish"]
        for one in current.session.scalars(
            select(Assignment).where(Assignment.delivery_id == row.id, Assignment.state == "open").with_for_update()
        ):
            one.state, one.closed_at = "closed", current.at
        _act_in_register(current, row, values["result"] or f"ปิดเรื่อง {short(clock.bangkok(current.at).date())}")
        write_steps(current, "closed", [row], unit=row.unit, note=values["result"])
        notify(DeliveryChanged(row, "closed", current))
    return row


def _act_in_register(current: Act, row: Delivery, action: str) -> None:
    """What the line of the receive register says was done; nothing stands there of what is not finished (`domain.md` 2.1)."""
    entry = receive_entry(current, row)
    if entry is not None:
        entry.action = action[: fields.LINE]
        if row.secrecy != NORMAL:
            cover_entry(current.session, entry)


def reopen(item: DeliveryItem, data: Mapping[str, Any]) -> Delivery:
    """Opens a closed matter again, with the reason. Raises Forbidden, Missing, ReasonRequired, NotClosed, Returned."""
    require(REGISTER, item)
    reason = fields.note_values(data, "reason")["reason"]
    if not reason:
        raise ReasonRequired(fields={"reason": REQUIRED})
    with act(item, current_actor(item.row.unit), "reopen", item.getId()) as current:
        row = locked(current, item)
        if row.state == "returned":
            raise Returned()
        if row.state != "closed":
            raise NotClosed()
        row.state, row.closed_at = "registered", None
        _act_in_register(current, row, "")
        write_steps(current, "reopened", [row], unit=row.unit, note=reason)
        notify(DeliveryChanged(row, "reopened", current))
    return row
