"""The units of an agency, for its administrator: the tree, one more unit, a table of units."""

from __future__ import annotations

from typing import Any

from saraban import _
from saraban.errors import Invalid
from saraban.ledger.connection import reader
from saraban.organisation.acting import current_actor
from saraban.organisation.browser.form import FormPage
from saraban.organisation.chart import descendants
from saraban.organisation.units import COLUMNS, add_unit, import_units, read_table
from saraban.organisation.vocabularies import UNIT_KINDS

LARGEST = 2 * 1024 * 1024
"""Bytes of a table: a thousand long lines are far less."""


class Units(FormPage):
    """The tree of units, a form for one more, and the import."""

    def handle(self) -> str:
        """Adds a unit, or those of a table."""
        actor = current_actor(self.context.unit_id)
        if self.value("verb") == "add":
            added = add_unit(self.context, actor, {name: self.value(name) for name in COLUMNS})
            return _("said_unit_added", default="${unit} is in the chart.", mapping={"unit": added.title})
        if self.value("verb") == "import":
            new, changed = import_units(self.context, actor, read_table(self._file()))
            return _(
                "said_units_imported",
                default="${new} units added, ${changed} changed.",
                mapping={"new": new, "changed": changed},
            )
        raise Invalid()

    def _file(self) -> bytes:
        upload = self.request.form.get("file")
        data = upload.read(LARGEST + 1) if hasattr(upload, "read") else b""
        if not data:
            raise Invalid(fields={"file": _("error_csv_missing", default="Choose a file.")})
        if len(data) > LARGEST:
            raise Invalid(fields={"file": _("error_csv_large", default="The file is too large for a table of units.")})
        return bytes(data)

    def tree(self) -> list[dict[str, Any]]:
        """The units, each after its parent, with how deep it lies."""
        site_path = "/".join(self.context.getPhysicalPath())
        depths = {self.context.unit_id: 0}
        found = []
        with reader() as session:
            units = descendants(session, self.context.unit_id)
        for unit in units:
            depth = depths[unit.unit] = depths.get(unit.parent, 0) + 1
            found.append(
                {
                    "id": unit.unit,
                    "name": unit.unit.partition(".")[2],
                    "title": unit.title(self.language()),
                    "kind": UNIT_KINDS.get(unit.kind, unit.kind),
                    "letter_code": unit.letter_code,
                    "active": unit.active,
                    "indent": f"padding-left: {depth * 1.5 - 0.75}rem",
                    "url": self.context.absolute_url() + unit.path.removeprefix(site_path),
                }
            )
        return found

    def kinds(self) -> list[tuple[str, str]]:
        """The kinds to choose from."""
        return list(UNIT_KINDS.items())

    def columns(self) -> str:
        """The first line of a table."""
        return ",".join(COLUMNS)

    def other_errors(self) -> list[str]:
        """What is wrong with the lines of a table."""
        return [text for name, text in self.errors.items() if name.startswith("line ")]
