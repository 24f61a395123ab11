"""The answer when Solr is away (`engine: catalog`), from the short index in SQL.

It finds subjects, numbers and names, any part of them however it was typed; not the text of letters. Permission, filters,
sorts and counts are the same as Solr's.
"""

from __future__ import annotations

import html
from collections.abc import Iterable, Sequence
from datetime import UTC, date, datetime, time, timedelta
from typing import Any

from sqlalchemy import ColumnElement, Select, and_, false, func, or_, select, true
from sqlalchemy.orm import Session

from saraban.ledger import clock
from saraban.organisation.functions import agency_of
from saraban.routing.tables import GONE, Delivery
from saraban.search.ask import FACET_LIMIT, own_units
from saraban.search.asker import Asker
from saraban.search.documents import OPEN_LEVEL
from saraban.search.found import CATALOG, Found, Hit, add_own_numbers
from saraban.search.tables import ShortLetter, ShortReader
from saraban.search.typed import squeezed
from saraban.search.wanted import Range, Wanted
from saraban.thai.numbers import normal

_GROUPS: dict[str, Any] = {
    "kind": ShortLetter.kind,
    "category": ShortLetter.category,
    "urgency": ShortLetter.urgency,
    "state": ShortLetter.state,
    "year": ShortLetter.year,
    "sender": ShortLetter.sender,
}


def may_view(asker: Asker) -> ColumnElement[bool]:
    """The security clause."""
    return ShortLetter.id.in_(select(ShortReader.letter_id).where(ShortReader.principal.in_(asker.principals)))


def _contains(column: Any, text: str) -> ColumnElement[bool]:
    flat = squeezed(text)
    found: ColumnElement[bool] = column.contains(flat, autoescape=True) if flat else true()
    return found


def _words(wanted: Wanted) -> list[ColumnElement[bool]]:
    text = wanted.typed
    if text.number:
        return [or_(ShortLetter.number_forms.contains(f"|{normal(text.number)}|", autoescape=True),
                    _contains(ShortLetter.words, text.number))]  # fmt: skip
    asked = [_contains(ShortLetter.words, part) for part in text.parts]
    if not text.also:
        return asked
    ways = [and_(*(_contains(ShortLetter.words, part) for part in parts)) for parts in text.also]
    return [or_(and_(*asked), *ways)]


def _days(column: Any, asked: Range) -> ColumnElement[bool]:
    found = [true()]
    if asked.first:
        found.append(column >= asked.first)
    if asked.last:
        found.append(column <= asked.last)
    return and_(*found)


def _at(asker_units: Iterable[str], *more: ColumnElement[bool]) -> ColumnElement[bool]:
    """Letters that lie at one of these units."""
    return ShortLetter.uid.in_(
        select(Delivery.letter_uid).where(Delivery.unit.in_(list(asker_units)), Delivery.state.not_in(GONE), *more)
    )


def _unit(unit: str, asker: Asker) -> ColumnElement[bool]:
    owned = ShortLetter.owner_unit == unit
    if agency_of(unit) in asker.agencies:
        return or_(owned, _at([unit]))
    sent = and_(_at([unit], Delivery.parent_id.is_(None), Delivery.from_unit != ""), ShortLetter.agency.in_(asker.agencies))
    return or_(owned, sent)


def _conditions(wanted: Wanted, asker: Asker) -> dict[str, ColumnElement[bool]]:
    """By name; facets leave out the one of their own name."""
    found: dict[str, ColumnElement[bool]] = {}
    for name, column, values in (
        ("kind", ShortLetter.kind, wanted.kinds),
        ("category", ShortLetter.category, wanted.categories),
        ("urgency", ShortLetter.urgency, wanted.urgencies),
        ("state", ShortLetter.state, wanted.states),
    ):
        if values:
            found[name] = column.in_(values)
    if wanted.secrecies:
        found["secrecy"] = true() if OPEN_LEVEL in wanted.secrecies else false()
    if wanted.units:
        found["unit"] = or_(*(_unit(unit, asker) for unit in wanted.units))
    if wanted.years and wanted.receive_number is None:
        found["year"] = ShortLetter.year.in_(wanted.years)
    if wanted.number:
        found["number"] = ShortLetter.number_forms.contains(f"|{normal(wanted.number)}|", autoescape=True)
    if wanted.sender:
        found["sender"] = or_(*(_contains(ShortLetter.sender_words, name) for name in (wanted.sender, *wanted.senders)))
    if wanted.to:
        found["to"] = or_(*(_contains(ShortLetter.to_words, name) for name in (wanted.to, *wanted.tos)))
    if wanted.letter_date:
        found["letter_date"] = _days(ShortLetter.letter_date, wanted.letter_date)
    units = own_units(wanted, asker)
    if wanted.receive_number is not None:
        sequence, year = wanted.receive_number
        years = (year,) if year is not None else wanted.years
        more = [Delivery.receive_number == sequence, *([Delivery.receive_year.in_(years)] if years else [])]
        found["receive_number"] = _at(units, *more)
    if wanted.receive_date:
        found["receive_date"] = _at(units, Delivery.receive_number.is_not(None), *_received(wanted.receive_date))
    return found


