"""`/agencies/<agency>/@@clearances`: who is cleared, by which written order; the head gives clearances and ends them."""

from __future__ import annotations

from typing import Any

from saraban import _
from saraban.classification import operations
from saraban.classification.levels import LEVELS, WORDS
from saraban.classification.tables import Clearance
from saraban.errors import Invalid
from saraban.lazy import cached_property
from saraban.ledger import clock
from saraban.organisation.acting import current_person, person_name, person_names
from saraban.organisation.allow import may
from saraban.organisation.browser.fields import day, number, text
from saraban.page import Page

DAYS = ("order_date", "valid_from", "valid_until")


class Clearances(Page):
    """The roster of the agency; the forms only for the head."""

    title = _("clearances_title", default="Cleared persons")
    section = "registers"
    labels = {
        "user": _("label_person", default="Person"),
        "level": _("field_secrecy", default="Level of secrecy"),
        "order_number": _("label_order_number", default="Number of the order"),
        "order_date": _("label_order_date", default="Date of the order"),
        "valid_from": _("label_from_day", default="From (empty: today)"),
        "valid_until": _("label_until_day", default="Until, the last day (empty: open)"),
    }
    columns = (
        ("user", labels["user"]),
        ("level", labels["level"]),
        ("order", _("label_order", default="Order")),
        ("term", _("label_term", default="Term")),
        ("state", _("column_state", default="State")),
    )

    nobody = _("clearances_nobody", default="Nobody in the agency is cleared for a level above normal yet.")

    @property
    def gives(self) -> bool:
        """Whether the person gives clearances."""
        return may(operations.CLEAR, self.context)

    def handle(self) -> str:
        """Gives one, or ends one."""
        if text(self.request, "verb") == "end":
            row = operations.end(self.context, number(self.request, "id"))
            self.say(_("said_clearance_ended", default="${person} is no longer cleared.", mapping=_name(row)))
        else:
            row = operations.give(self.context, self._data())
            self.say(_("said_cleared", default="${person} is cleared.", mapping=_name(row)))
        return self.go(f"{self.context.absolute_url()}/@@clearances")

    def _data(self) -> dict[str, Any]:
        data: dict[str, Any] = {name: text(self.request, name) for name in ("user", "level", "order_number")}
        wrong: dict[str, str] = {}
        for name in DAYS:
            try:
                typed = day(self.request, name)
            except Invalid as refusal:
                wrong.update(refusal.fields)
            else:
                data[name] = typed.isoformat() if typed else None
        if wrong:
            raise Invalid(fields=wrong)
        return data

    @cached_property
    def rows(self) -> list[Clearance]:
        """Those in force first, then those that ended."""
        return sorted(operations.in_agency(self.context), key=lambda row: (not self.stands(row), row.person, row.id))

    def stands(self, row: Clearance) -> bool:
        """Whether it is in force, or still to come."""
        return row.valid_until is None or row.valid_until >= clock.today()

    def word(self, row: Clearance) -> str:
        """The level, as marked on paper."""
        return WORDS[row.level]

    @property
    def levels(self) -> list[tuple[str, str]]:
        """The levels that can be given; each by itself."""
        return [(level, WORDS[level]) for level in LEVELS]

    @property
    def persons(self) -> list[tuple[str, str]]:
        """The agency's people, but for the head who gives: nobody clears themselves."""
        others = [person for person in operations.persons_in(self.context) if person != current_person()]
        return sorted(person_names(others).items(), key=lambda pair: pair[1])


def _name(row: Clearance) -> dict[str, str]:
    return {"person": person_name(row.person)}
