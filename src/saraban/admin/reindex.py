"""`bin/saraban reindex`: asks the worker to index every letter again; the chart and its pages are indexed at once."""

from __future__ import annotations

import argparse
from typing import Any

from tqdm import tqdm

from saraban.admin import boot, walks

HELP = "index every letter again (the worker does it) and the chart"


def arguments(parser: argparse.ArgumentParser) -> None:
    """The options of the subcommand."""
    parser.add_argument("--wait", action="store_true", help="do the worker's part here and now (stop the worker first)")


def run(options: argparse.Namespace) -> int:
    """Run again it only asks again: indexing twice does no harm."""
    from saraban.ledger.connection import reader
    from saraban.ledger.indexer import index_once
    from saraban.ledger.outbox import waiting

    with boot.site() as site:
        reindex_chart(site)
        number = queue_letters(site)
        print(f"{number} letters are queued for the worker")
        if options.wait:
            with reader(site) as session:
                total = waiting(session).waiting.get("index", 0)
            with tqdm(total=total, unit="letter", desc="index", disable=None) as bar:
                while done := index_once(site):
                    bar.update(done)
    return 0


def queue_letters(site: Any) -> int:
    """Outbox rows for all letters, a page in a transaction."""
    from saraban.ledger import outbox
    from saraban.ledger.connection import alone

    total = 0
    with tqdm(total=walks.count(site), unit="letter", desc="queue", disable=None) as bar:
        for page in walks.pages(site):
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
