"""The desk (โต๊ะงาน): what came, what is mine, what waits, what is late. Requirements L14, L15, L19, L30; no letter is woken."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from itertools import islice
from typing import Any, ClassVar

from Products.Five.browser.pagetemplatefile import ViewPageTemplateFile
from sqlalchemy.orm import Session

from saraban import _
from saraban.classification.clearances import levels_of
from saraban.classification.levels import NORMAL
from saraban.errors import Missing
from saraban.lazy import cached_property
from saraban.ledger.connection import reader
from saraban.letters.kinds import ALL_KINDS
from saraban.organisation.allow import VIEW, may
from saraban.organisation.functions import HEAD, agency_of
from saraban.routing import queries
from saraban.routing.browser import lists
from saraban.routing.browser.act import Button, buttons
from saraban.routing.browser.desktabs import DESK_TITLES, EMPTY, NARROWED, ONLY, PARTS, TAB_TITLES, TABS
from saraban.routing.browser.page import SECRET_DESK, Page, Window, with_query
from saraban.routing.browser.parts import Document, document_of
from saraban.routing.browser.standing import Dashboard, choices
from saraban.routing.content import DeliveryItem
from saraban.routing.desks import all_units
from saraban.routing.standing import Standing, standing
from saraban.routing.tables import Assignment, Delivery
from saraban.routing.verbs import Offered, possible


@dataclass(frozen=True)
class Tab:
    """A tab with the figure on it."""

    name: str
    title: str
    count: int
    url: str
    current: bool


@dataclass(frozen=True)
class Line:
    """A row of the desk."""

    row: Delivery
    url: str
    show_url: str
    due_date: date | None
    holders: list[str]
    instruction: str
    registrable: bool
    assignable: bool
    current: bool

    @property
    def unread(self) -> bool:
        """Nobody has looked at it yet."""
        return self.row.state == "sent"

    @property
    def since(self) -> datetime:
        """Since when it is here."""
        return self.row.sent_at


@dataclass(frozen=True)
class Section:
    """Rows below one heading: the new stand apart from the seen (L19)."""

    name: str
    title: str
    lines: list[Line]
    total: int


@dataclass(frozen=True)
class Shown:
    """The letter at the right of the list."""

    item: DeliveryItem
    document: Document | None
    verbs: list[Offered]
    url: str


class Desk(Page):
    """`/desk`."""

    index = ViewPageTemplateFile("templates/desk.pt")
    section = "desk"
    secret: ClassVar[bool] = False
    """Whether this is the desk of secret information, which shows nothing else, and which shows it alone."""
    address_name: ClassVar[str] = "desk"

    counts: Standing
    window: Window
    sections: list[Section]
    shown: Shown | None = None
    made: Delivery | None = None

    def __call__(self) -> Any:
        """Reads the lists first, then notes that the person looked at what is shown beside them.

        Who has no other desk than that of secret information gets it.
        """
        if not self.secret and not self.desks and not self.text("tab") and all_units(secret=True):
            return self.go(f"{self.site_url}/{SECRET_DESK}")
        self.read()
        return self.index()

    @property
    def heading(self) -> str:
        """Which of the two desks it is."""
        return self.words(DESK_TITLES[self.address_name])

    def read(self) -> None:
        """Everything that the page shows."""
        with reader(self.site) as session:
            self.counts = standing(session, self.units, self.person, self.post_units, self.units_as(HEAD), secret=self.secret)
            self.sections = self.in_tab(session)
            made = self._of_mine(session, self.text("made"))
            shown = self._of_mine(session, self.text("show"))
        if made is not None and made.receive_number is not None and (item := self.item_of(made)) is not None:
            self.made = item.row
        if shown is not None:
            self.shown = self._show(shown)

    # Which desk
    @cached_property
    def desks(self) -> list[str]:
        """The desks of the person."""
        return all_units(secret=self.secret)

    @property
    def desk_url(self) -> str:
        """This desk, without its query."""
        return f"{self.site_url}/{self.address_name}"

    def kinds_of_desk(self) -> list[dict[str, Any]]:
        """The ordinary desk and that of secret information, for who has the second."""
        if not levels_of(self.person):
            return []
        return [
            {"title": self.words(title), "url": f"{self.site_url}/{name}", "current": name == self.address_name}
            for name, title in DESK_TITLES.items()
        ]

    @cached_property
    def units(self) -> list[str]:
        """The desks that are looked at: one, or all."""
        asked = self.text("unit")
        return [asked] if asked in self.desks else self.desks

    @property
    def unit(self) -> str:
        """The one desk that is looked at, empty for all."""
        return self.units[0] if len(self.units) == 1 else ""

    @cached_property
    def tab(self) -> str:
        """The tab that is open; without a desk there are only tasks. Who registers nothing begins with what is registered."""
        asked = self.text("tab")
        if not self.desks:
            return "tasks"
        return asked if asked in TABS else "incoming" if self.registers else "waiting"

    @property
    def title(self) -> str:  # type: ignore[override]
        """What the browser's tab says."""
        return f"{self.words(TAB_TITLES[self.tab])} – {self.heading}"

    @property
    def registers(self) -> bool:
        """Whether the person registers for one of these desks."""
        return any(unit in self.registered_units for unit in self.units)

    @property
    def registered_units(self) -> list[str]:
        """The units for which the person registers what lies on this desk."""
        return self.desks if self.secret else self.registry_units

    @property
    def receives(self) -> bool:
        """Whether the person enters letters from outside: the central registry of an agency does."""
        return any(agency_of(unit) == unit for unit in self.registered_units)

    @property
    def incoming(self) -> int:
        """How many are not registered."""
        return self.counts.incoming

    @property
    def tells_holder(self) -> bool:
        """Whether it says anything who holds a row: what is not registered lies on the one desk that is looked at."""
        return self.tab != "incoming" or not self.unit

    @property
    def only(self) -> str:
        """What the tab is narrowed to, empty for all. The day of who gives orders begins with what waits for one."""
        asked = self.text("only")
        if not self.text("tab") and not asked and self.tab == "waiting" and not self.secret and self.units_as(HEAD):
            return "without-order"
        return asked if asked in ONLY.get(self.tab, {}) else ""

    @property
    def kind(self) -> str:
        """The one kind of letter that is shown, empty for all."""
        return self.text("kind") if self.text("kind") in ALL_KINDS and self.tab != "tasks" else ""

    def narrow(self, **changes: object) -> str:
        """This tab, narrowed otherwise."""
        at_first = {"tab": self.tab, "b_start": None, "show": None, "made": None, "done": None}
        return self.address(self.desk_url, **{**at_first, **changes})

    def only_choices(self) -> list[dict[str, Any]]:
        """What the tab can be narrowed to."""
        return choices(self, self.tab, self.only, lambda name: self.narrow(only=name))

    def dashboard(self) -> Dashboard:
        """The figures above the tabs."""
        return Dashboard(
            self,
            self.counts,
            address=self.address_name,
            unit=self.text("unit"),
            desks=bool(self.desks),
            registers=self.registers,
        )

    def tabs(self) -> list[Tab]:
        """The tabs of this person."""
        figures = {
            "incoming": self.incoming,
            "tasks": self.counts.tasks,
            "waiting": self.counts.states["registered"],
            "overdue": self.counts.overdue,
        }
        names = TABS if self.desks else ("tasks",)
        base = self.desk_url
        unit = self.text("unit")
        return [
            Tab(name, TAB_TITLES[name], figures[name], with_query(base, {"tab": name, "unit": unit}), name == self.tab)
            for name in names
        ]

    def desk_choices(self) -> list[dict[str, Any]]:
        """The desks to choose from, where there are several."""
        if len(self.desks) < 2:
            return []
        base = self.desk_url
        every = {"title": self.words(_("desk_all", default="All my desks")), "url": with_query(base, {"tab": self.tab})}
        return [
            {**every, "current": not self.unit},
            *(
                {
                    "title": self.unit_title(unit),
                    "url": with_query(base, {"tab": self.tab, "unit": unit}),
                    "current": unit == self.unit,
                }
                for unit in self.desks
            ),
        ]

    def empty(self) -> tuple[str, str]:
        """What would be here."""
        heading, text = EMPTY.get(self.only) or EMPTY[self.tab]
        return self.words(heading), self.words(text)

    # The lists
    def in_tab(self, session: Session) -> list[Section]:
        """The rows of the tab that is open, a page of them."""
        start, size = self.number("b_start"), self.window_size()
        if self.tab == "tasks":
            total, given = lists.tasks(session, self.person, self.post_units, start, size, secret=self.secret, only=self.only)
            found = [Section("tasks", "", self._lines(session, [row for row, _one in given], dict(_by_id(given))), total)]
        else:
            found = self._parts(session, start, size)
            total = sum(section.total for section in found)
        self.window = Window(total, start, size, lambda at: self.address(self.desk_url, b_start=at or None, show=None))
        return [section for section in found if section.lines]

    def _parts(self, session: Session, start: int, size: int) -> list[Section]:
        """The lists of the tab one after the other, one window over all of them."""
        units = [unit for unit in self.units if self.only != "without-order" or unit in self.units_as(HEAD)]
        more: dict[str, Any] = {**NARROWED.get(self.only, {}), "kind": self.kind}
        found: list[tuple[str, str, queries.Page]] = []
        for name, title, wanted in PARTS[self.tab]:
            if self.only in (name, "") or self.only in NARROWED:
                page = queries.desk(session, units, replace(wanted, **more), start=start, size=size, secret=self.secret)
                start, size = max(0, start - page.total), size - len(page.rows)
                found.append((name, title, page))
        lines = iter(self._lines(session, [row for _name, _title, page in found for row in page.rows]))
        return [Section(name, title, list(islice(lines, len(page.rows))), page.total) for name, title, page in found]

    def _lines(self, session: Session, rows: Sequence[Delivery], given: dict[int, Assignment] | None = None) -> list[Line]:
        holders = lists.holders(session, rows)
        shown = self.text("show")
        lines = []
        for row in rows:
            mine = (given or {}).get(row.id)
            lines.append(
                Line(
                    row=row,
                    url=self.delivery_url(row),
                    show_url=self.address(self.desk_url, show=row.key, made=None, done=None),
                    due_date=(mine.due_date if mine else None) or row.due_date,
                    holders=holders.get(row.id, []),
                    instruction=mine.instruction if mine else "",
                    registrable=row.state in queries.UNREGISTERED and row.unit in self.registered_units,
                    assignable=row.state == "registered" and row.unit in self.desks,
                    current=row.key == shown,
                )
            )
        return lines

    # Beside the list
    def _of_mine(self, session: Session, key: str) -> Delivery | None:
        row = lists.by_keys(session, [key]).get(key) if key else None
        if row is None or row.state == "recalled" or self.secret != (row.secrecy != NORMAL):
            return None
        return row

    def _show(self, row: Delivery) -> Shown | None:
        item = self.item_of(row)
        if item is None:
            return None
        self.note_look(item)
        document = None
        if item.row.state != "returned":
            letter = item.letter()
            document = document_of(letter) if may(VIEW, letter) else None
        return Shown(item, document, possible(item), self.delivery_url(row))

    def shown_buttons(self) -> list[Button]:
        """What can be done with the letter at the right."""
        return buttons(self.shown.item, self.request, self.shown.verbs) if self.shown is not None else []

    def made_url(self) -> str:
        """Where what was just registered opens; empty where the person may not see it, or nothing was."""
        return self.delivery_url(self.made) if self.made is not None else ""


def _by_id(given: Iterable[tuple[Delivery, Assignment]]) -> Iterable[tuple[int, Assignment]]:
    return ((row.id, one) for row, one in given)


class SecretDesk(Desk):
    """`/secret-desk`: what came above normal, apart from all else; for who is cleared."""

    secret = True
    address_name = SECRET_DESK

    def __call__(self) -> Any:
        """For the cleared; nobody else learns what would stand here."""
        if not levels_of(self.person):
            raise Missing()
        return super().__call__()
