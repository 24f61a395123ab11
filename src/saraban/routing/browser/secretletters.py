"""`/secret-letters`: the secret letters of the person's own agencies. They are in no index, and on no other list of letters."""

from __future__ import annotations

from typing import Any

from Products.Five.browser.pagetemplatefile import ViewPageTemplateFile

from saraban import _
from saraban.classification.clearances import levels_of
from saraban.errors import Missing
from saraban.lazy import cached_property
from saraban.letters.content import Letter
from saraban.letters.operations import secret_letters, state_of
from saraban.organisation.functions import agency_of
from saraban.routing.browser.page import SECRET_DESK, Page, Window, with_query

DRAFTS, NUMBERED = "drafts", "numbered"
TITLES = {
    DRAFTS: _("letters_drafts", default="Drafts"),
    NUMBERED: _("secret_letters_numbered", default="With a number"),
}


class SecretLetters(Page):
    """Drafts, and what has a number."""

    index = ViewPageTemplateFile("templates/secretletters.pt")
    section = "desk"
    UNTITLED = _("letter_untitled", default="(no subject)")
    EMPTY = (
        _("empty_secret_letters", default="No secret letters"),
        _(
            "empty_secret_letters_text",
            default="Letters above normal that you handle, wrote or were let in to appear here, and on no other list.",
        ),
    )
    window: Window
    letters: list[Letter]

    def __call__(self) -> Any:
        """For the cleared; nobody else learns what would stand here."""
        if not levels_of(self.person):
            raise Missing()
        start, size = self.number("b_start"), self.window_size()
        agency = self.site.agencies._getOb(self.agency)
        total, self.letters = secret_letters(agency, sent=self.tab == NUMBERED, start=start, size=size)
        self.window = Window(total, start, size, lambda at: self.address(self.url, b_start=at or None))
        return self.index()

    @cached_property
    def agency(self) -> str:
        """The agency whose letters are shown: the one asked for, if it is the person's."""
        mine = list(dict.fromkeys(map(agency_of, self.post_units)))
        if not mine:
            raise Missing()
        asked = self.text("agency")
        return asked if asked in mine else mine[0]

    @property
    def tab(self) -> str:
        """Which list."""
        return NUMBERED if self.text("tab") == NUMBERED else DRAFTS

    @property
    def title(self) -> str:  # type: ignore[override]
        """What the browser's tab says."""
        return f"{self.words(TITLES[self.tab])} – {self.words(_('secret_letters_title', default='Secret letters of our own'))}"

    @property
    def url(self) -> str:
        """This page, without its query."""
        return f"{self.site_url}/secret-letters"

    @property
    def desk_url(self) -> str:
        """The desk that it belongs to."""
        return f"{self.site_url}/{SECRET_DESK}"

    def tabs(self) -> list[dict[str, Any]]:
        """The two lists."""
        return [
            {"title": title, "url": with_query(self.url, {"tab": name}), "current": name == self.tab}
            for name, title in TITLES.items()
        ]

    def state(self, letter: Letter) -> str:
        """Where a letter stands."""
        return state_of(letter)
