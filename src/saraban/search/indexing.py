"""Indexing: outbox rows of the kind `solr` become documents, in the worker, in batches.

A row names a letter; what is written is what the letter is now, so that doing it twice does no harm. Solr may be away for
any time: the short index is written all the same, the row waits without counting attempts, and the first round after Solr
is back goes on. One process at a time does it (the indexer's lease).
"""

from __future__ import annotations

import logging
import time
from collections.abc import Iterable, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass, field
from typing import Any

import transaction
from sqlalchemy import select, update
from sqlalchemy.orm import Session
from zope.interface import implementer

from saraban.ledger import clock, deferred, outbox
from saraban.ledger.connection import alone, reader
from saraban.ledger.indexable import Places
from saraban.ledger.indexer import BATCH
from saraban.ledger.tables import OutboxRow
from saraban.letters.content import Letter
from saraban.organisation import chart
from saraban.routing.tables import Delivery
from saraban.search import filetexts, places, second, short
from saraban.search.client import NotHere, Solr, SolrAway, SolrRefused, solr
from saraban.search.documents import document, nothing

KIND = "solr"
"""Kind of the outbox rows."""
FOR_SOLR = "solr"
"""Payload of a row whose letter is in the short index already."""
LOOK_SECONDS = 10.0
"""Between two attempts to give an empty Solr its index."""
logger = logging.getLogger(__name__)


def queue(context: Any, path: str, uid: str) -> None:
    """Asks for a letter to be indexed; once in a transaction."""
    deferred.queue(context, KIND, "index", path, uid)


def queue_alone(session: Session, path: str, uid: str) -> None:
    """The same in a short write of its own (`alone`)."""
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
    places = Places(site)
    objects: dict[str, Letter] = {}
    for path, uid in letters:
        letter = places.object_at(path)
        if isinstance(letter, Letter):
            objects[path] = letter
        elif uid:
            batch.documents.append(nothing(uid, read_at))
    uids = [letter.UID() for letter in objects.values()]
    rows = deliveries(site, uids)
    units = chart.units(row.unit for of_one in rows.values() for row in of_one)
    with reader(site) as session:
        texts = filetexts.known(session, uids)
    for path, letter in objects.items():
        try:
            files = filetexts.files_of(letter, texts.get(letter.UID(), {}))
            batch.documents.append(document(letter, places, rows.get(letter.UID(), ()), read_at, files.text, units))
            batch.unread += files.unread
        except Exception as error:  # whatever a letter of another day holds: the others must pass
            logger.warning("cannot read %s", path, exc_info=True)
            batch.troubles[path] = f"{type(error).__name__}: {error}"
    return batch


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


@dataclass
class Sent:
    """A batch that was read, and is on its way to Solr."""

    rows: Sequence[OutboxRow]
    batch: Batch
    answer: Future[dict[str, str]] | None
    """What Solr does not take, by path; None while Solr is away."""


@implementer(outbox.IGathering)
class Indexing:
    """The worker's part of search.

    While Solr works on a full batch the worker goes on, and reads the next one. A batch is settled when Solr has answered: if
    the worker dies before, its rows are still there.
    """

    _look_at = 0.0
    _sent: Sent | None = None

    def __init__(self) -> None:
        self._sender = ThreadPoolExecutor(1, "solr")

    def round(self, site: Any) -> int:
        """One batch; how many rows were read or settled."""
        before, self._sent = self._sent, None
        sent: Sent | None = None
        present = _any_due(site) and self._present()
        rows = _due(site, everything=present, but=before.rows if before else ())
        if rows:
            batch = read(site, _letters(site, rows).items())
            # One after the other: what was read later arrives later.
            answer = self._sender.submit(self._send, batch) if present else None
            sent = Sent(rows, batch, answer)
            site._p_jar.cacheGC()
        if before:
            _settle(site, before)
        if len(rows) == BATCH:
            self._sent = sent
        elif sent:
            _settle(site, sent)
        return len(rows) + (len(before.rows) if before else 0)

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
        if not batch.documents:
            return {}
        main = solr()
        other = second.beside(main)
        if other is not None:
            try:
                send(other, batch.documents, visible=False)
            except NotHere:
                second.forget()
        refused = send(main, batch.documents)
        paths = {one["uid"]: one.get("path", one["uid"]) for one in batch.documents}
        return {paths[uid]: text for uid, text in refused.items()}


def _waiting() -> Any:
    return select(OutboxRow).where(OutboxRow.kind == KIND, OutboxRow.state == outbox.WAITING, OutboxRow.due_at <= clock.now())


def _any_due(site: Any) -> bool:
    with reader(site) as session:
        return session.scalar(_waiting().with_only_columns(OutboxRow.id).limit(1)) is not None


def _due(site: Any, *, everything: bool, but: Sequence[OutboxRow] = ()) -> list[OutboxRow]:
    """The next rows, but for some; without Solr only those whose letters are not in the short index yet."""
    query = _waiting().where(OutboxRow.id.not_in([row.id for row in but])).order_by(OutboxRow.id).limit(BATCH)
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


def _settle(site: Any, sent: Sent) -> None:
    """Waits for Solr's answer, writes the short index, and forgets the rows."""
    batch, present = sent.batch, sent.answer is not None
    try:
        batch.troubles |= sent.answer.result() if sent.answer else {}
    except SolrAway as away:
        logger.warning("Solr is away: %s", away)
        present = False
    good = [row.id for row in sent.rows if row.subject not in batch.troubles]
    with alone(site) as session:
        short.write(session, batch.documents)
        filetexts.ask(session, batch.unread)
        filetexts.forget(session, batch.gone)
        for row in sent.rows:
            if row.subject in batch.troubles:
                row.attempts += 1
                outbox.failed(session, row, batch.troubles[row.subject])
        if present:
            outbox.done(session, good)
        elif good:
            session.execute(update(OutboxRow).where(OutboxRow.id.in_(good)).values(payload=FOR_SOLR))
