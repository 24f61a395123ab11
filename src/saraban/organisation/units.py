"""Units are added, one by one or from a table: all lines or none."""

from __future__ import annotations

import csv
import io
from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

from plone.dexterity.utils import createContent
from zope.container.interfaces import INameChooser
from zope.event import notify
from zope.lifecycleevent import ObjectCreatedEvent, ObjectModifiedEvent

from saraban import _
from saraban.errors import Invalid
from saraban.ledger.acts import Actor, act
from saraban.ledger.connection import session_of
from saraban.organisation.allow import require
from saraban.organisation.chart import descendants
from saraban.organisation.content import (
    MAX_NAME,
    MAX_UNIT_ID,
    NAME,
    RESERVED,
    BuddhistYear,
    IChartUnit,
    is_common_era,
)
from saraban.organisation.incoming import NO_TEXT
from saraban.organisation.operations import ADMINISTER
from saraban.organisation.subscribers import code_holder
from saraban.organisation.tables import UnitRow
from saraban.organisation.vocabularies import UNIT_KINDS

COLUMNS = ("id", "name_th", "name_en", "parent", "kind", "abbreviation", "letter_code", "valid_until", "successor")
MOST = 1000
"""Lines of one import (`api.md`: a batch)."""
_FIELDS = {
    "name_th": "title",
    "name_en": "title_en",
    "kind": "kind",
    "abbreviation": "abbreviation",
    "letter_code": "letter_code",
}
_LONGEST = {"name_th": 300, "name_en": 300, "abbreviation": 60, "letter_code": 60}


def add_unit(agency: Any, actor: Actor, values: Mapping[str, str]) -> Any:
    """Adds one unit, or changes the one that has the id."""
    name = values.get("id", "").strip()
    if not name:
        require(ADMINISTER, agency)
        name = INameChooser(agency).chooseName(values.get("name_en", ""), None)
    try:
        import_units(agency, actor, [{**values, "id": name}])
    except ImportRefused as refused:
        raise Invalid(fields=refused.first) from None
    return find_unit(agency, f"{agency.unit_id}.{name}")


class ImportRefused(Invalid):
    """Lines that are wrong; `fields` says which, and why."""

    def __init__(self, lines: Sequence[tuple[int, str, str]]) -> None:
        super().__init__(
            fields={
                f"line {line}, {column}": _(
                    "error_line",
                    default="Line ${line}, ${column}: ${reason}",
                    mapping={"line": line, "column": column, "reason": reason},
                )
                for line, column, reason in lines
            }
        )
        self.first = {column: reason for line, column, reason in lines if line == lines[0][0]}


def read_table(data: bytes) -> list[dict[str, str]]:
    """The rows of a CSV file: UTF-8, or the Thai code page that spreadsheets still write."""
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError:
        try:
            text = data.decode("cp874")
        except UnicodeDecodeError:
            raise Invalid(fields={"file": _("error_csv_encoding", default="The file is not text in UTF-8.")}) from None
    try:
        # Spreadsheets of some countries write semicolons.
        first = text.partition("\n")[0]
        reader = csv.DictReader(io.StringIO(text), delimiter=max(",;\t", key=first.count), strict=True)
        missing = [name for name in ("id", "name_th") if name not in (reader.fieldnames or ())]
        if missing:
            text = _(
                "error_csv_columns",
                default="The first line must name the columns: ${columns}",
                mapping={"columns": ", ".join(COLUMNS)},
            )
            raise Invalid(fields={"file": text})
        return [{name: (row.get(name) or "").strip() for name in COLUMNS} for row in reader]
    except csv.Error:
        raise Invalid(fields={"file": _("error_csv", default="The file is not a CSV table.")}) from None


def table_of(session: Any, agency: str) -> list[list[str]]:
    """The units of an agency as the lines of such a table, parents first: what it answers can be read back in."""
    prefix = f"{agency}."
    return [
        [
            unit.unit.removeprefix(prefix),
            unit.title_th,
            unit.title_en,
            "" if unit.parent == agency else unit.parent.removeprefix(prefix),
            unit.kind,
            unit.abbreviation,
            unit.letter_code,
            unit.valid_until.isoformat() if unit.valid_until else "",
            unit.successor.removeprefix(prefix),
        ]
        for unit in descendants(session, agency)
    ]


def import_units(agency: Any, actor: Actor, rows: Sequence[Mapping[str, str]]) -> tuple[int, int]:
    """Adds the units of a table, and changes those that are there; answers how many of each. Parents stand before children.

    Raises ImportRefused with every line that is wrong; then nothing is done.
    """
    require(ADMINISTER, agency)
    if not rows:
        raise Invalid(fields={"file": _("error_csv_empty", default="The table has no lines.")})
    if len(rows) > MOST:
        raise Invalid(fields={"file": _("error_csv_long", default="At most ${most} lines at once.", mapping={"most": MOST})})
    with act(agency, actor, "import-units", uid=agency.UID()) as done:
        _check(done.session, agency, rows)
        added = changed = 0
        for row in rows:
            if _write(agency, row):
                added += 1
            else:
                changed += 1
        done.note(added=added, changed=changed)
    return added, changed


