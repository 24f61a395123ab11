"""How much of a letter's way a person may know: its sender all of it, a receiver the way to them and on from them (L28, L34).

What an agency says to its own people is its own affair: others, the letter's sender too, learn that an order was given, when
and by whom, for they are to see where the letter stands (L28), but not its words. The pages and the service all ask here.
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from typing import Any

from plone.uuid.interfaces import IUUID
from sqlalchemy import select
from sqlalchemy.orm import Session

from saraban.letters.operations import agency_of
from saraban.organisation.acting import current_person
from saraban.organisation.functions import agency_of as agency_of_unit
from saraban.organisation.posts import posts_of
from saraban.routing import queries
from saraban.routing.desks import all_units
from saraban.routing.secrets import detach
from saraban.routing.tables import Assignment, Delivery, DeliveryStep

INTERNAL = frozenset({"ordered", "assigned", "forwarded", "let-in", "let-out", "signed"})
"""Steps whose note is for the agency where they were done, and for the one that the letter went to by them."""
LET_IN = frozenset({"let-in", "let-out"})
"""Steps on the letter itself by one of those who hold it, of which the other receivers know nothing."""
DRAFTING = frozenset({"submitted", "sent-back"})
"""Steps on the letter before it was sent, of which its receivers know nothing; nor of what was signed and sent back."""


@dataclass(frozen=True)
class Way:
    """Where a letter went, and what happened to it, as far as the person may know."""

    deliveries: list[Delivery]
    steps: list[DeliveryStep]
    """Oldest first."""
    received: list[Delivery]
    """Those on the person's own desks."""


def is_sender(letter: Any) -> bool:
    """Whether the logged-in person works in the agency that the letter is from."""
    return agency_of(letter).unit_id in _own_agencies()


def _own_agencies() -> set[str]:
    return {post.agency for post in posts_of(current_person())}


def way_of(session: Session, letter: Any) -> Way:
    """The way of a letter that the logged-in person may see."""
    uid = IUUID(letter)
    rows = queries.deliveries_of(session, uid)
    desks = set(all_units())
    received = [row for row in rows if row.unit in desks and row.state != "recalled"]
    if is_sender(letter):
        return Way(rows, steps_for(session, uid), received)
    known = {id_ for row in (*received, *_given(session, rows)) for id_ in route_of(session, row)}
    return Way([row for row in rows if row.id in known], steps_for(session, uid, known), received)


def steps_for(session: Session, letter_uid: str, known: Collection[int] | None = None) -> list[DeliveryStep]:
    """The steps on these deliveries and on the letter itself, oldest first; with no deliveries said all of them.

    As the logged-in person may read them. Nothing is written from these rows.
    """
    mine, found, steps = _own_agencies(), [], queries.steps_of(session, letter_uid)
    void = max((at for at, step in enumerate(steps) if step.what == "sent-back"), default=-1)
    for at, step in enumerate(steps):
        elsewhere = mine.isdisjoint(agency_of_unit(unit) for unit in (step.unit, step.to_unit))
        if known is not None and (
            elsewhere and (step.what in LET_IN or step.what in DRAFTING or (step.what == "signed" and at < void))
            if step.delivery_id is None
            else step.delivery_id not in known
        ):
            continue
        if step.note and step.what in INTERNAL and elsewhere:
            detach(step)
            step.note = ""
        found.append(step)
    return found


def _given(session: Session, rows: list[Delivery]) -> list[Delivery]:
    """The deliveries that were given to the person to work on."""
    asked = select(Assignment.delivery_id).where(
        Assignment.delivery_id.in_([row.id for row in rows]), Assignment.person == current_person()
    )
    given = set(session.scalars(asked)) if rows else set()
    return [row for row in rows if row.id in given and row.state != "recalled"]


def route_of(session: Session, row: Delivery) -> set[int]:
    """A delivery's own way: itself, what it was forwarded from, and what it was forwarded to."""
    edges = session.execute(select(Delivery.id, Delivery.parent_id).where(Delivery.letter_uid == row.letter_uid)).all()
    parents: dict[int, int | None] = {edge.id: edge.parent_id for edge in edges}
    found: set[int] = set()
    above: int | None = row.id
    while above is not None and above not in found:
        found.add(above)
        above = parents.get(above)
    below = {row.id}
    while below:
        found |= below
        below = {id_ for id_, parent in edges if parent in below} - found
    return found
