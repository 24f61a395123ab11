"""The level of a letter: sealing, the classification workflow, indexes, and who holds it before it is sent.

What lies in the ledger about the letter follows in `saraban.routing.classify`.
"""

from __future__ import annotations

from tempfile import TemporaryFile
from typing import Any

from plone import api
from plone.uuid.interfaces import IUUID
from sqlalchemy.orm import Session

from saraban.classification import vault
from saraban.classification.clearances import is_cleared, levels_of
from saraban.classification.levels import LEVELS, NORMAL, RANKS
from saraban.errors import Forbidden
from saraban.ledger.connection import session_of
from saraban.letters import states, uploads
from saraban.letters.content import Attachment, Letter
from saraban.letters.sealed import SEALED_NAME, forget_old_file, set_sealing, store_file
from saraban.organisation.acting import current_person


def require_cleared(*levels: str) -> None:
    """Raises Forbidden unless the logged-in person is cleared for all of these levels that are above normal."""
    person = current_person()
    if any(level in LEVELS and not is_cleared(person, level) for level in levels):
        raise Forbidden()


def choices(level: str = NORMAL) -> list[str]:
    """The levels that the logged-in person may give a draft of a level: the same, or a higher one they are cleared for."""
    return [level, *(one for one in levels_of(current_person()) if is_raised(level, one))]


def begin(letter: Letter) -> None:
    """A letter that was just made above normal: its state and its seal."""
    if letter.is_secret:
        vault.make_key(session_of(letter), IUUID(letter), letter.secrecy, _place(letter))
        set_sealing(letter, IUUID(letter))
        states.change(letter, states.LEVEL, f"to-{letter.secrecy}")


def change(letter: Letter, level: str, session: Session) -> None:
    """Moves a letter to another level: state, seal, index. What was given to readers is the caller's to give anew."""
    before, uid = letter.secrecy, IUUID(letter)
    if before == NORMAL:
        _leave_catalog(letter)
        vault.make_key(session, uid, level, _place(letter))
        letter.secrecy = level
        set_sealing(letter, uid)
        uploads.forget(uid)
        key = vault.stored_key(session, uid)
        assert key is not None
        for attachment in letter.objectValues():
            _seal_file(attachment, key, uid)
    elif level == NORMAL:
        for attachment in letter.objectValues():
            _unseal_file(attachment)
        set_sealing(letter, "")
        letter.secrecy = level
        vault.drop_key(session, uid)
    else:
        vault.set_level(session, uid, level)
        letter.secrecy = level
    states.change(letter, states.LEVEL, f"to-{level}")
    letter.reindexObject()


def _leave_catalog(letter: Letter) -> None:
    """At once, for the catalog shows what it holds to who could view it before; and once more by the worker, as ever."""
    letter.unindexObject()
    catalog, path = api.portal.get_tool("portal_catalog"), "/".join(letter.getPhysicalPath())
    if catalog._catalog.uids.get(path) is not None:
        catalog.uncatalog_object(path)


def is_raised(before: str, after: str) -> bool:
    """Whether a level is higher than another."""
    return RANKS[after] > RANKS[before]


def _place(letter: Letter) -> vault.Place:
    author = "" if letter.received else letter.author
    return vault.Place("/".join(letter.getPhysicalPath()), letter.agency, letter.owner_unit, author)


def _seal_file(attachment: Attachment, key: bytes, uid: str) -> None:
    stored = attachment.file
    with TemporaryFile() as content:
        with stored.open("r") as before:
            _copy(before, content)
        attachment.file_name = stored.filename
        forget_old_file(stored)
        stored.filename = SEALED_NAME
        store_file(stored, content, key, uid)
    set_sealing(attachment, uid)


def _unseal_file(attachment: Attachment) -> None:
    with TemporaryFile() as content:
        with attachment.open() as before:
            _copy(before, content)
        name = attachment.file_name
        set_sealing(attachment, "")
        attachment.file_name = ""
        stored = attachment.file
        forget_old_file(stored)
        stored.filename = name
        content.seek(0)
        with stored.open("w") as kept:
            _copy(content, kept)


def _copy(source: Any, target: Any) -> None:
    while block := source.read(1 << 20):
        target.write(block)
