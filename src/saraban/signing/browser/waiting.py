"""`/signing`: what waits for the person's signature, what of their desks waits for others, what is signed (รอลงนาม; L7)."""

from __future__ import annotations

from typing import Any

from Products.Five.browser.pagetemplatefile import ViewPageTemplateFile

from saraban import _
from saraban.classification.clearances import levels_of
from saraban.lazy import cached_property
from saraban.ledger.connection import reader
from saraban.letters.kinds import ALL_KINDS
from saraban.organisation import chart
from saraban.organisation.acting import person_names
from saraban.routing.browser.page import Page, Window, with_query
from saraban.routing.desks import all_units
from saraban.signing import lists
from saraban.signing.lists import MINE, PENDING, SIGNED
from saraban.signing.queries import Line

ORDINARY = _("signing_ordinary", default="Ordinary letters")
SECRET = _("signing_secret", default="Secret letters")
TITLES = {
    MINE: _("signing_mine", default="Waiting for me"),
    PENDING: _("signing_pending", default="Waiting for others"),
    SIGNED: _("signing_signed", default="Signed, to be dispatched"),
}
EMPTY = {
    MINE: (
        _("empty_signing_mine", default="Nothing waits for your signature"),
        _("empty_signing_mine_text", default="Letters appear here when it is your turn to approve or to sign them."),
    ),
    PENDING: (
        _("empty_signing_pending", default="No letter of your desk waits for a signature"),
        _("empty_signing_pending_text", default="Drafts that were submitted appear here until all have signed."),
    ),
    SIGNED: (
        _("empty_signing_signed", default="No letter waits to be dispatched"),
        _("empty_signing_signed_text", default="Letters that all have signed appear here until they are dispatched."),
    ),
}


class Waiting(Page):
    """One of the lists."""

    index = ViewPageTemplateFile("templates/signing.pt")
    section = "desk"
    EMPTY = EMPTY
    UNTITLED = _("letter_untitled", default="(no subject)")
    lines: list[Line]
    window: Window
    totals: dict[str, int]

    def __call__(self) -> Any:
        """Reads the list, and how long the others are."""
        start, size = self.number("b_start"), self.window_size()
        asked: dict[str, Any] = {"unit": self.unit, "secret": self.secret}
        with reader(self.site) as session:
            page = lists.listed(session, self.tab, start=start, size=size, kind=self.kind, **asked)
            others = [name for name in self.names if name != self.tab]
            self.totals = {name: lists.listed(session, name, start=0, size=0, **asked).total for name in others}
        self.totals[self.tab], self.lines = page.total, page.lines
        self.window = Window(page.total, start, size, lambda at: self.address(self.url, b_start=at or None))
        chart.units({line.chain.owner_unit for line in self.lines})  # all names in one question
        person_names(
            [one for line in self.lines for one in (line.chain.submitted_by, line.now.person if line.now else "") if one]
        )
        return self.index()

    @property
    def url(self) -> str:
        """This page, without its query."""
        return f"{self.site_url}/signing"

    @property
    def secret(self) -> bool:
        """Whether what is above normal is shown, which stands apart here as on the desks."""
        return self.text("secret") == "1"

    def levels(self) -> list[dict[str, Any]]:
        """The ordinary lists and those of secret letters, for who is cleared."""
        if not levels_of(self.person):
            return []
        return [
            {
                "title": self.words(title),
                "url": with_query(self.url, {"secret": secret}),
                "current": bool(secret) == self.secret,
            }
            for secret, title in (("", ORDINARY), ("1", SECRET))
        ]

    @cached_property
    def desks(self) -> list[str]:
        """The desks of the person."""
        return all_units(secret=self.secret)

    @property
    def unit(self) -> str:
        """The one desk that is looked at, empty for all."""
        return self.text("unit") if self.text("unit") in self.desks else ""

    @property
    def names(self) -> tuple[str, ...]:
        """The lists of this person: who has no desk has what waits for them."""
        return lists.LISTS if self.desks else (MINE,)

    @property
    def tab(self) -> str:
        """The list that is open."""
        return self.text("tab") if self.text("tab") in self.names else MINE

    @property
    def kind(self) -> str:
        """The one kind of letter that is shown, empty for all."""
        return self.text("kind") if self.text("kind") in ALL_KINDS else ""

    @property
    def heading(self) -> str:
        """What the page is."""
        return self.words(_("signing_title", default="Signing"))

    @property
    def title(self) -> str:  # type: ignore[override]
        """What the browser's tab says."""
        return f"{self.words(TITLES[self.tab])} – {self.heading}"

    def tabs(self) -> list[dict[str, Any]]:
        """The lists, with how much is in each."""
        where = {"unit": self.unit, "secret": "1" if self.secret else ""}
        return [
            {
                "title": self.words(TITLES[name]),
                "url": with_query(self.url, {"tab": name, **where}),
                "current": name == self.tab,
                "count": self.totals[name],
            }
            for name in self.names
        ]

    def without_kind(self) -> str:
        """This list, of all kinds."""
        return self.address(self.url, kind=None, b_start=None)

    def url_of_line(self, line: Line) -> str:
        """Where a letter opens: what waits for the person where they sign it."""
        address = self.url_of(line.chain.letter_path)
        return f"{address}/@@sign" if self.tab == MINE else address
