"""From what was sent to what is kept: one parser for the REST services, the forms and the imports.

Every field is checked; all that is wrong is said at once, field by field (`Invalid`, 400).
"""

from __future__ import annotations

import re
import string
from collections.abc import Callable, Iterable, Mapping
from datetime import UTC, date, datetime, timedelta
from typing import Any

from saraban import _
from saraban.errors import REQUIRED, TEXT, Invalid
from saraban.ledger import clock
from saraban.letters.errors import TopSecretNotElectronic
from saraban.letters.kinds import ALL_KINDS, KINDS, SECRECIES, URGENCIES, WAYS
from saraban.letters.markup import clean
from saraban.organisation.incoming import NO_TEXT

LINE = 1000
"""Longest single-line text, in characters: the ledger's columns hold no more."""
PARAGRAPHS = 2_000_000
"""Longest body, in characters."""
NOTE = 10_000
"""Longest note, instruction or result, in characters."""
ROWS = 200
"""Most rows of a table (references, enclosures, copies)."""
FIRST_BUDDHIST_YEAR = 2400
"""A year from here on is of the Buddhist era (E24): refused where ISO dates are asked for."""
LONGEST_TERM = 3650
"""Most days that `due_days` may give."""

UNKNOWN_FILE = _("error_unknown_file", default="A list of files of this letter is asked for.")

_TAG = re.compile(r"<[a-zA-Z/!][^<>]*>")
"""Without `<` within: where no tag ends, each of a million `<` would be followed to the end of the text."""


BOTH_TERMS = _("error_both_terms", default="Give either the date or the number of days.")
_MOMENT = re.compile(r"\d{4}-\d\d-\d\d([T ]\d\d:|$)")
"""Of all that ISO 8601 has for a day, months and days by numbers."""
_BLANK = (
    string.whitespace + "\x85\xa0\u1680\u2028\u2029\u202f\u205f\u2060\u3000\ufeff" + "".join(map(chr, range(0x2000, 0x2010)))
)
"""What nobody sees at the ends of a text: a subject of it alone is none."""


class _Refused(ValueError):
    """One field's trouble; its only argument is the sentence."""


def _text(value: Any, longest: int) -> str:
    if value is None:
        return ""
    if not isinstance(value, str):
        raise _Refused(TEXT)
    if NO_TEXT.search(value):
        raise _Refused(_("error_field_control", default="This holds characters that cannot be shown."))
    value = value.strip(_BLANK)
    if len(value) > longest:
        raise _Refused(_("error_field_long", default="This is too long."))
    return value


def line(value: Any) -> str:
    """One line of text: breaks become spaces."""
    return " ".join(_text(value, LINE).split())


def file_title(value: Any) -> str:
    """The title of a file; empty for none. Raises Invalid."""
    try:
        return line(value)
    except _Refused as refusal:
        raise Invalid(fields={"title": refusal.args[0]}) from refusal


def identifier(value: Any) -> str:
    """The id of a unit or a person."""
    found = _text(value, 64)
    if found and not re.fullmatch(r"[A-Za-z0-9._@+-]+", found):
        raise _Refused(_("error_field_identifier", default="This is not an identifier."))
    return found


def is_html(text: str) -> bool:
    """Whether a body is HTML; only then it was cleaned, and only then a page may show it as HTML."""
    return bool(_TAG.search(text))


def paragraphs(value: Any) -> str:
    """HTML or plain text; HTML is reduced to what a letter may hold."""
    if isinstance(value, Mapping):
        value = value.get("data", 0)  # 0 is no text
    found = _text(value, PARAGRAPHS)
    if not is_html(found):
        return found
    return clean(found)


def day(value: Any) -> date | None:
    """An ISO date of the Gregorian calendar."""
    if value in (None, ""):
        return None
    if isinstance(value, date) and not isinstance(value, datetime):
        return value
    try:
        if not isinstance(value, str) or not re.fullmatch(r"\d{4}-\d\d-\d\d", value):
            raise ValueError
        found = date.fromisoformat(value)
    except ValueError:
        raise _Refused(_("error_field_date", default="This is not a date (year-month-day).")) from None
    if found.year >= FIRST_BUDDHIST_YEAR:
        raise _Refused(
            _("error_field_buddhist", default="The year is of the Buddhist era; a Christian year is asked for here.")
        )
    if found.year < 1800:
        raise _Refused(_("error_field_date", default="This is not a date (year-month-day)."))
    return found


