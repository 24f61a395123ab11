"""The one door of search: a question, answered by Solr, or by the short index when Solr is away."""

from __future__ import annotations

import logging
from typing import Any

from zope.component.hooks import getSite

from saraban.ledger.connection import reader
from saraban.search import ask, fallback, pending, short, synonyms
from saraban.search.answer import answer as engine_answer
from saraban.search.asker import Asker, current_asker
from saraban.search.client import Solr, SolrAway, SolrRefused, solr
from saraban.search.found import Found, add_own_numbers
from saraban.search.wanted import Wanted

logger = logging.getLogger(__name__)


def find(wanted: Wanted, asker: Asker | None = None) -> Found:
    """What is found, for the person who is logged in, by the first engine that answers."""
    asker = asker or current_asker()
    site = getSite()
    if wanted.typed.meaningless:
        return Found(0, facets={name: [] for name in wanted.facets})
    wanted = synonyms.widen(wanted, synonyms.alike(site))
    try:
        return _by_solr(site, solr(), wanted, asker)
    except (SolrAway, SolrRefused) as trouble:
        logger.warning("searching without Solr: %s", trouble)
    return _by_short_index(site, wanted, asker)


def _by_solr(site: Any, engine: Solr, wanted: Wanted, asker: Asker) -> Found:
    with reader(site) as session:
        waiting = pending.letters(session)
    hidden = _hidden(site, engine, asker, waiting)
    found = engine_answer(engine, wanted, asker, hidden)
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
