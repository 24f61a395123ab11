"""`/letters`: the letters of the person's own units. Drafts from the catalog, brains only; what was sent from the register."""

from __future__ import annotations

from itertools import groupby
from typing import Any

from Products.Five.browser.pagetemplatefile import ViewPageTemplateFile
from sqlalchemy.orm import Session

from saraban import _
from saraban.lazy import cached_property
from saraban.ledger import clock
from saraban.ledger.connection import reader
from saraban.ledger.tables import RegisterEntry
from saraban.letters.browser.choices import own_units
from saraban.organisation import chart
from saraban.organisation.functions import HEAD, REGISTRAR, agency_of
from saraban.routing import books, queries
from saraban.routing.browser import lists
from saraban.routing.browser.page import Page, Window, with_query
from saraban.routing.desks import all_units
from saraban.routing.tables import Delivery

DRAFTS, SENT, AWAY = "drafts", "sent", "away"
UNSENT = ("draft", "pending", "signed")
AWAY_SHOWN = 200
"""Deliveries on a page: a letter to all units stands in one line, and on one page where it can."""
TITLES = {
    DRAFTS: _("letters_drafts", default="Drafts"),
    SENT: _("letters_sent", default="Sent"),
    AWAY: _("letters_away", default="Sent, not registered"),
}
EMPTY = {
    DRAFTS: (
        _("empty_drafts", default="No drafts"),
        _("empty_drafts_text", default="Letters that you or your unit are writing appear here until they are dispatched."),
    ),
    SENT: (
        _("empty_sent", default="Nothing was sent in this year"),
        _("empty_sent_text", default="Dispatched letters appear here with how many receivers have registered them."),
    ),
    AWAY: (
        _("empty_away", default="Everything has been registered"),
        _(
            "empty_away_text",
            default="What your desk sent appears here until its receiver registers it, the longest under way first.",
        ),
    ),
}


class OwnLetters(Page):
    """Drafts, sent letters, and for who has a desk what it sent that is not registered yet."""

    index = ViewPageTemplateFile("templates/letters.pt")
    section = "letters"
    EMPTY = EMPTY
    UNTITLED = _("letter_untitled", default="(no subject)")
    window: Window
    drafts: Any = ()
    years: list[int] = []
    entries: list[RegisterEntry] = []
    deliveries: dict[str, list[Delivery]] = {}
    away: list[Delivery] = []

    def __call__(self) -> Any:
        """One of the lists."""
        if not self.agencies:
            self.window = Window(0, 0, 1, lambda at: "")
        elif self.tab == DRAFTS:
            self._read_drafts()
        elif self.tab == AWAY:
            with reader(self.site) as session:
                self._read_away(session)
        else:
            with reader(self.site) as session:
                self._read_sent(session)
        return self.index()

    @cached_property
    def agencies(self) -> list[str]:
        """The agencies in which the person works."""
        return list(dict.fromkeys(agency_of(unit) for unit in self.post_units))

    @cached_property
    def writes(self) -> bool:
        """Whether the person writes letters for a unit."""
        return bool(own_units(self.request, self.language))

    @property
    def tab(self) -> str:
        """Which list."""
        asked = self.text("tab")
        return asked if asked == SENT or (asked == AWAY and self.desks) else DRAFTS

    @property
    def secret(self) -> bool:
        """Whether what the desk of secret information sent is asked for, which stands apart from all else."""
        return bool(self.text("secret"))

    @cached_property
    def desks(self) -> list[str]:
        """The desks of the person."""
        return all_units(secret=self.secret)

    @property
    def title(self) -> str:  # type: ignore[override]
        """What the browser's tab says."""
        return f"{self.words(TITLES[self.tab])} – {self.words(_('letters_title', default='Letters'))}"

    @property
    def url(self) -> str:
        """This page, without its query."""
        return f"{self.site_url}/letters"

    def tabs(self) -> list[dict[str, Any]]:
        """The lists of this person, with how much is in them; what was sent is counted only where it is read."""
        counts = {self.tab: self.window.total}
        if self.agencies and self.tab != DRAFTS:
            counts[DRAFTS] = len(self._drafts())
        if self.desks and self.tab != AWAY:
            with reader(self.site) as session:
                counts[AWAY] = queries.sent(session, queries.UNREGISTERED, start=0, size=0, secret=self.secret).total
        return [
            {"title": title, "url": with_query(self.url, {"tab": name}), "current": name == self.tab, "count": counts.get(name)}
            for name, title in TITLES.items()
            if name != AWAY or self.desks
        ]

    def _window(self, total: int, start: int, size: int) -> Window:
        return Window(total, start, size, lambda at: self.address(self.url, b_start=at or None))

    def _drafts(self, **order: Any) -> Any:
        """The catalog knows who may see which draft; to be counted, none need stand in order."""
        site = "/".join(self.site.getPhysicalPath())
        return self.site.portal_catalog(
            portal_type="Letter",
            review_state=list(UNSENT),
            path=[f"{site}/agencies/{agency}/letters" for agency in self.agencies],
            **order,
        )

    def _read_drafts(self) -> None:
        start, size = self.number("b_start"), self.window_size()
        found = self._drafts(sort_on="modified", sort_order="descending", sort_limit=start + size)
        self.window = self._window(found.actual_result_count, start, size)
        self.drafts = found[start : start + size]

    def _read_away(self, session: Session) -> None:
        start, size, unit = self.number("b_start"), AWAY_SHOWN, self.text("unit")
        units = [unit] if unit else None
        page = queries.sent(session, queries.UNREGISTERED, start=start, size=size, units=units, secret=self.secret)
        self.window, self.away = self._window(page.total, start, size), page.rows
        chart.units([row.unit for row in page.rows])  # all names in one question

    def away_letters(self) -> list[list[Delivery]]:
        """What is under way, by letter: one line for a letter to fifty units."""
        return [list(rows) for _uid, rows in groupby(self.away, key=lambda row: (row.letter_uid, row.from_unit))]

    # What was sent
    @cached_property
    def year(self) -> int:
        """The year of the register."""
        year = self.number("year", clock.buddhist_year())
        return year if 2400 <= year <= 2700 else clock.buddhist_year()

    def _read_sent(self, session: Session) -> None:
        """All that an agency sent for its central registry and its head; for the others what began in their own units."""
        start, size = self.number("b_start"), self.window_size()
        self.years = sorted({year for agency in self.agencies for year in books.years(session, agency, "send")}, reverse=True)
        central = [unit for unit in self.units_as(REGISTRAR, HEAD) if unit in self.agencies]
        total, self.entries = lists.sent_letters(session, central, self.post_units, self.year, start, size)
        self.window = self._window(total, start, size)
        uids = [entry.document_uid for entry in self.entries if entry.document_uid]
        self.deliveries = lists.deliveries_by_letter(session, uids)

    def url_of_entry(self, entry: RegisterEntry) -> str:
        """Where the letter opens."""
        rows = self.deliveries.get(entry.document_uid or "")
        return self.url_of(rows[0].letter_path) if rows else ""

    def progress(self, entry: RegisterEntry) -> dict[str, Any]:
        """How far its receivers are."""
        rows = self.deliveries.get(entry.document_uid or "", [])
        registered = sum(1 for row in rows if row.state in ("registered", "closed"))
        returned = sum(1 for row in rows if row.state == "returned")
        return {"all": len(rows), "registered": registered, "returned": returned, "done": registered == len(rows)}
