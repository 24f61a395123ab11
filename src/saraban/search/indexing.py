"""Indexing: outbox rows of the kind `solr` become documents, in the worker, in batches.

A row names a letter; what is written is what the letter is now, so that doing it twice does no harm. Solr may be away for
any time: the short index is written all the same, the row waits without counting attempts, and the first round after Solr
is back goes on. One process at a time does it (the indexer's lease).
"""

from __future__ import annotations

import logging
import time
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import Any

import transaction
from sqlalchemy import select, update
from sqlalchemy.orm import Session
from zope.interface import implementer

from saraban.ledger import clock, outbox
from saraban.ledger.connection import alone, reader
from saraban.ledger.tables import OutboxRow
from saraban.letters.content import Letter
from saraban.routing.tables import Delivery
from saraban.search import filetexts, places, short
from saraban.search.client import NotHere, Solr, SolrAway, SolrRefused, solr
from saraban.search.documents import document, nothing

KIND = "solr"
"""Kind of the outbox rows."""
FOR_SOLR = "solr"
"""Payload of a row whose letter is in the short index already."""
BATCH = 100
LOOK_SECONDS = 10.0
"""Between two attempts to give an empty Solr its index."""
_QUEUED = "search.queued"
logger = logging.getLogger(__name__)


def queue(session: Session, path: str, uid: str) -> None:
    """Asks for a letter to be indexed; once in a transaction."""
    queued: set[str] = session.info.setdefault(_QUEUED, set())
    if path not in queued:
        queued.add(path)
        outbox.put(session, KIND, "index", path, uid=uid)


@dataclass
class Batch:
    """Documents that were read together, and what could not be read."""

    documents: list[dict[str, Any]] = field(default_factory=list)
    troubles: dict[str, str] = field(default_factory=dict)
    """By path."""
    unread: list[filetexts.Unread] = field(default_factory=list)
    """Attached files whose text is not known yet."""

    @property
    def gone(self) -> list[str]:
        """UIDs of letters that are in no index any more."""
        return [document["uid"] for document in self.documents if "path" not in document]


def read(site: Any, letters: Iterable[tuple[str, str]]) -> Batch:
    """The documents of letters, by path and UID, as they are now. Begins a transaction: a fresh snapshot."""
    transaction.begin()
    # Before anything is read: an older reading never replaces a newer one.
    read_at = time.time_ns() // 1000
    batch = Batch()
    objects: dict[str, Any] = {}
    for path, uid in letters:
        letter = _letter_at(site, path)
        if letter is not None:
            objects[path] = letter
        elif uid:
            batch.documents.append(nothing(uid, read_at))
    uids = [letter.UID() for letter in objects.values()]
    rows = deliveries(site, uids)
    with reader(site) as session:
        texts = filetexts.known(session, uids)
    for path, letter in objects.items():
        try:
            files = filetexts.files_of(letter, texts.get(letter.UID(), {}))
            batch.documents.append(document(letter, rows.get(letter.UID(), ()), read_at, files.text))
            batch.unread += files.unread
        except Exception as error:  # whatever a letter of another day holds: the others must pass
            logger.warning("cannot read %s", path, exc_info=True)
            batch.troubles[path] = f"{type(error).__name__}: {error}"
    return batch


def _letter_at(site: Any, path: str) -> Letter | None:
    """The letter that is really at this path: traversal alone would acquire one of the same name from above."""
    found = site.unrestrictedTraverse(path, None)
    if isinstance(found, Letter) and "/".join(found.getPhysicalPath()) == path:
        return found
    return None


def deliveries(site: Any, uids: Sequence[str]) -> dict[str, list[Delivery]]:
    """Where letters went, by UID."""
    found: dict[str, list[Delivery]] = {}
    with reader(site) as session:
        for row in session.scalars(select(Delivery).where(Delivery.letter_uid.in_(uids)).order_by(Delivery.id)):
            found.setdefault(row.letter_uid, []).append(row)
    return found


