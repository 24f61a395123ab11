"""Writes the short index, from the same documents that Solr gets."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from typing import Any

from sqlalchemy import delete, insert, select
from sqlalchemy.orm import Session

from saraban.search.found import day_of
from saraban.search.tables import ShortLetter, ShortReader
from saraban.search.typed import squeezed
from saraban.thai.collation import sort_key

LONGEST = 1000
_SEPARATOR = "\n"
_SAYING = tuple(column.key for column in ShortLetter.__table__.columns if column.key not in ("id", "read_at"))


def write(session: Session, documents: Sequence[Mapping[str, Any]]) -> None:
    """Brings the short index to these documents (`documents.document`, `documents.nothing`)."""
    uids = [document["uid"] for document in documents]
    known = {row.uid: row for row in session.scalars(select(ShortLetter).where(ShortLetter.uid.in_(uids)))}
    for document in documents:
        row = known.get(document["uid"])
        if row is not None and row.read_at > document["read_at"]:
            continue
        if row is not None:
            session.execute(delete(ShortReader).where(ShortReader.letter_id == row.id))
        if "path" not in document:
            if row is not None:
                session.delete(row)
            continue
        if row is None:
            row = ShortLetter(uid=document["uid"])
            session.add(row)
        _fill(row, document)
        session.flush()
        session.execute(
            insert(ShortReader), [{"principal": principal, "letter_id": row.id} for principal in document["allowed"]]
        )


def _fill(row: ShortLetter, document: Mapping[str, Any]) -> None:
    for name in ("path", "read_at", "type", "kind", "urgency", "state", "agency", "owner_unit", "year"):
        setattr(row, name, document[name])
    row.category = document.get("category", "")[:200]
    row.letter_date = day_of(document.get("letter_date"))
    row.created = date.fromisoformat(document["created"][:10])
    row.number = document.get("number", "")[:200]
    row.number_sort = document.get("number_sort", "")[:LONGEST]
    row.number_forms = "".join(f"|{form}" for form in document.get("number_forms", ()))[: LONGEST - 1] + "|"
    row.title = document.get("title", "")[:LONGEST]
    row.title_sort = "\x01".join(sort_key(row.title))[:LONGEST]
    row.sender = document.get("sender", "")[:LONGEST]
    row.to_text = document.get("to_text", "")[:LONGEST]
    row.sender_words, row.to_words = squeezed(row.sender), squeezed(row.to_text)
    pieces = [row.title, *document.get("number_forms", ()), row.sender, row.to_text]
    row.words = _SEPARATOR.join(dict.fromkeys(squeezed(piece) for piece in pieces if piece))


def filled(document: Mapping[str, Any]) -> ShortLetter:
    """The row of a document, of no session."""
    row = ShortLetter(uid=document["uid"])
    _fill(row, document)
    return row


def columns(row: ShortLetter) -> dict[str, Any]:
    """What a row says of a letter, by the names of its columns."""
    return {name: getattr(row, name) for name in _SAYING}


def path_of(session: Session, uids: Iterable[str]) -> dict[str, str]:
    """Where these letters lie, of those that are in the index."""
    rows = session.execute(select(ShortLetter.uid, ShortLetter.path).where(ShortLetter.uid.in_(list(uids))))
    return dict(rows.tuples().all())


def uid_at(session: Session, path: str) -> str:
    """The UID of the letter that lay at a path; empty if it is in no index."""
    return session.scalar(select(ShortLetter.uid).where(ShortLetter.path == path)) or ""
