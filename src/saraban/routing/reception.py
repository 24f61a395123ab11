"""Letters from outside (รับหนังสือ): on paper, by post, messenger or e-mail, registered at once (B1, L16).

The same letter again keeps its receive number (E01-E03): the key is sender, number and date.
"""

from __future__ import annotations

import hashlib
import secrets
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from plone.uuid.interfaces import IUUID
from sqlalchemy import select
from zope.event import notify

from saraban.errors import Forbidden, Missing
from saraban.ledger import numbers
from saraban.ledger.acts import Act, act
from saraban.ledger.numbers import Book
from saraban.ledger.tables import RegisterEntry
from saraban.letters import fields
from saraban.letters.kinds import WAYS
from saraban.letters.levels import require_cleared
from saraban.letters.operations import change_state, new_letter, require_category
from saraban.organisation import chart, settings
from saraban.organisation.acting import current_actor
from saraban.organisation.allow import require
from saraban.routing.books import receive_book, receive_entry
from saraban.routing.events import LetterReceived
from saraban.routing.operations import mark_registered
from saraban.routing.secrecy import handles
from saraban.routing.secrets import cover_entry, cover_values
from saraban.routing.steps import write_steps
from saraban.routing.tables import Delivery
from saraban.thai.folding import fold
from saraban.thai.numbers import normal

RECEIVE = "Saraban: Receive letter"


@dataclass(frozen=True)
class Received:
    """A letter from outside at its place, and whether it had come before."""

    delivery: Delivery
    entry: RegisterEntry
    again: bool


def known_by(sender: str, number: str, letter_date: date | None) -> str:
    """What tells the same letter again (E03); empty where sender, number and date are not all known."""
    if not (sender and number and letter_date):
        return ""
    return hashlib.sha256(f"{fold(sender)}\0{normal(number)}\0{letter_date.isoformat()}".encode()).hexdigest()[:64]


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
    return receive_all(agency, [values])[0]


def receive_all(agency: Any, letters: Sequence[Mapping[str, Any]], keys: Sequence[str] = ()) -> list[Received]:
    """Registers several letters in one transaction; `letters` are `fields.reception_values`.

    `keys` are given where the sender's number and date are not known (imports). Permission is the caller's to ask.
    """
    unit = chart.unit(agency.unit_id)
    if unit is None:
        raise Missing()
    books = {values["secrecy"]: receive_book(unit.unit, values["secrecy"]) for values in letters}
    found = []
    with act(agency, current_actor(unit.unit), "receive", IUUID(agency)) as current:
        numbers.lock(current, list(books.values()))
        current.refresh()
        for position, given in enumerate(letters):
            values = dict(given)
            outside = chart.unit(values["sender"])
            if outside is not None:
                values["sender"] = outside.title_th
            key = keys[position] if keys else known_by(values["sender"], values["sender_number"], values["letter_date"])
            before = _known(current, unit.unit, values["secrecy"], key)
            if before is None:
                before = _enter(current, agency, unit, books[values["secrecy"]], values, key)
            found.append(before)
        if len(found) == 1:
            current.uid = found[0].delivery.letter_uid
        current.note(entries=[one.entry.seq for one in found[:1] + found[-1:]], letters=len(found))
    return found


def _known(current: Act, unit: str, secrecy: str, key: str) -> Received | None:
    """The first registration of a letter that comes again: a new event, the old number (E01, E02).

    Only of the same level: the ordinary registrar learns nothing of a secret letter.
    """
    if not key:
        return None
    same = (Delivery.unit == unit, Delivery.known_by == key, Delivery.secrecy == secrecy)
    row = current.session.scalar(select(Delivery).where(*same).order_by(Delivery.id))
    if row is None:
        return None
    entry = receive_entry(current, row)
    if entry is None:
        return None
    write_steps(current, "received", [row], unit=unit)
    return Received(row, entry, again=True)


def _enter(current: Act, agency: Any, unit: Any, book: Book, values: dict[str, Any], key: str) -> Received:
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
    current.session.flush()
    write_steps(current, "received", [row], unit=unit.unit)
    mark_registered(current, row, entry)
    notify(LetterReceived(letter, row, current))
    return Received(row, entry, again=False)
