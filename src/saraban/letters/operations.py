"""What can be done with a draft: make it, change it, attach files, delete it (B2, L10, L33).

Everything after the draft (dispatch, receive …) is in `saraban.routing.operations`.
"""

from __future__ import annotations

import secrets
from collections.abc import Iterable, Mapping
from io import BytesIO
from shutil import copyfileobj
from typing import Any, BinaryIO

from Acquisition import aq_parent
from plone import api
from plone.dexterity.utils import createContent
from plone.namedfile.file import NamedBlobFile
from plone.uuid.interfaces import IUUID
from sqlalchemy import ColumnElement, and_, func, or_, select
from zope.event import notify
from zope.lifecycleevent import ObjectModifiedEvent

from saraban import _
from saraban.classification import vault
from saraban.classification.clearances import levels_of, registrar_levels
from saraban.classification.errors import SecretKeyMissing
from saraban.classification.tables import LetterKey, NeedToKnow
from saraban.errors import Forbidden, Invalid
from saraban.ledger.acts import Act, act
from saraban.ledger.connection import reader
from saraban.ledger.tables import RegisterEntry
from saraban.letters import fields, files, levels, states
from saraban.letters.content import Attachment, Letter
from saraban.letters.errors import NotADraft, NumberedLetter
from saraban.letters.events import LetterCreated, LetterDeleted, LetterRaised
from saraban.letters.folders import add_letter, place
from saraban.letters.sealed import SEALED_NAME, store_file
from saraban.organisation import chart, settings
from saraban.organisation.acting import current_actor, current_person
from saraban.organisation.allow import VIEW, may, require
from saraban.organisation.posts import posts_of

DRAFT = "Saraban: Draft letter"
MODIFY = "Modify portal content"
NUMBERED = ("secret-send", "secret-receive", "send", "receive")
"""Registers in which a letter gets its number; one that was raised later stands in an ordinary one."""


def secret_letters(
    agency: Any, state: str = "", *, sent: bool | None = None, start: int = 0, size: int = 0
) -> tuple[int, list[Letter]]:
    """The agency's letters above normal that the logged-in person may read, the newest first: how many, and some of them.

    The registrar of secret information reads all of their levels; others what they wrote or were let in to by name, in a unit
    where they hold a post. Asked of the ledger, and only a page is woken; where a `state` is asked for, all are. `sent` asks
    for those that have a number, or have none. Raises Missing.
    """
    require(VIEW, agency)
    person = current_person()
    here = [LetterKey.agency == agency.unit_id, LetterKey.level.in_(levels_of(person)), _known_to(agency.unit_id, person)]
    if sent is not None:
        numbered = select(RegisterEntry.id).where(
            RegisterEntry.document_uid == LetterKey.uid,
            RegisterEntry.unit == agency.unit_id,
            RegisterEntry.direction.in_(NUMBERED),
        )
        here.append(numbered.exists() if sent else ~numbered.exists())
    asked = select(LetterKey.path).where(*here).order_by(LetterKey.made_at.desc(), LetterKey.uid)
    with reader(agency) as session:
        total = session.scalar(select(func.count()).select_from(LetterKey).where(*here)) or 0
        paths = list(session.scalars(asked if state or not size else asked.offset(start).limit(size)))
    found = [agency.unrestrictedTraverse(path, None) for path in paths]
    mine = [one for one in found if one is not None and may(VIEW, one)]
    if not state:
        return total, mine
    chosen = [one for one in mine if state_of(one) == state]
    return len(chosen), chosen[start : start + size] if size else chosen


def _known_to(agency: str, person: str) -> ColumnElement[bool]:
    """A condition: secret letters of an agency that a person reads, as their registrar, author, or by name."""
    units = [post.unit for post in posts_of(person)]
    let_in = select(NeedToKnow.letter_uid).where(
        NeedToKnow.person == person, NeedToKnow.withdrawn_at.is_(None), NeedToKnow.unit.in_(units)
    )
    own = and_(LetterKey.author == person, LetterKey.unit.in_(units))
    return or_(LetterKey.level.in_(registrar_levels(person, agency)), own, LetterKey.uid.in_(let_in))


def agency_of(letter: Any) -> Any:
    """The agency object that the letter lies in."""
    found = letter
    while found.portal_type != "Agency":
        found = aq_parent(found)
    return found


def state_of(letter: Letter) -> str:
    """Where the letter stands: `draft`, `dispatched` … ."""
    history = getattr(letter, "workflow_history", {}).get(states.LIFE, ())
    return str(history[-1]["review_state"]) if history else "draft"


def change_state(letter: Letter, transition: str) -> None:
    """Carries out a transition of the life-cycle workflow. For verbs only: they have asked for permission and state."""
    states.change(letter, states.LIFE, transition)
    letter.reindexObject()


def new_letter(agency: Any, values: Mapping[str, Any], author: str, portal_type: str = "Letter") -> Letter:
    """A letter with these values in its place, without permission or audit: the piece that draft and receive share."""
    letter = createContent(portal_type)
    letter.agency = agency.unit_id
    letter.author = author
    for name, value in values.items():
        setattr(letter, name, value)
    letter = add_letter(agency, letter)
    levels.begin(letter)
    return letter


