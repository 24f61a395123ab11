"""The verbs on a letter's way: dispatch, open, register, assign.

Each is one act in one transaction: lock the deliveries, then the series; take a fresh snapshot; ask for permission and
state again; write; one audit row (`docs/architecture.md`). Rules: `domain.md` 2.2, 8; requirements L8, L14-L20. The letter
that comes from outside: `reception.py`; more verbs of the receiver: `receiver.py`.
"""

from __future__ import annotations

import secrets
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from plone.uuid.interfaces import IUUID
from sqlalchemy import select
from zope.event import notify

from saraban import _
from saraban.classification import vault
from saraban.classification.levels import NORMAL
from saraban.errors import Invalid, Missing
from saraban.ledger import numbers
from saraban.ledger.acts import Act, act
from saraban.ledger.alike import made_alike
from saraban.ledger.numbers import Book
from saraban.ledger.tables import RegisterEntry
from saraban.letters import fields
from saraban.letters.operations import agency_of, change_state, state_of
from saraban.organisation import chart, settings
from saraban.organisation.acting import current_actor
from saraban.organisation.allow import require
from saraban.organisation.chart import UnitInfo
from saraban.organisation.posts import posts_of
from saraban.routing import control, reservations
from saraban.routing import recipients as routes
from saraban.routing import series as numbering
from saraban.routing.books import control_book, receive_book, send_book
from saraban.routing.content import DeliveryItem
from saraban.routing.errors import (
    AlreadyClosed,
    AlreadyDispatched,
    AlreadyRegistered,
    NotDispatchable,
    NotRegistered,
    Returned,
)
from saraban.routing.events import DeliveriesArrived, DeliveryChanged, DeliveryLookedAt, LetterDispatched
from saraban.routing.known import known_by
from saraban.routing.secrecy import DISPATCH as DISPATCH
from saraban.routing.secrecy import require_cleared_persons, require_receivers, require_sender
from saraban.routing.secrets import cover_entry, cover_values, open_assignments, open_delivery_row, texts_of
from saraban.routing.steps import write_steps
from saraban.routing.tables import Assignment, Delivery

OPEN = "Saraban: Open delivery"
REGISTER = "Saraban: Register delivery"
ASSIGN = "Saraban: Assign delivery"
CLOSE = "Saraban: Close delivery"
MOST_PERSONS = 100


@dataclass(frozen=True)
class Dispatched:
    """What a dispatch made."""

    entry: RegisterEntry
    deliveries: tuple[Delivery, ...]


def dispatch(letter: Any, recipients: Any, reservation: Any = None, series: Any = "") -> Dispatched:
    """Numbers the letter and sends it (ส่ง): number, register entry, deliveries, grants, steps, in one transaction.

    With `reservation` the number and date are those of the reserved line (E12); with `series` the number is of a series that
    the agency added (L24). Raises Forbidden, Missing, WrongRecipients, Invalid, AlreadyDispatched, NotDispatchable,
    NoLetterCode, SeriesEnded, ReservationUnknown, ReservationSpent, ReservationExpired.
    """
    require_sender(letter)
    agency = agency_of(letter)
    sender = chart.unit(agency.unit_id)
    if sender is None:
        raise Missing()
    receivers = routes.parse(recipients, sender.unit, letter.owner_unit)
    require_receivers(letter.secrecy, receivers)
    named = numbering.chosen(letter, sender.unit, series, reservation)
    book = send_book(letter, sender.unit, named)
    with act(letter, current_actor(sender.unit), "dispatch", IUUID(letter)) as current:
        numbers.lock(current, [book, control_book(sender.unit)] if letter.is_secret else [book])
        current.refresh()
        require_sender(letter)
        if send_book(letter, sender.unit, named) != book:
            raise Missing()  # its level changed while we waited: whoever may still send it asks again
        _require_dispatchable(letter)
        write = numbering.writer(current, letter, sender, named)
        texts = {
            "sender": _owner_title(letter, sender),
            "addressee": _addressee(letter, receivers),
            "subject": letter.title,
        }
        if reservation:
            entry = reservations.use(current, reservation, book)
            entry.document_uid = IUUID(letter)
            entry.sender, entry.addressee, entry.subject = texts["sender"], texts["addressee"], texts["subject"]
            if letter.is_secret:  # the level was not known when the number was reserved
                entry.number = entry.letter_number = write(entry.seq, entry.year)
        else:
            entry = numbers.issue(
                current,
                book,
                write=lambda sequence: write(sequence, numbers.year_of(current)),
                document_uid=IUUID(letter),
                letter_number=None,
                **texts,
            )
        letter.number, letter.letter_date, letter.sender = entry.number, entry.date, sender.title_th
        if letter.is_secret:
            cover_entry(current.session, entry)
        deliveries = send(current, letter, receivers, from_unit=sender.unit)
        change_state(letter, "dispatch")
        current.note(number=entry.number, units=[info.unit for info in receivers])
        notify(LetterDispatched(letter, deliveries, current))
    return Dispatched(entry, tuple(deliveries))


