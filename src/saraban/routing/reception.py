"""Letters from outside (รับหนังสือ): on paper, by post, messenger or e-mail, registered at once (B1, L16).

The same letter again keeps its receive number (E01-E03): the key is sender, number and date.
"""

from __future__ import annotations

import secrets
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from plone.uuid.interfaces import IUUID
from sqlalchemy import or_, select
from zope.event import notify

from saraban import _
from saraban.classification.levels import NORMAL
from saraban.errors import Forbidden, Invalid, Missing
from saraban.ledger import numbers
from saraban.ledger.acts import Act, act
from saraban.ledger.numbers import Book
from saraban.ledger.tables import RegisterEntry
from saraban.letters import fields
from saraban.letters.kinds import WAYS
from saraban.letters.levels import require_cleared
from saraban.letters.operations import change_state, new_letter, require_category, require_people
from saraban.organisation import chart, settings
from saraban.organisation.acting import current_actor
from saraban.organisation.allow import require
from saraban.organisation.chart import UnitInfo
from saraban.routing.books import receive_book, receive_entry
from saraban.routing.events import LetterReceived
from saraban.routing.known import known_by
from saraban.routing.operations import enter_delivery, mark_registered, remark_of
from saraban.routing.secrecy import handles
from saraban.routing.secrets import cover_entry, cover_values, texts_of
from saraban.routing.steps import write_steps
from saraban.routing.tables import GONE, Delivery
from saraban.thai.folding import fold
from saraban.thai.numbers import normal

RECEIVE = "Saraban: Receive letter"


@dataclass(frozen=True)
class Received:
    """A letter from outside at its place, and whether it had come before."""

    delivery: Delivery
    entry: RegisterEntry
    again: bool


def receive(agency: Any, data: Mapping[str, Any]) -> Received:
    """Registers a letter from outside in the agency's receive register.

    A secret one the agency's registrar of secret information, in the secret register. Raises Forbidden, Missing, Invalid,
    TopSecretNotElectronic. A known letter gives its first entry again.
    """
    require(RECEIVE, agency)
    level = fields.asked_level(data)
    require_cleared(level)
    if not handles(agency.unit_id, level, agency):
        raise Forbidden()
    own_ways = () if data.get("via") in ("", None, *WAYS) else settings.words(agency.unit_id, settings.WAY)
    values = fields.reception_values(data, settings.term(agency.unit_id), own_ways)
    require_category(agency.unit_id, values)
    require_people(values)
    owner = chart.unit(values["owner_unit"] or agency.unit_id)
    if owner is None or owner.agency != agency.unit_id:
        raise Invalid(fields={"owner_unit": _("error_unit_not_of_agency", default="No such unit in this agency.")})
    return receive_all(agency, [values])[0]


def receive_all(agency: Any, letters: Sequence[Mapping[str, Any]], keys: Sequence[str] = ()) -> list[Received]:
    """Registers several letters in one transaction; `letters` are `fields.reception_values`.

    `keys` are given where the sender's number and date are not known (imports). Permission is the caller's to ask.
    """
    unit = chart.unit(agency.unit_id)
    if unit is None:
        raise Missing()
    books = {values["secrecy"]: receive_book(unit.unit, values["secrecy"]) for values in letters}
    named = [_with_sender(values) for values in letters]
    keys = keys or [_key(one) for one in named]
    found = []
    with act(agency, current_actor(unit.unit), "receive", IUUID(agency)) as current:
        # Deliveries before series, as everywhere: one of them may be waiting here for its paper.
        known = or_(Delivery.known_by.in_([key for key in keys if key]), Delivery.id.in_(_same_day(current, unit, named)))
        waiting = select(Delivery.id).where(Delivery.unit == unit.unit, known)
        current.session.execute(waiting.order_by(Delivery.id).with_for_update()).all()
        numbers.lock(current, list(books.values()))
        current.refresh()
        for values, key in zip(named, keys, strict=True):
            before = _again(current, unit, books[values["secrecy"]], values, key)
            if before is None:
                before = _enter(current, agency, unit, books[values["secrecy"]], values, key)
            found.append(before)
        if len(found) == 1:
            current.uid = found[0].delivery.letter_uid
        current.note(entries=[one.entry.seq for one in found[:1] + found[-1:]], letters=len(found))
    return found


def _with_sender(values: Mapping[str, Any]) -> dict[str, Any]:
    """An agency's id as sender means its name."""
    outside = chart.unit(values["sender"])
    return {**values, "sender": outside.title_th} if outside is not None else dict(values)


