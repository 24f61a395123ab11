"""A new index beside the one that is searched, then a swap: search is never empty meanwhile.

While the index of the rebuild stands, the worker writes every change to both. Which of two readings of a letter is newer is
decided by Solr (`read_at`), so that neither can undo the other. An interrupted rebuild goes on where it stopped: letters
that were read since it was made are not read again.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterable, Sequence
from datetime import datetime
from typing import Any

from DateTime import DateTime
from sqlalchemy import select

from saraban.ledger import outbox
from saraban.ledger.connection import alone, reader
from saraban.routing.tables import Delivery, DeliveryStep
from saraban.search import places, short
from saraban.search.client import SEPARATOR, Solr, joined, solr
from saraban.search.documents import nothing
from saraban.search.indexing import KIND, queue_alone, read, send
from saraban.search.second import LOOK_SECONDS, SUFFIX, forget
from saraban.search.tables import ShortLetter

PAGE = 500
COMMIT_AFTER = 5000


def begin(wait: float = 2 * LOOK_SECONDS) -> Solr:
    """Makes the second index, or finds the one of an interrupted rebuild. Waits until every worker has seen it."""
    other = solr().beside(SUFFIX)
    if not places.stands(other):
        places.make(other)
        time.sleep(wait)
    return other


def feed(site: Any, other: Solr, paths: Sequence[str]) -> int:
    """Writes letters to the second index, and to the short index; answers how many were not there yet."""
    missing = _missing(other, paths)
    if not missing:
        return 0
    batch = read(site, [(path, "") for path in missing])
    refused = send(other, batch.documents, visible=False)
    if refused or batch.troubles:
        first = next(iter({**batch.troubles, **refused}.items()))
        raise ValueError(f"{first[0]}: {first[1]}")
    with alone(site) as session:
        short.write(session, batch.documents)
        # Files that were never read: the worker comes back to their letters.
        for path, uid in {(one.path.rpartition("/")[0], one.letter_uid) for one in batch.unread}:
            queue_alone(session, path, uid)
    site._p_jar.cacheGC()
    return len(missing)


def _missing(other: Solr, paths: Sequence[str]) -> list[str]:
    """Those that the second index does not show yet."""
    asked = {
        "q": f'{{!terms f=path separator="{SEPARATOR}" v=$paths}}',
        "paths": joined(paths),
        "fl": "path",
        "rows": len(paths),
    }
    known = {document["path"] for document in other.find(asked, handler="select")["response"]["docs"]}
    return [path for path in paths if path not in known]


def finish() -> None:
    """Puts the new index in the place of the old one, and takes the old one away."""
    main = solr()
    # A worker that has not looked again finds nothing to write to beside, or writes to what goes away, and then to the new one.
    places.take_the_place(main.beside(SUFFIX), main)
    # What a worker wrote to the new one after its last commit was shown by the old one only.
    main.commit()
    forget()


def rebuild(site: Any, pages: Iterable[Sequence[str]], step: Callable[[int], None], wait: float = 2 * LOOK_SECONDS) -> int:
    """The whole of it; `step` is told how many letters are behind. Raises SolrAway."""
    began = time.time_ns() // 1000
    other = begin(wait)
    number = fresh = 0
    for page in pages:
        written = feed(site, other, page)
        number += written
        fresh += written
        step(len(page))
        if fresh >= COMMIT_AFTER:
            other.commit()
            fresh = 0
    other.commit()
    prune(site, other, began)
    finish()
    return number


def prune(site: Any, other: Solr, began: int) -> None:
    """Takes letters out of the short index that were in it before and are nowhere any more."""
    last = 0
    while True:
        with reader(site) as session:
            query = select(ShortLetter.id, ShortLetter.uid, ShortLetter.path).where(
                ShortLetter.id > last, ShortLetter.read_at < began
            )
            rows = session.execute(query.order_by(ShortLetter.id).limit(PAGE)).tuples().all()
        if not rows:
            return
        last = rows[-1][0]
        gone = set(_missing(other, [path for _id, _uid, path in rows]))
        documents = [nothing(uid, began) for _id, uid, path in rows if path in gone]
        if documents:
            with alone(site) as session:
                short.write(session, documents)


def queue_since(site: Any, moment: datetime) -> int:
    """Asks the worker for the letters that changed, themselves or on their way, since a moment (UTC)."""
    letters: dict[str, str] = {}
    changed = site.portal_catalog.unrestrictedSearchResults(
        portal_type=["Letter", "Circular"], modified={"query": DateTime(f"{moment.isoformat()}+00:00"), "range": "min"}
    )
    for brain in changed:
        letters[brain.getPath()] = brain.UID
    with reader(site) as session:
        moved = select(Delivery.letter_path, Delivery.letter_uid).join(
            DeliveryStep, DeliveryStep.letter_uid == Delivery.letter_uid
        )
        letters.update(session.execute(moved.where(DeliveryStep.at >= moment).distinct()).tuples().all())
    paths = sorted(letters)
    for start in range(0, len(paths), PAGE):
        with alone(site) as session:
            for path in paths[start : start + PAGE]:
                outbox.put(session, outbox.INDEX, "index", path, uid=letters[path])
                outbox.put(session, KIND, "index", path, uid=letters[path])
    return len(paths)