def _require_dispatchable(letter: Any) -> None:
    state = state_of(letter)
    if letter.number or state in ("dispatched", "closed"):
        raise AlreadyDispatched()
    if state not in ("draft", "signed"):
        raise NotDispatchable()


def _owner_title(letter: Any, sender: UnitInfo) -> str:
    owner = chart.unit(letter.owner_unit)
    return owner.title_th if owner is not None and owner.unit != sender.unit else sender.title_th


def _addressee(letter: Any, receivers: Sequence[UnitInfo]) -> str:
    if letter.to_text:
        return str(letter.to_text)
    names = ", ".join(info.title_th for info in receivers)
    return names if len(names) <= fields.LINE else names[: fields.LINE - 1] + "…"


def send(
    current: Act, letter: Any, receivers: Sequence[UnitInfo], *, from_unit: str, parent: Delivery | None = None, note: str = ""
) -> list[Delivery]:
    """Delivery rows, grants on the letter and steps for receiving units: what dispatch and forward share."""
    path = "/".join(letter.getPhysicalPath())
    same = {
        "letter_uid": IUUID(letter),
        "letter_path": path,
        "parent_id": parent.id if parent is not None else None,
        "from_unit": from_unit,
        "via": "system",
        "sent_at": current.at,
        "state": "sent",
        "due_date": letter.due_date,
        "urgent_by": letter.urgent_by,
        "known_by": known_by(letter.sender, letter.number, letter.letter_date) if letter.secrecy == NORMAL else "",
        "number": letter.number,
        "letter_date": letter.letter_date,
        "kind": letter.kind,
        "urgency": letter.urgency,
        "secrecy": letter.secrecy,
        **cover_values(
            current.session,
            IUUID(letter),
            letter.secrecy,
            {"title": letter.title or letter.to_text or "", "sender": letter.sender},
        ),
    }
    rows = [{"key": secrets.token_hex(16), "unit": info.unit, "agency": info.agency} for info in receivers]
    places = {info.unit: at for at, info in enumerate(receivers)}
    made = sorted(made_alike(current.session, Delivery, same, rows), key=lambda row: places[row.unit])
    granted = {f"delivery:{row.key}": letter.reading_groups(row.unit, row.agency) for row in made}
    letter.grant_all(granted, letter.reading_role)
    if letter.is_secret:
        control.note_copies(current, letter, from_unit, receivers)
    write_steps(current, "dispatched" if parent is None else "forwarded", made, unit=from_unit, to_unit=True, note=note)
    notify(DeliveriesArrived(letter, tuple(made), current))
    return made


def locked(current: Act, item: DeliveryItem) -> Delivery:
    """The delivery's row under its lock.

    A recalled one is gone for its receiver; one whose level changed while we waited may be gone for this person.
    """
    rows = current.lock(Delivery, Delivery.key == item.getId())
    if not rows or rows[0].state == "recalled" or rows[0].secrecy != item.row.secrecy:
        raise Missing()
    row: Delivery = rows[0]
    return row


