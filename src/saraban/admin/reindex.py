"""`bin/saraban reindex`: a new Solr index beside the old one, then a swap; the catalog by the worker.

Search is never empty meanwhile, and what people change meanwhile is in both. It can be stopped and run again: it goes on
where it stopped.
"""

from __future__ import annotations

import argparse
from datetime import date, datetime, time
from typing import Any

from tqdm import tqdm

from saraban.admin import boot, walks

HELP = "build the search index anew beside the old one and swap; ask the worker to fill the catalog again"


def arguments(parser: argparse.ArgumentParser) -> None:
    """The options of the subcommand."""
    parser.add_argument(
        "--since", type=date.fromisoformat, metavar="YYYY-MM-DD", help="only what changed since the day, by the worker"
    )
    parser.add_argument("--only", choices=("search", "catalog"), help="one of the two")
    parser.add_argument("--wait", action="store_true", help="do the catalog here and now (stop the worker first)")


def run(options: argparse.Namespace) -> int:
    """Run again it only asks again: indexing twice does no harm."""
    with boot.site() as site:
        if options.since is not None:
            return since(site, options.since)
        done = 0
        if options.only != "catalog":
            done = rebuild_search(site)
        if options.only != "search":
            fill_catalog(site, wait=options.wait)
    return done


def rebuild_search(site: Any) -> int:
    """The search index; 1 when Solr is away."""
    from saraban.search import rebuild
    from saraban.search.client import SolrAway

    total = walks.count(site, walks.ALL)
    try:
        with tqdm(total=total, unit="letter", desc="search", disable=None) as bar:
            number = rebuild.rebuild(site, walks.pages(site, 100, walks.ALL), bar.update)
    except SolrAway as away:
        print(f"Solr does not answer ({away}): run it again when it does.")
        return 1
    print(f"{number} letters are in the new search index")
    return 0


def since(site: Any, day: date) -> int:
    """What changed since a day, in the order of the outbox."""
    from datetime import UTC

    from saraban.ledger.clock import BANGKOK
    from saraban.search import rebuild

    moment = datetime.combine(day, time(), BANGKOK).astimezone(UTC).replace(tzinfo=None)
    print(f"{rebuild.queue_since(site, moment)} letters are queued for the worker")
    return 0


def fill_catalog(site: Any, *, wait: bool) -> None:
    """The chart at once, the letters by the worker."""
    from saraban.ledger.connection import reader
    from saraban.ledger.indexer import index_once
    from saraban.ledger.outbox import waiting

    reindex_chart(site)
    number = queue_letters(site)
    print(f"{number} letters are queued for the worker")
    if wait:
        with reader(site) as session:
            total = waiting(session).waiting.get("index", 0)
        with tqdm(total=total, unit="letter", desc="index", disable=None) as bar:
            while done := index_once(site):
                bar.update(done)


def queue_letters(site: Any) -> int:
    """Outbox rows for all letters, a page in a transaction."""
    from saraban.ledger import outbox
    from saraban.ledger.connection import alone

    total = 0
    with tqdm(total=walks.count(site, walks.ALL), unit="letter", desc="catalog", disable=None) as bar:
        for page in walks.pages(site, containers=walks.ALL):
            with alone(site) as session:
                for path in page:
                    outbox.put(session, outbox.INDEX, "index", path)
            total += len(page)
            bar.update(len(page))
            site._p_jar.cacheGC()
    return total


def reindex_chart(site: Any) -> None:
    """The agencies and their units: few, and Plone's own way of indexing."""
    import transaction

    from saraban.organisation.content import IChartUnit

    waiting = [site.agencies] if "agencies" in site else []
    while waiting:
        place = waiting.pop()
        place.reindexObject()
        waiting += [child for child in place.objectValues() if IChartUnit.providedBy(child)]
    transaction.commit()
