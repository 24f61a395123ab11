"""Where files wait that come in pieces, until they are whole (`uploading`).

An upload is a folder below `$SARABAN_UPLOADS`, else `$SARABAN_VAR/uploads`; several machines that serve one site share it. Each
piece is a file named by where it begins. Pieces for a secret letter lie sealed with the letter's key, name and title too.
"""

from __future__ import annotations

import json
import os
import secrets
import shutil
import time
from collections.abc import Iterator
from dataclasses import asdict, dataclass
from pathlib import Path
from shutil import copyfileobj
from tempfile import TemporaryFile
from typing import Any, BinaryIO

from saraban import _
from saraban.classification import vault
from saraban.classification.errors import SecretKeyMissing
from saraban.classification.files import OpenedFile, opened_size, seal_stream
from saraban.errors import Invalid
from saraban.ledger.connection import reader
from saraban.letters import files
from saraban.letters.errors import UploadOffset

LIFETIME = 3600
"""Seconds without a further piece after which an upload is given up."""
_ABOUT, _MADE = "about.json", "made"


@dataclass(frozen=True)
class Upload:
    """A file on its way into a letter."""

    key: str
    letter: str
    """The letter's UID."""
    person: str
    name: str
    title: str
    size: int
    sealed: bool

    @property
    def place(self) -> Path:
        """Its folder."""
        return _folder() / self.key

    @property
    def made(self) -> str:
        """The id of the attachment, once there is one."""
        found = self.place / _MADE
        return found.read_text() if found.exists() else ""

    @property
    def offset(self) -> int:
        """Bytes that have come."""
        return self.size if self.made else sum(self.length(piece) for piece in self.pieces())

    @property
    def expires(self) -> float:
        """When it is given up, in seconds of the epoch."""
        return self.place.stat().st_mtime + LIFETIME

    def piece_at(self, start: int) -> Path:
        """The file of the piece that begins there."""
        return self.place / f"{start:012}"

    def pieces(self) -> Iterator[Path]:
        """What has come, in order."""
        start = 0
        while (piece := self.piece_at(start)).exists():
            yield piece
            start += self.length(piece)

    def length(self, piece: Path) -> int:
        """Bytes of the content, not of what is stored."""
        stored = piece.stat().st_size
        return opened_size(stored) if self.sealed else stored

    def open(self, piece: Path) -> BinaryIO:
        """The content of a piece."""
        if not self.sealed:
            return piece.open("rb")
        return OpenedFile(_key(self.letter), self.letter, piece.open("rb"), self.length(piece))  # type: ignore[return-value]


def _folder() -> Path:
    return Path(os.environ.get("SARABAN_UPLOADS") or Path(os.environ["SARABAN_VAR"]) / "uploads")


def _key(uid: str) -> bytes:
    with reader() as session:
        key = vault.stored_key(session, uid)
    if key is None:
        raise SecretKeyMissing()
    return key


def begin(letter: str, person: str, name: str, title: str, size: int, *, sealed: bool) -> Upload:
    """A new upload; those that nobody went on with are given up."""
    _sweep()
    upload = Upload(secrets.token_hex(16), letter, person, name, title, size, sealed)
    upload.place.mkdir(mode=0o700, parents=True)
    about: dict[str, Any] = asdict(upload)
    if sealed:
        key = _key(letter)
        about.update({word: vault.seal_with(key, letter, about[word]) for word in ("name", "title")})
    (upload.place / _ABOUT).write_text(json.dumps(about))
    return upload


def known(key: str) -> Upload | None:
    """The upload of a key."""
    about = _folder() / key / _ABOUT
    if not key.isalnum() or not about.exists():
        return None
    found = json.loads(about.read_text())
    return Upload(**{**found, **{word: vault.opened(found["letter"], found[word]) for word in ("name", "title")}})


def keep(upload: Upload, start: int, content: BinaryIO) -> None:
    """A further piece; the same one may come again. Raises UploadOffset, Invalid."""
    length = content.seek(0, os.SEEK_END)
    content.seek(0)
    if start + length > upload.size:
        raise Invalid(fields={"Upload-Length": _("error_upload_long", default="More has come than was announced.")})
    target = upload.piece_at(start)
    if target.exists():  # the answer was lost, or the transaction is tried again
        _require_same(upload, target, content, length)
        return
    if start != upload.offset:
        raise UploadOffset()
    if not length:
        return
    fresh = upload.place / secrets.token_hex(8)
    try:
        with fresh.open("xb") as kept:
            if upload.sealed:
                seal_stream(_key(upload.letter), upload.letter, content, kept)
            else:
                copyfileobj(content, kept)
        os.link(fresh, target)
    except FileExistsError:
        raise UploadOffset() from None
    finally:
        fresh.unlink(missing_ok=True)


def _require_same(upload: Upload, piece: Path, content: BinaryIO, length: int) -> None:
    with upload.open(piece) as known:
        if upload.length(piece) != length or files.digest(known) != files.digest(content):
            raise UploadOffset()


def whole(upload: Upload) -> BinaryIO:
    """All pieces as one file."""
    found = TemporaryFile()  # noqa: SIM115 - the caller closes it
    for piece in upload.pieces():
        with upload.open(piece) as part:
            copyfileobj(part, found)
    found.seek(0)
    return found


def finish(committed: bool, upload: Upload, attachment: str) -> None:
    """After the commit: the pieces go; who asks again still hears that the file arrived."""
    if committed and upload.place.exists():
        (upload.place / _MADE).write_text(attachment)
        for piece in upload.place.glob("[0-9]*"):
            piece.unlink()


def drop(upload: Upload) -> None:
    """It is given up."""
    shutil.rmtree(upload.place)


def forget(uid: str) -> None:
    """What is on its way into a letter is given up: the letter has become secret, and its pieces lie open."""
    for about in _folder().glob(f"*/{_ABOUT}"):
        if json.loads(about.read_text())["letter"] == uid:
            shutil.rmtree(about.parent)


def _sweep() -> None:
    """What nobody went on with."""
    for place in _folder().glob("*"):
        if place.stat().st_mtime + LIFETIME < time.time():
            shutil.rmtree(place, ignore_errors=True)
