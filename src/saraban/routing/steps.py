"""The timeline: one row for each thing that happened to a letter, never edited (L28, L29)."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from datetime import date
from typing import Any

from plone.uuid.interfaces import IUUID
from sqlalchemy import select

from saraban.classification import vault
from saraban.ledger.acts import Act
from saraban.ledger.alike import insert_alike
from saraban.letters.events import LetterCreated, LetterRaised
from saraban.routing.tables import Delivery, DeliveryStep

_POSTPONED = re.compile(r"(\d{4}-\d\d-\d\d|-) → (\d{4}-\d\d-\d\d)(?:: (.*))?", re.DOTALL)


def postponement(note: str) -> tuple[date | None, date, str] | None:
    """What a postponement keeps in its note (E35): the date before, the new one, the reason; None for another note."""
    known = _POSTPONED.fullmatch(note)
    if known is None:
        return None
    return None if known[1] == "-" else date.fromisoformat(known[1]), date.fromisoformat(known[2]), known[3] or ""


def write_steps(
    act: Act,
    what: str | Sequence[str],
    deliveries: Iterable[Delivery],
    *,
    unit: str,
    to_unit: bool = False,
    note: str = "",
    letter_uid: str = "",
) -> None:
    """One step for each delivery, as the act's person in the post that they act in; with `letter_uid` one for the letter.

    Where several things happened at once `what` says all of them, in their order. All are of one letter; of a secret one the
    note lies sealed. `unit` is where it happened; with `to_unit` the delivery's unit is where the letter went.
    """
    deliveries = list(deliveries)
    uid = letter_uid or (deliveries[0].letter_uid if deliveries else "")
    note = vault.protect(act.session, uid, note)
    places: list[tuple[int | None, str]] = [(delivery.id, delivery.unit if to_unit else "") for delivery in deliveries]
    if letter_uid:
        places.append((None, ""))
    rows = [
        {"what": one, "delivery_id": delivery, "to_unit": to}
        for one in ([what] if isinstance(what, str) else what)
        for delivery, to in places
    ]
    insert_alike(act.session, DeliveryStep, {**_who(act), "letter_uid": uid, "unit": unit, "note": note}, rows)


def _who(act: Act) -> dict[str, Any]:
    return {"at": act.at, "person": act.actor.person, "person_name": act.actor.name[:200], "post": act.actor.post[:200]}


def letter_created(event: LetterCreated) -> None:
    """Subscriber: the first step of a draft."""
    write_steps(event.act, "created", [], unit=event.letter.owner_unit, letter_uid=IUUID(event.letter))


def letter_raised(event: LetterRaised) -> None:
    """Subscriber: what was said of a draft that was sent back lies sealed with it."""
    uid, session = IUUID(event.letter), event.act.session
    for step in session.scalars(select(DeliveryStep).where(DeliveryStep.letter_uid == uid, DeliveryStep.note != "")):
        step.note = vault.protect(session, uid, step.note)
