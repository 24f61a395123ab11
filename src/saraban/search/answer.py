"""Solr's answer: the question as it was typed; when nothing is found so, what comes near to it."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import replace
from typing import Any

from saraban.organisation.functions import agency_of
from saraban.search import ask, typed
from saraban.search.asker import Asker
from saraban.search.client import Solr
from saraban.search.documents import OPEN_LEVEL
from saraban.search.found import SOLR, Found, hit
from saraban.search.wanted import Wanted


def answer(engine: Solr, wanted: Wanted, asker: Asker, hidden: Collection[str] = ()) -> Found:
    """A page of hits, without the `hidden` letters. Raises SolrAway."""
    found = _ask(engine, wanted, asker, hidden)
    if not found.total and _may_be_near(wanted):
        return _near(engine, wanted, asker, hidden) or found
    return found


def _ask(engine: Solr, wanted: Wanted, asker: Asker, hidden: Collection[str], how: str = "") -> Found:
    answer = engine.find(ask.parameters(wanted, asker, how=how, hidden=hidden))
    fragments = answer.get("highlighting", {})
    response = answer["response"]
    return Found(
        total=response["numFound"],
        hits=[hit(document, fragments.get(document["uid"], {})) for document in response["docs"]],
        facets=_facets(wanted, asker, answer),
        engine=SOLR,
    )


def _facets(wanted: Wanted, asker: Asker, answer: dict[str, Any]) -> dict[str, list[tuple[str, int]]]:
    fields = answer.get("facet_counts", {}).get("facet_fields", {})
    counts = {name: list(zip(map(str, values[::2]), values[1::2], strict=True)) for name, values in fields.items()}
    found: dict[str, list[tuple[str, int]]] = {}
    for name in wanted.facets:
        if name == "unit":
            mine = [pair for pair in counts.get("units", ()) if agency_of(pair[0]) in asker.agencies]
            others = [pair for pair in counts.get("owner_unit", ()) if agency_of(pair[0]) not in asker.agencies]
            found[name] = sorted(mine + others, key=lambda pair: -pair[1])
        elif name == "secrecy":
            total = answer["response"]["numFound"]
            found[name] = [(OPEN_LEVEL, total)] if total else []
        else:
            found[name] = counts.get(name, [])
    return found


def _may_be_near(wanted: Wanted) -> bool:
    return bool(wanted.typed) and not (wanted.typed.number or wanted.either or wanted.typed.phrases)


def _near(engine: Solr, wanted: Wanted, asker: Asker, hidden: Collection[str]) -> Found | None:
    """The second and third question: the words that the dictionary sees, each anywhere; then most of the runs."""
    split = [piece for part in wanted.typed.parts for piece in typed.pieces(engine.words(part))]
    if len(split) > len(wanted.typed.parts):
        found = _ask(engine, _of_words(wanted, split), asker, hidden)
        if found.total:
            return found
    if typed.runs(wanted.typed.text):
        found = _ask(engine, wanted, asker, hidden, how=ask.NEAR)
        if found.total:
            found.near = True
            return found
    return None


def _of_words(wanted: Wanted, words: list[str]) -> Wanted:
    return replace(wanted, typed=replace(wanted.typed, text=" ".join(words), parts=tuple(words)))
