"""What a search answers, whichever engine found it."""

from __future__ import annotations

import html
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from saraban.ledger import clock
from saraban.routing.tables import GONE, Delivery
from saraban.search.ask import END_MARK, MARK
from saraban.search.documents import OPEN_LEVEL

SOLR, CATALOG = "solr", "catalog"
_CUT_SIGNS = re.compile(rf"({END_MARK})([\u0e31\u0e34-\u0e3a\u0e47-\u0e4e]+)")
"""A vowel or tone above or below belongs to the letter that it stands on: a mark does not end between them."""
_BETWEEN_MARKS = re.compile(rf"{END_MARK}([^\w\u0e00-\u0e7f{MARK}{END_MARK}]*){MARK}")
"""Runs that follow one another are one mark, signs between them within."""
_LAST_SIGNS = re.compile(rf"([^\w\u0e00-\u0e7f{MARK}{END_MARK}]+)({END_MARK})")
"""A run of three characters reaches over the signs behind it: a mark does not."""


@dataclass
class Hit:
    """A letter that was found: what a list shows, without waking the letter."""

    uid: str
    path: str
    title: str
    type: str
    kind: str
    urgency: str
    state: str
    number: str = ""
    letter_date: date | None = None
    sender: str = ""
    to_text: str = ""
    agency: str = ""
    owner_unit: str = ""
    fragments: tuple[str, ...] = ()
    """Pieces of its text, escaped, with <mark> around what was looked for."""
    marked_title: str = ""
    receive_number: int | None = None
    """Of the asker's own unit."""
    receive_year: int | None = None
    receive_date: date | None = None
    stands: str = ""
    """The state on the asker's own desk, empty where it is not on it."""
    secrecy: str = OPEN_LEVEL


@dataclass
class Found:
    """A page of hits, how many there are in all, and what they have in common."""

    total: int
    hits: list[Hit] = field(default_factory=list)
    facets: dict[str, list[tuple[str, int]]] = field(default_factory=dict)
    """Values with their counts, most first."""
    engine: str = SOLR
    near: bool = False
    """Nothing was found as it was typed: these come near to it."""


def marked(text: str) -> str:
    """A fragment of Solr's as HTML: everything escaped but our marks."""
    text = _LAST_SIGNS.sub(r"\2\1", _BETWEEN_MARKS.sub(r"\1", _CUT_SIGNS.sub(r"\2\1", text)))
    return html.escape(text).replace(MARK, "<mark>").replace(END_MARK, "</mark>")


def day_of(text: str | None) -> date | None:
    """A day of a Solr document."""
    return date.fromisoformat(text[:10]) if text else None


def hit(document: Mapping[str, Any], fragments: Mapping[str, Any]) -> Hit:
    """A document of Solr's answer."""
    title = str(document.get("title_runs", ""))
    pieces = [" ".join(piece.split()) for piece in fragments.get("text_runs", ())]
    marks = fragments.get("title_runs") or [title]
    return Hit(
        uid=document["uid"],
        path=document.get("path", ""),
        title=title,
        marked_title=marked(marks[0]),
        type=document.get("type", "Letter"),
        kind=document.get("kind", ""),
        urgency=document.get("urgency", ""),
        state=document.get("state", ""),
        number=document.get("number", ""),
        letter_date=day_of(document.get("letter_date")),
        sender=document.get("sender", ""),
        to_text=document.get("to_text", ""),
        agency=document.get("agency", ""),
        owner_unit=document.get("owner_unit", ""),
        fragments=tuple(marked(piece) for piece in pieces if piece),
    )


def add_own_numbers(session: Session, hits: Iterable[Hit], units: Iterable[str]) -> None:
    """How each hit stands with the first of these units that has it, and its receive number and date in the first that
    registered it. Nobody learns another unit's."""
    by_uid = {one.uid: one for one in hits}
    order = {unit: place for place, unit in enumerate(units)}
    if not by_uid or not order:
        return
    columns = Delivery.unit, Delivery.letter_uid, Delivery.state
    query = select(*columns, Delivery.receive_number, Delivery.receive_year, Delivery.registered_at).where(
        Delivery.letter_uid.in_(list(by_uid)), Delivery.unit.in_(list(order)), Delivery.state.not_in(GONE)
    )
    for _unit, uid, state, number, year, at in sorted(session.execute(query).tuples(), key=lambda row: order[row[0]]):
        one = by_uid[uid]
        one.stands = one.stands or state
        if one.receive_number is None and number is not None:
            one.receive_number, one.receive_year = number, year
            one.receive_date = clock.bangkok(at).date() if at else None
