"""A named person is let in to one secret letter, with the reason, and a line in ทขล.3 (`domain.md` 2.4: need to know)."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from plone.uuid.interfaces import IUUID
from sqlalchemy import select

from saraban import _
from saraban.classification import vault
from saraban.classification.clearances import registrar_places
from saraban.classification.operations import cleared_in
from saraban.classification.tables import NeedToKnow
from saraban.errors import REQUIRED, Forbidden, Invalid, Missing
from saraban.ledger import numbers
from saraban.ledger.acts import Act, act
from saraban.ledger.connection import reader
from saraban.letters import fields
from saraban.organisation.acting import current_actor, current_person, person_name
from saraban.organisation.allow import VIEW, require
from saraban.organisation.functions import agency_of
from saraban.routing import control
from saraban.routing.books import control_book
from saraban.routing.errors import NotSecret, ReasonRequired
from saraban.routing.operations import persons_of
from saraban.routing.secrecy import require_cleared_persons
from saraban.routing.steps import write_steps
from saraban.routing.tables import GONE, Delivery

LET_IN = "อนุญาตให้เข้าถึง"
LET_OUT = "เพิกถอนการเข้าถึง"


def let_in(letter: Any, data: Mapping[str, Any]) -> NeedToKnow:
    """Lets a cleared person of the registrar's agency read the letter; once let in, they stay so until it is withdrawn.

    Raises Forbidden, Missing, NotSecret, Invalid, ReasonRequired.
    """
    unit = _desk(letter)
    user, reason = _values(data)
    persons = persons_of([user], agency_of(unit), unit)
    require_cleared_persons(letter.secrecy, persons)
    with act(letter, current_actor(unit), "let-in", IUUID(letter)) as current:
        numbers.lock(current, [control_book(unit)])
        current.refresh()
        if _desk(letter) != unit:
            raise Forbidden()
        require_cleared_persons(letter.secrecy, persons)
        known = _open_rows(current, letter, user)
        if known:
            return known[0]
        row = NeedToKnow(
            letter_uid=IUUID(letter),
            person=user,
            unit=persons[user],
            agency=agency_of(unit),
            reason=vault.protect(current.session, IUUID(letter), reason),
            given_by=current.actor.person,
            given_at=current.at,
        )
        current.session.add(row)
        letter.grant(f"need:{user}", [letter.person_to_read(persons[user], user)], letter.reading_role)
        _note(current, letter, unit, user, "let-in", LET_IN, reason)
    return row


def let_out(letter: Any, data: Mapping[str, Any]) -> NeedToKnow:
    """Takes back what `let_in` gave to a person of the registrar's agency. Raises as `let_in`."""
    unit = _desk(letter)
    user, reason = _values(data)
    with act(letter, current_actor(unit), "let-out", IUUID(letter)) as current:
        numbers.lock(current, [control_book(unit)])
        current.refresh()
        if _desk(letter) != unit:
            raise Forbidden()
        rows = [row for row in _open_rows(current, letter, user) if row.agency == agency_of(unit)]
        if not rows:
            text = _("error_not_let_in", default="“${user}” was not let in.", mapping={"user": user})
            raise Invalid(fields={"user": text})
        for row in rows:
            row.withdrawn_by, row.withdrawn_at = current.actor.person, current.at
        letter.withdraw(f"need:{user}")
        _note(current, letter, unit, user, "let-out", LET_OUT, reason)
    return rows[0]


def known_to(letter: Any) -> list[NeedToKnow]:
    """Everybody who was ever let in to the letter by the registrar's agency, the open ones first, reasons readable.

    Raises Forbidden, Missing, NotSecret.
    """
    unit = _desk(letter)
    asked = select(NeedToKnow).where(NeedToKnow.letter_uid == IUUID(letter), NeedToKnow.agency == agency_of(unit))
    with reader(letter) as session:
        rows = list(session.scalars(asked.order_by(NeedToKnow.id.desc())))
        session.expunge_all()
    for row in rows:
        row.reason = vault.opened(row.letter_uid, row.reason)
    return sorted(rows, key=lambda row: row.withdrawn_at is not None)


def candidates(letter: Any) -> list[str]:
    """The persons of the registrar's agency who are cleared for the letter's level and not let in yet. Raises as `known_to`."""
    unit = _desk(letter)
    already = {row.person for row in known_to(letter) if row.withdrawn_at is None}
    return [person for person in cleared_in(agency_of(unit), letter.secrecy) if person not in already]


def require_registrar(letter: Any) -> None:
    """Raises Missing, Forbidden or NotSecret unless the person may let others in."""
    _desk(letter)


def may_let_in(letter: Any) -> bool:
    """Whether the logged-in person may let others in."""
    if not letter.is_secret:
        return False
    try:
        return bool(_desk(letter))
    except (Forbidden, Missing, NotSecret):
        return False


def _desk(letter: Any) -> str:
    """The unit as whose registrar of secret information the person acts: the owner's agency, or one that received it.

    Raises Missing, Forbidden, NotSecret.
    """
    require(VIEW, letter)
    mine = [unit for unit, level in registrar_places(current_person()) if level == letter.secrecy]
    if not letter.is_secret and registrar_places(current_person()):
        raise NotSecret()
    if letter.agency in mine:
        return str(letter.agency)
    here = select(Delivery.unit).where(
        Delivery.letter_uid == IUUID(letter), Delivery.unit.in_(mine), Delivery.state.not_in(GONE)
    )
    with reader(letter) as session:
        found = session.scalars(here.order_by(Delivery.id)).first()
    if found is None:
        raise Forbidden()
    return str(found)


def _values(data: Mapping[str, Any]) -> tuple[str, str]:
    user = data.get("user")
    if not isinstance(user, str) or not user:
        raise Invalid(fields={"user": REQUIRED})
    reason: str = fields.note_values(data, "reason")["reason"]
    if not reason:
        raise ReasonRequired(fields={"reason": REQUIRED})
    return user, reason


def _open_rows(current: Act, letter: Any, user: str) -> list[NeedToKnow]:
    return current.lock(
        NeedToKnow, NeedToKnow.letter_uid == IUUID(letter), NeedToKnow.person == user, NeedToKnow.withdrawn_at.is_(None)
    )


def _note(current: Act, letter: Any, unit: str, user: str, what: str, words: str, reason: str) -> None:
    name = person_name(user)
    control.note(current, letter, unit, addressee=name, remark=words, action=reason)
    write_steps(current, what, [], unit=unit, note=f"{name}: {reason}", letter_uid=IUUID(letter))
    current.note(person=user)
