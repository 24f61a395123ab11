"""An agency or a unit as its people see it, and the list of agencies."""

from __future__ import annotations

from typing import Any

from Products.Five.browser import BrowserView

from saraban.ledger.connection import reader
from saraban.organisation.acting import person_name
from saraban.organisation.allow import may
from saraban.organisation.chart import UnitInfo, agencies, descendants
from saraban.organisation.functions import HEAD
from saraban.organisation.operations import ADMINISTER
from saraban.organisation.posts import holders
from saraban.organisation.subscribers import agency_object


class ChartUnit(BrowserView):
    """Names, codes, head and sub-units."""

    def language(self) -> str:
        """The language of the page."""
        return str(self.request.get("LANGUAGE") or "th")

    def title(self) -> str:
        """The name in that language."""
        return str(self.context.title_in(self.language()[:2]))

    def heads(self) -> list[str]:
        """The names of those who lead it."""
        return [person_name(person) for person in holders(self.context.unit_id, HEAD)]

    def below(self) -> list[dict[str, Any]]:
        """The units right below it."""
        with reader() as session:
            units = [unit for unit in descendants(session, self.context.unit_id) if unit.parent == self.context.unit_id]
        base = self.context.absolute_url()
        here = "/".join(self.context.getPhysicalPath())
        return [
            {"title": unit.title(self.language()), "url": base + unit.path.removeprefix(here), "active": unit.active}
            for unit in units
        ]

    def administration(self) -> str:
        """The agency's address for those who administer it, else nothing."""
        agency = agency_object(self.context)
        return str(agency.absolute_url()) if may(ADMINISTER, agency) else ""


class AgenciesView(BrowserView):
    """All agencies by name."""

    def rows(self) -> list[UnitInfo]:
        """The agencies in the order of the chart."""
        return agencies(routing_only=False)

    def language(self) -> str:
        """The language of the page."""
        return str(self.request.get("LANGUAGE") or "th")
