"""`/notices` and `/phrases`: what belongs to the person alone."""

from __future__ import annotations

from typing import Any, ClassVar

from Products.Five.browser.pagetemplatefile import ViewPageTemplateFile

from saraban import _
from saraban.errors import REQUIRED, Forbidden, Invalid
from saraban.lazy import cached_property
from saraban.ledger import clock
from saraban.ledger.connection import reader, session_of
from saraban.letters.kinds import CIRCULAR
from saraban.organisation.functions import ADMINISTRATOR, HEAD, agency_of
from saraban.routing import notices, phrases
from saraban.routing.browser.page import Page, Window
from saraban.routing.notices import Told


class NoticesPage(Page):
    """The person's notices, the newest first; a button says that all were seen."""

    index = ViewPageTemplateFile("templates/notices.pt")
    section: ClassVar[str] = ""
    title = _("notices", default="Notices")
    kinds = notices.KINDS
    due = _("column_due", default="Due")
    EMPTY = (
        _("notices_empty", default="No notices"),
        _("notices_empty_text", default="What falls due, what was corrected and what you are asked to read is told here."),
    )
    PAGES = (
        (ADMINISTRATOR, "people", _("heading_people", default="People and their posts")),
        (HEAD, "clearances", _("clearances_title", default="Cleared persons")),
    )
    UNTITLED = _("letter_untitled", default="(no subject)")
    lines: list[Told]
    window: Window
    unread = 0

    def show(self) -> Any:
        """One page of the list."""
        start, size = self.number("b_start"), self.window_size()
        with reader(self.site) as session:
            total, self.lines = notices.listed(session, self.person, start=start, size=size)
            self.unread = notices.unread(session, self.person)
        self.window = Window(total, start, size, lambda at: self.address(self.url, b_start=at or None))
        return self.index()

    @property
    def url(self) -> str:
        """This page."""
        return f"{self.site_url}/notices"

    def url_of_notice(self, line: Told) -> str:
        """A circular opens at its own address, where all staff read it, and so does a letter for its sender."""
        row = line.delivery
        if line.letter is not None:
            return self.url_of(line.letter.path)
        if row is None:
            return ""
        elsewhere = agency_of(line.notice.unit) != row.agency
        return self.url_of(row.letter_path) if elsewhere or row.kind == CIRCULAR.name else self.delivery_url(row)

    def appoint_pages(self, line: Told) -> list[dict[str, str]]:
        """Where the person appoints somebody, or clears them."""
        unit = line.notice.unit
        return [
            {"title": title, "url": f"{self.site_url}/agencies/{unit}/@@{name}"}
            for function, name, title in self.PAGES
            if unit in self.units_as(function)
        ]

    def handle(self) -> Any:
        """All were seen."""
        notices.seen(session_of(self.site), self.person, clock.now())
        return self.go(self.url)


class PhrasesPage(Page):
    """An executive's own phrases: add, remove, put in order."""

    index = ViewPageTemplateFile("templates/phrases.pt")
    section: ClassVar[str] = "desk"
    title = _("phrases_title", default="My phrases for orders")
    labels = {"phrase": _("label_phrase", default="New phrase")}

    @property
    def url(self) -> str:
        """This page."""
        return f"{self.site_url}/phrases"

    @cached_property
    def items(self) -> list[str]:
        """The person's phrases."""
        return phrases.mine()

    def show(self) -> Any:
        """The list, for who gives orders."""
        if not phrases.is_executive(self.person):
            raise Forbidden()
        return self.index()

    def handle(self) -> Any:
        """One change: `remove`, `up`, or a new one."""
        kept = list(self.items)
        removed, raised, new = self.text("remove"), self.text("up"), self.text("phrase")
        if removed in kept:
            kept.remove(removed)
        elif raised in kept[1:]:
            at = kept.index(raised)
            kept[at - 1 : at + 1] = kept[at], kept[at - 1]
        elif new:
            kept.append(new)
        else:
            raise Invalid(fields={"phrase": REQUIRED})
        try:
            phrases.keep({"items": kept})
        except Invalid as refusal:
            raise Invalid(fields={"phrase": refusal.fields.get("items", refusal.message)}) from refusal
        return self.go(self.url)