def find_unit(agency: Any, unit: str) -> Any:
    """The object of a unit of the agency, or None."""
    waiting = [agency]
    while waiting:
        found = waiting.pop()
        if found.unit_id == unit:
            return found
        waiting.extend(child for child in found.objectValues() if IChartUnit.providedBy(child))
    return None


def _check(session: Any, agency: Any, rows: Sequence[Mapping[str, str]]) -> None:
    wrong: list[tuple[int, str, str]] = []
    seen: set[str] = set()
    for line, row in enumerate(rows, start=2):  # the first line names the columns
        reasons = _wrong_names(agency, row)
        name, parent, code = row["id"], row.get("parent", ""), row.get("letter_code", "")
        if name in seen:
            reasons["id"] = _("error_line_twice", default="This id stands in the table twice.")
        elif parent and parent not in seen and session.get(UnitRow, _unit_id(agency, parent)) is None:
            reasons["parent"] = _("error_line_parent", default="No such unit, or it stands further down.")
        if code and code_holder(session, code, _unit_id(agency, name)):
            reasons["letter_code"] = _("error_letter_code_taken", default="Another active unit has this letter code.")
        successor = row.get("successor", "")
        if successor and (name == successor or not _is_known(session, agency, successor, seen)):
            reasons["successor"] = _("error_line_parent", default="No such unit, or it stands further down.")
        seen.add(name)
        wrong.extend((line, column, reason) for column, reason in reasons.items())
    if wrong:
        raise ImportRefused(wrong)


def _is_known(session: Any, agency: Any, name: str, seen: set[str]) -> bool:
    return name in seen or session.get(UnitRow, _successor_id(session, agency, name)) is not None


def _successor_id(session: Any, agency: Any, name: str) -> str:
    """A successor's id: a unit of this agency, as in `parent`, or a unit or agency anywhere in the city."""
    return name if session.get(UnitRow, name) is not None else _unit_id(agency, name)


def _day(text: str) -> date | None:
    """A date of a table. Raises ValueError, BuddhistYear."""
    day = date.fromisoformat(text) if text else None
    is_common_era(day)
    return day


def _wrong_names(agency: Any, row: Mapping[str, str]) -> dict[str, str]:
    reasons: dict[str, str] = {}
    name = row["id"]
    if not NAME.fullmatch(name) or len(name) > MAX_NAME or name in RESERVED:
        reasons["id"] = _("error_unit_name", default="Small Latin letters, digits and single hyphens; 40 at most.")
    elif len(_unit_id(agency, name)) > MAX_UNIT_ID:
        reasons["id"] = _("error_unit_id_long", default="Agency and unit together are longer than 64 characters.")
    if not row.get("name_th"):
        reasons["name_th"] = _("error_name_missing", default="The name is missing.")
    if row.get("kind") and row["kind"] not in UNIT_KINDS:
        reasons["kind"] = _(
            "error_field_choice", default="This must be one of: ${names}.", mapping={"names": ", ".join(UNIT_KINDS)}
        )
    try:
        _day(row.get("valid_until", ""))
    except (ValueError, BuddhistYear):
        reasons["valid_until"] = _("error_date", default="A date is asked for: YYYY-MM-DD.")
    for column, most in _LONGEST.items():
        if NO_TEXT.search(row.get(column, "")):
            reasons[column] = _("error_field_control", default="This holds characters that cannot be shown.")
        elif len(row.get(column, "")) > most:
            reasons[column] = _("error_too_long", default="At most ${most} characters.", mapping={"most": str(most)})
    return reasons


def _unit_id(agency: Any, name: str) -> str:
    """A unit's id from its name in a table; the agency itself may be named as a parent."""
    return name if name == agency.unit_id or name.startswith(f"{agency.unit_id}.") else f"{agency.unit_id}.{name}"


def _write(agency: Any, row: Mapping[str, str]) -> bool:
    """Writes a line; tells whether the unit is new. An existing unit keeps its place and what the line leaves empty."""
    values: dict[str, Any] = {field: row[column] for column, field in _FIELDS.items() if row.get(column)}
    if row.get("valid_until"):
        values["valid_until"] = _day(row["valid_until"])
    if row.get("successor"):
        values["successor"] = _successor_id(session_of(agency), agency, row["successor"])
    found = find_unit(agency, _unit_id(agency, row["id"]))
    if found is not None:
        for name, value in values.items():
            setattr(found, name, value)
        notify(ObjectModifiedEvent(found))
        return False
    parent = find_unit(agency, _unit_id(agency, row["parent"])) if row.get("parent") else agency
    unit = createContent("Unit", **values)
    unit.id = row["id"]
    notify(ObjectCreatedEvent(unit))
    parent._setObject(unit.id, unit)
    return True
