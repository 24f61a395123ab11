"""Who holds which post in the agency: for its administrator."""

from __future__ import annotations

import json
from collections.abc import Sequence
from typing import Any

from Products.Five import BrowserView
from zope.i18n import translate

from saraban import _
from saraban.errors import Invalid
from saraban.ledger.acts import Actor
from saraban.ledger.connection import reader
from saraban.organisation import accounts
from saraban.organisation.accounts import Account
from saraban.organisation.acting import current_actor, person_name
from saraban.organisation.browser.agencypage import AgencyPage
from saraban.organisation.browser.fields import day, number, text
from saraban.organisation.chart import UnitInfo, descendants, info
from saraban.organisation.functions import CAPACITIES, TITLES
from saraban.organisation.operations import appoint, appointments_of, end_appointment, move
from saraban.organisation.tables import Appointment, UnitRow


class People(AgencyPage):
    """The appointments, and the forms to add, move and end them."""

    title = _("heading_people", default="People and their posts")
    labels = {
        "person": _("label_person", default="Person"),
        "unit": _("label_unit", default="Unit"),
        "function": _("label_function", default="Function"),
        "post_th": _("label_post_th", default="Post in Thai"),
        "post_en": _("label_post_en", default="Post in English"),
        "capacity": _("label_capacity", default="Capacity"),
        "acting_for": _("label_acting_for", default="In whose place (post)"),
        "order_number": _("label_order_number", default="Number of the order"),
        "valid_from": _("label_from_day", default="From (empty: today)"),
        "valid_until": _("label_until_day", default="Until, the last day (empty: open)"),
        "hint_person": _("hint_person", default="A part of the name, or the user name"),
        "caption": _("caption_appointments", default="Appointments that stand or are to come"),
    }
    columns = (
        ("person", _("label_person", default="Person")),
        ("unit", _("label_unit", default="Unit")),
        ("function", _("label_function", default="Function")),
        ("post", _("label_post", default="Post")),
        ("term", _("label_term", default="Term")),
        ("actions", _("label_actions", default="Actions")),
    )

    def handle(self) -> str:
        """Appoints, moves or ends."""
        verbs = {"appoint": self._appoint, "move": self._move, "end": self._end}
        verb = verbs.get(text(self.request, "verb"))
        if verb is None:
            raise Invalid()
        self.say(verb(current_actor(self.context.unit_id)))
        return self.go(f"{self.context.absolute_url()}/@@people")

    def _person(self) -> str:
        """The account that was typed or chosen; where a part of a name was typed, the page asks which one is meant.

        Raises Invalid.
        """
        typed, chosen = text(self.request, "person"), text(self.request, "chosen")
        if chosen and typed == text(self.request, "searched"):
            typed = chosen
        person = accounts.named(typed)
        if person or not typed:
            return person
        self.found = accounts.search(typed, self.request.get("LANGUAGE", "th"))
        if not self.found:
            raise Invalid(fields={"person": _("error_person_not_found", default="Nobody of this name has an account.")})
        raise Invalid(fields={"person": _("error_person_which", default="Choose which person is meant.")})

    found: Sequence[Account] = ()
    """Who can be meant by what was typed."""

    def _appoint(self, actor: Actor) -> str:
        person = self._person()
        names = ("unit", "function", "post_th", "post_en", "acting_for", "order_number")
        row = appoint(
            self.context,
            actor,
            person=person,
            **{name: text(self.request, name) for name in names},
            capacity=text(self.request, "capacity", "own"),
            valid_from=day(self.request, "valid_from"),
            valid_until=day(self.request, "valid_until"),
        )
        return _("said_appointed", default="${person} is appointed.", mapping={"person": person_name(row.person)})

    def _move(self, actor: Actor) -> str:
        row = move(
            self.context,
            actor,
            number(self.request, "appointment"),
            unit=text(self.request, "unit"),
            post_th=text(self.request, "post_th"),
            order_number=text(self.request, "order_number"),
        )
        return _("said_moved", default="${person} is moved.", mapping={"person": person_name(row.person)})

    def _end(self, actor: Actor) -> str:
        row = end_appointment(self.context, actor, number(self.request, "appointment"), day(self.request, "last_day"))
        name = person_name(row.person)
        return _("said_ended", default="The appointment of ${person} is ended.", mapping={"person": name})

    def units(self) -> list[UnitInfo]:
        """The agency and its units."""
        with reader() as session:
            top = session.get(UnitRow, self.context.unit_id)
            return ([info(top)] if top is not None else []) + descendants(session, self.context.unit_id)

    def unit_choices(self, language: str) -> list[tuple[str, str]]:
        """The agency and its units, to choose from."""
        return [(unit.unit, unit.title(language)) for unit in self.units()]

    def rows(self) -> list[Appointment]:
        """The appointments that stand or are to come."""
        with reader() as session:
            return appointments_of(session, self.context.unit_id)

    def post(self, row: Appointment, language: str) -> str:
        """The post, the capacity included."""
        post = row.post_en if language == "en" and row.post_en else row.post_th
        if row.capacity == "own":
            return post
        return f"{post} ({self._words(CAPACITIES[row.capacity])}: {row.acting_for})"

    def function(self, row: Appointment) -> str:
        """The function, in words."""
        return self._words(TITLES.get(row.function, row.function))

    def function_choices(self) -> list[tuple[str, str]]:
        """The functions to choose from."""
        return [(name, self._words(title)) for name, title in TITLES.items()]

    def capacity_choices(self) -> list[tuple[str, str]]:
        """The capacities to choose from."""
        return [(name, self._words(title)) for name, title in CAPACITIES.items()]

    def _words(self, message: Any) -> str:
        return str(translate(message, context=self.request))


class FoundAccounts(BrowserView):
    """`<agency>/@@found-accounts?text=`: who can be appointed, as one types."""

    def __call__(self) -> str:
        """JSON: what is written into the field, the name, and the present post."""
        found = accounts.search(text(self.request, "text"), self.request.get("LANGUAGE", "th"))
        self.request.response.setHeader("Content-Type", "application/json; charset=utf-8")
        self.request.response.setHeader("Cache-Control", "no-store")
        items = [{"id": one.id, "name": one.name, "post": one.post, "written": one.written} for one in found]
        return json.dumps({"items": items}, ensure_ascii=False)
