"""Every letter against the search index, field by field: Solr's and the short one. What waits for the worker is not wrong."""

from __future__ import annotations

import time
from collections.abc import Iterator, Mapping, Sequence
from functools import partial
from typing import Any

from sqlalchemy import select

from saraban.admin import walks
from saraban.admin.checks.finding import Finding, Progress
from saraban.ledger.connection import reader
from saraban.search import comparing, indexing, pending
from saraban.search.client import SolrAway, solr
from saraban.search.tables import ShortLetter

SIZE = 100


def count(site: Any) -> int:
    """How many letters there are."""
    return walks.count(site, walks.ALL)


def examine(site: Any, progress: Progress) -> Iterator[Finding]:
    """Letter by letter, then what is in an index and nowhere else."""
    if not solr().answers():
        yield Finding("Solr", "it does not answer: the search index was not compared", wrong=False)
        progress(count(site))
        return
    for paths in walks.pages(site, SIZE, walks.ALL):
        found = {path: site.unrestrictedTraverse(path, None) for path in paths}
        yield from _again(site, {path: letter.UID() for path, letter in found.items() if letter is not None})
        progress(len(paths))
        site._p_jar.cacheGC()
    last = 0
    while rows := _short(site, last):
        last = rows[-1][0]
        yield from _again(site, {path: uid for _id, path, uid in rows if not _exists(site, path)})


def _short(site: Any, last: int) -> Sequence[tuple[int, str, str]]:
    query = select(ShortLetter.id, ShortLetter.path, ShortLetter.uid).where(ShortLetter.id > last)
    with reader(site) as session:
        return session.execute(query.order_by(ShortLetter.id).limit(SIZE)).tuples().all()


def _again(site: Any, letters: Mapping[str, str]) -> Iterator[Finding]:
    """What looks wrong is looked at again: the worker may have been in the middle of it."""
    import transaction

    findings = _compare(site, letters)
    for _turn in range(3):
        if not findings:
            return
        time.sleep(0.5)
        transaction.begin()
        findings = _compare(site, {path: letters[path] for path in findings if path in letters})
    yield from findings.values()


def _exists(site: Any, path: str) -> bool:
    letter = site.unrestrictedTraverse(path, None)
    return letter is not None and "/".join(letter.getPhysicalPath()) == path


def _compare(site: Any, letters: Mapping[str, str]) -> dict[str, Finding]:
    """Findings by path; `letters` are UIDs by path."""
    if not letters:
        return {}
    batch = indexing.read(site, letters.items())
    try:
        in_solr = comparing.of_solr(solr(), batch.documents)
    except SolrAway as away:
        return {"Solr": Finding("Solr", f"it went away: {away}")}
    with reader(site) as session:
        in_short = comparing.of_short(session, batch.documents)
        waiting = pending.among(session, letters)
    found = {path: Finding(path, trouble) for path, trouble in batch.troubles.items()}
    searchable = {document["uid"] for document in batch.documents if "path" in document}
    for path, uid in letters.items():
        text = _said(uid in searchable, {"Solr": in_solr.get(uid), "the short index": in_short.get(uid)})
        if text and path not in waiting:
            found[path] = Finding(path, text, partial(_queue, site, path, uid))
    return found


def _said(wanted: bool, differences: Mapping[str, list[str] | None]) -> str:
    """What is wrong with a letter in the indexes, in words; nothing when all is right."""
    whole = " and ".join(where for where, names in differences.items() if names == [comparing.WHOLE])
    pieces = [f"it is not in {whole}" if wanted else f"it is in {whole} and must not be"] if whole else []
    pieces += [
        f"{where} has another {', '.join(names)} of it"
        for where, names in differences.items()
        if names and names != [comparing.WHOLE]
    ]
    return "; ".join(pieces)


def _queue(site: Any, path: str, uid: str) -> None:
    indexing.queue(site, path, uid)