def draft(agency: Any, data: Mapping[str, Any], portal_type: str = "Letter", kind: str = "") -> Letter:
    """Makes a draft (ร่างหนังสือ) in the agency; `kind` says it where the type does.

    Raises Forbidden, Missing, Invalid, TopSecretNotElectronic.
    """
    require(DRAFT, agency)
    levels.require_cleared(fields.asked_level(data))
    values = fields.draft_values({**data, "kind": ""} if kind else data, settings.term(agency.unit_id))
    require_category(agency.unit_id, values)
    require_people(values)
    values["kind"] = kind or values["kind"]
    actor = current_actor(values["owner_unit"] or agency.unit_id)
    values["owner_unit"] = values["owner_unit"] or actor.unit or agency.unit_id
    check_owner_unit(values["owner_unit"], agency, actor.person)
    with act(agency, actor, "draft") as current:
        letter = new_letter(agency, values, actor.person, portal_type)
        current.uid = IUUID(letter)
        letter.grant_anew({"author": letter.owner_pairs()})
        notify(LetterCreated(letter, current))
    return letter


def require_category(agency: str, values: Mapping[str, Any]) -> None:
    """Where a category is given, it is one of those that the agency defined, if it defined any. Raises Invalid."""
    if values.get("category"):
        fields.check_category(values, settings.words(agency, settings.CATEGORY))


def require_people(values: Mapping[str, Any]) -> None:
    """The person in charge and the signatory, where they are named, are people of the city. Raises Invalid."""
    accounts = api.portal.get_tool("acl_users")
    named = {name: values[name] for name in ("person_in_charge", "signatory") if values.get(name)}
    wrong = [name for name, person in named.items() if accounts.getUserById(person) is None]
    if wrong:
        raise Invalid(fields=dict.fromkeys(wrong, _("error_person_unknown", default="No such person.")))


def check_owner_unit(unit: str, agency: Any, person: str) -> None:
    """A letter's owner unit is one of the agency in which the person holds a post, or any for its central registry."""
    info = None if unit == agency.unit_id else chart.unit(unit)
    here = unit == agency.unit_id or (info is not None and info.agency == agency.unit_id)
    mine = any(post.unit in (unit, agency.unit_id) and not post.inherited for post in posts_of(person))
    if not here or not mine:
        raise Invalid(fields={"owner_unit": _("error_owner_unit", default="This is not a unit of yours.")})


def edit(letter: Letter, data: Mapping[str, Any]) -> None:
    """Changes a draft; its level can only be raised here. Raises Forbidden, Missing, Invalid, NotADraft."""
    with act(letter, current_actor(letter.owner_unit), "edit", IUUID(letter)) as current:
        current.refresh()
        require_draft(letter)
        levels.require_cleared(letter.secrecy, fields.asked_level(data, letter.secrecy))
        values = fields.changed_values(data, settings.term(letter.agency))
        if values.get("category") != letter.category:
            require_category(letter.agency, values)
        require_people({name: value for name, value in values.items() if value != getattr(letter, name)})
        if letter.portal_type != "Letter":
            values.pop("kind", None)
        fields.check({"title": letter.title, "kind": letter.kind, "secrecy": letter.secrecy,
                      "secrecy_reason": letter.secrecy_reason, "publish": letter.publish, **values})  # fmt: skip
        if "owner_unit" in values and values["owner_unit"] != letter.owner_unit:
            check_owner_unit(values["owner_unit"], agency_of(letter), current.actor.person)
            if not letter.is_secret:
                for role in ("Editor", "Reader"):
                    letter.grant("author", [f"{values['owner_unit']}:desk"], role)
        _raise_level(letter, values.pop("secrecy", letter.secrecy), current)
        for name, value in values.items():
            setattr(letter, name, value)
        current.note(fields=sorted(values))
        notify(ObjectModifiedEvent(letter))
        letter.reindexObject()


def _raise_level(letter: Letter, level: str, current: Act) -> None:
    """A draft whose author sees that it is secret. Lower it goes by `routing.classify` only."""
    if level == letter.secrecy:
        return
    if not levels.is_raised(letter.secrecy, level):
        raise Forbidden()
    levels.change(letter, level, current.session)
    letter.grant_anew({"author": letter.owner_pairs()})
    current.note(secrecy=level)
    notify(LetterRaised(letter, current))


def require_draft(letter: Letter) -> None:
    """Permission first, then the state: who may not change it learns nothing of its state (`api.md`)."""
    if state_of(letter) == "draft":
        require(MODIFY, letter)
        return
    require(DRAFT, letter)
    raise NotADraft()


def attach(letter: Letter, name: str, content: BinaryIO, size: int, title: str = "") -> Attachment:
    """Attaches a file to a draft. Raises UnsupportedFile, FileTooLarge, NotADraft, Forbidden, Missing."""
    with act(letter, current_actor(letter.owner_unit), "attach", IUUID(letter)) as current:
        current.refresh()
        require_draft(letter)
        return add_file(letter, current, name, content, size, title)


