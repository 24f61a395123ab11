"""The one door of search: a question, answered by Solr, or by the short index when Solr is away."""

from __future__ import annotations

import logging
from dataclasses import replace
from typing import Any

from zope.component.hooks import getSite

from saraban.ledger.connection import reader
from saraban.organisation.functions import agency_of
from saraban.search import ask, fallback, pending, short, typed
from saraban.search.asker import Asker, current_asker
from saraban.search.client import Solr, SolrAway, SolrRefused, solr
from saraban.search.documents import OPEN_LEVEL
from saraban.search.found import SOLR, Found, add_own_numbers, hit
from saraban.search.wanted import Wanted

logger = logging.getLogger(__name__)


def find(wanted: Wanted, asker: Asker | None = None) -> Found:
    """What is found, for the person who is logged in, by the first engine that answers."""
    asker = asker or current_asker()
    site = getSite()
    if wanted.typed.meaningless:
        return Found(0, facets={name: [] for name in wanted.facets})
    try:
        return _by_solr(site, solr(), wanted, asker)
    except (SolrAway, SolrRefused) as trouble:
        logger.warning("searching without Solr: %s", trouble)
    return _by_short_index(site, wanted, asker)


def _by_solr(site: Any, engine: Solr, wanted: Wanted, asker: Asker) -> Found:
    with reader(site) as session:
        waiting = pending.letters(session)
    hidden = _hidden(site, engine, asker, waiting)
    found = _ask(engine, wanted, asker, hidden)
    if not found.total and _may_be_near(wanted):
        near = _near(engine, wanted, asker, hidden)
        found = near or found
    with reader(site) as session:
        if len(waiting) >= pending.MOST:
            _leave_out(site, session, found)
        add_own_numbers(session, found.hits, asker.units)
    return found


def _hidden(site: Any, engine: Solr, asker: Asker, waiting: dict[str, str]) -> set[str]:
    """Waiting letters that the index shows to the asker, who may not view them any more."""
    if not waiting:
        return set()
    answer = engine.find(ask.stale(asker, waiting.values()))
    return pending.may_not_view(site, {one["uid"]: one["path"] for one in answer["response"]["docs"]})


def _leave_out(site: Any, session: Any, found: Found) -> None:
    """More letters wait than can be left out of the question: those that would be shown are asked about by themselves."""
    waiting = pending.among(session, [one.path for one in found.hits])
    hidden = pending.may_not_view(site, {one.uid: one.path for one in found.hits if one.path in waiting})
    found.hits = [one for one in found.hits if one.uid not in hidden]
    found.total -= len(hidden)


def _ask(engine: Solr, wanted: Wanted, asker: Asker, hidden: set[str], how: str = "") -> Found:
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


def _near(engine: Solr, wanted: Wanted, asker: Asker, hidden: set[str]) -> Found | None:
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


def _by_short_index(site: Any, wanted: Wanted, asker: Asker) -> Found:
    with reader(site) as session:
        waiting = pending.letters(session, short=True)
        shown = short.path_of(session, waiting.values())
    hidden = pending.may_not_view(site, shown)
    with reader(site) as session:
        found = fallback.answer(session, wanted, asker, hidden)
        if len(waiting) >= pending.MOST:
            _leave_out(site, session, found)
    return found