def _key(values: Mapping[str, Any]) -> str:
    """What the row keeps to be known by. Of a secret letter nothing: whoever has the rows could try senders on a digest."""
    if values["secrecy"] != NORMAL:
        return ""
    return known_by(values["sender"], values["sender_number"], values["letter_date"])


def _same_day(current: Act, unit: UnitInfo, named: Sequence[Mapping[str, Any]]) -> list[int]:
    """The unit's secret rows of the days of these letters, as far as they are secret: one of them may come again."""
    days = [(one["secrecy"], one["letter_date"]) for one in named if one["secrecy"] != NORMAL and one["letter_date"]]
    if not days:
        return []
    levels, dates = {level for level, _day in days}, {day for _level, day in days}
    here = (Delivery.unit == unit.unit, Delivery.secrecy.in_(levels), Delivery.letter_date.in_(dates))
    return list(current.session.scalars(select(Delivery.id).where(*here)))


def _again(current: Act, unit: UnitInfo, book: Book, values: Mapping[str, Any], key: str) -> Received | None:
    """The first registration of a letter that comes again: a new event, the old number (E01, E02).

    One that came through the system and whose paper arrives is registered by it, where it was not before (E37). Only of the
    same level: the ordinary registrar learns nothing of a secret letter.
    """
    row = _first(current, unit, values, key)
    if row is None:
        return None
    entry = receive_entry(current, row)
    if entry is None:
        entry = enter_delivery(current, row, book, unit)
    write_steps(current, "received", [row], unit=unit.unit, note=values["note"])
    return Received(row, entry, again=True)


def _first(current: Act, unit: UnitInfo, values: Mapping[str, Any], key: str) -> Delivery | None:
    """The row of a letter that comes again, locked. Of secret ones those of its number and day are opened for the sender.

    Series may write the same number on one day: meant is the letter of the same kind, then the one written alike.
    """
    here = [Delivery.unit == unit.unit, Delivery.secrecy == values["secrecy"], Delivery.state.not_in(GONE)]
    found = select(Delivery).order_by(Delivery.id).with_for_update()
    rows = list(current.session.scalars(found.where(*here, Delivery.known_by == key))) if key else []
    sender, written, day = values["sender"], values["sender_number"], values["letter_date"]
    if not rows and values["secrecy"] != NORMAL and known_by(sender, written, day):
        asked = select(Delivery.id, Delivery.number).where(*here, Delivery.letter_date == day)
        ids = [id_ for id_, number in current.session.execute(asked) if normal(number) == normal(written)]
        same = current.session.scalars(found.where(*here, Delivery.id.in_(ids)))
        rows = [row for row in same if fold(texts_of(row)["sender"]) == fold(sender)]
    alike = fold(written)
    return min(rows, key=lambda row: (row.kind != values["kind"], fold(row.number) != alike, row.id), default=None)


def _enter(current: Act, agency: Any, unit: Any, book: Book, values: dict[str, Any], key: str) -> Received:
    note = values.pop("note")
    values["number"] = values["sender_number"]
    values["owner_unit"] = values["owner_unit"] or unit.unit
    letter = new_letter(agency, values, current.actor.person)
    if letter.is_secret:
        letter.grant_anew({"owner": letter.owner_pairs()})
    change_state(letter, "dispatch")
    entry = numbers.issue(
        current,
        book,
        write=str,
        document_uid=IUUID(letter),
        letter_number=letter.sender_number,
        letter_date=letter.letter_date,
        sender=letter.sender,
        addressee=letter.to_text or unit.title_th,
        subject=letter.title,
        remark=remark_of(letter.secrecy, note),
    )
    if letter.is_secret:
        cover_entry(current.session, entry)
    row = Delivery(
        key=secrets.token_hex(16),
        letter_uid=IUUID(letter),
        letter_path="/".join(letter.getPhysicalPath()),
        unit=unit.unit,
        agency=unit.agency,
        via=letter.via,
        sent_at=current.at,
        due_date=letter.due_date,
        urgent_by=letter.urgent_by,
        known_by=key,
        number=letter.number,
        letter_date=letter.letter_date,
        kind=letter.kind,
        urgency=letter.urgency,
        secrecy=letter.secrecy,
        **cover_values(
            current.session,
            IUUID(letter),
            letter.secrecy,
            {"title": letter.title or letter.to_text, "sender": letter.sender},
        ),
    )
    current.session.add(row)
    mark_registered(current, row, entry, ("received", "registered"), note)
    notify(LetterReceived(letter, row, current))
    return Received(row, entry, again=False)
