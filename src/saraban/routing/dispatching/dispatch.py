"""`<letter>/@@dispatch`: choose recipients, see what will happen, send, see the number."""

from __future__ import annotations

import json
from typing import Any, ClassVar

from plone.uuid.interfaces import IUUID

from saraban import _
from saraban.classification.clearances import ready_units
from saraban.errors import DomainError
from saraban.lazy import cached_property
from saraban.ledger.connection import reader
from saraban.letters.kinds import ALL_KINDS, CIRCULAR
from saraban.letters.operations import agency_of, state_of
from saraban.organisation import chart
from saraban.organisation.allow import require
from saraban.organisation.chart import UnitInfo
from saraban.organisation.once import new_key, once
from saraban.page import Page
from saraban.routing import operations, queries, recipients
from saraban.routing.dispatching import choice, numbering
from saraban.routing.errors import AlreadyDispatched, NoLetterCode, NotDispatchable, ReservationSpent
from saraban.routing.secrecy import may_send
from saraban.routing.tables import Delivery

FIELD, NUMBER = "recipients", "number"
NEXT = _("dispatch_next_numbers", default="The next number of a series")
KEPT = _("dispatch_reserved_numbers", default="A reserved number")
OTHER_REGISTRAR = _(
    "dispatch_other_registrar",
    default="The letter is kept. The registrar dispatches ordinary letters, "
    "the registrar of secret information those above normal.",
)


