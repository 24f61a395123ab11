"""The lists of letters in the chain of approval, for the page and the service alike."""

from __future__ import annotations

from sqlalchemy.orm import Session

from saraban.organisation.acting import current_person
from saraban.organisation.posts import posts_of
from saraban.routing.desks import places
from saraban.signing import queries
from saraban.signing.queries import Page

MINE, PENDING, SIGNED = "mine", "pending", "signed"
LISTS = (MINE, PENDING, SIGNED)
"""What waits for the person; what of the person's desks waits for others' signatures; what is signed and to be dispatched."""


def listed(
    session: Session, name: str, *, start: int, size: int, unit: str = "", kind: str = "", secret: bool | None = None
) -> Page:
    """A page of one of the lists of the logged-in person."""
    if name == MINE:
        person = current_person()
        units = list(dict.fromkeys(post.unit for post in posts_of(person)))
        return queries.mine(session, person, units, start=start, size=size, secret=secret, kind=kind)
    desks = places([unit] if unit else None, secret=secret)
    return queries.of_desks(session, desks, name, start=start, size=size, kind=kind)
