"""Letters and their attachments.

A letter lies in its agency's folders by year and never moves; receiving units read the one letter by grants that carry
their cause, so that a recall takes back exactly what dispatch gave (`docs/architecture.md`, who sees what).
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date, datetime
from typing import Any

from plone.dexterity.content import Container, Item
from plone.namedfile.file import NamedBlobFile
from zope.interface import implementer

from saraban.ledger.deferred import DeferredIndexing, NotIndexed, QuietContainer
from saraban.letters.interfaces import (
    IAddressing,
    IAttachment,
    ILetter,
    ILetterFolder,
    ILetters,
    IReception,
    IRelated,
    ISignature,
)
from saraban.letters.kinds import ALL_KINDS, CIRCULAR
from saraban.thai.numbers import write as write_number
from saraban.thai.numbers import write_order


@implementer(ILetters)
class Letters(QuietContainer, NotIndexed, Container):
    """The letters of one agency: holds a folder for each year."""


@implementer(ILetterFolder)
class LetterFolder(QuietContainer, NotIndexed, Container):
    """A year, or one of the parts of a year among which letters are spread."""


@implementer(ILetter, IAddressing, ISignature, IRelated, IReception)
class Letter(DeferredIndexing, QuietContainer, Container):
    """An official letter or document, with its attachments."""

    kind: str = "internal"
    urgency: str = "normal"
    urgent_by: datetime | None = None
    secrecy: str = "normal"
    secrecy_reason: str = ""
    category: str = ""
    agency: str = ""
    """The agency whose letter it is: whose folders it lies in."""
    owner_unit: str = ""
    person_in_charge: str = ""
    salutation: str = ""
    to_text: str = ""
    body: str = ""
    closing: str = ""
    signatory: str = ""
    contact: str = ""
    copies_to: tuple[dict[str, Any], ...] = ()
    references: tuple[dict[str, Any], ...] = ()
    enclosures: tuple[dict[str, Any], ...] = ()
    due_date: date | None = None
    number: str = ""
    letter_date: date | None = None
    sender: str = ""
    """Of a letter from outside: who sent it, as written. Of our own: the agency's name when it was dispatched (E33)."""
    sender_number: str = ""
    via: str = ""
    author: str = ""
    _grants: dict[str, tuple[tuple[str, str], ...]] = {}

    @property
    def received(self) -> bool:
        """Whether it came from outside the system."""
        return bool(self.via)

    @property
    def series(self) -> str:
        """The number series in which it counts."""
        return ALL_KINDS[self.kind].series

    @property
    def needs_code(self) -> bool:
        """Whether its number begins with the agency's letter code."""
        return ALL_KINDS[self.kind].pattern == "code"

    def written_number(self, letter_code: str, year: int, sequence: int) -> str:
        """The number as written on it (`domain.md` 1.3): กท 0403/41 or 2786/2561."""
        if not self.needs_code:
            return write_order(sequence, year)
        return write_number(letter_code, sequence, circular=self.kind == CIRCULAR.name)

    def reading_groups(self, unit: str, agency: str) -> list[str]:
        """The groups that read it because it was sent to the unit: its desk, and that of its agency's central registry."""
        return [f"{unit}:desk", f"{agency}:desk"]

    def grant(self, cause: str, principals: Iterable[str], role: str = "Reader") -> None:
        """Gives users or groups a local role on this letter, because of `cause` (`author`, `delivery:<key>` …)."""
        self.grant_all({cause: principals}, role)

    def grant_all(self, causes: Mapping[str, Iterable[str]], role: str = "Reader") -> None:
        """`grant` for many causes in one write."""
        given = dict(self._grants)
        for cause, principals in causes.items():
            given[cause] = tuple(dict.fromkeys([*given.get(cause, ()), *((principal, role) for principal in principals)]))
        self._set_grants(given)

    def withdraw(self, cause: str) -> None:
        """Takes back what was given because of `cause`, and nothing else."""
        self._set_grants({name: pairs for name, pairs in self._grants.items() if name != cause})

    def _set_grants(self, grants: dict[str, tuple[tuple[str, str], ...]]) -> None:
        roles: dict[str, list[str]] = {}
        for pairs in grants.values():
            for principal, role in pairs:
                held = roles.setdefault(principal, [])
                if role not in held:
                    held.append(role)
        self._grants = grants
        self.__ac_local_roles__ = roles
        self.reindexObjectSecurity()


@implementer(IAttachment)
class Attachment(NotIndexed, Item):
    """A file of a letter. Not in the catalog: whoever may read the letter may read its files."""

    file: NamedBlobFile | None = None
    sha256: str = ""
    size: int = 0
