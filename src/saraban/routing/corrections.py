"""A dispatched letter is corrected (แก้ไข): a new version with the reason, seen by all who hold it; the old one stays readable.

Number, date, kind, level and receivers stay. A file is never changed: one that a correction takes out stays with the version
that it was sent in (E31).
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, BinaryIO

from plone.uuid.interfaces import IUUID
from sqlalchemy import func, select
from zope.event import notify

from saraban.classification import vault
from saraban.errors import Invalid
from saraban.ledger.acts import Act, act
from saraban.ledger.connection import reader
from saraban.letters import fields
from saraban.letters.content import Attachment
from saraban.letters.operations import add_file, agency_of, state_of
from saraban.letters.serialize import attachments_of
from saraban.organisation.acting import current_actor
from saraban.routing import notices
from saraban.routing.errors import NotDispatched, NothingCorrected
from saraban.routing.events import LetterCorrected
from saraban.routing.secrecy import require_sender
from saraban.routing.secrets import cover_values, texts_of
from saraban.routing.sender import reason_of
from saraban.routing.steps import write_steps
from saraban.routing.tables import GONE, Delivery, LetterVersion

TEXTS = ("title", "salutation", "to_text", "body", "closing", "contact")
TABLES = ("references", "enclosures", "copies_to")
FIELDS = (*TEXTS, *TABLES)
"""What a correction may change."""
Upload = tuple[str, BinaryIO, int]
"""A file's name, content, size."""


@dataclass(frozen=True)
class Version:
    """What a letter said until it was corrected."""

    number: int
    ended_at: datetime
    person: str
    person_name: str
    post: str
    reason: str
    values: Mapping[str, Any]
    files: Sequence[Attachment]


def correct(letter: Any, data: Mapping[str, Any], uploads: Iterable[Upload] = (), removed: Iterable[str] = ()) -> int:
    """Makes the next version of a dispatched letter; its number.

    Raises Forbidden, Missing, Invalid, ReasonRequired, NotDispatched, NothingCorrected, UnsupportedFile, FileTooLarge.
    """
    require_sender(letter)
    reason = reason_of(data)
    values = fields.changed_values({name: data[name] for name in FIELDS if name in data})
    uploads, removed = list(uploads), set(removed)
    with act(letter, current_actor(letter.agency), "correct", IUUID(letter)) as current:
        rows = current.lock(Delivery, Delivery.letter_uid == IUUID(letter))
        current.refresh()
        require_sender(letter)
        if state_of(letter) not in ("dispatched", "closed") or letter.received:
            raise NotDispatched()
        changed = {name: value for name, value in values.items() if plain(getattr(letter, name)) != plain(value)}
        present = {one.getId(): one for one in attachments_of(letter)}
        if removed - present.keys():
            raise Invalid(fields={"remove": fields.UNKNOWN_FILE})
        if not (changed or uploads or removed):
            raise NothingCorrected()
        fields.check({"title": letter.title, "kind": letter.kind, "secrecy": letter.secrecy,
                      "secrecy_reason": letter.secrecy_reason, **changed})  # fmt: skip
        version = _keep(current, letter, reason, list(present))
        for name, value in changed.items():
            setattr(letter, name, value)
        for id_ in removed:
            present[id_].superseded = True
        for name, content, size in uploads:
            add_file(letter, current, name, content, size)
        letter.version = version
        held = [row for row in rows if row.state not in GONE]
        if {"title", "to_text"} & changed.keys():
            _retitle(current, letter, held)
        letter.reindexObject()
        write_steps(current, "corrected", [], unit=agency_of(letter).unit_id, note=reason, letter_uid=IUUID(letter))
        notices.tell(current.session, notices.CORRECTED, held, current.at, notices.DESK)
        current.note(version=version, fields=sorted(changed), files=len(uploads), removed=sorted(removed))
        notify(LetterCorrected(letter, tuple(held), version, current))
    return version


def plain(value: Any) -> Any:
    """A field as it is compared: a table as its rows."""
    return [dict(row) for row in value] if isinstance(value, tuple | list) else value


def _keep(current: Act, letter: Any, reason: str, files: list[str]) -> int:
    """Puts away what the letter says now; the number of the version that begins."""
    uid, session = IUUID(letter), current.session
    ended = 1 + (session.scalar(select(func.count()).where(LetterVersion.letter_uid == uid)) or 0)
    content = {"fields": {name: plain(getattr(letter, name)) for name in FIELDS}, "files": files}
    session.add(
        LetterVersion(
            letter_uid=uid,
            version=ended,
            ended_at=current.at,
            person=current.actor.person,
            person_name=current.actor.name[:200],
            post=current.actor.post[:200],
            reason=vault.protect(session, uid, reason),
            content=vault.protect(session, uid, json.dumps(content, ensure_ascii=False)),
        )
    )
    session.flush()
    return ended + 1


def _retitle(current: Act, letter: Any, rows: Iterable[Delivery]) -> None:
    """The desks of those who hold it show the corrected subject."""
    for row in rows:
        texts = {"title": letter.title or letter.to_text or "", "sender": texts_of(row)["sender"]}
        for name, value in cover_values(current.session, row.letter_uid, row.secrecy, texts).items():
            setattr(row, name, value)
    current.session.flush()


def versions(letter: Any) -> list[Version]:
    """What the letter said before each correction, the oldest first: for who may see the letter."""
    uid = IUUID(letter)
    with reader(letter) as session:
        rows = list(
            session.scalars(select(LetterVersion).where(LetterVersion.letter_uid == uid).order_by(LetterVersion.version))
        )
    found = []
    for row in rows:
        content = json.loads(vault.opened(uid, row.content))
        kept = [letter._getOb(id_, None) for id_ in content["files"]]
        found.append(
            Version(
                row.version,
                row.ended_at,
                row.person,
                row.person_name,
                row.post,
                vault.opened(uid, row.reason),
                content["fields"],
                [one for one in kept if one is not None],
            )
        )
    return found
