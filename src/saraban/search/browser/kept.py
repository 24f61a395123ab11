"""`/find-exports`, the person's lists as XLSX and their files; `/synonyms`, words that mean the same."""

from __future__ import annotations

from typing import Any
from urllib.parse import parse_qsl

from Products.Five import BrowserView
from Products.Five.browser.pagetemplatefile import ViewPageTemplateFile

from saraban import _
from saraban.errors import DomainError, Forbidden, Missing
from saraban.lazy import cached_property
from saraban.ledger import clock
from saraban.ledger.connection import reader
from saraban.organisation.acting import current_person
from saraban.organisation.allow import may
from saraban.page import Page
from saraban.routing.browser.page import Window
from saraban.search import exports, synonyms
from saraban.search.tables import Export, Synonym
from saraban.spreadsheets import XLSX

LOOK_AGAIN = "2"
"""Seconds after which a page with an unfinished list is shown again."""
STATES: dict[str, tuple[str, str, str]] = {
    exports.WAITING: (_("export_waiting", default="Waits"), "", "due"),
    exports.WORKING: (_("export_working", default="Is being made"), "soon", "due"),
    exports.DONE: (_("export_done", default="Ready"), "act", "done"),
    exports.FAILED: (_("export_failed", default="Failed"), "late", "error"),
}
"""Words, look and icon of a chip."""


class Exports(Page):
    """The lists that the person asked for, the newest first."""

    index = ViewPageTemplateFile("exports.pt")
    title = _("exports_title", default="My lists as XLSX")
    section = "letters"
    states = STATES
    DAYS = exports.KEPT.days
    EMPTY = (
        _("exports_empty", default="No lists"),
        _("exports_empty_text", default="Search for letters and press “List as XLSX”: the list is made in the background."),
    )

    @property
    def url(self) -> str:
        """This page."""
        return f"{self.context.absolute_url()}/find-exports"

    @cached_property
    def rows(self) -> list[Export]:
        """What is there."""
        with reader(self.context) as session:
            return exports.mine(session, current_person())

    def handle(self) -> str:
        """Forgets one."""
        exports.remove(self.context, str(self.request.form.get("remove", "")))
        self.say(_("export_removed", default="The list is deleted."))
        return self.go(self.url)

    def show(self) -> Any:
        """While a list is being made the page is fetched anew by itself."""
        if any(row.state in (exports.WAITING, exports.WORKING) for row in self.rows):
            self.request.response.setHeader("Refresh", LOOK_AGAIN)
        return super().show()

    def asked(self, row: Export) -> str:
        """What was looked for, in the words that were typed."""
        return " · ".join(value for _name, value in parse_qsl(row.query))

    def file_url(self, row: Export) -> str:
        """Where the file is fetched."""
        return f"{self.context.absolute_url()}/find-export?key={row.key}"

    def again_url(self, row: Export) -> str:
        """The same search, on the page."""
        return f"{self.context.absolute_url()}/find?{row.query}"


class ExportFile(BrowserView):
    """`/find-export?key=`: the file, for the person who asked for it."""

    def __call__(self) -> bytes:
        """Raises Missing, ExportNotReady."""
        with reader(self.context) as session:
            row = exports.one(session, current_person(), str(self.request.form.get("key", "")), content=True)
        response = self.request.response
        response.setHeader("Content-Type", XLSX)
        response.setHeader(
            "Content-Disposition", f'attachment; filename="saraban-{clock.bangkok(row.asked_at):%Y%m%d-%H%M}.xlsx"'
        )
        response.setHeader("X-Content-Type-Options", "nosniff")
        response.setHeader("Cache-Control", "private, no-store")
        return row.content or b""


class Synonyms(Page):
    """The list, with a form for one more line or another one."""

    index = ViewPageTemplateFile("synonyms.pt")
    title = _("synonyms_title", default="Words that mean the same")
    section = "administration"
    LABEL = _("synonym_words", default="Words and names that mean the same")
    HINT = _("synonym_hint", default="With = between: ผว.กทม. = ผู้ว่าราชการกรุงเทพมหานคร")
    SIZE = 50
    window: Window
    rows: list[Synonym]

    def __call__(self) -> Any:
        """Only for the site administrator."""
        if not may(synonyms.MANAGE, self.context):
            raise Forbidden()
        return super().__call__()

    @property
    def url(self) -> str:
        """This page."""
        return f"{self.context.absolute_url()}/synonyms"

    def handle(self) -> str:
        """Adds, changes or removes a line."""
        form = self.request.form
        words = synonyms.split(str(form.get("words", "")))
        if "remove" in form:
            synonyms.remove(self.context, _number(form["remove"]))
            self.say(_("synonym_removed", default="The line is removed."))
        elif form.get("line"):
            synonyms.change(self.context, _number(form["line"]), words)
            self.say(_("synonym_changed", default="The line is changed. Searches use it now."))
        else:
            synonyms.add(self.context, words)
            self.say(_("synonym_added", default="The line is added. Searches use it now."))
        return self.go(self.url)

    def refuse(self, refusal: DomainError) -> None:
        """Who may not do it gets the page of refusals."""
        if isinstance(refusal, Forbidden | Missing):
            raise refusal
        super().refuse(refusal)

    def show(self) -> Any:
        """One page of the list."""
        text, start = str(self.request.form.get("text", "")), str(self.request.form.get("b_start", ""))
        first = int(start) if start.isdecimal() and len(start) < 7 else 0
        with reader(self.context) as session:
            rows = synonyms.listed(session, text)
        self.rows = rows[first : first + self.SIZE]
        self.window = Window(len(rows), first, self.SIZE, lambda at: f"{self.url}?b_start={at}")
        return super().show()

    @cached_property
    def edited(self) -> Synonym | None:
        """The line that is being changed."""
        line = self.request.form.get("line")
        return next((row for row in self.rows if str(row.id) == str(line)), None) if line else None

    def words_of(self, row: Synonym) -> list[str]:
        """The words of a line."""
        return synonyms.split(row.words)

    def edit_url(self, row: Synonym) -> str:
        """This page, with the line in the form."""
        return f"{self.url}?line={row.id}&b_start={self.window.start}#synonym-form"


def _number(typed: Any) -> int:
    text = str(typed)
    if not (text.isascii() and text.isdecimal() and len(text) < 19):
        raise Missing()
    return int(text)
