"""The indexes beside the letters: which fields of a document are not what the letter says now.

Compared is everything that an index can give back: what is stored, and what it sorts, filters and counts by.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from saraban.search import short
from saraban.search.client import SEPARATOR, Document, Solr, joined
from saraban.search.tables import ShortLetter, ShortReader

STORED_AS = {"title": "title_runs", "text": "text_runs"}
"""Fields whose words are kept in another one."""
_NOT_GIVEN = ("read_at", "sent_to_runs")
_FIELDS = (
    "uid,path,allowed,type,kind,urgency,category,state,agency,owner_unit,units,sent_to,year,letter_date,created,number,"
    "number_forms,number_sort,title_runs,sender,to_text,text_runs,receive_number_*,receive_year_*,receive_date_*,register_*"
)
WHOLE = "whole"
"""Stands for all fields: a document that is missing, or is there and must not be."""

Differences = dict[str, list[str]]
"""Names of fields by UID; equal documents are not in it."""


def of_solr(engine: Solr, documents: Sequence[Document]) -> Differences:
    """What differs in Solr, of documents that were made of the letters just now. Raises SolrAway."""
    asked = {
        "q": f'{{!terms f=uid separator="{SEPARATOR}" v=$uids}}',
        "uids": joined(document["uid"] for document in documents),
        "fq": "path:[* TO *]",
        "fl": _FIELDS,
        "rows": len(documents),
    }
    shown = {one["uid"]: one for one in engine.find(asked, handler="select")["response"]["docs"]}
    return _differences(documents, shown, _as_given)


def of_short(session: Session, documents: Sequence[Document]) -> Differences:
    """What differs in the short index."""
    uids = [document["uid"] for document in documents]
    rows = {row.uid: row for row in session.scalars(select(ShortLetter).where(ShortLetter.uid.in_(uids)))}
    readers: dict[int, set[str]] = {}
    ids = [row.id for row in rows.values()]
    for row in session.scalars(select(ShortReader).where(ShortReader.letter_id.in_(ids))):
        readers.setdefault(row.letter_id, set()).add(row.principal)
    shown = {uid: _row(short.columns(row), readers.get(row.id, ())) for uid, row in rows.items()}
    return _differences(documents, shown, _as_row)


def _differences(documents: Sequence[Document], shown: Mapping[str, Document], form: Any) -> Differences:
    found: Differences = {}
    for document in documents:
        there = shown.get(document["uid"])
        if (there is None) != ("path" not in document):
            found[document["uid"]] = [WHOLE]
        elif there is not None and (names := _unequal(form(document), _sets(there))):
            found[document["uid"]] = names
    return found


def _unequal(wanted: Document, shown: Document) -> list[str]:
    return sorted(name for name in wanted.keys() | shown.keys() if wanted.get(name) != shown.get(name))


def _sets(document: Document) -> Document:
    """An index does not keep the order of several values."""
    return {name: frozenset(value) if isinstance(value, list) else value for name, value in document.items()}


def _as_given(document: Document) -> Document:
    """A document as Solr gives it back."""
    return _sets({STORED_AS.get(name, name): value for name, value in document.items() if name not in _NOT_GIVEN})


def _as_row(document: Document) -> Document:
    """A document as the short index keeps it."""
    return _row(short.values(document), document["allowed"])


def _row(values: Document, readers: Iterable[str]) -> Document:
    """When it was read is no part of what it says."""
    return {name: value for name, value in values.items() if name not in _NOT_GIVEN} | {"allowed": frozenset(readers)}
