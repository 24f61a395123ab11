"""Where letters lie: `/agencies/<agency>/letters/<year>/<part>/<random id>`.

No folder that everybody writes: a year is spread over parts, so that two letters at the same moment seldom change the same
tree (`platform/ledger.md`: one folder 39 creates/s, eight folders 91).
"""

from __future__ import annotations

import secrets
from typing import Any

from plone.dexterity.utils import createContent

from saraban.ledger import clock
from saraban.letters.content import Letter, LetterFolder, Letters

PARTS = tuple("0123456789abcdef")


def place(container: Any, obj: Any, name: str) -> Any:
    """Adds the object under the name, without asking anybody; returns it in its place."""
    obj.id = name
    container._setObject(name, obj)
    return container._getOb(name)


def letters_of(agency: Any) -> Letters:
    """The agency's container of letters; made with the agency."""
    return agency._getOb("letters")


def make_letters(agency: Any) -> None:
    """The container of letters with this year's folders."""
    if agency._getOb("letters", None) is None:
        container = place(agency, createContent("Letters", title="Letters"), "letters")
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
    """Puts a new letter in its place, under an id that tells nothing."""
    name = secrets.token_hex(10)
    year = year_of(letters_of(agency), clock.buddhist_year())
    return place(year._getOb(name[0]), letter, name)