class Dispatch(Page):
    """Sends a letter in two steps; after that it shows what was made."""

    several: ClassVar[tuple[str, ...]] = (FIELD,)
    step = "choose"
    """`choose`, `confirm` or `done`."""
    receivers: tuple[UnitInfo, ...] = ()
    made_words = _("dispatch_made", default="The letter is dispatched. Its number:")
    caption = _("dispatch_deliveries", default="Deliveries")
    columns = (_("column_receiver", default="Receiver"), _("column_state", default="State"))

    @property
    def section(self) -> str:  # type: ignore[override]
        """The entry of the rail that is lit."""
        return "circulars" if self.context.kind == CIRCULAR.name else "letters"

    @property
    def title(self) -> str:  # type: ignore[override]
        """What is done with which letter."""
        words = {
            "choose": _("dispatch_title", default="Dispatch: choose recipients"),
            "confirm": _("dispatch_confirm_title", default="Dispatch: check before it goes"),
            "done": _("dispatch_done_title", default="Dispatched"),
        }
        return words[self.step]

    @cached_property
    def language(self) -> str:
        """`th` or `en`."""
        return "en" if self.request.get("LANGUAGE") == "en" else "th"

    @cached_property
    def address(self) -> str:
        """This page."""
        return f"{self.context.absolute_url()}/@@dispatch"

    @cached_property
    def sender(self) -> UnitInfo | None:
        """The central registry that numbers and sends."""
        return chart.unit(agency_of(self.context).unit_id)

    @property
    def own(self) -> set[str]:
        """Units that the letter cannot be sent to: those that send it."""
        return {self.sender.unit if self.sender else "", self.context.owner_unit}

    # What happens

    def __call__(self) -> Any:
        """Who may not send learns nothing of the letter's state."""
        require(operations.DISPATCH, self.context)
        if not may_send(self.context):
            self.say(OTHER_REGISTRAR, "warning")
            return self.go(self.context.absolute_url())
        if self.context.number:
            self.step = "done"
        elif self.request.method != "POST":
            refusal = self._obstacle()
            if refusal is not None:
                self.say(refusal.message, "error")
                return self.go(self.context.absolute_url())
        return super().__call__()

    def _obstacle(self) -> DomainError | None:
        if state_of(self.context) not in ("draft", "signed"):
            return NotDispatchable()
        if self.context.needs_code and not (self.sender and self.sender.letter_code):
            return NoLetterCode()
        return None

    def handle(self) -> Any:
        """Each step is a POST; only the last one writes."""
        form = self.request.form
        if "change" in form:
            return None
        chosen = self.chosen
        if "send" in form:
            what = json.dumps([IUUID(self.context), sorted(chosen), form.get(NUMBER, "")])
            return self.go(once(self.context, self.request, what, lambda: self._send(chosen)))
        if self.context.number:
            raise AlreadyDispatched()
        self.number  # noqa: B018 - refused here, before anything is confirmed
        self.receivers = tuple(recipients.parse(chosen, self.sender.unit if self.sender else "", self.context.owner_unit))
        self.step = "confirm"
        return None

    def _send(self, chosen: list[str]) -> str:
        operations.dispatch(self.context, chosen, self.number.reservation, self.number.series)
        return self.address

    def refuse(self, refusal: DomainError) -> None:
        """Back to the choice, or to what was made meanwhile."""
        super().refuse(refusal)
        self.step = "done" if self.context.number else "choose"

    # The choice

    @cached_property
    def groups(self) -> list[choice.Group]:
        """Groups of recipients; a secret letter goes to named registrars."""
        return [] if self.context.is_secret else choice.groups(self.own)

    @cached_property
    def marked(self) -> list[str]:
        """What is ticked in the form: units and groups."""
        given = self.request.form.get(FIELD) or []
        return [one for one in ([given] if isinstance(given, str) else given) if isinstance(one, str)]

    @property
    def chosen(self) -> list[str]:
        """The units chosen, groups opened."""
        return choice.expanded(self.marked, self.groups)

    @cached_property
    def lists(self) -> list[tuple[str, list[tuple[str, str]]]]:
        """All agencies by kind; of a secret letter those that have a registrar who is cleared for it."""
        if not self.context.is_secret:
            return choice.lists(self.own, self.language)
        agencies = {agency.unit for agency in chart.agencies()}
        return choice.lists(self.own | (agencies - ready_units(self.context.secrecy, agencies)), self.language)

    @property
    def others(self) -> list[tuple[str, str]]:
        """Chosen units that are on none of the lists: parts of agencies."""
        listed = {unit for _title, units in self.lists for unit, _name in units} | {group.name for group in self.groups}
        extra = [one for one in self.marked if one not in listed]
        known = chart.units(extra)
        return [(one, known[one].title(self.language) if one in known else one) for one in extra]

    @cached_property
    def numbers(self) -> list[numbering.Choice]:
        """The numbers that the letter can get: more than one where the agency added a series or holds reserved ones."""
        if self.sender is None:
            return []
        with reader(self.context) as session:
            return numbering.choices(session, self.context, self.sender, self.language)

    @property
    def number_groups(self) -> list[tuple[str, list[numbering.Choice]]]:
        """The same as the form shows them: the next number of each series, then what is reserved."""
        groups = (
            (NEXT, [one for one in self.numbers if not one.reservation]),
            (KEPT, [one for one in self.numbers if one.reservation]),
        )
        return [(title, found) for title, found in groups if found]

    @cached_property
    def number(self) -> numbering.Choice:
        """The one that is chosen. Raises ReservationSpent where it was taken meanwhile."""
        wanted = self.request.form.get(NUMBER, "")
        found = [one for one in self.numbers if one.value == wanted]
        if not found:
            raise ReservationSpent(fields={NUMBER: ReservationSpent.text})
        return found[0]

    # The confirmation

    @cached_property
    def key(self) -> str:
        """The key of this form."""
        return new_key()

    @property
    def kind_title(self) -> str:
        """The letter's kind."""
        return ALL_KINDS[self.context.kind].title

    @property
    def subject(self) -> str:
        """What the letter is about."""
        return self.context.title or self.context.to_text or ""

    # What was made

    @cached_property
    def deliveries(self) -> list[tuple[Delivery, str]]:
        """Where it went, with the receivers' names."""
        with reader(self.context) as session:
            rows = queries.deliveries_of(session, IUUID(self.context))
        known = chart.units([row.unit for row in rows])
        return [(row, known[row.unit].title(self.language) if row.unit in known else row.unit) for row in rows]