def open_delivery(item: DeliveryItem) -> Delivery:
    """Notes that the receiver looked (L14). Raises Forbidden, Missing, Returned. The second time it is for others to note."""
    require(OPEN, item)
    if item.row.state not in ("sent", "returned"):
        notify(DeliveryLookedAt(item))
        return item.row
    with act(item, current_actor(item.row.unit), "open", item.getId()) as current:
        row = locked(current, item)
        if row.state == "returned":
            raise Returned()
        mark_opened(current, row)
    return open_delivery_row(row)


def mark_opened(current: Act, row: Delivery) -> None:
    """Notes that the desk looked at a locked delivery, the first time."""
    if row.state == "sent":
        row.state, row.opened_at = "opened", current.at
        write_steps(current, "opened", [row], unit=row.unit)
        notify(DeliveryChanged(row, "opened", current))


def register(item: DeliveryItem, data: Mapping[str, Any] | None = None) -> Delivery:
    """Registers what came through the system (ลงรับ): the receive number of this unit, nothing typed again (L15).

    A `note` says what is wrong with it, such as an enclosure that is missing, and stops nothing (E45).
    Raises Forbidden, Missing, Invalid, AlreadyRegistered, Returned.
    """
    require(REGISTER, item)
    note = fields.note_values(data or {}, "note")["note"]
    book = receive_book(item.row.unit, item.row.secrecy)
    with act(item, current_actor(item.row.unit), "register", item.getId()) as current:
        row = locked(current, item)
        if row.state == "returned":
            raise Returned()
        if row.state not in ("sent", "opened"):
            raise AlreadyRegistered()
        numbers.lock(current, [book])
        before = _first_entry(current, row, book)
        if before is None:
            enter_delivery(current, row, book, chart.unit(row.unit), note)
        else:
            mark_registered(current, row, before, note=note)
    return row


def _first_entry(current: Act, row: Delivery, book: Book) -> RegisterEntry | None:
    """The line of a letter that went on from this unit and came back: it keeps its number, of its year (E01, E02, L16)."""
    if row.parent_id is None:
        return None
    lines = select(RegisterEntry).where(
        RegisterEntry.document_uid == row.letter_uid,
        RegisterEntry.unit == book.unit,
        RegisterEntry.direction == book.direction,
    )
    return current.session.scalars(lines.order_by(RegisterEntry.id).limit(1)).first()


def enter_delivery(current: Act, row: Delivery, book: Book, receiver: UnitInfo | None, note: str = "") -> RegisterEntry:
    """The line of the locked receive register for a letter that came through the system, and the delivery registered."""
    texts = texts_of(row)
    entry = numbers.issue(
        current,
        book,
        write=str,
        document_uid=row.letter_uid,
        letter_number=row.number,
        letter_date=row.letter_date,
        sender=texts["sender"],
        addressee=receiver.title_th if receiver else row.unit,
        subject=texts["title"],
        remark=remark_of(row.secrecy, note),
    )
    if row.secrecy != NORMAL:
        cover_entry(current.session, entry)
    mark_registered(current, row, entry, note=note)
    return entry


def remark_of(secrecy: str, note: str) -> str:
    """What a note at registering says in the register; of a secret letter it stands in the movement alone, sealed."""
    return note[: fields.LINE] if secrecy == NORMAL else ""


def mark_registered(
    current: Act, row: Delivery, entry: RegisterEntry, steps: Sequence[str] = ("registered",), note: str = ""
) -> None:
    """Writes the receive number into the delivery, and the steps: what register and receive share."""
    row.state = "registered"
    row.receive_number, row.receive_year = entry.seq, entry.year
    row.registered_at, row.registered_by = current.at, current.actor.person
    row.opened_at = row.opened_at or current.at
    current.session.flush()  # a new row has no id before
    if note and len(steps) > 1:  # it is about the registering alone
        write_steps(current, steps[:-1], [row], unit=row.unit)
        steps = steps[-1:]
    write_steps(current, steps, [row], unit=row.unit, note=note)
    current.note(receive_number=entry.seq, receive_year=entry.year)
    notify(DeliveryChanged(row, "registered", current))


