"""Our side of the questions that the peer (plain Plone, with collective.solr or not) is asked: the same documents and queries.

    PYTHONPATH=PEER bin/testpy benchmarks/search_peer.py --solr http://127.0.0.1:8983/solr [--documents 3177] [--queries 50]

PEER is the directory with the peer's `corpus.py`; beside it `up`, then `measure.py --only search` measure the peer itself. The
documents go into a core of their own that is taken away afterwards. A person of one unit asks, who may read that unit's only.
"""

from __future__ import annotations

import argparse
import statistics
import time
from typing import Any

import corpus  # the peer's

from saraban.search import numbers
from saraban.search.answer import answer
from saraban.search.asker import Asker
from saraban.search.client import Solr
from saraban.search.wanted import read

CORE = "benchmark_peer"
BATCH = 250


def letter(n: int) -> dict[str, Any]:
    """The peer's document as a letter."""
    one = corpus.document(n)
    return {
        "uid": one["id"], "read_at": time.time_ns() // 1000, "path": f"/{one['id']}", "allowed": [f"user:{one['unit']}"],
        "type": "Letter", "kind": "external", "urgency": "normal", "state": "dispatched", "agency": one["unit"],
        "owner_unit": one["unit"], "units": [one["unit"]], "year": 2563, "created": "2020-01-01T00:00:00Z",
        "number": one["number"], "number_forms": numbers.forms(one["number"]), "number_sort": numbers.sort_form(one["number"]),
        "title": one["title"], "text": "\n".join([one["description"], *one["lines"]]),
    }  # fmt: skip


def ask(engine: Solr, asked: list[tuple[dict[str, Any], str]]) -> str:
    """How many documents are among the first ten, how many queries find nothing, and how long they take."""
    times, found, empty = [], 0, 0
    for document, text in asked:
        asker = Asker(("Authenticated", f"user:{document['unit']}"), (document["unit"],), (document["unit"],))
        began = time.perf_counter()
        page = answer(engine, read({"text": text, "b_size": "10"}), asker)
        times.append((time.perf_counter() - began) * 1000)
        found += any(hit.uid == document["id"] for hit in page.hits)
        empty += not page.hits
    share = 100 / len(asked)
    p95 = statistics.quantiles(times, n=20)[18]
    return f"{found * share:.0f} % found, {empty * share:.0f} % empty, p50 {statistics.median(times):.0f} p95 {p95:.0f} ms"


def main() -> None:
    """The program."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--solr", required=True, metavar="URL")
    parser.add_argument("--documents", type=int, default=3177)
    parser.add_argument("--queries", type=int, default=50)
    chosen = parser.parse_args()
    engine = Solr(chosen.solr, CORE)
    engine.cores("CREATE", name=CORE, configSet="saraban")
    try:
        for start in range(0, chosen.documents, BATCH):
            batch = [letter(n) for n in range(start, min(start + BATCH, chosen.documents))]
            engine.update(batch, visible=False, timeout=120)
        engine.commit()
        for kind, asked in corpus.queries(chosen.documents, chosen.queries).items():
            print(f"{kind:<20} {ask(engine, asked)}", flush=True)
    finally:
        engine.cores("UNLOAD", core=CORE, deleteInstanceDir="true")


if __name__ == "__main__":
    main()
