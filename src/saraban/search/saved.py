"""Searches that a person keeps: a name and the question. They are the person's own; what they find is asked anew each time."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any
from urllib.parse import parse_qs, urlencode

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from saraban import _
from saraban.errors import Forbidden, Invalid, Missing
from saraban.ledger.acts import act
from saraban.organisation.acting import current_actor, current_person
from saraban.search import wanted
from saraban.search.errors import NameTaken, TooManySaved
from saraban.search.tables import SavedSearch

MOST = 100
LONGEST_NAME = 200
LONGEST_QUERY = 8000
"""Characters: as much as fits into an address everywhere."""


def query_of(form: Mapping[str, Any]) -> str:
    """The question of these parameters as it stands in an address. Raises Invalid where nothing is asked, or nonsense."""
    wanted.read(form)
    values = wanted.values(form)
    query = urlencode([(name, value) for name, texts in values.items() for value in texts])
    if not any(name in wanted.FILTERS for name in values) or len(query) > LONGEST_QUERY:
        raise Invalid(fields={"query": _("error_nothing_asked", default="There is nothing to look for.")})
    return query


def form_of(query: str) -> dict[str, Any]:
    """The parameters of a question that is kept, as a request has them."""
    return {name: values if len(values) > 1 else values[0] for name, values in parse_qs(query).items()}


def mine(session: Session, person: str) -> list[SavedSearch]:
    """The person's searches, by name."""
    return list(session.scalars(select(SavedSearch).where(SavedSearch.person == person).order_by(SavedSearch.name)))


def save(site: Any, name: str, form: Mapping[str, Any]) -> SavedSearch:
    """Keeps a search of the logged-in person. Raises Invalid, NameTaken, TooManySaved, Forbidden."""
    person = current_person()
    if not person:
        raise Forbidden()
    name = " ".join(name.split())
    if not name or len(name) > LONGEST_NAME:
        raise Invalid(fields={"name": _("error_saved_name_missing", default="Give it a name of at most 200 characters.")})
    row = SavedSearch(person=person, name=name, query=query_of(form))
    with act(site, current_actor(), "save-search") as current:
        own = SavedSearch.person == person
        if (current.session.scalar(select(func.count()).select_from(SavedSearch).where(own)) or 0) >= MOST:
            raise TooManySaved(most=MOST)
        if current.session.scalar(select(SavedSearch.id).where(own, SavedSearch.name == name)) is not None:
            raise NameTaken()
        row.at = current.at
        current.session.add(row)
        current.session.flush()
        current.note(search=row.id)
    return row


def delete(site: Any, number: int) -> None:
    """Forgets a search of the logged-in person. Raises Missing; another's is not there."""
    with act(site, current_actor(), "delete-search", detail={"search": number}) as current:
        rows = current.lock(SavedSearch, SavedSearch.id == number, SavedSearch.person == current_person())
        if not rows:
            raise Missing()
        current.session.delete(rows[0])
