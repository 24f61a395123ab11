"""Every letter against the search index: Solr's and the short one. What waits for the worker is not missing."""

from __future__ import annotations

import time
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from typing import Any

from sqlalchemy import select

from saraban.admin import walks
from saraban.admin.checks.finding import Finding, Progress
from saraban.ledger.connection import reader, session_of
from saraban.search import indexing, pending
from saraban.search.client import SEPARATOR, SolrAway, joined, solr
from saraban.search.tables import ShortLetter

SIZE = 100


@dataclass
class Known:
    """What the indexes know of some letters: their UIDs, and the paths of those that wait."""

    solr: set[str]
    short: set[str]
    waiting: set[str]


def count(site: Any) -> int:
    """How many letters there are."""
    return walks.count(site, walks.ALL)


def examine(site: Any, progress: Progress) -> Iterator[Finding]:
    """Letter by letter, then what is in an index and nowhere else."""
    if not solr().answers():
        yield Finding("Solr", "it does not answer: the search index was not compared")
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
    try:
        known = _known(site, letters)
    except SolrAway as away:
        return {"Solr": Finding("Solr", f"it went away: {away}")}
    found = {}
    for path, uid in letters.items():
        if path in known.waiting:
            continue
        wanted = _exists(site, path) and site.unrestrictedTraverse(path).indexable
        places = (("Solr", known.solr), ("the short index", known.short))
        where = " and ".join(name for name, uids in places if (uid in uids) != wanted)
        if where:
            text = f"it is not in {where}" if wanted else f"it is in {where} and must not be"
            found[path] = Finding(path, text, partial(_queue, site, path, uid))
    return found


def _known(site: Any, letters: Mapping[str, str]) -> Known:
    uids = list(letters.values())
    asked = {
        "q": f'{{!terms f=uid separator="{SEPARATOR}" v=$uids}}',
        "fq": "path:[* TO *]",
        "uids": joined(uids),
        "fl": "uid",
        "rows": len(uids),
    }
    in_solr = {one["uid"] for one in solr().find(asked, handler="select")["response"]["docs"]}
    with reader(site) as session:
        in_short = set(session.scalars(select(ShortLetter.uid).where(ShortLetter.uid.in_(uids))))
        return Known(in_solr, in_short, pending.among(session, letters))


def _queue(site: Any, path: str, uid: str) -> None:
    indexing.queue(session_of(site), path, uid)
