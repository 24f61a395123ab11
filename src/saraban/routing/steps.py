"""The timeline: one row for each thing that happened to a letter, never edited (L28, L29)."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from plone.uuid.interfaces import IUUID
from sqlalchemy import insert

from saraban.classification import vault
from saraban.ledger.acts import Act
from saraban.letters.events import LetterCreated
from saraban.routing.tables import Delivery, DeliveryStep

_INSERT = insert(DeliveryStep.metadata.tables[DeliveryStep.__tablename__])


def write_steps(
    act: Act,
    what: str,
    deliveries: Iterable[Delivery],
    *,
    unit: str,
    to_unit: bool = False,
    note: str = "",
    letter_uid: str = "",
) -> None:
    """One step for each delivery, as the act's person in the post that they act in; with `letter_uid` one for the letter.

    All are of one letter; of a secret one the note lies sealed. `unit` is where it happened; with `to_unit` the delivery's
    unit is where the letter went.
    """
    deliveries = list(deliveries)
    uid = letter_uid or (deliveries[0].letter_uid if deliveries else "")
    note = vault.protect(act.session, uid, note)
    rows = [
        {
            **_who(act),
            "letter_uid": delivery.letter_uid,
            "delivery_id": delivery.id,
            "what": what,
            "unit": unit,
            "to_unit": delivery.unit if to_unit else "",
            "note": note,
        }
        for delivery in deliveries
    ]
    if letter_uid:
        rows.append(
            {
                **_who(act),
                "letter_uid": letter_uid,
                "delivery_id": None,
                "what": what,
                "unit": unit,
                "to_unit": "",
                "note": note,
            }
        )
    if rows:
        act.session.execute(_INSERT, rows)


def _who(act: Act) -> dict[str, Any]:
    return {"at": act.at, "person": act.actor.person, "person_name": act.actor.name[:200], "post": act.actor.post[:200]}


def letter_created(event: LetterCreated) -> None:
    """Subscriber: the first step of a draft."""
    write_steps(event.act, "created", [], unit=event.letter.owner_unit, letter_uid=IUUID(event.letter))
