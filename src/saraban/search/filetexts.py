"""Texts of attached files, kept in the ledger: which are there, which are still to be read, which must go.

The worker finds unread files when it indexes their letter, asks for them in the outbox (kind `text`), and indexes the letter
again when they are read (`reading.py`). A text belongs to a content (SHA-256), so that no index needs a second reading.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import PurePath

from plone.uuid.interfaces import IUUID
from sqlalchemy import delete, insert, select
from sqlalchemy.orm import Session

from saraban.ledger import clock, outbox
from saraban.ledger.tables import OutboxRow
from saraban.letters.content import Attachment, Letter
from saraban.search.tables import FileText

KIND = "text"
"""Kind of the outbox rows."""
WAITING, READ, FAILED = "waiting", "read", "failed"
LONGEST = 200_000
"""Characters of one file that are kept."""
TOGETHER = 100_000
"""Characters of the files of one letter that are searched: more would make fragments slow."""
READERS = {
    ".pdf": "pdf", ".docx": "docx", ".xlsx": "xlsx", ".pptx": "pptx", ".odt": "odf", ".ods": "odf", ".odp": "odf",
    ".rtf": "rtf", ".txt": "txt", ".csv": "txt",
}  # fmt: skip
"""Names of files and who reads them (`extract.py`). Images wait for OCR."""
Known = Mapping[tuple[str, str], FileText]
"""What the ledger holds of a letter's files, by UID and digest."""


@dataclass(frozen=True)
class Unread:
    """A file whose text the ledger does not hold."""

    path: str
    uid: str
    sha256: str
    letter_uid: str


@dataclass
class Files:
    """What the files of a letter say, and which are to be read."""

    text: str = ""
    unread: list[Unread] = field(default_factory=list)


def known(session: Session, letters: Iterable[str]) -> dict[str, dict[tuple[str, str], FileText]]:
    """What is held of the files of these letters (UIDs), by letter."""
    found: dict[str, dict[tuple[str, str], FileText]] = {}
    for row in session.scalars(select(FileText).where(FileText.letter_uid.in_(list(letters))).order_by(FileText.id)):
        found.setdefault(row.letter_uid, {})[row.uid, row.sha256] = row
    return found


def reader_of(attachment: Attachment) -> str:
    """Who reads the file; empty for nobody."""
    return READERS.get(PurePath((attachment.file.filename or "").lower()).suffix, "")


def files_of(letter: Letter, held: Known) -> Files:
    """Of a secret letter nothing: neither is its text anywhere, nor is it asked for."""
    found = Files()
    if not letter.indexable:
        return found
    texts: list[str] = []
    for attachment in letter.objectValues():
        if not isinstance(attachment, Attachment) or not reader_of(attachment):
            continue
        uid = IUUID(attachment)
        row = held.get((uid, attachment.sha256))
        if row is None:
            path = "/".join(attachment.getPhysicalPath())
            found.unread.append(Unread(path, uid, attachment.sha256, IUUID(letter)))
        elif row.text:
            texts.append(row.text)
    found.text = "\n".join(texts)[:TOGETHER]
    return found


def ask(session: Session, unread: Sequence[Unread]) -> None:
    """Asks for files to be read. Only the worker that indexes does so: two would ask twice."""
    now = clock.now()
    for one in unread:
        asked = select(FileText.id).where(FileText.uid == one.uid, FileText.sha256 == one.sha256)
        if session.scalar(asked) is None:
            values = {"uid": one.uid, "sha256": one.sha256, "letter_uid": one.letter_uid}
            session.execute(insert(FileText).values(state=WAITING, text="", at=now, **values))
            outbox.put(session, KIND, "read", one.path, uid=one.letter_uid)


def keep(session: Session, uid: str, sha256: str, state: str, text: str = "") -> bool:
    """Notes what a file says, or that it cannot be read; False if nobody asks for it any more."""
    row = session.scalar(select(FileText).where(FileText.uid == uid, FileText.sha256 == sha256).with_for_update())
    if row is None:
        return False
    row.state, row.text, row.at = state, text[:LONGEST], clock.now()
    return True


def forget(session: Session, letters: Iterable[str]) -> None:
    """Letters (UIDs) that are gone, or secret now: nothing of their files stays here."""
    uids = list(letters)
    if uids:
        session.execute(delete(FileText).where(FileText.letter_uid.in_(uids)))
        session.execute(delete(OutboxRow).where(OutboxRow.kind == KIND, OutboxRow.uid.in_(uids)))