def moment(value: Any) -> datetime | None:
    """An ISO date and time; without offset it is Bangkok's. Kept as UTC without zone."""
    if value in (None, ""):
        return None
    try:
        if not isinstance(value, datetime) and not (isinstance(value, str) and _MOMENT.match(value)):
            raise ValueError
        found = value if isinstance(value, datetime) else datetime.fromisoformat(value)
    except ValueError:
        raise _Refused(_("error_field_moment", default="This is not a date and time.")) from None
    day(found.date().isoformat())
    if found.tzinfo is None:
        found = found.replace(tzinfo=clock.BANGKOK)
    return found.astimezone(UTC).replace(tzinfo=None)


def one_of(names: Mapping[str, Any], default: str) -> Callable[[Any], str]:
    """One of the known words; nothing means the default."""

    def parse(value: Any) -> str:
        if value in (None, ""):
            return default
        if not isinstance(value, str) or value not in names:
            raise _Refused(
                _("error_field_choice", default="This must be one of: ${names}.", mapping={"names": ", ".join(names)})
            )
        return value

    return parse


def secrecy(value: Any) -> str:
    """The level; top secret is refused whatever else is wrong (E27)."""
    if value == "top-secret":
        raise TopSecretNotElectronic()
    return one_of(SECRECIES, "normal")(value)


def rows(**columns: Callable[[Any], Any]) -> Callable[[Any], tuple[dict[str, Any], ...]]:
    """A table: a list of objects with known keys. Empty rows fall away; a plain text is the first column."""

    def parse(value: Any) -> tuple[dict[str, Any], ...]:
        if value in (None, ""):
            return ()
        if not isinstance(value, list | tuple) or len(value) > ROWS:
            raise _Refused(
                _("error_field_rows", default="This must be a list of at most ${most} rows.", mapping={"most": ROWS})
            )
        found = []
        for row in value:
            if isinstance(row, str):
                row = {next(iter(columns)): row}
            if not isinstance(row, Mapping):
                raise _Refused(_("error_field_row", default="A row of this table is not valid."))
            kept = {name: parse_cell(row.get(name)) for name, parse_cell in columns.items()}
            if any(kept[name] for name in kept if name != "copies"):
                found.append(kept)
        return tuple(found)

    return parse


def _iso_day(value: Any) -> str | None:
    found = day(value)
    return found.isoformat() if found else None


def _copies(value: Any) -> int:
    if value in (None, ""):
        return 1
    if isinstance(value, bool) or not isinstance(value, int) or not 1 <= value <= 9999:
        raise _Refused(_("error_field_copies", default="This must be a number of copies."))
    return value


Term = Callable[[int], date]
"""From a number of days to the day on which they end: `organisation.settings.term`."""


def calendar_days(days: int) -> date:
    """The day that is so many days after today, every day counted."""
    return clock.today() + timedelta(days=days)


def due_days(value: Any, term: Term = calendar_days) -> date | None:
    """A term in days from today, as the date on which it ends (L12)."""
    if value in (None, ""):
        return None
    if isinstance(value, bool) or not isinstance(value, int) or not 0 <= value <= LONGEST_TERM:
        raise _Refused(_("error_field_due_days", default="This must be a number of days."))
    return term(value)


_LETTER: dict[str, Callable[[Any], Any]] = {
    "kind": one_of(KINDS, "internal"),
    "title": line,
    "urgency": one_of(URGENCIES, "normal"),
    "urgent_by": moment,
    "secrecy": secrecy,
    "secrecy_reason": line,
    "category": line,
    "owner_unit": identifier,
    "person_in_charge": identifier,
    "salutation": line,
    "to_text": line,
    "body": paragraphs,
    "closing": line,
    "signatory": identifier,
    "contact": line,
    "copies_to": rows(name=line),
    "references": rows(number=line, date=_iso_day, subject=line, uid=line),
    "enclosures": rows(title=line, copies=_copies),
    "due_date": day,
    "publish": one_of(dict.fromkeys(("section-7", "section-9")), ""),
}

_RECEPTION: dict[str, Callable[[Any], Any]] = {
    "sender": line,
    "sender_number": line,
    "letter_date": day,
    "note": line,
}


def _parse(
    data: Mapping[str, Any], parsers: Mapping[str, Callable[[Any], Any]], partial: bool, term: Term = calendar_days
) -> dict[str, Any]:
    if not isinstance(data, Mapping):
        raise Invalid()
    found: dict[str, Any] = {}
    wrong: dict[str, str] = {}
    for name, parse in parsers.items():
        if partial and name not in data:
            continue
        try:
            found[name] = parse(data.get(name))
        except _Refused as refusal:
            wrong[name] = refusal.args[0]
    if data.get("due_days") not in (None, ""):
        if found.get("due_date") is not None:
            wrong["due_days"] = BOTH_TERMS
        try:
            found["due_date"] = due_days(data["due_days"], term)
        except _Refused as refusal:
            wrong["due_days"] = refusal.args[0]
    if wrong:
        raise Invalid(fields=wrong)
    return found


