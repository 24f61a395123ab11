"""The units of an agency, for its administrator: the tree, one more unit, a table of units."""

from __future__ import annotations

from typing import Any

import transaction
from Products.Five import BrowserView
from zope.i18n import translate

from saraban import _
from saraban.errors import Invalid
from saraban.ledger.connection import reader
from saraban.organisation.acting import current_actor
from saraban.organisation.browser.agencypage import AgencyPage
from saraban.organisation.browser.fields import text
from saraban.organisation.chart import UnitInfo, descendants, successor_of
from saraban.organisation.units import COLUMNS, add_unit, import_units, read_table, table_of
from saraban.organisation.vocabularies import UNIT_KINDS
from saraban.spreadsheets import CSV, write_csv

LARGEST = 2 * 1024 * 1024
"""Bytes of a table: a thousand long lines are far less."""


COLUMN_HELP = {
    "id": _("column_help_id", default="small Latin letters, digits and hyphens; stays for ever. Required"),
    "name_th": _("column_help_name_th", default="name in Thai. Required"),
    "name_en": _("column_help_name_en", default="name in English"),
    "parent": _("column_help_parent", default="id of the unit above it, which stands further up; empty: the agency itself"),
    "kind": _("column_help_kind", default="one of"),
    "abbreviation": _("column_help_abbreviation", default="abbreviation"),
    "letter_code": _("column_help_letter_code", default="letter code, where the unit has its own, as กท 0403"),
    "valid_until": _("column_help_valid_until", default="last day, as 2026-09-30 (Christian era); empty: open"),
    "successor": _("column_help_successor", default="id of the unit that takes its place after that day"),
}


class Units(AgencyPage):
    """The tree of units, a form for one more, and the import."""

    title = _("heading_units", default="Units")
    uploads = ("file",)
    labels = {
        "name_th": _("label_title_th", default="Name in Thai"),
        "name_en": _("label_title_en", default="Name in English"),
        "id": _("label_short_id", default="Id (empty: from the English name)"),
        "parent": _("label_below", default="Below"),
        "kind": _("label_kind", default="Kind"),
        "letter_code": _("label_letter_code", default="Letter code"),
        "caption": _("caption_units", default="The units, each below the one that it belongs to"),
    }
    columns = (
        ("name", _("label_name", default="Name")),
        ("id", _("label_unit_id", default="Unit id")),
        ("kind", _("label_kind", default="Kind")),
        ("code", _("label_letter_code", default="Letter code")),
        ("receives", _("label_receives", default="Receives letters")),
    )

    def handle(self) -> str:
        """Adds a unit, or those of a table."""
        actor = current_actor(self.context.unit_id)
        verb = text(self.request, "verb")
        if verb == "add":
            added = add_unit(self.context, actor, {name: text(self.request, name) for name in COLUMNS})
            self.say(_("said_unit_added", default="${unit} is in the chart.", mapping={"unit": added.title}))
        elif verb == "import":
            new, changed = import_units(self.context, actor, read_table(self._file()))
            numbers = {"new": str(new), "changed": str(changed)}
            said = _("said_units_imported", default="${new} units added, ${changed} changed.", mapping=numbers)
            if "check" in self.request.form:
                transaction.abort()
                transaction.begin()
                said = _(
                    "said_units_checked",
                    default="The table is right: it would add ${new} units and change ${changed}. Nothing was written.",
                    mapping=numbers,
                )
            self.say(said)
        else:
            raise Invalid()
        return self.go(f"{self.context.absolute_url()}/@@units")

    def _file(self) -> bytes:
        upload = self.request.form.get("file")
        data = upload.read(LARGEST + 1) if hasattr(upload, "read") else b""
        if not data:
            raise Invalid(fields={"file": _("error_csv_missing", default="Choose a file.")})
        if len(data) > LARGEST:
            raise Invalid(fields={"file": _("error_csv_large", default="The file is too large for a table of units.")})
        return bytes(data)

    def tree(self, language: str) -> list[dict[str, Any]]:
        """The units, each after its parent, with how deep it lies."""
        agency = self.context
        path = "/".join(agency.getPhysicalPath())
        depths = {agency.unit_id: 0}
        found = []
        with reader() as session:
            units = descendants(session, agency.unit_id)
        for unit in units:
            depth = depths[unit.unit] = depths.get(unit.parent, 0) + 1
            found.append(
                {
                    "id": unit.unit,
                    "name": unit.unit.partition(".")[2],
                    "title": unit.title(language),
                    "kind": self._words(UNIT_KINDS.get(unit.kind, unit.kind)),
                    "letter_code": unit.letter_code,
                    "active": unit.active,
                    "successor": self._successor(unit, language),
                    "indent": f"margin-left: {(depth - 1) * 1.5}rem",
                    "url": agency.absolute_url() + unit.path.removeprefix(path),
                }
            )
        return found

    def _successor(self, unit: UnitInfo, language: str) -> str:
        """Who took the place of a unit that is over."""
        found = successor_of(unit) if not unit.active else None
        if found is None:
            return ""
        return self._words(_("label_succeeded_by", default="succeeded by ${unit}", mapping={"unit": found.title(language)}))

    def parent_choices(self, language: str) -> list[tuple[str, str]]:
        """The agency and its units, to put a new one below."""
        return [("", self.context.title_in(language)), *((unit["name"], unit["title"]) for unit in self.tree(language))]

    def kind_choices(self) -> list[tuple[str, str]]:
        """The kinds to choose from."""
        return [(name, self._words(title)) for name, title in UNIT_KINDS.items()]

    def described_columns(self) -> list[tuple[str, str]]:
        """The columns of a table, each with what belongs into it."""
        kinds = ", ".join(f"{name} ({self._words(title)})" for name, title in UNIT_KINDS.items())
        return [(name, self._words(COLUMN_HELP[name]) + (f": {kinds}" if name == "kind" else "")) for name in COLUMNS]

    def _words(self, message: Any) -> str:
        return str(translate(message, context=self.request))


class UnitsTable(BrowserView):
    """`<agency>/@@units-table`: the units as a table, to be changed in a spreadsheet and imported again."""

    def __call__(self) -> bytes:
        """CSV."""
        agency = self.context.unit_id
        with reader() as session:
            rows = table_of(session, agency)
        response = self.request.response
        response.setHeader("Content-Type", CSV)
        response.setHeader("Content-Disposition", f'attachment; filename="units-{agency}.csv"')
        response.setHeader("Cache-Control", "no-store")
        with write_csv(COLUMNS, rows) as table:
            return table.read()
