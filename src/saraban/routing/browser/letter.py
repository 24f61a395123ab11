"""The page of a letter: the document, where it stands, and what its sender may do (L7, L18, L28, L29)."""

from __future__ import annotations

from typing import Any

from plone.uuid.interfaces import IUUID
from Products.Five.browser.pagetemplatefile import ViewPageTemplateFile
from sqlalchemy.orm import Session
from zope.component import getAdapters
from zope.interface import Interface

from saraban import _
from saraban.lazy import cached_property
from saraban.ledger.connection import reader
from saraban.letters.operations import state_of
from saraban.organisation import chart
from saraban.routing import control, queries
from saraban.routing.browser import lists
from saraban.routing.browser.act import Button, buttons
from saraban.routing.browser.page import Page
from saraban.routing.browser.parts import Document, Event, Holder, document_of, events_of, holders_now
from saraban.routing.control import Copy
from saraban.routing.tables import Delivery
from saraban.routing.verbs import possible
from saraban.routing.way import is_sender, way_of

FIRST = 100
"""So many receivers stand on the page at once."""


class ILetterPanel(Interface):
    """Of a room above: a part of a letter's page, a named adapter of the letter, the request and the page."""

    def render() -> str:  # type: ignore[empty-body,misc]
        """Its HTML; empty for nothing."""


class LetterPage(Page):
    """`<letter>`."""

    index = ViewPageTemplateFile("templates/letter.pt")
    section = "letters"
    BACK = _("letters_title", default="Letters")
    """The list that the page leads back to: the page of the section."""
    more = ""
    """What a type of letter shows above the document, as HTML."""
    document: Document
    events: list[Event]
    holders: list[Holder]
    deliveries: list[Delivery]
    received_here: list[Delivery]
    copies: dict[int, Copy]
    """Of a secret letter: which copy each delivery is."""

    def __call__(self) -> Any:
        """Shows it."""
        self.document = document_of(self.context)
        with reader(self.site) as session:
            self._read(session)
        return self.index()

    def _read(self, session: Session) -> None:
        way = way_of(session, self.context)
        rows, steps = way.deliveries, way.steps
        self.copies = control.copies(session, IUUID(self.context)) if self.context.is_secret else {}
        self.deliveries, self.received_here = rows, way.received
        chart.units({*(row.unit for row in rows), *(step.unit for step in steps)})  # all names in one question
        self.holders = holders_now(rows, lists.holders(session, rows))
        self.events = events_of(steps)

    @cached_property
    def ours(self) -> bool:
        """Whether the person works in the agency that the letter is from."""
        return is_sender(self.context)

    @property
    def title(self) -> str:  # type: ignore[override]
        """What the browser's tab says."""
        return self.heading

    @property
    def heading(self) -> str:
        """The subject; a stamped letter has none and goes by its addressee."""
        return str(self.context.title or self.context.to_text or self.context.number)

    @cached_property
    def state(self) -> str:
        """Where the letter stands."""
        return state_of(self.context)

    @cached_property
    def buttons(self) -> list[Button]:
        """What the person may do now."""
        return buttons(self.context, self.request, possible(self.context))

    def panels(self) -> list[str]:
        """What rooms above show beside the letter."""
        found = sorted(getAdapters((self.context, self.request, self), ILetterPanel))
        return [html for _name, panel in found if (html := panel.render())]

    @property
    def done(self) -> str:
        """The verb that was just carried out."""
        return self.text("done")

    @property
    def is_sent(self) -> bool:
        """Whether it went to units of the system."""
        return bool(self.deliveries) and not self.context.received

    def own_copy(self) -> str:
        """Of a secret letter: the copy that the person's unit holds, as marked on the paper; empty for its sender."""
        held = [self.copies[row.id] for row in self.received_here if row.id in self.copies]
        return held[-1].words() if held and not self.context.received else ""

    def sent_to(self) -> list[Delivery]:
        """The receivers that are shown: all, or the first hundred."""
        return self.deliveries if self.text("all") else self.deliveries[:FIRST]

    def figures(self) -> list[tuple[str, int]]:
        """How many receivers are in each state, in the order of the way."""
        counted = dict.fromkeys(queries.STATES, 0)
        for row in self.deliveries:
            counted[row.state] += 1
        return [(state, count) for state, count in counted.items() if count]

    def related(self) -> list[dict[str, Any]]:
        """The letters that this one refers to, with an address where the system has them."""
        found = []
        for row in self.context.references:
            uid = row.get("uid") or ""
            found.append({**row, "url": f"{self.site_url}/resolveuid/{uid}" if uid else ""})
        return found
