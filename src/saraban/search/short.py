"""Writes the short index, from the same documents that Solr gets."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from typing import Any

from sqlalchemy import delete, insert, select, update
from sqlalchemy.orm import Session

from saraban.search.found import day_of
from saraban.search.tables import ShortLetter, ShortReader
from saraban.search.typed import squeezed
from saraban.thai.collation import sort_key

LONGEST = 1000
_SEPARATOR = "\n"
_AS_THEY_ARE = ("uid", "path", "read_at", "type", "kind", "urgency", "state", "agency", "owner_unit", "year")
_LETTERS = insert(ShortLetter.metadata.tables[ShortLetter.__tablename__])
_READERS = insert(ShortReader.metadata.tables[ShortReader.__tablename__])


def write(session: Session, documents: Sequence[Mapping[str, Any]]) -> None:
    """Brings the short index to these documents (`documents.document`, `documents.nothing`), in few statements for all."""
    known = {
        uid: (id_, read_at)
        for id_, uid, read_at in session.execute(
            select(ShortLetter.id, ShortLetter.uid, ShortLetter.read_at).where(
                ShortLetter.uid.in_([document["uid"] for document in documents])
            )
        )
    }
    fresh = {
        document["uid"]: document
        for document in documents
        if document["uid"] not in known or known[document["uid"]][1] <= document["read_at"]
    }
    shown = [document for document in fresh.values() if "path" in document]
    ids = {uid: known[uid][0] for uid in fresh if uid in known}
    if ids:
        session.execute(delete(ShortReader).where(ShortReader.letter_id.in_(ids.values())))
    gone = [id_ for uid, id_ in ids.items() if "path" not in fresh[uid]]
    if gone:
        session.execute(delete(ShortLetter).where(ShortLetter.id.in_(gone)))
    changed = [{"id": ids[one["uid"]], **values(one)} for one in shown if one["uid"] in ids]
    if changed:
        session.execute(update(ShortLetter), changed)
    new = [values(one) for one in shown if one["uid"] not in ids]
    if new:
        session.execute(_LETTERS, new)
        made = select(ShortLetter.uid, ShortLetter.id).where(ShortLetter.uid.in_([one["uid"] for one in new]))
        ids |= dict(session.execute(made).tuples().all())
    readers = [{"principal": principal, "letter_id": ids[one["uid"]]} for one in shown for principal in one["allowed"]]
    if readers:
        session.execute(_READERS, readers)


def values(document: Mapping[str, Any]) -> dict[str, Any]:
    """The row of a document, by the names of its columns."""
    found = {name: document[name] for name in _AS_THEY_ARE}
    title = document.get("title", "")[:LONGEST]
    sender, to_text = document.get("sender", "")[:LONGEST], document.get("to_text", "")[:LONGEST]
    forms = document.get("number_forms", ())
    pieces = [title, *forms, sender, to_text]
    return found | {
        "category": document.get("category", "")[:200],
        "letter_date": day_of(document.get("letter_date")),
        "created": date.fromisoformat(document["created"][:10]),
        "number": document.get("number", "")[:200],
        "number_sort": document.get("number_sort", "")[:LONGEST],
        "number_forms": "".join(f"|{form}" for form in forms)[: LONGEST - 1] + "|",
        "title": title,
        "title_sort": "\x01".join(sort_key(title))[:LONGEST],
        "sender": sender,
        "to_text": to_text,
        "sender_words": squeezed(sender),
        "to_words": squeezed(to_text),
        "words": _SEPARATOR.join(dict.fromkeys(squeezed(piece) for piece in pieces if piece)),
    }


def columns(row: ShortLetter) -> dict[str, Any]:
    """What a row says, by the names of its columns: the same as `values` of its document."""
    return {column.key: getattr(row, column.key) for column in ShortLetter.__table__.columns if column.key != "id"}


def path_of(session: Session, uids: Iterable[str]) -> dict[str, str]:
    """Where these letters lie, of those that are in the index."""
    rows = session.execute(select(ShortLetter.uid, ShortLetter.path).where(ShortLetter.uid.in_(list(uids))))
    return dict(rows.tuples().all())


def uid_at(session: Session, path: str) -> str:
    """The UID of the letter that lay at a path; empty if it is in no index."""
    return session.scalar(select(ShortLetter.uid).where(ShortLetter.path == path)) or ""