def check(values: Mapping[str, Any]) -> None:
    """What must hold between the fields of a letter.

    Raises Invalid with the fields that are missing, or do not go together.
    """
    required = REQUIRED
    if not values["title"] and ALL_KINDS[values["kind"]].titled:
        raise Invalid(fields={"title": required})
    if values["secrecy"] != "normal" and not values["secrecy_reason"]:
        raise Invalid(fields={"secrecy_reason": required})
    check_publication(values.get("publish", ""), values["secrecy"])


def check_publication(publish: str, level: str) -> None:
    """What is above normal is not published under the Official Information Act (`domain.md` 6.2). Raises Invalid."""
    if publish and level != "normal":
        raise Invalid(
            fields={
                "publish": _("error_publish_secret", default="What is above normal is not published: choose “Not published”.")
            }
        )


def check_category(values: Mapping[str, Any], categories: Iterable[str]) -> None:
    """Where the agency defined categories, a letter's is one of them (L21). Raises Invalid."""
    allowed, category = tuple(categories), values.get("category")
    if category and allowed and category not in allowed:
        names = ", ".join(allowed)
        raise Invalid(
            fields={"category": _("error_field_choice", default="This must be one of: ${names}.", mapping={"names": names})}
        )


def asked_level(data: Mapping[str, Any], default: str = "normal") -> str:
    """The level that is asked for, before anything else is looked at; nonsense is `normal` here and refused later.

    Raises TopSecretNotElectronic.
    """
    if not isinstance(data, Mapping) or "secrecy" not in data:
        return default
    try:
        return secrecy(data["secrecy"])
    except _Refused:
        return default


def draft_values(data: Mapping[str, Any], term: Term = calendar_days) -> dict[str, Any]:
    """All fields of a new draft, with defaults. Raises Invalid, TopSecretNotElectronic."""
    values = _parse(data, _LETTER, partial=False, term=term)
    check(values)
    return values


def changed_values(data: Mapping[str, Any], term: Term = calendar_days) -> dict[str, Any]:
    """The fields that a change names; `check` must still be asked about the whole."""
    return _parse(data, _LETTER, partial=True, term=term)


def reception_values(data: Mapping[str, Any], term: Term = calendar_days, ways: Iterable[str] = ()) -> dict[str, Any]:
    """The fields of a letter from outside, which may have come by one of the agency's own ways. Raises as `draft_values`."""
    via = one_of({**WAYS, **dict.fromkeys(ways)}, "paper")
    values = _parse({"kind": "external", **data}, {**_LETTER, **_RECEPTION, "via": via}, partial=False, term=term)
    missing = {} if values["sender"] else {"sender": REQUIRED}
    try:
        check(values)
    except Invalid as refusal:
        missing.update(refusal.fields)
    if missing:
        raise Invalid(fields=missing)
    return values


def _optional_choice(*names: str) -> Callable[[Any], str]:
    return one_of(dict.fromkeys(names), "")


def _memo(value: Any) -> str:
    return _text(value, NOTE)


def instruction_values(data: Mapping[str, Any], term: Term = calendar_days) -> dict[str, Any]:
    """What goes with an assignment: `instruction`, and `due_date` given as a date or in days. Raises Invalid."""
    return _parse(data, {"instruction": _memo, "due_date": day}, partial=False, term=term)


def closing_values(data: Mapping[str, Any]) -> dict[str, Any]:
    """`result` and `publish` of a closing. Raises Invalid."""
    return _parse(data, {"result": _memo, "publish": _optional_choice("section-7", "section-9")}, partial=False)


def note_values(data: Mapping[str, Any], *names: str) -> dict[str, Any]:
    """Notes of these names, empty where they are not there. Raises Invalid."""
    return _parse(data, dict.fromkeys(names, _memo), partial=False)


def level_values(data: Mapping[str, Any]) -> dict[str, Any]:
    """`secrecy` and `reason` of a change of level; both are required. Raises Invalid, TopSecretNotElectronic."""
    required = REQUIRED
    if isinstance(data, Mapping) and data.get("secrecy") in (None, ""):
        raise Invalid(fields={"secrecy": required})
    values = _parse(data, {"secrecy": secrecy, "reason": line}, partial=False)
    if not values["reason"]:
        raise Invalid(fields={"reason": required})
    return values


def postponement_values(data: Mapping[str, Any], term: Term = calendar_days) -> dict[str, Any]:
    """`due_date` and `reason` of a postponement; the date is required and not in the past. Raises Invalid."""
    values = _parse(data, {"due_date": day, "reason": _memo}, partial=False, term=term)
    if values["due_date"] is None:
        raise Invalid(fields={"due_date": REQUIRED})
    if values["due_date"] < clock.today():
        raise Invalid(fields={"due_date": _("error_field_past", default="This day has passed.")})
    return values
