"""`GET /saraban/@units`: units by name or code."""

from __future__ import annotations

from typing import Any

from zope.component.hooks import getSite

from saraban.errors import Forbidden
from saraban.ledger.connection import reader
from saraban.organisation.acting import current_person
from saraban.organisation.allow import may
from saraban.organisation.chart import UnitInfo, search_units, units
from saraban.organisation.posts import posts_of
from saraban.organisation.rest import ReadService, batch, switch, window


def unit_json(unit: UnitInfo, agency_title: str = "") -> dict[str, Any]:
    """A unit as REST shows it; `agency_title` tells one ฝ่ายทะเบียน from the others."""
    return {
        "@type": "Agency" if unit.unit == unit.agency else "Unit",
        "id": unit.unit,
        "agency": unit.agency,
        "agency_title": agency_title or unit.title_th,
        "parent": unit.parent,
        "title": unit.title_th,
        "title_en": unit.title_en,
        "abbreviation": unit.abbreviation,
        "letter_code": unit.letter_code,
        "kind": unit.kind,
        "active": unit.active,
        "valid_until": unit.valid_until.isoformat() if unit.valid_until else None,
        "successor": unit.successor or None,
    }


class Units(ReadService):
    """The chart, for staff: what the picker shows."""

    def answer(self) -> Any:
        """A batch of the units that match `text` and stand right below `parent`."""
        if not posts_of(current_person()) and not may("Manage portal", getSite()):
            raise Forbidden()
        start, size = window(self.request)
        text = str(self.request.form.get("text", ""))[:200]
        parent = str(self.request.form.get("parent", ""))
        with reader() as session:
            total, found = search_units(session, text, parent, start, size, active_only=bool(switch(self.request, "active")))
            known = units((unit.agency for unit in found), session)
        items = [unit_json(unit, known[unit.agency].title_th if unit.agency in known else "") for unit in found]
        return batch(self.request, f"{self.context.absolute_url()}/@units", total, items)
