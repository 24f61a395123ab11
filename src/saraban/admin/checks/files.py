"""The files below SARABAN_VAR/blobs against the database: each one that it names is there, and no other.

Whether a file is what was attached is the letters' check. RelStorage's table is read by its own name: history-free
databases keep one row for each object, and the pickle of a Blob is short.
"""

from __future__ import annotations

import os
import re
from collections.abc import Iterator
from functools import partial
from pathlib import Path
from typing import Any

from sqlalchemy import text
from ZODB.blob import FilesystemHelper
from ZODB.utils import get_pickle_metadata, p64, u64

from saraban.admin import boot
from saraban.admin.checks.finding import Finding, Progress
from saraban.ledger.connection import reader

PAGE = 2000
_NAME = re.compile(r"0x[0-9a-f]{16}\.blob")
LONGEST = 200
"""Bytes that the pickle of a Blob never has: it holds no more than the name of its class."""


def blobs() -> Path:
    """The folder."""
    return boot.var() / "blobs"


def count(site: Any) -> int:
    """How many files there are."""
    return sum(1 for _ in _files())


def _files() -> Iterator[Path]:
    """Every file below the folder, as paths relative to it, whatever it is called; RelStorage's own notes left out."""
    for path, folders, names in os.walk(blobs()):
        here = Path(path).relative_to(blobs())
        folders[:] = sorted(name for name in folders if here.parts or name != "tmp")
        yield from (here / name for name in sorted(names) if not name.startswith("."))


def examine(site: Any, progress: Progress) -> Iterator[Finding]:
    """What is missing, then what is unexpected."""
    helper = FilesystemHelper(str(blobs()))
    for oid, tid in _records(site):
        expected = Path(helper.getBlobFilename(p64(oid), p64(tid)))
        if not expected.exists() and _record(site, oid) == tid:
            yield Finding(str(expected), "it is missing")
    for name in _files():
        path = blobs() / name
        if not _is_known(site, helper, name) and path.exists():
            yield Finding(str(path), "no document knows this file", partial(_set_aside, path))
        progress(1)


def _is_known(site: Any, helper: FilesystemHelper, name: Path) -> bool:
    """Whether the database names the file, which is called after its object and its transaction."""
    if _NAME.fullmatch(name.name) is None:
        return False
    try:
        oid = u64(helper.layout.path_to_oid(str(name.parent)))
    except ValueError:  # not a folder of an object
        return False
    return _record(site, oid) == int(name.stem, 16)


def _records(site: Any) -> Iterator[tuple[int, int]]:
    """Object and transaction of every Blob in the database."""
    after = -1
    query = text(
        "SELECT zoid, tid, state FROM object_state WHERE zoid > :after AND state_size < :longest ORDER BY zoid LIMIT :page"
    )
    while True:
        with reader(site) as session:
            page = session.execute(query, {"after": after, "longest": LONGEST, "page": PAGE}).all()
        for oid, tid, state in page:
            if _is_blob(state):
                yield int(oid), int(tid)
        if len(page) < PAGE:
            return
        after = page[-1][0]


def _record(site: Any, oid: int) -> int | None:
    """The transaction that last wrote a Blob; None where the object is none."""
    query = text("SELECT tid, state FROM object_state WHERE zoid = :oid")
    with reader(site) as session:
        found = session.execute(query, {"oid": oid}).first()
    return int(found[0]) if found is not None and _is_blob(found[1]) else None


def _is_blob(state: Any) -> bool:
    return bool(state) and get_pickle_metadata(bytes(state)) == ("ZODB.blob", "Blob")


def _set_aside(path: Path) -> None:
    """Moves a file out of the way; nothing that may be somebody's document is deleted."""
    aside = boot.var() / "set-aside" / path.relative_to(blobs())
    aside.parent.mkdir(parents=True, exist_ok=True)
    path.replace(aside)
