"""Letters and their attachments.

A letter lies in its agency's folders by year and never moves; receiving units read the one letter by grants that carry
their cause, so that a recall takes back exactly what dispatch gave (`docs/architecture.md`, who sees what).
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import date, datetime
from typing import Any, NoReturn

from AccessControl import getSecurityManager
from AccessControl.users import system
from Acquisition import aq_base
from plone.dexterity.content import Container, Item
from Products.CMFCore.utils import getToolByName
from zExceptions import MethodNotAllowed
from zope.interface import implementer

from saraban.classification.levels import NORMAL, READER, WORDS, cleared_person, registrars
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
from saraban.letters.kinds import ALL_KINDS
from saraban.letters.sealed import SealedFile, SealedText, may_open
from saraban.organisation.functions import person_group

NOBODY = ("Nobody",)


class VerbsOnly:
    """Mixin, before all others: changed by verbs alone, which check, seal and keep the audit trail.

    Plone's and Zope's own ways to change any object (properties, WebDAV, cut and paste, rename, delete, adding files) lead past
    them, so they are nobody's: not for letters, nor for the folders that they lie in.
    """

    _Manage_properties_Permission = NOBODY
    _Copy_or_Move_Permission = NOBODY
    _Delete_objects_Permission = NOBODY
    _Add_portal_content_Permission = NOBODY

    def _not_by_webdav(self, *args: Any, **kwargs: Any) -> NoReturn:
        raise MethodNotAllowed("Letters are changed by their verbs.")

    PUT = PROPPATCH = LOCK = UNLOCK = MOVE = COPY = MKCOL = DELETE = _not_by_webdav


@implementer(ILetters)
class Letters(VerbsOnly, QuietContainer, NotIndexed, Container):
    """The letters of one agency: holds a folder for each year."""

    holds = "Letter"

    def allowedContentTypes(self, context: Any = None) -> list[Any]:  # noqa: N802 - CMF's name
        """What the acting person makes here by the service of the agency; the verb itself knows the place."""
        made = getToolByName(self, "portal_types").getTypeInfo(self.holds)
        return [made] if made.isConstructionAllowed(self) else []


@implementer(ILetterFolder)
class LetterFolder(VerbsOnly, QuietContainer, NotIndexed, Container):
    """A year, or one of the parts of a year among which letters are spread.

    Nobody's: no person sees it, and what lists it without asking finds no secret letter in it.
    """

    _View_Permission = NOBODY
    _Access_contents_information_Permission = NOBODY

    def objectIds(self, *args: Any, **kwargs: Any) -> list[str]:  # noqa: N802 - OFS's names
        """The ids of what the acting person may know of."""
        found = super().objectIds(*args, **kwargs)
        return list(found) if _acts_as_system() else [name for name in found if _is_known(self._getOb(name))]

    def objectValues(self, *args: Any, **kwargs: Any) -> list[Any]:  # noqa: N802
        """What the acting person may know of."""
        found = super().objectValues(*args, **kwargs)
        return list(found) if _acts_as_system() else [obj for obj in found if _is_known(obj)]

    def objectItems(self, *args: Any, **kwargs: Any) -> list[tuple[str, Any]]:  # noqa: N802
        """Ids and objects of what the acting person may know of."""
        found = super().objectItems(*args, **kwargs)
        return list(found) if _acts_as_system() else [(name, obj) for name, obj in found if _is_known(obj)]


def _acts_as_system() -> bool:
    """A program of the installation, which walks over everything in pages."""
    return aq_base(getSecurityManager().getUser()) is system


def _is_known(obj: Any) -> bool:
    """Whether a list may name it: everything but a secret letter that the acting person was not given to read."""
    return not getattr(obj, "is_secret", False) or bool(obj.may_open())


@implementer(ILetter, IAddressing, ISignature, IRelated, IReception)
class Letter(VerbsOnly, DeferredIndexing, QuietContainer, Container):
    """An official letter or document, with its attachments.

    Above normal its texts lie sealed (`letters.sealed`), it is in no index, and only Secret Reader may see it.
    """

    sealing_uid: str = ""
    """Its own UID while its texts are sealed."""
    title: Any = SealedText("")
    kind: str = "internal"
    urgency: str = "normal"
    urgent_by: datetime | None = None
    secrecy: str = "normal"
    secrecy_reason: Any = SealedText("")
    category: str = ""
    agency: str = ""
    """The agency whose letter it is: whose folders it lies in."""
    owner_unit: str = ""
    person_in_charge: str = ""
    salutation: Any = SealedText("")
    to_text: Any = SealedText("")
    body: Any = SealedText("")
    closing: Any = SealedText("")
    signatory: str = ""
    contact: Any = SealedText("")
    copies_to: Any = SealedText(())
    references: Any = SealedText(())
    enclosures: Any = SealedText(())
    due_date: date | None = None
    publish: str = ""
    """`section-7` or `section-9` of the Official Information Act: it is to be published; else empty."""
    number: str = ""
    letter_date: date | None = None
    sender: Any = SealedText("")
    """Of a letter from outside: who sent it, as written. Of our own: the agency's name when it was dispatched (E33)."""
    sender_number: Any = SealedText("")
    via: str = ""
    author: str = ""
    version: int = 1
    """Counts the corrections after dispatch (`routing.corrections`)."""
    _grants: dict[str, tuple[tuple[str, str], ...]] = {}

    @property
    def received(self) -> bool:
        """Whether it came from outside the system."""
        return bool(self.via)

    @property
    def is_secret(self) -> bool:
        """Whether it is above normal."""
        return self.secrecy != NORMAL

    def may_open(self) -> bool:
        """Whether the acting person gets its texts when they are sealed."""
        return may_open(self)

    @property
    def indexable(self) -> bool:
        """Whether it may be in an index: a secret letter is in none (E28)."""
        return not self.is_secret

    def indexObject(self) -> None:  # noqa: N802 - CMF's names
        """Queues the object, if it may be in an index."""
        if self.indexable:
            super().indexObject()

    def reindexObject(self, idxs: Sequence[str] = ()) -> None:  # noqa: N802
        """Queues the object, if it may be in an index."""
        if self.indexable:
            super().reindexObject(idxs)
        elif not idxs:
            self.notifyModified()

    def reindexObjectSecurity(self, skip_self: bool = False) -> None:  # noqa: N802
        """Queues the object, if it may be in an index."""
        if self.indexable:
            super().reindexObjectSecurity(skip_self)

    @property
    def series(self) -> str:
        """The number series in which it counts."""
        return ALL_KINDS[self.kind].series

    @property
    def needs_code(self) -> bool:
        """Whether its number begins with the agency's letter code."""
        return ALL_KINDS[self.kind].number_pattern.needs_code

    def written_number(self, letter_code: str, year: int, sequence: int | str) -> str:
        """The number as written on it (`domain.md` 1.3): กท 0403/41, ลับ กท 0403/41 or 2786/2561."""
        mark = f"{WORDS[self.secrecy]} " if self.is_secret else ""
        return mark + ALL_KINDS[self.kind].number_pattern.write(letter_code, sequence, year)

    @property
    def reading_role(self) -> str:
        """The role of those who read it."""
        return READER if self.is_secret else "Reader"

    def reading_groups(self, unit: str, agency: str) -> list[str]:
        """The groups that read it because it was sent to the unit.

        Its desk, and that of its agency's central registry; of a secret letter only the unit's registrars of secret
        information who are cleared for the level.
        """
        if self.is_secret:
            return [registrars(unit, self.secrecy)]
        return [f"{unit}:desk", f"{agency}:desk"]

    def person_to_read(self, unit: str, person: str) -> str:
        """The group that stands for one person in one unit; of a secret letter only while they are cleared."""
        return cleared_person(unit, person, self.secrecy) if self.is_secret else person_group(unit, person)

    def owner_pairs(self) -> tuple[tuple[str, str], ...]:
        """Who has which role on it before it is sent: its author, and the desk of its unit, its head and its registrar.

        Of a secret letter the registrars of secret information of its agency. A letter from outside has no author here: it is
        the central registry's.
        """
        pairs: list[tuple[str, str]] = []
        if not self.received:
            author = self.person_to_read(self.owner_unit, self.author)
            pairs += [(author, "Editor"), (author, self.reading_role)]
        if self.is_secret:
            pairs.append((registrars(self.agency, self.secrecy), READER))
        elif not self.received:
            pairs += [(f"{self.owner_unit}:desk", "Editor"), (f"{self.owner_unit}:desk", "Reader")]
        return tuple(pairs)

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

    def grant_anew(self, grants: Mapping[str, tuple[tuple[str, str], ...]]) -> None:
        """Replaces everything that was given: cause → (principal, role) pairs."""
        self._set_grants({cause: pairs for cause, pairs in grants.items() if pairs})

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
class Attachment(VerbsOnly, NotIndexed, Item):
    """A file of a letter. Not in the catalog: whoever may read the letter may read its files."""

    _Modify_portal_content_Permission = NOBODY
    sealing_uid: str = ""
    """The UID of the letter while that is above normal."""
    title: Any = SealedText("")
    file_name: Any = SealedText("")
    """The name of a file that is sealed: what is stored is called otherwise."""
    file: Any = SealedFile()
    sha256: Any = SealedText("")
    """Digest of the content as it was attached."""
    size: int = 0
    superseded: bool = False
    """Taken out by a correction: it stands with the version that it was sent in."""

    def may_open(self) -> bool:
        """Yes: whoever came here was let in to the letter; there is no list of attachments of several letters."""
        return True

    def open(self) -> Any:
        """The content as it was attached, to be read in pieces."""
        return self.file.open("r")

    def read(self) -> bytes:
        """The whole content as it was attached."""
        with self.open() as content:
            found: bytes = content.read()
        return found