def add_file(letter: Letter, current: Act, name: str, content: BinaryIO, size: int, title: str = "") -> Attachment:
    """Checks the file and keeps it in the letter: what attach and receive share."""
    attachment = createContent("Attachment")
    attachment.sealing_uid = IUUID(letter) if letter.is_secret else ""
    attachment.title = fields.file_title(title) or files.safe_name(name)
    _fill(attachment, letter, current, name, content, size)
    attachment = place(letter, attachment, _id_for(letter, attachment))
    current.note(attachment=attachment.getId(), size=size, **_digest_noted(letter, attachment))
    return attachment


def _fill(attachment: Attachment, letter: Letter, current: Act, name: str, content: BinaryIO, size: int) -> None:
    """Checks a file and makes it the attachment's; of a secret letter the content lies sealed."""
    name = files.safe_name(name)
    content_type = files.check(name, content, size)
    digest = files.digest(content)
    if letter.is_secret:
        uid = IUUID(letter)
        key = vault.stored_key(current.session, uid)
        if key is None:
            raise SecretKeyMissing()
        stored = NamedBlobFile(contentType=content_type, filename=SEALED_NAME)
        store_file(stored, content, key, uid)
        attachment.file_name = name
    else:
        stored = NamedBlobFile(contentType=content_type, filename=name)
        with stored.open("w") as kept:
            copyfileobj(content, kept)
    attachment.sha256, attachment.size, attachment.file = digest, size, stored


def _id_for(letter: Letter, attachment: Attachment) -> str:
    """An id after the content; of a secret letter's file one that says nothing of it."""
    if letter.is_secret:
        return secrets.token_hex(10)
    found: str = attachment.sha256[:20]
    return found if letter._getOb(found, None) is None else f"{found}-{letter._count()}"


def change_attachment(attachment: Attachment, title: str | None = None, file: tuple[str, BinaryIO, int] | None = None) -> None:
    """Gives a file of a draft another title, or puts another file (name, content, size) in its place (L10).

    Raises UnsupportedFile, FileTooLarge, Invalid, NotADraft, Forbidden, Missing.
    """
    letter = aq_parent(attachment)
    with act(letter, current_actor(letter.owner_unit), "change-file", IUUID(letter)) as current:
        current.refresh()
        require_draft(letter)
        current.note(attachment=attachment.getId())
        if file is not None:
            _fill(attachment, letter, current, *file)
            current.note(size=attachment.size, **_digest_noted(letter, attachment))
        if title is not None:
            attachment.title = fields.file_title(title) or attachment.file.filename
        notify(ObjectModifiedEvent(letter))
        letter.reindexObject()


def _digest_noted(letter: Letter, attachment: Attachment) -> dict[str, str]:
    """The digest for the audit trail; of a secret letter's file it would betray a known content."""
    return {} if letter.is_secret else {"sha256": attachment.sha256}


def change_files(letter: Letter, uploads: Iterable[tuple[str, BinaryIO, int]] = (), removed: Iterable[str] = ()) -> None:
    """Files (name, content, size) that come, and ids of those that go, with a letter made or changed in this transaction.

    Permission and state were asked by what made or changed it. Raises UnsupportedFile, FileTooLarge.
    """
    for name, content, size in uploads:
        with act(letter, current_actor(letter.owner_unit), "attach", IUUID(letter)) as current:
            add_file(letter, current, name, content, size)
    for id_ in removed:
        attachment = letter._getOb(id_, None)
        if attachment is not None:
            with act(letter, current_actor(letter.owner_unit), "detach", IUUID(letter)) as current:
                current.note(attachment=id_, **_digest_noted(letter, attachment))
                letter._delObject(id_)


def attach_bytes(letter: Letter, name: str, data: bytes, title: str = "") -> Attachment:
    """`attach` for content that is in memory."""
    return attach(letter, name, BytesIO(data), len(data), title)


def detach(attachment: Attachment) -> None:
    """Removes a file of a draft (L10). Raises NotADraft, Forbidden, Missing."""
    letter = aq_parent(attachment)
    with act(letter, current_actor(letter.owner_unit), "detach", IUUID(letter)) as current:
        current.refresh()
        require_draft(letter)
        current.note(attachment=attachment.getId(), **_digest_noted(letter, attachment))
        letter._delObject(attachment.getId())


def delete(letter: Letter) -> None:
    """Deletes a draft that never had a number (L33, E09). Raises NumberedLetter, NotADraft, Forbidden, Missing."""
    with act(letter, current_actor(letter.owner_unit), "delete", IUUID(letter)) as current:
        current.refresh()
        if letter.number or letter.received:
            require(DRAFT, letter)
            raise NumberedLetter()
        require_draft(letter)
        notify(LetterDeleted(letter, current))
        vault.drop_key(current.session, IUUID(letter))
        aq_parent(letter)._delObject(letter.getId())