def require_registered(row: Delivery) -> None:
    """Raises what stands against work on the delivery: Returned, AlreadyClosed, NotRegistered."""
    if row.state == "returned":
        raise Returned()
    if row.state == "closed":
        raise AlreadyClosed()
    if row.state != "registered":
        raise NotRegistered()


def assign(item: DeliveryItem, data: Mapping[str, Any]) -> list[Assignment]:
    """Gives the work to persons of the agency (มอบหมาย), who may then read the letter.

    Raises Forbidden, Missing, Invalid, NotRegistered, AlreadyClosed, Returned.
    """
    require(ASSIGN, item)
    persons, instruction, due = assignment_values(data, item.row.agency, item.row.unit)
    require_cleared_persons(item.row.secrecy, persons)
    with act(item, current_actor(item.row.unit), "assign", item.getId()) as current:
        row = locked(current, item)
        require_registered(row)
        current.refresh()
        made = give(current, item, row, persons, instruction, due)
        write_steps(current, "assigned", [row], unit=row.unit, note=instruction)
        current.note(persons=sorted(persons))
        notify(DeliveryChanged(row, "assigned", current))
    open_assignments(row.letter_uid, made)
    return made


def give(
    current: Act, item: DeliveryItem, row: Delivery, persons: Mapping[str, str], instruction: str, due: date | None
) -> list[Assignment]:
    """Writes the assignments of persons (person → unit of the post) and lets them read: what assign and order share."""
    asked = select(Assignment).where(Assignment.delivery_id == row.id).with_for_update()
    known = {one.person: one for one in current.session.scalars(asked)}
    kept = vault.protect(current.session, row.letter_uid, instruction)
    made = []
    for person, unit in persons.items():
        one = known.get(person)
        if one is None:
            one = Assignment(delivery_id=row.id, person=person)
            current.session.add(one)
        one.unit, one.instruction, one.due_date = unit, kept, due
        one.state, one.given_by, one.given_at, one.closed_at = "open", current.actor.person, current.at, None
        made.append(one)
    if due is not None:
        row.due_date = due
    if persons:
        letter = item.letter()
        groups = [letter.person_to_read(unit, person) for person, unit in persons.items()]
        letter.grant(f"assignment:{row.key}", groups, letter.reading_role)
    return made


def assignment_values(data: Mapping[str, Any], agency: str, unit: str) -> tuple[dict[str, str], str, date | None]:
    """Persons with the unit of the post in which they get it, the instruction, the date; raises Invalid."""
    users = data.get("users")
    if not isinstance(users, list) or not users:
        raise Invalid(fields={"users": _("error_users", default="Choose one or more persons.")})
    values = fields.instruction_values(data, settings.term(agency))
    return persons_of(users, agency, unit), values["instruction"], values.get("due_date")


def persons_of(users: Any, agency: str, unit: str) -> dict[str, str]:
    """The persons of a list with the unit of the agency in which each holds a post, `unit` first. Raises Invalid."""
    if isinstance(users, list) and len(users) > MOST_PERSONS:
        many = _("error_users_many", default="At most ${most} persons at once.", mapping={"most": MOST_PERSONS})
        raise Invalid(fields={"users": many})
    if not isinstance(users, list) or not all(isinstance(one, str) for one in users):
        raise Invalid(fields={"users": _("error_users", default="Choose one or more persons.")})
    persons: dict[str, str] = {}
    for person in dict.fromkeys(users):
        here = [post.unit for post in posts_of(person) if post.agency == agency]
        if not here:
            raise Invalid(
                fields={
                    "users": _(
                        "error_user_elsewhere", default="“${user}” holds no post in this agency.", mapping={"user": person}
                    )
                }
            )
        persons[person] = unit if unit in here else here[0]
    return persons
