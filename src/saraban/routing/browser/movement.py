"""The movement of one letter on a page of its own (L28, L29): who had it when, how long each step took, its way drawn."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from Products.Five.browser.pagetemplatefile import ViewPageTemplateFile

from saraban import _
from saraban.ledger.connection import reader
from saraban.routing import durations, keepers
from saraban.routing.browser import route
from saraban.routing.browser.delivery import DeliveryPage
from saraban.routing.browser.letter import LetterPage
from saraban.routing.browser.page import Page
from saraban.routing.browser.parts import Event
from saraban.routing.tables import Delivery

TITLE = _("movement_title", default="Movement of the letter")


@dataclass(frozen=True)
class Moment:
    """A line of the timeline, and how long it had been since the one before; None for the first."""

    event: Event
    waited: int | None


def moments(events: Sequence[Event]) -> list[Moment]:
    """The timeline, oldest first."""
    found: list[Moment] = []
    before: datetime | None = None
    for event in reversed(events):
        found.append(Moment(event, None if before is None else int((event.at - before).total_seconds())))
        before = event.at
    return found


class Movement(Page, ABC):
    """What both pages share."""

    index = ViewPageTemplateFile("templates/movement.pt")
    TITLE = TITLE
    events: list[Event]

    def __call__(self) -> Any:
        """Reads and shows; nobody opens a letter by looking at its way."""
        with reader(self.site) as session:
            self._read(session)
        return self.index()

    @abstractmethod
    def _read(self, session: Any) -> None:
        """Reads the deliveries and events that the page shows."""

    @property
    @abstractmethod
    def rows(self) -> Sequence[Delivery]:
        """The deliveries that the person may know of."""

    @property
    @abstractmethod
    def subject(self) -> str:
        """What the letter is about."""

    @property
    def title(self) -> str:  # type: ignore[override]
        """What the browser's tab says."""
        return f"{self.words(TITLE)} – {self.subject}"

    def moments(self) -> list[Moment]:
        """The timeline with its waits."""
        return moments(self.events)

    def duration(self, seconds: int) -> str:
        """How long, in words."""
        return self.words(durations.words(seconds))

    @property
    def unkept(self) -> list[str]:
        """Who holds a secret letter and has nobody to keep it: for its sender."""
        return []

    @property
    def whole(self) -> bool:
        """Whether every unit is drawn."""
        return bool(self.text("all"))

    @property
    def folds(self) -> bool:
        """Whether units are folded together."""
        return not self.whole and route.is_folded(self.rows)

    def drawing(self, sb: Any) -> str:
        """Markup: the way; `sb` is the theme's format helper."""
        return route.svg(route.tree(self.rows, sb, whole=self.whole), self.words(route.TITLE)) if self.rows else ""


class LetterMovement(Movement, LetterPage):
    """`<letter>/@@movement`: for its sender all of it, for a receiver the way to them."""

    def _read(self, session: Any) -> None:
        LetterPage._read(self, session)

    @property
    def rows(self) -> Sequence[Delivery]:
        """Where it went."""
        return self.deliveries

    @property
    def unkept(self) -> list[str]:
        """The agencies by name."""
        letter = self.context
        rows = keepers.unkept(self.deliveries, letter.secrecy, letter.agency) if self.ours else []
        return [self.unit_title(row.agency) for row in rows]

    @property
    def subject(self) -> str:
        """Its heading."""
        return self.heading


class DeliveryMovement(Movement, DeliveryPage):
    """`<delivery>/@@movement`: its own way, from whom and to whom."""

    def _read(self, session: Any) -> None:
        DeliveryPage._read(self, session)

    @property
    def rows(self) -> Sequence[Delivery]:
        """What it was forwarded from, itself, and what it was forwarded to."""
        return list(self.near.values())

    @property
    def subject(self) -> str:
        """The letter's title, as its row says it."""
        return self.row.title
