"""Reading attached files in the worker: one child process at a time, beside the indexing, which does not wait for it.

A file that its reader cannot bear (a bomb, a broken or locked file) fails alone: its row is shown to the administrator at once,
for trying again changes nothing by itself, and the letter is found by everything else.
"""

from __future__ import annotations

import importlib.util
import logging
import os
import signal
import subprocess
import sys
import time
from contextlib import closing
from dataclasses import dataclass, field
from pathlib import Path
from tempfile import TemporaryFile
from typing import IO, Any

import transaction
from plone.uuid.interfaces import IUUID
from sqlalchemy import select
from zope.interface import implementer

from saraban.ledger import clock, outbox
from saraban.ledger.connection import alone, reader
from saraban.ledger.tables import OutboxRow
from saraban.letters.content import Attachment
from saraban.search import extract, filetexts
from saraban.search.indexing import queue_alone

SECONDS = 60.0
"""By the clock; `extract` limits processor time and memory."""
LOOK_SECONDS = 0.05
_SAID = 300
_LIBRARIES = ("striprtf",)
_KILLED = {
    signal.SIGXCPU: f"reading it takes more than {extract.CPU_SECONDS} s",
    signal.SIGKILL: f"reading it takes more than {extract.CPU_SECONDS} s",
}
logger = logging.getLogger(__name__)


class Unreadable(Exception):
    """The text of a file cannot be had, and why."""


@dataclass
class Child:
    """A process that reads a file."""

    kind: str
    content: IO[bytes]
    began: float = field(default_factory=time.monotonic)

    def __post_init__(self) -> None:
        self._text = TemporaryFile()  # noqa: SIM115 - `text` closes it
        self._trouble = TemporaryFile()  # noqa: SIM115 - `text` closes it
        command = [sys.executable, "-I", extract.__file__, self.kind, str(filetexts.LONGEST), *_folders()]
        self.process = subprocess.Popen(
            command,
            stdin=self.content,
            stdout=self._text,
            stderr=self._trouble,
            env={"PATH": os.environ.get("PATH", os.defpath), "LANG": "C.UTF-8"},
            cwd="/",
        )

    def finished(self, wait: float) -> bool:
        """Whether it has ended; ends it when its time is over."""
        try:
            self.process.wait(wait)
        except subprocess.TimeoutExpired:
            if time.monotonic() - self.began < SECONDS:
                return False
            self.process.kill()
            self.process.wait()
        return True

    def text(self) -> str:
        """What it read. Raises Unreadable."""
        code = self.process.returncode
        # ZODB closes the file of a blob of which another version comes: that of a letter which was raised meanwhile.
        with closing(self._text), closing(self._trouble), closing(self.content):
            # More text than is kept is no trouble.
            if code not in (0, -signal.SIGXFSZ):
                raise Unreadable(self._said(code))
            self._text.seek(0)
            return self._text.read(4 * filetexts.LONGEST).decode("utf-8", "ignore").replace("\0", "")

    def _said(self, code: int) -> str:
        if code < 0:
            return _KILLED.get(signal.Signals(-code), f"its reader was ended by {signal.Signals(-code).name}")
        self._trouble.seek(0)
        lines = self._trouble.read(4096).decode("utf-8", "replace").strip().splitlines()
        return lines[-1][:_SAID] if lines else f"its reader ended with {code}"


def _folders() -> list[str]:
    """Where the libraries of the child lie."""
    found = (importlib.util.find_spec(name) for name in _LIBRARIES)
    return [str(Path(spec.origin).parent.parent) for spec in found if spec is not None and spec.origin]


@dataclass
class Task:
    """A row of the outbox, the file that it names, and the child that reads it."""

    row: OutboxRow
    uid: str
    sha256: str
    child: Child


@implementer(outbox.IRound)
class Reading:
    """The worker's part."""

    def __init__(self) -> None:
        self._task: Task | None = None

    def round(self, site: Any) -> int:
        """Looks after the child, or begins the next file; 0 when nothing waits."""
        if self._task is None:
            return self._begin(site)
        if self._task.child.finished(LOOK_SECONDS):
            task, self._task = self._task, None
            self._settle(site, task)
        return 1

    def _begin(self, site: Any) -> int:
        waiting = select(OutboxRow).where(OutboxRow.kind == filetexts.KIND, OutboxRow.state == outbox.WAITING)
        with reader(site) as session:
            row = session.scalar(waiting.where(OutboxRow.due_at <= clock.now()).order_by(OutboxRow.id).limit(1))
        if row is None:
            return 0
        transaction.begin()
        attachment = _file_at(site, row.subject)
        if attachment is None:
            # Taken off, or secret, in the meantime.
            with alone(site) as session:
                outbox.done(session, [row.id])
            return 1
        child = Child(filetexts.reader_of(attachment), attachment.open())
        self._task = Task(row, IUUID(attachment), attachment.sha256, child)
        return 1

    def _settle(self, site: Any, task: Task) -> None:
        trouble = text = ""
        try:
            text = task.child.text()
        except Unreadable as refusal:
            trouble = str(refusal)
            logger.warning("cannot read %s: %s", task.row.subject, trouble)
        transaction.begin()
        attachment = _file_at(site, task.row.subject)
        with alone(site) as session:
            if attachment is None or attachment.sha256 != task.sha256:
                outbox.done(session, [task.row.id])
                return
            state = filetexts.FAILED if trouble else filetexts.READ
            kept = filetexts.keep(session, task.uid, task.sha256, state, text)
            if trouble and kept:
                task.row.attempts += 1
                outbox.failed(session, task.row, trouble, attempts=1)
                return
            outbox.done(session, [task.row.id])
            if kept and text:
                path = task.row.subject.rpartition("/")[0]
                queue_alone(session, path, task.row.uid)


def _file_at(site: Any, path: str) -> Attachment | None:
    """The file that is really there and may be read: never one of a secret letter."""
    found = site.unrestrictedTraverse(path, None)
    if not isinstance(found, Attachment) or "/".join(found.getPhysicalPath()) != path:
        return None
    return found if found.aq_parent.indexable and filetexts.reader_of(found) else None
