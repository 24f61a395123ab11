"""The dashboard on the desk (L7, B8): its figures above the tabs, and the lists that each of them counts."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from saraban import _
from saraban.letters.kinds import ALL_KINDS
from saraban.organisation.functions import HEAD
from saraban.routing.browser.desktabs import ONLY
from saraban.routing.browser.page import SECRET_DESK, Page, with_query
from saraban.routing.queries import UNREGISTERED
from saraban.routing.standing import Figure, Standing, figures

ALL = _("filter_all", default="All")


@dataclass(frozen=True)
class Shown:
    """A figure, and where its list opens."""

    title: str
    count: int
    url: str
    pressing: bool


@dataclass(frozen=True)
class Kind:
    """What is open of a kind of letter: deliveries, and own letters that wait for a signature or are signed."""

    name: str
    incoming: int
    incoming_url: str
    waiting: int
    waiting_url: str
    pending: int
    pending_url: str
    signed: int
    signed_url: str


class Dashboard:
    """The figures of a person on one of the two desks."""

    def __init__(self, page: Page, found: Standing, *, address: str, unit: str, desks: bool, registers: bool) -> None:
        self.page = page
        self.found = found
        self.address = address
        self.unit = unit
        self.secret = address == SECRET_DESK
        heads = bool(page.units_as(HEAD)) and not self.secret
        self.figures = figures(found, desks=desks, registers=registers, heads=heads)

    def shown(self) -> list[Shown]:
        """All figures with their addresses."""
        return [Shown(one.title, one.count, self._url(one), "overdue" in one.name and one.count > 0) for one in self.figures]

    def kinds(self) -> list[Kind]:
        """By kind of letter, in the order of the regulation."""
        return [
            Kind(
                name,
                sum(self.found.kinds[name][state] for state in UNREGISTERED),
                self._desk(tab="incoming", kind=name),
                self.found.kinds[name]["registered"],
                self._desk(tab="waiting", kind=name),
                self.found.kinds[name]["pending"],
                self._signing("pending", kind=name),
                self.found.kinds[name]["signed"],
                self._signing("signed", kind=name),
            )
            for name in ALL_KINDS
            if name in self.found.kinds
        ]

    def _url(self, figure: Figure) -> str:
        if figure.tab == "away":
            query = {"tab": "away", "unit": self.unit, "secret": "1" if self.secret else ""}
            return with_query(f"{self.page.site_url}/letters", query)
        if figure.tab == "signing":
            return self._signing(figure.only)
        return self._desk(tab=figure.tab, only=figure.only)

    def _signing(self, tab: str, **query: str) -> str:
        where = {"tab": tab, "unit": self.unit, "secret": "1" if self.secret else "", **query}
        return with_query(f"{self.page.site_url}/signing", where)

    def _desk(self, **query: str) -> str:
        return with_query(f"{self.page.site_url}/{self.address}", {**query, "unit": self.unit})


def choices(page: Page, tab: str, chosen: str, address: Callable[[str | None], str]) -> list[dict[str, Any]]:
    """What the tab that is open can be narrowed to; an order is waited for where the person gives orders."""
    known = {name: title for name, title in ONLY.get(tab, {}).items() if name != "without-order" or page.units_as(HEAD)}
    if not known:
        return []
    first = {"title": page.words(ALL), "url": address(None), "current": chosen not in known}
    return [
        first,
        *({"title": page.words(title), "url": address(name), "current": name == chosen} for name, title in known.items()),
    ]
