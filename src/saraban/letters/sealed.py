"""Attributes and files that lie sealed in the database while their letter is above normal, and read as if they did not.

Forms, services and prints know nothing of it: who may read the letter gets its texts, and what is written is written sealed.
Permission is asked before all this. But where something of Plone's or Zope's lists objects without asking, it gets the cover
and not the subject (`may_open`).
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any, BinaryIO

import transaction
from AccessControl import getSecurityManager
from AccessControl.users import system
from Acquisition import aq_base
from plone.namedfile.file import NamedBlobFile
from zope.interface import implementer
from ZPublisher.Iterators import IStreamIterator

from saraban.classification import vault
from saraban.classification.errors import SecretKeyMissing
from saraban.classification.files import BLOCK, OpenedFile, seal_stream
from saraban.classification.levels import COVER, READER
from saraban.ledger.connection import session_of

SEALED_NAME = "sealed"
"""What the stored file is called."""


def may_open(letter: Any) -> bool:
    """Whether the acting person was given to read a secret letter; programs of the installation are the system's own user.

    Asks what was given on the letter itself, for there is no other way to be a Secret Reader; so it needs no acquisition.
    """
    user = aq_base(getSecurityManager().getUser())
    if user is system:
        return True
    mine = {user.getId(), *(user.getGroups() if hasattr(user, "getGroups") else ())}
    return any(role == READER and principal in mine for pairs in letter._grants.values() for principal, role in pairs)


class SealedText:
    """A text, or rows of texts, of an object with `sealing_uid` (the letter's UID while it is sealed, else empty)."""

    def __init__(self, default: Any) -> None:
        self.default = default
        self.name = ""

    def __set_name__(self, owner: type, name: str) -> None:
        self.name = name

    def __get__(self, obj: Any, owner: type | None = None) -> Any:
        if obj is None:
            return self.default
        value = vars(obj).get(self.name, self.default)
        if not obj.sealing_uid:
            return value
        if not obj.may_open():
            return COVER if self.name == "title" else self.default
        found = vault.opened(obj.sealing_uid, value)
        return tuple(found) if isinstance(self.default, tuple) else found

    def __set__(self, obj: Any, value: Any) -> None:
        if obj.sealing_uid and value:
            value = vault.seal(session_of(obj), obj.sealing_uid, list(value) if isinstance(value, tuple) else value)
        vars(obj)[self.name] = value
        obj._p_changed = True

    def __delete__(self, obj: Any) -> None:
        vars(obj).pop(self.name, None)
        obj._p_changed = True


def sealed_texts(obj: Any) -> dict[str, SealedText]:
    """The attributes of an object's class that can be sealed."""
    found: dict[str, SealedText] = {}
    for kind in type(obj).__mro__:
        for name, value in vars(kind).items():
            if isinstance(value, SealedText):
                found.setdefault(name, value)
    return found


def set_sealing(obj: Any, uid: str) -> None:
    """Seals the object's texts with the key of a letter; with no UID they lie open again."""
    obj = aq_base(obj)
    obj._p_activate()
    texts = {name: getattr(obj, name) for name in sealed_texts(obj) if name in vars(obj)}
    obj.sealing_uid = uid
    for name, value in texts.items():
        setattr(obj, name, value)


class SealedFile:
    """The file of an attachment: as it is stored, or a look through the seal."""

    def __get__(self, obj: Any, owner: type | None = None) -> Any:
        if obj is None:
            return None
        stored = vars(obj).get("file")
        return stored if stored is None or not obj.sealing_uid else OpenedNamedFile(obj, stored)

    def __set__(self, obj: Any, value: Any) -> None:
        if obj.sealing_uid and value is not None and value.filename != SEALED_NAME:
            raise ValueError("What is not sealed is not kept in a sealed attachment.")
        vars(obj)["file"] = value
        obj._p_changed = True


class OpenedNamedFile:
    """A sealed file as plone.namedfile's views and our services take one: name, type, size, content."""

    def __init__(self, attachment: Any, stored: NamedBlobFile) -> None:
        self._uid: str = attachment.sealing_uid
        self._stored = stored
        self.contentType: str = stored.contentType
        self.filename: str = attachment.file_name
        self.size: int = attachment.size

    @property
    def _blob(self) -> Any:
        return self._stored._blob

    def getSize(self) -> int:  # noqa: N802 - plone.namedfile's name
        """Bytes of the content, not of what is stored."""
        return self.size

    def open(self, mode: str = "r") -> OpenedFile:
        """The content, to be read; it can be read from any place."""
        if mode != "r":
            raise ValueError("A sealed file is written through its attachment.")
        key = vault.key_to_open(self._uid)
        if key is None:
            raise SecretKeyMissing()
        return OpenedFile(key, self._uid, self._stored.open("r"), self.size)

    @property
    def data(self) -> _Content:
        """The content, to be sliced: plone.namedfile answers a request with `data[start:end]`."""
        return _Content(self)


class _Content:
    """A slice of it is an answer that is read block by block, after the transaction."""

    def __init__(self, file: OpenedNamedFile) -> None:
        self._file = file

    def __getitem__(self, wanted: slice) -> SealedStream:
        start, end, _step = wanted.indices(self._file.size)
        return SealedStream(self._file.open(), start, end)

    def __bytes__(self) -> bytes:
        with self._file.open() as content:
            return content.read()

    def __len__(self) -> int:
        return self._file.size


@implementer(IStreamIterator)
class SealedStream:
    """Content as an answer, a block at a time."""

    def __init__(self, content: OpenedFile, start: int, end: int) -> None:
        self._content, self._left = content, max(0, end - start)
        content.seek(start)

    def __iter__(self) -> Iterator[bytes]:
        return self

    def __next__(self) -> bytes:
        block = self._content.read(min(BLOCK, self._left))
        if not block:
            self.close()
            raise StopIteration
        self._left -= len(block)
        return block

    def __len__(self) -> int:
        return self._left

    def close(self) -> None:
        """Called by the server, whether or not everything was sent."""
        self._content.close()


def store_file(stored: NamedBlobFile, content: BinaryIO, key: bytes, uid: str) -> None:
    """Writes content into a stored file, sealed."""
    content.seek(0)
    with stored.open("w") as kept:
        seal_stream(key, uid, content, kept)


def forget_old_file(stored: NamedBlobFile) -> None:
    """After the commit the file that held the content before goes away: the database names only the new one."""
    if stored._blob._p_blob_committed is None:
        return
    before = Path(stored._blob.committed())

    def remove(committed: bool) -> None:
        if committed:
            before.unlink(missing_ok=True)

    transaction.get().addAfterCommitHook(remove)
