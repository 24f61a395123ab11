"""Where letters lie: `/agencies/<agency>/letters/<year>/<part>/<random id>`.

No folder that everybody writes: a year is spread over parts, so that two letters at the same moment seldom change the same
tree (`platform/ledger.md`: one folder 39 creates/s, eight folders 91).
"""

from __future__ import annotations

import secrets
from typing import Any

from plone.dexterity.utils import createContent

from saraban.ledger import clock
from saraban.letters import states
from saraban.letters.content import Letter, LetterFolder, Letters

PARTS = tuple("0123456789abcdef")


def place(container: Any, obj: Any, name: str) -> Any:
    """Adds the object under the name, without asking anybody; returns it in its place."""
    obj.id = name
    # Nobody owns it: who may do what follows from posts and grants.
    container._setObject(name, obj, set_owner=0)
    return container._getOb(name)


def make_letters(agency: Any, portal_type: str = "Letters") -> None:
    """The agency's container of letters (or of another kind of them) with this year's folders."""
    name = portal_type.lower()
    if agency._getOb(name, None) is None:
        container = place(agency, createContent(portal_type, title=portal_type), name)
        year_of(container, clock.buddhist_year())


def year_of(container: Letters, year: int) -> LetterFolder:
    """The folder of a Buddhist year, made with its parts by the first letter of the year."""
    name = str(year)
    found = container._getOb(name, None)
    if found is None:
        found = place(container, createContent("LetterFolder", title=name), name)
        for part in PARTS:
            place(found, createContent("LetterFolder", title=part), part)
    return found


def add_letter(agency: Any, letter: Letter) -> Letter:
    """Puts a new letter in its place in the agency's container of its type, under an id that tells nothing."""
    name = letter.id = secrets.token_hex(10)
    container = agency._getOb(letter.portal_type.lower() + "s")
    part = year_of(container, clock.buddhist_year())._getOb(name[0])
    # Plone's events of an added document would ask for links, rules and ids that letters do not have, an eighth of the whole
    # request. What is to know of a new letter is `LetterCreated`.
    part._setObject(name, letter, set_owner=0, suppress_events=True)
    letter = part._getOb(name)
    states.begin(letter)
    letter.indexObject()
    return letter
