"""The tables of the forms (references, enclosures, copies): collective.z3cform.datagridfield in templates of our own.

Each cell has its label, rows become cards on a phone, and without a script a few empty rows stand ready.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from datetime import date
from typing import Any

from collective.z3cform.datagridfield.datagridfield import DataGridFieldObjectWidget, DataGridFieldWidget
from plone.autoform.form import AutoExtensibleForm
from z3c.form.form import Form
from z3c.form.interfaces import INPUT_MODE
from z3c.form.widget import FieldWidget
from zope.browserpage.viewpagetemplatefile import ViewPageTemplateFile

from saraban import _
from saraban.letters.browser.typed import TypedError, iso_day, whole_number
from saraban.letters.interfaces import IRelated
from saraban.thai import dates
from saraban.thai.digits import to_arabic

TABLES = ("references", "enclosures", "copies_to")
SPARE = 2
"""Empty rows after the filled ones, for those without a script."""
READ: dict[str, Callable[[str], Any]] = {"date": iso_day, "copies": whole_number}
"""Columns that are more than text."""


# Not registered as widget templates: the add-on's own would win, by its browser layer.
GRID = ViewPageTemplateFile("templates/grid.pt")
ROW = ViewPageTemplateFile("templates/grid_row.pt")


class GridRow(DataGridFieldObjectWidget):
    """One line of a grid."""

    def render(self) -> str:
        """The line as HTML."""
        return str(ROW(self))


class Grid(DataGridFieldWidget):
    """A grid in our own template."""

    def render(self) -> str:
        """The grid as HTML."""
        return str(GRID(self))

    def createObjectWidget(self, idx: Any) -> Any:  # noqa: N802 - the base class's name
        """Lines in our own template."""
        widget = FieldWidget(self.field.value_type, GridRow(self.request))
        widget.setErrors = idx not in ("TT", "AA")
        return widget


def grid_widget(field: Any, request: Any) -> Any:
    """The widget of a table."""
    return FieldWidget(field, Grid(request))


class Tables(AutoExtensibleForm, Form):
    """The grids of a letter's form; `names` are those of its kind, in order."""

    schema = IRelated
    ignoreContext = False  # noqa: N815 - z3c.form's name
    ignoreReadonly = True  # noqa: N815
    fields: Any

    def __init__(self, context: Any, request: Any, names: Iterable[str], rows: Mapping[str, Sequence[Any]]) -> None:
        super().__init__(context, request)
        self.names = tuple(name for name in names if name in TABLES)
        self.rows = {name: [*map(shown, rows.get(name, ())), *({} for _row in range(SPARE))] for name in self.names}
        self.update()

    def getContent(self) -> dict[str, Any]:  # noqa: N802 - z3c.form's name
        """What the grids show at first."""
        return self.rows

    def updateFields(self) -> None:  # noqa: N802 - z3c.form's name
        """Only the tables of this kind."""
        super().updateFields()
        self.fields = self.fields.select(*self.names)
        for name in self.names:
            self.fields[name].widgetFactory[INPUT_MODE] = grid_widget

    def grid(self, name: str) -> Any:
        """The widget of a table."""
        return self.widgets[name]

    def typed(self) -> tuple[dict[str, list[dict[str, Any]]], dict[str, str]]:
        """What was typed, for the parser, and what of it cannot be read."""
        data: dict[str, list[dict[str, Any]]] = {}
        wrong: dict[str, str] = {}
        for name in self.names:
            data[name] = []
            for number, row in enumerate(_lines(self.widgets[name]), 1):
                try:
                    data[name].append({column: READ.get(column, str)(text) for column, text in row.items()})
                except TypedError as refusal:
                    mapping = {"line": number, "reason": refusal.message}
                    wrong.setdefault(name, _("error_in_row", default="Line ${line}: ${reason}", mapping=mapping))
        return data, wrong


def _lines(grid: Grid) -> Iterator[dict[str, str]]:
    """The texts as typed: what cannot be read is for us to say, so the add-on's converters are not asked."""
    for line in grid.widgets:
        if line.id[-2:] not in ("AA", "TT"):
            texts = {name: cell.extract() for name, cell in line.widgets.items()}
            yield {name: text if isinstance(text, str) else "" for name, text in texts.items()}


def shown(row: Mapping[str, Any]) -> dict[str, Any]:
    """A row as the form shows it: dates as people write them."""
    found = dict(row)
    if found.get("date"):
        found["date"] = dates.short(date.fromisoformat(to_arabic(found["date"])))
    return found
