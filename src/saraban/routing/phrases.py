"""An executive's own phrases for orders (B4): in the person's order, offered on the order's form by a tap."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from sqlalchemy import delete, select
from sqlalchemy.orm import Session
from zope.component.hooks import getSite

from saraban import _
from saraban.errors import Forbidden, Invalid
from saraban.ledger.acts import act
from saraban.ledger.connection import reader
from saraban.organisation.acting import current_actor, current_person
from saraban.organisation.functions import HEAD
from saraban.organisation.posts import posts_of
from saraban.routing.tables import Phrase

MOST = 50
"""Most phrases of a person."""
LONGEST = 500
"""Longest phrase, in characters."""


def is_executive(person: str) -> bool:
    """Whether the person gives orders in some unit."""
    return any(post.function == HEAD for post in posts_of(person))


def phrases_of(session: Session, person: str) -> list[str]:
    """The person's phrases, in the person's order."""
    return list(session.scalars(select(Phrase.text).where(Phrase.person == person).order_by(Phrase.position)))


def mine() -> list[str]:
    """The phrases of the person who is logged in."""
    with reader() as session:
        return phrases_of(session, current_person())


def keep(data: Mapping[str, Any]) -> list[str]:
    """Puts the person's list in the place of the one before: `items`, in order. Raises Forbidden, Invalid."""
    person = current_person()
    if not is_executive(person):
        raise Forbidden()
    found = _texts(data.get("items"))
    with act(getSite(), current_actor(), "keep-phrases") as current:
        current.lock(Phrase, Phrase.person == person)
        current.session.execute(delete(Phrase).where(Phrase.person == person))
        current.session.add_all(Phrase(person=person, position=at, text=text) for at, text in enumerate(found))
        current.note(phrases=len(found))
    return found


def _texts(value: Any) -> list[str]:
    if not isinstance(value, list) or len(value) > MOST or not all(isinstance(one, str) for one in value):
        raise Invalid(
            fields={
                "items": _("error_phrases", default="A list of at most ${most} texts is asked for.", mapping={"most": MOST})
            }
        )
    texts = [" ".join(one.split()) for one in value]
    if any(not one or len(one) > LONGEST or not one.isprintable() for one in texts):
        raise Invalid(
            fields={"items": _("error_phrase", default="A phrase has 1 to ${most} characters.", mapping={"most": LONGEST})}
        )
    return list(dict.fromkeys(texts))
