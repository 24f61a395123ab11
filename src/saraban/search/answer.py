"""Solr's answer: the question as it was typed; when nothing is found so, what comes near to it."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import replace
from typing import Any

from saraban.organisation.functions import agency_of
from saraban.search import ask, gap, typed
from saraban.search.asker import Asker
from saraban.search.client import Solr
from saraban.search.documents import OPEN_LEVEL
from saraban.search.found import SOLR, Found, hit
from saraban.search.wanted import Wanted


def answer(engine: Solr, wanted: Wanted, asker: Asker, hidden: Collection[str] = ()) -> Found:
    """A page of hits, without the `hidden` letters. Raises SolrAway."""
    found, exact = _ask(engine, wanted, asker, hidden)
    if exact or not _may_be_near(wanted):
        return found
    if wanted.typed.literal and (with_dash := _ask(engine, _literal(wanted), asker, hidden)[0]).total:
        return with_dash
    wanted = replace(wanted, typed=replace(wanted.typed, phrases=()))
    return _near(engine, wanted, asker, hidden) or found


def _ask(engine: Solr, wanted: Wanted, asker: Asker, hidden: Collection[str], how: str = ask.WORDS) -> tuple[Found, int]:
    """The page, and how many letters hold what was typed letter for letter."""
    answer = engine.find(ask.parameters(wanted, asker, how=how, hidden=hidden))
    fragments = answer.get("highlighting", {})
    response = answer["response"]
    found = Found(
        total=response["numFound"],
        hits=[hit(document, fragments.get(document["uid"], {})) for document in response["docs"]],
        facets=_facets(wanted, asker, answer),
        engine=SOLR,
    )
    if how != ask.WORDS and answer["responseHeader"].get("partialResults"):
        # Not all were looked at: a total that is not true is not said of what was found, but of what comes near.
        return found, 0
    counted = int(answer.get("facet_counts", {}).get("facet_queries", {}).get("exact", 0))
    return found, counted or sum(document.get("exact", 0) > 0 for document in response["docs"])


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
    """Whether other questions make sense: there is a run to look for."""
    text = wanted.typed
    return bool(typed.runs(text.text)) and not (text.number or wanted.either)


def _near(engine: Solr, wanted: Wanted, asker: Asker, hidden: Collection[str]) -> Found | None:
    """The second question, for a space that was not typed or one wrong letter; and the third, for most of the runs.

    None where neither finds anything: then what the dictionary found by syllables, if that, is all there is.
    """
    if gap.fits(wanted.typed.text):
        words = tuple(piece for part in wanted.typed.parts for piece in typed.pieces(engine.words(part)))
        second = replace(wanted, typed=replace(wanted.typed, words=words))
        found, exact = _ask(engine, second, asker, hidden, how=ask.GAP)
        if found.total:
            found.near = not exact
            return found
    found, _exact = _ask(engine, wanted, asker, hidden, how=ask.NEAR)
    found.near = True
    return found if found.total else None


def _literal(wanted: Wanted) -> Wanted:
    """What was typed as it stands, in one piece: a dash in it is a dash."""
    whole = wanted.typed.literal
    parts = tuple(whole.split())
    return replace(wanted, typed=replace(wanted.typed, text=whole, parts=parts, excluded=(), phrases=(whole,), also=()))
