"""A new index beside the one that is searched, then a swap: search is never empty meanwhile.

While the core of the rebuild stands, the worker writes every change to both. Which of two readings of a letter is newer is
decided by Solr (`read_at`), so that neither can undo the other. An interrupted rebuild goes on where it stopped: letters
that were read since its core was made are not read again.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterable, Sequence
from typing import Any

from saraban.ledger.connection import alone
from saraban.search import short
from saraban.search.client import SEPARATOR, Solr, SolrAway, joined, solr
from saraban.search.indexing import read, send

SUFFIX = "next"
LOOK_SECONDS = 5.0
CONFIG_SET = "saraban"
_looked: dict[str, tuple[float, bool]] = {}


def stands(main: Solr) -> bool:
    """Whether a rebuild's core stands beside it."""
    name = f"{main.core}_{SUFFIX}"
    return bool(main.cores("STATUS", core=name)["status"].get(name))


def beside(main: Solr) -> Solr | None:
    """The core of a rebuild, if one stands: looked for every few seconds."""
    at, there = _looked.get(main.base, (0.0, False))
    if time.monotonic() - at >= LOOK_SECONDS:
        there = stands(main)
        _looked[main.base] = time.monotonic(), there
    return main.beside(SUFFIX) if there else None


def begin(wait: float = 2 * LOOK_SECONDS) -> Solr:
    """Makes the second core, or finds the one of an interrupted rebuild. Waits until every worker has seen it."""
    main = solr()
    other = main.beside(SUFFIX)
    if not stands(main):
        main.cores("CREATE", name=other.core, configSet=CONFIG_SET)
        time.sleep(wait)
    return other


def feed(site: Any, other: Solr, paths: Sequence[str]) -> int:
    """Writes letters to the second core, and to the short index; answers how many were not there yet."""
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
    site._p_jar.cacheGC()
    return len(missing)


def _missing(other: Solr, paths: Sequence[str]) -> list[str]:
    """Those that the second core does not show yet."""
    asked = {
        "q": f'{{!terms f=path separator="{SEPARATOR}" v=$paths}}',
        "paths": joined(paths),
        "fl": "path",
        "rows": len(paths),
    }
    known = {document["path"] for document in other.find(asked, handler="select")["response"]["docs"]}
    return [path for path in paths if path not in known]


def finish() -> None:
    """Puts the new core in the place of the old one, and takes the old one away."""
    main = solr()
    other = main.beside(SUFFIX)
    other.commit()
    main.cores("SWAP", core=main.core, other=other.core)
    _looked.clear()
    # Workers may write to it until they look again; what they write there goes with it.
    main.cores("UNLOAD", core=other.core, deleteInstanceDir="true")


def rebuild(site: Any, pages: Iterable[Sequence[str]], step: Callable[[int], None], wait: float = 2 * LOOK_SECONDS) -> int:
    """The whole of it; `step` is told how many letters are behind. Raises SolrAway."""
    other = begin(wait)
    number = since = 0
    for page in pages:
        written = feed(site, other, page)
        number += written
        since += written
        step(len(page))
        if since >= 5000:
            other.commit()
            since = 0
    finish()
    return number


__all__ = ["SolrAway", "begin", "beside", "feed", "finish", "rebuild", "stands"]
