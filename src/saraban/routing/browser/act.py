"""`@@do?verb=…`: the one form view of all verbs on deliveries and letters, and the buttons that lead to it."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import date
from typing import Any

from plone.uuid.interfaces import IUUID
from Products.Five.browser.pagetemplatefile import ViewPageTemplateFile
from zExceptions import NotFound
from zope.component import queryMultiAdapter
from zope.i18nmessageid import Message

from saraban import _
from saraban.classification.levels import NORMAL
from saraban.errors import REQUIRED, Invalid
from saraban.lazy import cached_property
from saraban.ledger import clock
from saraban.ledger.connection import reader
from saraban.letters import fields
from saraban.letters.browser.typed import TypedError, iso_day, whole_number
from saraban.letters.kinds import CIRCULAR
from saraban.organisation import chart
from saraban.organisation.acting import person_names
from saraban.organisation.allow import VIEW, may
from saraban.routing import phrases, queries
from saraban.routing.browser import lists
from saraban.routing.browser.lists import UNREGISTERED
from saraban.routing.browser.page import DESKS, Page
from saraban.routing.browser.parts import Document, document_of
from saraban.routing.browser.verbforms import CHOICE, DATE, DAYS, DELIVERY_FORMS, LETTER_FORMS, MEMO, Field, Form
from saraban.routing.content import DeliveryItem
from saraban.routing.sender import Recalled
from saraban.routing.tables import GONE, Delivery
from saraban.routing.verbs import DELIVERY_VERBS, LETTER_VERBS, Offered

NAMED = 5
"""As many units are named; more are counted."""


@dataclass(frozen=True)
class Button:
    """A verb as a button; `direct` ones act at once, the others lead to their form."""

    name: str
    title: str
    primary: bool
    direct: bool
    danger: bool
    url: str


def forms_of(context: Any) -> dict[str, Form]:
    """The forms for a delivery, or for a letter."""
    return DELIVERY_FORMS if isinstance(context, DeliveryItem) else LETTER_FORMS


def buttons(context: Any, request: Any, offered: Iterable[Offered]) -> list[Button]:
    """The buttons of what is possible now. A verb without a form here has a page of its own, if there is one."""
    forms, address, found = forms_of(context), context.absolute_url(), []
    for one in offered:
        form, title = forms.get(one.name), one.title
        if form is None:
            if queryMultiAdapter((context, request), name=one.name) is not None:
                found.append(Button(one.name, title, one.primary, False, False, f"{address}/@@{one.name}"))
            continue
        if one.name == "follow-up" and context.row.follow_up:
            title = _("verb_unfollow", default="Take the follow-up mark away")
        direct = not form.fields and not form.about
        url = f"{address}/@@do" if direct else f"{address}/@@do?verb={one.name}"
        found.append(Button(one.name, title, one.primary, direct, form.danger, url))
    return found


class Do(Page):
    """The form of a verb; a POST carries it out."""

    index = ViewPageTemplateFile("templates/do.pt")
    several = ("users", "units", "recipients", "keys")

    def __call__(self) -> Any:
        """Shows the form, or acts."""
        if self.verb not in self.forms:
            raise NotFound(self.verb)
        if self.document is not None and self.request.method == "GET":
            self.note_look(self.context)  # the letter stands beside the form
        return super().__call__()

    def handle(self) -> Any:
        """Carries the verb out."""
        return self._after(self.spec.run(self.context, self._values()))

    def _said(self, done: Any) -> str:
        """What was done, with its number or how many it took."""
        mapping = {"number": self.context.number} if self.verb == "cancel" else {}
        if isinstance(done, Recalled):
            mapping["units"] = ", ".join(map(self.unit_title, done.recalled[:NAMED]))
            if len(done.recalled) > NAMED:
                mapping["units"] = self.words(
                    _("many_units", default="${count} units", mapping={"count": str(len(done.recalled))})
                )
        return self.words(Message(self.spec.said, mapping=mapping))

    def _after(self, done: Any = None) -> str:
        """Where the person was, with what was made."""
        here, key = self.context.absolute_url(), self.context.getId()
        registered = self.verb in ("register", "register-note")
        if not registered:
            self.say(self._said(done))
        if isinstance(done, Recalled) and done.refused:  # registered meanwhile (E06)
            units = ", ".join(self.unit_title(unit) for unit, _code in done.refused)
            self.say(
                self.words(_("said_recall_kept", default="Kept by who has registered it: ${units}.", mapping={"units": units})),
                "warning",
            )
        if self.text("back") in DESKS:
            made = {"made": key} if registered else {"show": key}
            return self.go(self.address(f"{self.site_url}/{self.text('back')}", verb=None, back=None, **made))
        if self.on_delivery:
            return self.go(f"{here}?done={'register' if registered else self.verb}")
        return self.go(f"{self.site_url}/letters" if self.verb == "delete" else here)

    @cached_property
    def forms(self) -> dict[str, Form]:
        """The forms that there are here."""
        return forms_of(self.context)

    @cached_property
    def verb(self) -> str:
        """The verb that is meant."""
        return self.text("verb")

    @property
    def spec(self) -> Form:
        """Its form."""
        form = self.forms[self.verb]
        if self.on_delivery and self.place.secrecy != NORMAL:
            return replace(form, fields=tuple(one for one in form.fields if not one.open_only))
        return form

    @property
    def section(self) -> str:  # type: ignore[override]
        """The entry of the rail that is lit."""
        if self.on_delivery:
            return "desk"
        return "circulars" if self.context.kind == CIRCULAR.name else "letters"

    @cached_property
    def on_delivery(self) -> bool:
        """Whether it is about a delivery."""
        return isinstance(self.context, DeliveryItem)

    @property
    def heading(self) -> str:
        """The verb's word."""
        verbs = DELIVERY_VERBS if self.on_delivery else LETTER_VERBS
        return self.words(next((one.title for one in verbs if one.name == self.verb), self.verb))

    @property
    def title(self) -> str:  # type: ignore[override]
        """What the browser's tab says."""
        return f"{self.heading}: {self.subject}"

    @property
    def labels(self) -> dict[str, str]:
        """The fields by name, for what is said at the top of a refused form."""
        return {field.name: field.title for field in self.spec.fields}

    @property
    def due_now(self) -> date | None:
        """Before a postponement: the date that is postponed."""
        return self.place.due_date if self.verb == "postpone" else None

    @property
    def back_url(self) -> str:
        """Where the person came from."""
        return str(self.context.absolute_url())

    @property
    def action(self) -> str:
        """Where the form is sent."""
        return f"{self.back_url}/@@do"

    def kept(self) -> list[tuple[str, str]]:
        """What the form carries on, unseen."""
        return [("verb", self.verb)]

    @property
    def place(self) -> Delivery:
        """The delivery to whose agency and unit the choices belong."""
        found: Delivery = self.context.row
        return found

    @cached_property
    def document(self) -> Document | None:
        """What is acted on, to be read beside the form."""
        if not self.on_delivery or self.context.row.state == "returned":
            return None
        letter = self.context.letter()
        return document_of(letter) if may(VIEW, letter) else None

    @property
    def subject(self) -> str:
        """The letter that it is about."""
        return str(self.context.title or getattr(self.context, "to_text", ""))

    def phrases(self, field: Field) -> list[str]:
        """What can be written by a tap: of an order the executive's own phrases first."""
        mine = phrases.mine() if self.verb == "order" and field.phrases else []
        return list(dict.fromkeys((*mine, *field.phrases)))

    @property
    def phrases_url(self) -> str:
        """Where the executive keeps phrases, from the form of an order."""
        mine = self.verb == "order" and phrases.is_executive(self.person)
        return f"{self.site_url}/phrases" if mine else ""

    # What was typed
    def _values(self) -> dict[str, Any]:
        """The data for the operation. Raises Invalid with a sentence for each field that is wrong."""
        found: dict[str, Any] = {}
        wrong: dict[str, str] = {}
        for field in self.spec.fields:
            try:
                found[field.name] = self._value(field)
            except TypedError as refusal:
                wrong[field.name] = refusal.message
        if found.get("due_date") and found.get("due_days") is not None:
            wrong["due_days"] = fields.BOTH_TERMS
        if wrong:
            raise Invalid(fields=wrong)
        return {name: value for name, value in found.items() if value is not None}

    def _value(self, field: Field) -> Any:
        """Raises TypedError with the sentence where the field is wrong."""
        if field.kind == DATE:
            return iso_day(self.text(field.name))
        if field.kind == DAYS:
            return whole_number(self.text(field.name))
        value: Any = self.text(field.name).replace("\r\n", "\n") if field.kind in (MEMO, CHOICE) else self.texts(field.name)
        if field.required and not value:
            raise TypedError(REQUIRED)
        return value

    # What can be chosen
    def persons(self) -> list[dict[str, Any]]:
        """The agency's people by unit, those of the receiving unit first."""
        here = self.place
        with reader(self.site) as session:
            found = lists.colleagues(session, here.agency, clock.today(), self.language)
        names = person_names(one.person for one in found)
        chart.units(one.unit for one in found)  # all names in one question
        groups: dict[str, list[dict[str, str]]] = {here.unit: []}
        for one in found:
            groups.setdefault(one.unit, []).append({"id": one.person, "name": names[one.person], "post": one.post})
        return [{"title": self.unit_title(unit), "persons": people} for unit, people in groups.items() if people]

    def unit_groups(self) -> list[dict[str, Any]]:
        """The units that it can go to: those of the own agency first, then the other agencies."""
        agency = self.place.agency if self.on_delivery else self.context.agency
        own = self.place.unit if self.on_delivery else ""
        with reader(self.site) as session:
            below = chart.descendants(session, agency)
        inside = [info for info in below if info.active and info.unit != own]
        if own and own != agency and (head := chart.unit(agency)) is not None:
            inside.insert(0, head)
        others = [info for info in chart.agencies() if info.unit != agency]
        return [
            {"title": _("units_own", default="In our agency"), "units": inside, "open": True},
            {"title": _("units_others", default="Other agencies"), "units": others, "open": not inside},
        ]

    @cached_property
    def deliveries(self) -> list[Delivery]:
        """Where the letter went."""
        letter = self.place.letter_uid if self.on_delivery else IUUID(self.context)
        with reader(self.site) as session:
            return list(queries.deliveries_of(session, letter))

    @cached_property
    def holders(self) -> frozenset[str]:
        """The units that have the letter already: for its sender all of them, for a receiver those of the own agency."""
        agency = self.place.agency if self.on_delivery else None
        return frozenset(row.unit for row in self.deliveries if row.state not in GONE and agency in (None, row.agency))

    def receivers(self) -> list[Delivery]:
        """Of a letter: the deliveries that can still be recalled."""
        return [row for row in self.deliveries if row.state in UNREGISTERED and row.parent_id is None]

    def consequences(self) -> str:
        """Before what cannot be taken back: on what it falls, in numbers."""
        if not self.spec.danger:
            return ""
        if self.on_delivery:
            return self.words(_("falls_on_sender", default="Goes back to: ${sender}", mapping={"sender": self.place.sender}))
        if not self.context.number:
            return ""
        counts = {
            "number": self.context.number,
            "open": str(len(self.receivers())),
            "kept": str(sum(1 for row in self.deliveries if row.state in ("registered", "closed"))),
        }
        message = _(
            "falls_on_receivers",
            default="No. ${number}: not registered by ${open} units, registered by ${kept}",
            mapping=counts,
        )
        return self.words(message)
