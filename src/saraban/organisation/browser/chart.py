"""An agency or a unit as its people see it, and the list of agencies."""

from __future__ import annotations

from typing import Any

from saraban import _
from saraban.ledger.connection import reader
from saraban.organisation.acting import person_name
from saraban.organisation.allow import may
from saraban.organisation.chart import UnitInfo, agencies, descendants
from saraban.organisation.functions import HEAD
from saraban.organisation.operations import ADMINISTER
from saraban.organisation.posts import holders
from saraban.organisation.subscribers import agency_object
from saraban.page import Page


class ChartUnit(Page):
    """Names, codes, head and sub-units."""

    section = "administration"
    labels = {
        "abbreviation": _("label_abbreviation", default="Abbreviation"),
        "letter_code": _("label_letter_code", default="Letter code"),
    }

    @property
    def title(self) -> str:  # type: ignore[override]
        """The name in the language of the page."""
        language = self.request.get("LANGUAGE") or "th"
        return str(self.context.title_in(language))

    def heads(self) -> list[str]:
        """The names of those who lead it."""
        return [person_name(person) for person in holders(self.context.unit_id, HEAD)]

    def below(self, language: str) -> list[dict[str, Any]]:
        """The units right below it."""
        with reader() as session:
            units = [unit for unit in descendants(session, self.context.unit_id) if unit.parent == self.context.unit_id]
        base = self.context.absolute_url()
        here = "/".join(self.context.getPhysicalPath())
        return [
            {"title": unit.title(language), "url": base + unit.path.removeprefix(here), "active": unit.active} for unit in units
        ]

    def administration(self) -> str:
        """The agency's address for those who administer it, else nothing."""
        agency = agency_object(self.context)
        return str(agency.absolute_url()) if may(ADMINISTER, agency) else ""


class AgenciesView(Page):
    """All agencies by name."""

    title = _("heading_agencies", default="Agencies")
    section = "administration"
    columns = (
        ("name", _("label_name", default="Name")),
        ("abbreviation", _("label_abbreviation", default="Abbreviation")),
        ("code", _("label_letter_code", default="Letter code")),
    )

    def rows(self) -> list[UnitInfo]:
        """The agencies in the order of the chart."""
        return agencies(routing_only=False)

    def administered(self, row: UnitInfo) -> str:
        """The agency's address where the person may see it."""
        agency = self.context._getOb(row.unit, None)
        return str(agency.absolute_url()) if agency is not None and may("View", agency) else ""
