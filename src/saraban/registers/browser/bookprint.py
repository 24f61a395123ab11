"""`/register-pdf`: a register book as PDF: a short one at once, a long one from the worker, with its progress."""

from __future__ import annotations

from typing import Any, ClassVar

from Products.Five.browser.pagetemplatefile import ViewPageTemplateFile

from saraban.errors import Missing
from saraban.lazy import cached_property
from saraban.ledger.connection import reader
from saraban.organisation.allow import at, require
from saraban.organisation.sending import send_file
from saraban.registers import queries
from saraban.registers.api.books import PDF, download, file_name
from saraban.registers.browser.books import Registers
from saraban.registers.printed import book, jobs
from saraban.registers.tables import PrintJob
from saraban.routing.books import READ_BOOK

AT_ONCE = 2000
"""Lines that are printed while the person waits: two seconds."""
REFRESH_SECONDS = 2


class PrintBook(Registers):
    """Prints, or shows how far the print is."""

    index = ViewPageTemplateFile("templates/register_pdf.pt")
    ordinary_books: ClassVar[tuple[str, ...]] = (*queries.BOOKS, queries.DELIVERIES)
    job: PrintJob | None = None

    def __call__(self) -> Any:
        """The file, or the page; a POST has the worker begin."""
        if self.text("job"):
            return self._follow()
        if not self.book_units:
            raise Missing()
        if not self.secret:
            require(READ_BOOK, at(self.unit_info.path))
        thai = self.text("digits") == "thai"
        if self.request.method == "POST" and not self.secret:
            self.check_form()
            job = jobs.ask(self.site, self.unit_info, self.asked, thai)
            return self.go(f"{self.site_url}/register-pdf?job={job.key}")
        if self.total <= AT_ONCE or self.secret:
            with reader(self.site) as session:
                out = book.write(session, self.asked, thai)
            return send_file(self.request.response, out, PDF, file_name(self.asked, "pdf"))
        return self.index()

    def _follow(self) -> Any:
        """How far it is, looked at again and again until it is done; then the file."""
        with reader(self.site) as session:
            self.job = jobs.find(session, self.text("job"))
        if self.job.unit not in self.ordinary_units:
            raise Missing()  # it was theirs when they asked
        self.request.form.update({"unit": self.job.unit, "book": self.job.book, "year": str(self.job.year)})
        require(READ_BOOK, at(self.unit_info.path))
        if self.text("download"):
            return download(self.site, self.request, self.job)
        if self.job.state != "done":
            self.request.response.setHeader("Refresh", str(REFRESH_SECONDS))
        return self.index()

    @cached_property
    def total(self) -> int:
        """Lines of the book."""
        with reader(self.site) as session:
            return queries.count(session, self.asked)

    @property
    def title(self) -> str:  # type: ignore[override]
        """The book's name, as on its cover."""
        return self.words(queries.TITLES[self.asked.book])

    @property
    def book_url(self) -> str:
        """The book on screen."""
        asked = self.asked
        shown = "send" if asked.book == queries.DELIVERIES else asked.book
        return f"{self.page_url}?book={shown}&unit={asked.unit}&year={asked.year}"