def send(to: Solr, documents: Sequence[dict[str, Any]], *, visible: bool = True) -> dict[str, str]:
    """Sends documents; answers those that Solr does not take, by UID. Raises SolrAway."""
    try:
        to.update(documents, visible=visible)
    except SolrRefused as refusal:
        if len(documents) == 1:
            return {documents[0]["uid"]: str(refusal)}
        # One of them is the trouble: the others must pass.
        middle = len(documents) // 2
        return send(to, documents[:middle], visible=visible) | send(to, documents[middle:], visible=visible)
    return {}


@implementer(outbox.IRound)
class Indexing:
    """The worker's part of search."""

    _look_at = 0.0

    def round(self, site: Any) -> int:
        """One batch; how many rows are dealt with for good."""
        present = _any_due(site) and self._present()
        rows = _due(site, everything=present)
        if not rows:
            return 0
        batch = read(site, _letters(site, rows).items())
        if present and batch.documents:
            try:
                batch.troubles |= self._send(batch)
            except SolrAway as away:
                logger.warning("Solr is away: %s", away)
                present = False
        with alone(site) as session:
            short.write(session, batch.documents)
            filetexts.ask(session, batch.unread)
            filetexts.forget(session, batch.gone)
            _settle(session, rows, batch, sent=present)
        site._p_jar.cacheGC()
        return len(rows)

    def _present(self) -> bool:
        """Whether Solr works; a Solr without an index of ours is given one."""
        main = solr()
        if main.ready():
            return True
        if time.monotonic() < self._look_at or not main.rested():
            return False
        self._look_at = time.monotonic() + LOOK_SECONDS
        try:
            if not places.stands(main):
                places.make(main)
                logger.warning("an empty index %s was made", main.core)
        except (SolrAway, SolrRefused) as trouble:
            logger.warning("Solr has no index %s: %s", main.core, trouble)
        return False

    def _send(self, batch: Batch) -> dict[str, str]:
        """Writes to the index of a rebuild first: whenever the two change places, the new one has been written to."""
        from saraban.search import rebuild

        main = solr()
        other = rebuild.beside(main)
        if other is not None:
            try:
                send(other, batch.documents, visible=False)
            except NotHere:
                rebuild.forget()
        refused = send(main, batch.documents)
        paths = {one["uid"]: one.get("path", one["uid"]) for one in batch.documents}
        return {paths[uid]: text for uid, text in refused.items()}


def _waiting() -> Any:
    return select(OutboxRow).where(OutboxRow.kind == KIND, OutboxRow.state == outbox.WAITING, OutboxRow.due_at <= clock.now())


def _any_due(site: Any) -> bool:
    with reader(site) as session:
        return session.scalar(_waiting().with_only_columns(OutboxRow.id).limit(1)) is not None


def _due(site: Any, *, everything: bool) -> list[OutboxRow]:
    """The next rows; without Solr only those whose letters are not in the short index yet."""
    query = _waiting().order_by(OutboxRow.id).limit(BATCH)
    if not everything:
        query = query.where(OutboxRow.payload != FOR_SOLR)
    with reader(site) as session:
        return list(session.scalars(query))


def _letters(site: Any, rows: Sequence[OutboxRow]) -> dict[str, str]:
    """Paths and UIDs, each letter once; the UID of a letter that is gone may stand only in the short index."""
    found: dict[str, str] = {}
    with reader(site) as session:
        for row in rows:
            found[row.subject] = row.uid or found.get(row.subject) or short.uid_at(session, row.subject)
    return found


def _settle(session: Session, rows: Sequence[OutboxRow], batch: Batch, *, sent: bool) -> None:
    good = [row.id for row in rows if row.subject not in batch.troubles]
    for row in rows:
        if row.subject in batch.troubles:
            row.attempts += 1
            outbox.failed(session, row, batch.troubles[row.subject])
    if sent:
        outbox.done(session, good)
    elif good:
        session.execute(update(OutboxRow).where(OutboxRow.id.in_(good)).values(payload=FOR_SOLR))
