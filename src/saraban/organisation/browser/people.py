"""Who holds which post in the agency: for its administrator."""

from __future__ import annotations

from typing import Any

from saraban import _
from saraban.errors import Invalid
from saraban.ledger.connection import reader
from saraban.organisation.acting import current_actor, person_name
from saraban.organisation.browser.form import FormPage
from saraban.organisation.chart import UnitInfo, descendants, info
from saraban.organisation.functions import CAPACITIES, TITLES
from saraban.organisation.operations import appoint, appointments_of, end_appointment, move
from saraban.organisation.tables import Appointment, UnitRow


class People(FormPage):
    """The appointments, and the forms to add, move and end them."""

    def handle(self) -> str:
        """Appoints, moves or ends."""
        verb = self.value("verb")
        actor = current_actor(self.context.unit_id)
        if verb == "appoint":
            row = self._appoint(actor)
            return _("said_appointed", default="${person} is appointed.", mapping={"person": person_name(row.person)})
        if verb == "end":
            row = end_appointment(self.context, actor, self.number("appointment"), self.day("last_day"))
            return _(
                "said_ended", default="The appointment of ${person} is ended.", mapping={"person": person_name(row.person)}
            )
        if verb == "move":
            row = move(
                self.context,
                actor,
                self.number("appointment"),
                unit=self.value("unit"),
                post_th=self.value("post_th"),
                order_number=self.value("order_number"),
            )
            return _("said_moved", default="${person} is moved.", mapping={"person": person_name(row.person)})
        raise Invalid()

    def _appoint(self, actor: Any) -> Appointment:
        return appoint(
            self.context,
            actor,
            person=self.value("person"),
            unit=self.value("unit"),
            function=self.value("function"),
            post_th=self.value("post_th"),
            post_en=self.value("post_en"),
            capacity=self.value("capacity", "own"),
            acting_for=self.value("acting_for"),
            order_number=self.value("order_number"),
            valid_from=self.day("valid_from"),
            valid_until=self.day("valid_until"),
        )

    def units(self) -> list[UnitInfo]:
        """The agency and its units."""
        with reader() as session:
            top = session.get(UnitRow, self.context.unit_id)
            return ([info(top)] if top is not None else []) + descendants(session, self.context.unit_id)

    def rows(self) -> list[dict[str, Any]]:
        """The appointments that stand or are to come."""
        titles = {unit.unit: unit.title(self.language()) for unit in self.units()}
        with reader() as session:
            found = appointments_of(session, self.context.unit_id)
        return [self._row(row, titles) for row in found]

    def _row(self, row: Appointment, titles: dict[str, str]) -> dict[str, Any]:
        return {
            "id": row.id,
            "person": row.person,
            "name": person_name(row.person),
            "unit": row.unit,
            "unit_title": titles.get(row.unit, row.unit),
            "function": TITLES.get(row.function, row.function),
            "post": row.post_en if self.language().startswith("en") and row.post_en else row.post_th,
            "capacity": CAPACITIES.get(row.capacity, row.capacity) if row.capacity != "own" else "",
            "acting_for": row.acting_for,
            "valid_from": self.shown(row.valid_from),
            "valid_until": self.shown(row.valid_until),
        }

    def functions(self) -> list[tuple[str, str]]:
        """The functions to choose from."""
        return list(TITLES.items())

    def capacities(self) -> list[tuple[str, str]]:
        """The capacities to choose from."""
        return list(CAPACITIES.items())
