"""A letter as the document that is searched. Secret letters have none: they are in no index at all.

The fields are those of `instance/solr/home/configsets/saraban/conf/schema.xml`: change both together.
"""

from __future__ import annotations

import html
import re
from collections.abc import Iterable, Mapping, Sequence
from datetime import UTC, date
from typing import Any

from plone.uuid.interfaces import IUUID

from saraban.ledger import clock
from saraban.ledger.indexable import Places
from saraban.letters.content import Letter
from saraban.letters.operations import state_of
from saraban.organisation.acting import person_name
from saraban.organisation.chart import UnitInfo
from saraban.routing.tables import GONE, Delivery
from saraban.search import numbers

OPEN_LEVEL = "normal"
LONGEST_TEXT = 200_000
YEAR = 10**8
"""`register_*` holds the year times this, and the number: the order of the register book."""
_TAG = re.compile(r"<[^<>]{1,500}>")
_HTML = re.compile(r"</?(?:p|br|div|span|ul|ol|li|table|tr|td|th|strong|em|b|i|u|h[1-6]|a|blockquote)\b[^<>]*>", re.IGNORECASE)
LONGEST_RUN = 300
_LONG_RUN = re.compile(rf"\S{{{LONGEST_RUN}}}(?![\u0e30-\u0e3a\u0e45\u0e47-\u0e4e])")
"""Text without a space in which a break does no harm: not before a vowel or sign of the letter before."""
_UNSHOWN = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\ue000\ue001]")


def searchable(letter: Letter) -> bool:
    """Whether the letter may be in an index: a secret one never is (E28)."""
    return letter.indexable


def plain(text: str) -> str:
    """The words of a text that may be HTML."""
    if _HTML.search(text):
        text = html.unescape(_TAG.sub(" ", text))
    return clean(text)


def clean(text: str) -> str:
    """Without what has no glyph, and not longer than anybody reads."""
    return with_glyphs(text)[:LONGEST_TEXT]


def with_breaks(text: str) -> str:
    """The text with a break at least every 300 signs or so.

    Solr cuts fragments at Thai words, and looks for them from one space to the next: a page of text without a space would take
    it a minute. What is looked for is found across a break.
    """
    if all(len(piece) < LONGEST_RUN for piece in text.split()):
        return text
    return _LONG_RUN.sub("\\g<0>\n", text)


def with_glyphs(text: str) -> str:
    """Without what has no glyph."""
    return _UNSHOWN.sub(" ", text)


def unit_field(unit: str) -> str:
    """A unit's id as a part of a field's name: letters, digits and underscores, one name for each unit."""
    return unit.replace(".", "__").replace("-", "_")


def year_of(letter: Letter) -> int:
    """The Buddhist year under which people look for it."""
    return clock.buddhist_year(letter.letter_date or made_on(letter))


def made_on(letter: Letter) -> date:
    """The day in Bangkok on which it came into the system."""
    return clock.bangkok(letter.creation_date.asdatetime().astimezone(UTC).replace(tzinfo=None)).date()


def document(
    letter: Letter, places: Places, deliveries: Sequence[Delivery], read_at: int, files: str, units: Mapping[str, UnitInfo]
) -> dict[str, Any]:
    """The whole document; for a letter that must not be found, one without words, rights and place.

    `allowed` is who may view it, as the asker's `principals` are written. `files` is the text of the attached files; `units`
    are those of the deliveries, by id.
    """
    uid = IUUID(letter)
    if not searchable(letter):
        return nothing(uid, read_at)
    here = [row for row in deliveries if row.state not in GONE]
    sent = [row.unit for row in here if row.parent_id is None and row.from_unit]
    number = letter.number or letter.sender_number
    found: dict[str, Any] = {
        "uid": uid,
        "read_at": read_at,
        "path": "/".join(letter.getPhysicalPath()),
        "allowed": places.holders(letter, "View"),
        "type": letter.portal_type,
        "kind": letter.kind,
        "urgency": letter.urgency,
        "category": clean(letter.category or ""),
        "state": state_of(letter),
        "agency": letter.agency,
        "owner_unit": letter.owner_unit,
        "units": list(dict.fromkeys([letter.owner_unit, *(row.unit for row in here)])),
        "sent_to": sent,
        "sent_to_runs": [units[unit].title_th for unit in dict.fromkeys(sent) if unit in units],
        "year": year_of(letter),
        "letter_date": _day(letter.letter_date),
        "created": _day(made_on(letter)),
        "number": clean(number),
        "number_forms": list(dict.fromkeys(numbers.forms(letter.number) + numbers.forms(letter.sender_number))),
        "number_sort": numbers.sort_form(number),
        "title": clean(letter.title or letter.to_text or ""),
        "sender": clean(letter.sender or ""),
        "to_text": clean(letter.to_text or ""),
        "text": with_breaks(f"{_text(letter)}\n{with_glyphs(files)}".strip()),
    }
    for row in here:
        found.update(_registered(row))
    return {name: value for name, value in found.items() if value not in ("", None, [])}


def nothing(uid: str, read_at: int) -> dict[str, Any]:
    """What stands for a letter that is gone: a document that nobody finds, and that no older one replaces."""
    return {"uid": uid, "read_at": read_at}


def _registered(row: Delivery) -> Mapping[str, Any]:
    if row.receive_number is None or row.receive_year is None or row.registered_at is None:
        return {}
    unit = unit_field(row.unit)
    return {
        f"receive_number_{unit}": row.receive_number,
        f"receive_year_{unit}": row.receive_year,
        f"receive_date_{unit}": _day(clock.bangkok(row.registered_at).date()),
        f"register_{unit}": row.receive_year * YEAR + row.receive_number,
    }


def _text(letter: Letter) -> str:
    """What can be read on the letter, but for its subject, in the order in which it is read."""
    pieces: list[str] = [letter.salutation, letter.to_text, plain(letter.body or "")]
    pieces += _of(letter.references, "subject", "number")
    pieces += _of(letter.enclosures, "title")
    pieces += _of(letter.copies_to, "name")
    pieces += [letter.contact, letter.sender, letter.number, letter.sender_number, letter.category]
    pieces += [person_name(person) for person in (letter.signatory, letter.person_in_charge) if person]
    return clean("\n".join(dict.fromkeys(piece.strip() for piece in pieces if piece and piece.strip())))


def _of(rows: Iterable[Mapping[str, Any]], *names: str) -> list[str]:
    return [str(row[name]) for row in rows or () for name in names if row.get(name)]


def _day(day: date | None) -> str | None:
    return f"{day.isoformat()}T00:00:00Z" if day is not None else None