def _question(wanted: Wanted, asker: Asker, hidden: Iterable[str], without: str = "") -> list[ColumnElement[bool]]:
    asked = {name: condition for name, condition in _conditions(wanted, asker).items() if name != without}
    text = _words(wanted)
    found = [may_view(asker)]
    if hidden := tuple(hidden):
        found.append(ShortLetter.uid.not_in(hidden))
    if wanted.folder:
        found.append(ShortLetter.path.startswith(f"{wanted.folder}/", autoescape=True))
    found += [_contains(ShortLetter.words, phrase) for phrase in wanted.typed.phrases if not wanted.either]
    found += [~_contains(ShortLetter.words, excluded) for excluded in wanted.typed.excluded]
    if wanted.either and (asked or text):
        found.append(or_(*text, *asked.values()))
    else:
        found += [*text, *asked.values()]
    return found


def _received(asked: Range) -> list[ColumnElement[bool]]:
    """Days of a Bangkok calendar, as the ledger keeps moments."""
    found: list[ColumnElement[bool]] = []
    if asked.first is not None:
        found.append(Delivery.registered_at >= _midnight(asked.first))
    if asked.last is not None:
        found.append(Delivery.registered_at < _midnight(asked.last + timedelta(days=1)))
    return found


def _midnight(day: date) -> datetime:
    return datetime.combine(day, time(), clock.BANGKOK).astimezone(UTC).replace(tzinfo=None)


def _ordered(query: Select[Any], wanted: Wanted, asker: Asker) -> Select[Any]:
    columns: dict[str, Any] = {
        "letter_number": ShortLetter.number_sort,
        "letter_date": ShortLetter.letter_date,
        "title": ShortLetter.title_sort,
    }
    keys: list[Any] = [columns[wanted.sort_on]] if wanted.sort_on in columns else []
    if wanted.sort_on in ("register_number", "receive_date"):
        columns_of = {
            "register_number": (Delivery.receive_year, Delivery.receive_number),
            "receive_date": (Delivery.registered_at,),
        }[wanted.sort_on]
        for unit in own_units(wanted, asker)[:3]:
            keys += [_own(column, unit) for column in columns_of]
    order: list[Any] = []
    for key in keys:
        # What has none stands last, whichever way it is sorted; every database sorts nulls its own way.
        order += [or_(key.is_(None), key == "") if key is ShortLetter.number_sort else key.is_(None),
                  key.desc() if wanted.descending else key.asc()]  # fmt: skip
    created = ShortLetter.created.asc() if not keys and not wanted.descending else ShortLetter.created.desc()
    return query.order_by(*order, created, ShortLetter.id.desc())


def _own(column: Any, unit: str) -> Any:
    return (
        select(func.max(column))
        .where(Delivery.letter_uid == ShortLetter.uid, Delivery.unit == unit, Delivery.state.not_in(GONE))
        .scalar_subquery()
    )


def answer(session: Session, wanted: Wanted, asker: Asker, hidden: Iterable[str] = ()) -> Found:
    """The page of hits, from the short index."""
    hidden = tuple(hidden)
    where = _question(wanted, asker, hidden)
    total = session.scalar(select(func.count()).select_from(ShortLetter).where(*where)) or 0
    query = _ordered(select(ShortLetter).where(*where), wanted, asker).offset(wanted.start).limit(wanted.size)
    found = Found(total, [_hit(row) for row in session.scalars(query)], engine=CATALOG)
    add_own_numbers(session, found.hits, asker.units)
    for name in wanted.facets:
        found.facets[name] = _facet(session, name, wanted, asker, hidden)
    return found


def _hit(row: ShortLetter) -> Hit:
    same = ("uid", "path", "title", "type", "kind", "urgency", "state", "number", "letter_date", "sender", "to_text", "agency")
    values = {name: getattr(row, name) for name in (*same, "owner_unit")}
    return Hit(**values, marked_title=html.escape(row.title))


def _facet(session: Session, name: str, wanted: Wanted, asker: Asker, hidden: Sequence[str]) -> list[tuple[str, int]]:
    where = _question(wanted, asker, hidden, without=name)
    number = func.count(func.distinct(ShortLetter.id))
    if name == "secrecy":
        total = session.scalar(select(number).where(*where)) or 0
        return [(OPEN_LEVEL, total)] if total else []
    if name == "unit":
        return _units_facet(session, where, asker)
    column = _GROUPS[name]
    rows = session.execute(select(column, number).where(*where).group_by(column).order_by(number.desc()).limit(FACET_LIMIT))
    return [(str(value), count) for value, count in rows if value not in ("", None)]


def _units_facet(session: Session, where: list[ColumnElement[bool]], asker: Asker) -> list[tuple[str, int]]:
    """Units of the own agencies where letters lie, and the owners of the others."""
    number = func.count(func.distinct(ShortLetter.id))
    counts: dict[str, int] = {}
    owners = session.execute(select(ShortLetter.owner_unit, number).where(*where).group_by(ShortLetter.owner_unit))
    counts.update({unit: count for unit, count in owners if agency_of(unit) not in asker.agencies})
    if asker.agencies:
        pairs = (
            (select(ShortLetter.id.label("id"), ShortLetter.owner_unit.label("unit")).where(*where))
            .union(
                select(ShortLetter.id, Delivery.unit)
                .join(Delivery, Delivery.letter_uid == ShortLetter.uid)
                .where(*where, Delivery.state.not_in(GONE), Delivery.agency.in_(asker.agencies))
            )
            .subquery()
        )
        rows = session.execute(select(pairs.c.unit, func.count()).group_by(pairs.c.unit))
        counts.update({unit: count for unit, count in rows if agency_of(unit) in asker.agencies})
    ranked = sorted(counts.items(), key=lambda pair: (-pair[1], pair[0]))
    return ranked[:FACET_LIMIT]
