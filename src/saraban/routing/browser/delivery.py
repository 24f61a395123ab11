"""The page of a delivery: what the receiver sees and does (L14, L15, L20, L28, L29)."""

from __future__ import annotations

from typing import Any

from Products.Five.browser.pagetemplatefile import ViewPageTemplateFile
from sqlalchemy.orm import Session

from saraban.classification.levels import NORMAL
from saraban.lazy import cached_property
from saraban.ledger.connection import reader
from saraban.letters.kinds import CIRCULAR
from saraban.organisation import chart
from saraban.organisation.allow import VIEW, may
from saraban.organisation.functions import HEAD, REGISTRAR, agency_of
from saraban.routing import control, phrases, queries
from saraban.routing.browser import lists
from saraban.routing.browser.act import Button, buttons
from saraban.routing.browser.page import SECRET_DESK, Page, with_query
from saraban.routing.browser.parts import Document, Event, Holder, assignments_shown, document_of, events_of, holders_now
from saraban.routing.browser.verbforms import DELIVERY_FORMS
from saraban.routing.desks import Place, places
from saraban.routing.tables import Assignment, Delivery
from saraban.routing.verbs import possible
from saraban.routing.way import route_of, steps_for


class DeliveryPage(Page):
    """`<delivery>`. The first look of somebody who receives it is noted in the ledger; nothing else is written."""

    index = ViewPageTemplateFile("templates/delivery.pt")
    section = "desk"
    document: Document | None = None
    next: Delivery | None = None
    copy = ""
    """Of a secret letter: which copy it is, as marked on the paper."""
    events: list[Event]
    holders: list[Holder]
    given: list[Assignment]

    def __call__(self) -> Any:
        """Opens it, and shows it."""
        self.note_look(self.context)
        if self.row.state != "returned":
            letter = self.context.letter()
            self.document = document_of(letter) if may(VIEW, letter) else None
        with reader(self.site) as session:
            self._read(session)
        return self.index()

    def _read(self, session: Session) -> None:
        row = self.row
        if self.secret and row.from_unit:
            self.copy = control.copies(session, row.letter_uid)[row.id].words()
        way = route_of(session, row)
        near = [one for one in queries.deliveries_of(session, row.letter_uid) if one.id in way]
        self.near = {one.id: one for one in near}
        steps = steps_for(session, row.letter_uid, way)
        chart.units({*(one.unit for one in near), *(step.unit for step in steps)})  # all names in one question
        self.events = events_of(steps)
        self.holders = holders_now(near, lists.holders(session, near))
        self.given = assignments_shown(queries.assignments_of(session, row.id))
        self.next = self._next(session)

    def _next(self, session: Session) -> Delivery | None:
        """After an act: what waits for the same act; after a close, the person's own next work."""
        if self.done in ("register", "return"):
            ordinary = [Place(unit, NORMAL) for unit in self.registry_units]
            return lists.next_unregistered(session, places(secret=True) if self.secret else ordinary)
        if self.secret:
            return None
        if self.done in ("order", "assign", "forward"):
            return lists.next_without_order(session, self.units_as(HEAD if self.done == "order" else REGISTRAR, HEAD))
        if self.done == "close":
            _total, given = lists.tasks(session, self.person, self.post_units, 0, 1, secret=False)
            return given[0][0] if given else None
        return None

    def quick_orders(self) -> list[tuple[str, str]]:
        """Phrases that open the form of an order with themselves in it, where an order is what the person comes for."""
        order = next((one for one in self.buttons if one.name == "order" and one.primary), None)
        if order is None:
            return []
        general = next(field.phrases for field in DELIVERY_FORMS["order"].fields if field.phrases)
        form = f"{self.context.absolute_url()}/@@do"
        offered = dict.fromkeys((*phrases.mine(), *general))
        return [(phrase, with_query(form, {"verb": "order", "text": phrase})) for phrase in offered]

    @property
    def row(self) -> Delivery:
        """The delivery's row."""
        found: Delivery = self.context.row
        return found

    @property
    def title(self) -> str:  # type: ignore[override]
        """What the browser's tab says."""
        return self.row.title

    @property
    def done(self) -> str:
        """The verb that was just carried out."""
        return self.text("done")

    @cached_property
    def buttons(self) -> list[Button]:
        """What the person may do now."""
        return buttons(self.context, self.request, possible(self.context))

    @property
    def secret(self) -> bool:
        """Whether it lies on the desk of secret information."""
        return self.row.secrecy != NORMAL

    @property
    def desk_url(self) -> str:
        """Back to the list."""
        return f"{self.site_url}/{SECRET_DESK if self.secret else 'desk'}"

    def next_url(self) -> str:
        """The next that is not registered."""
        return self.delivery_url(self.next) if self.next is not None else ""

    def letter_url(self) -> str:
        """The letter itself, where the person's own unit sent it; the receiver reads it here."""
        if self.document is None or not self.row.from_unit:
            return ""
        sender = agency_of(self.row.from_unit)
        mine = {agency_of(unit) for unit in self.post_units}
        return self.url_of(self.row.letter_path) if sender in mine else ""

    def circular_url(self) -> str:
        """The page of a circular, where its readers say that they know it; the link above leads its sender there."""
        read = self.row.kind == CIRCULAR.name and self.document is not None
        return self.url_of(self.row.letter_path) if read and not self.letter_url() else ""

    def forwarded_from(self) -> Delivery | None:
        """The delivery that this one was forwarded from."""
        return self.near.get(self.row.parent_id or 0)
