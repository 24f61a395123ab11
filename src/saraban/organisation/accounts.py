"""Looking for somebody's account by a part of the name, to give the person a post."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from zope.component.hooks import getSite

from saraban.ledger import clock
from saraban.ledger.connection import reader
from saraban.organisation import chart
from saraban.organisation.acting import person_names
from saraban.organisation.functions import agency_of
from saraban.organisation.posts import in_force
from saraban.organisation.tables import Appointment
from saraban.thai.folding import fold

MOST = 12
"""So many are offered; who is not among them is found by more of the name."""
LONGEST = 200
_NAMED = re.compile(r"\(([^()\s]+)\)\s*$")


@dataclass(frozen=True)
class Account:
    """Somebody who can be appointed."""

    id: str
    name: str
    post: str
    """Where and as what the person serves now; empty for nobody's post."""

    @property
    def written(self) -> str:
        """As it stands in the field: the name for people, the account for the machine."""
        return self.id if self.name == self.id else f"{self.name} ({self.id})"


def named(text: str) -> str:
    """The account that was typed, or chosen as it is written; empty where the text names none."""
    found = _NAMED.search(text)
    users = getSite().acl_users
    for candidate in (text.strip(), found[1] if found else ""):
        if candidate and users.getUserById(candidate) is not None:
            return candidate
    return ""


def search(text: str, language: str = "th") -> list[Account]:
    """The accounts whose name or id holds each of the words, by name."""
    words = fold(text[:LONGEST]).split()
    if not words:
        return []
    longest = max(text[:LONGEST].split(), key=len)
    users = getSite().acl_users
    asked = [*users.searchUsers(fullname=longest), *users.searchUsers(id=longest)]
    names = person_names(str(one["userid"]) for one in asked)
    found = [id_ for id_, name in names.items() if all(word in fold(f"{name} {id_}") for word in words)]
    found = sorted(found, key=lambda id_: (names[id_], id_))[:MOST]
    posts = _posts(found, language)
    return [Account(id_, names[id_], posts.get(id_, "")) for id_ in found]


def _posts(persons: Iterable[str], language: str) -> dict[str, str]:
    """The first post of each person, with the unit."""
    query = in_force(clock.today()).where(Appointment.person.in_(list(persons))).order_by(Appointment.id.desc())
    with reader() as session:
        rows = {row.person: row for row in session.scalars(query)}
    known = chart.units(place for row in rows.values() for place in (row.unit, agency_of(row.unit)))
    return {person: _post(row, known, language) for person, row in rows.items()}


def _post(row: Appointment, known: Mapping[str, chart.UnitInfo], language: str) -> str:
    post = row.post_en if language == "en" and row.post_en else row.post_th
    places = dict.fromkeys((row.unit, agency_of(row.unit)))
    return ", ".join([post, *(known[place].title(language) for place in places if place in known)])
