"""Register books on screen: the paper form's columns in the paper form's order (แบบ 13, 14). Requirements L9, L17, E26."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from itertools import groupby
from typing import Any, ClassVar

from Products.Five.browser.pagetemplatefile import ViewPageTemplateFile
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from saraban import _
from saraban.classification import vault
from saraban.classification.clearances import registrar_levels, registrar_places
from saraban.classification.operations import SEE
from saraban.errors import Missing
from saraban.lazy import cached_property
from saraban.ledger import clock
from saraban.ledger.connection import reader
from saraban.ledger.tables import RegisterEntry
from saraban.organisation import chart
from saraban.organisation.allow import VIEW, at, may, require
from saraban.organisation.desks import desk_units
from saraban.organisation.functions import HEAD, OFFICER, REGISTRAR, agency_of
from saraban.registers import queries
from saraban.registers.api.books import RegisterBook
from saraban.registers.queries import Asked
from saraban.routing import books, series
from saraban.routing.books import READ_BOOK, RECEIVED, SECRET_BOOKS, SECRET_RECEIVE
from saraban.routing.browser import lists
from saraban.routing.browser.page import Page, Window, with_query
from saraban.routing.tables import Delivery
from saraban.thai import dates
from saraban.thai.digits import to_arabic

SIZE = 50
MOST_PRINTED = 2000
"""Lines of one page for the browser's printer; a whole year is a PDF."""
BOOK_TITLES = {book: title for book, title in queries.TITLES.items() if book != queries.DELIVERIES}
MOST_FOUND = 100
NONE = (
    _("registers_none", default="No register books"),
    _("registers_none_text", default="The books of a unit are read by its registrar, its head and its officers."),
)
EMPTY = (
    _("register_empty", default="Nothing in this book"),
    _("register_empty_text", default="A line is written here with each number that is given."),
)


@dataclass(frozen=True)
class Day:
    """The lines of one day, as the paper book begins each day anew."""

    day: date
    entries: list[RegisterEntry]


class Registers(Page):
    """`/registers?book=receive&unit=&year=`."""

    index = ViewPageTemplateFile("templates/registers.pt")
    section = "registers"
    NONE, EMPTY = NONE, EMPTY
    window: Window
    entries: list[RegisterEntry]
    goto: int | date | None = None
    """The number or the day to which one wanted to go."""
    deliveries: dict[str, list[Delivery]]
    times: dict[int, int]
    """How often what stands in a line was received, where it was more than once (E01)."""
    kinds: Sequence[tuple[str, str]] = ()
    """The series of the send book that have lines this year, with their names."""
    ordinary_books: ClassVar[tuple[str, ...]] = queries.BOOKS

    def __call__(self) -> Any:
        """One page of the book that is asked for; a POST searches a secret book, for an address stands in the server's log."""
        if not self.book_units:
            return self.without_books()
        if not self.secret:
            require(READ_BOOK, at(self.unit_info.path))
        if self.request.method == "POST":
            self.check_form()
        with reader(self.site) as session:
            self.read(session)
        return self.index()

    def without_books(self) -> Any:
        """For who reads no books at all."""
        return self.index()

    @cached_property
    def secret(self) -> bool:
        """Whether a book of secret letters is asked for; who reads no other gets the first of them."""
        if self.text("book") in SECRET_BOOKS:
            return bool(self.secret_units)
        return bool(self.secret_units) and not self.ordinary_units

    @cached_property
    def ordinary_units(self) -> list[str]:
        """The units whose ordinary books the person may read."""
        return self.units_as(REGISTRAR, HEAD, OFFICER)

    @cached_property
    def secret_units(self) -> list[str]:
        """The units whose secret books the person keeps."""
        return list(dict.fromkeys(unit for unit, _level in registrar_places(self.person)))

    @cached_property
    def book_units(self) -> list[str]:
        """The units whose books of the kind that is asked for the person may read."""
        return self.secret_units if self.secret else self.ordinary_units

    @cached_property
    def wanted(self) -> str:
        """The words that are searched for in a secret book."""
        return self.text("words") if self.secret and self.request.method == "POST" else ""

    def read(self, session: Session) -> None:
        """The lines, and where each leads."""
        asked = self.asked
        self.years = books.years(session, asked.unit, asked.book)
        if asked.book == "send":
            used, known = books.series_of(session, asked.unit, "send", asked.year), series.all_series(session, asked.unit)
            self.kinds = [(name, self.words(known[name].title_in(self.language))) for name in used if name in known]
        start = self.start(session)
        if self.wanted:
            self.entries = queries.search(session, asked, self.wanted, MOST_FOUND)
            start, total = 0, len(self.entries)
        else:
            total, self.entries = queries.page(session, asked, start, self.page_size)
        self.window = Window(
            total, start, self.page_size, lambda at: self.address(self.page_url, b_start=at or None, goto=None)
        )
        uids = [entry.document_uid for entry in self.entries if entry.document_uid]
        unit = asked.unit if asked.book in RECEIVED else ""
        if self.secret:
            levels = vault.levels_of(session, uids)
            uids = [uid for uid in uids if levels.get(uid) in asked.cleared]
        mine = self.secret or asked.unit in desk_units()
        self.deliveries = lists.deliveries_by_letter(session, uids, unit, secret=self.secret) if mine else {}
        self.times = queries.receptions(session, asked, self.entries)

    # What is asked
    page_size = SIZE

    @property
    def page_url(self) -> str:
        """This page, without its query."""
        return f"{self.site_url}/registers"

    @cached_property
    def asked(self) -> Asked:
        """The book, unit, year and series that are meant; what is not known falls back to what is usual."""
        year = self.number("year", clock.buddhist_year())
        book, usual = self.text("book"), SECRET_RECEIVE if self.secret else "receive"
        unit = self.unit_info.unit
        return Asked(
            unit=unit,
            book=book if book in (SECRET_BOOKS if self.secret else self.ordinary_books) else usual,
            year=year if 2400 <= year <= 2700 else clock.buddhist_year(),
            series=self.text("series") if book == "send" else "",
            from_seq=self.number("from_seq") or None,
            to_seq=self.number("to_seq") or None,
            cleared=registrar_levels(self.person, unit) if self.secret else (),
        )

    @cached_property
    def unit_info(self) -> chart.UnitInfo:
        """The unit whose book it is: the one asked for, if it is the person's."""
        unit = self.text("unit")
        found = chart.unit(unit if unit in self.book_units else self.book_units[0])
        assert found is not None
        return found

    def start(self, session: Session) -> int:
        """Where the page begins: where the pager says, at the number or day that was asked for, else at the end of the book."""
        goto = to_arabic(self.text("goto"))
        if goto.isdecimal() and len(goto) < 10:
            self.goto = int(goto)
            return self._before(session, RegisterEntry.seq < self.goto)
        if goto:
            try:
                self.goto = dates.parse(goto)
                return self._before(session, RegisterEntry.date < self.goto)
            except dates.DateRefused:
                self.errors = {"goto": _("error_goto", default="Enter a number or a date such as 9 เม.ย. 70.")}
        if self.text("b_start"):
            return self.number("b_start")
        total = session.scalar(select(func.count()).select_from(self.asked.query().order_by(None).subquery())) or 0
        return max(0, total - 1) // SIZE * SIZE

    def found(self) -> RegisterEntry | None:
        """The line to which one wanted to go: the first on the page of that number or day, or after it."""
        goto = self.goto
        if goto is None:
            return None
        by_number = isinstance(goto, int)
        return next((one for one in self.entries if (one.seq if by_number else one.date) >= goto), None)  # type: ignore[operator]

    def _before(self, session: Session, condition: Any) -> int:
        """The beginning of the page on which the first line stands that does not fulfil the condition."""
        query = self.asked.query().order_by(None)
        total = session.scalar(select(func.count()).select_from(query.subquery())) or 0
        before = session.scalar(select(func.count()).select_from(query.where(condition).subquery())) or 0
        return min(before, max(0, total - 1)) // SIZE * SIZE

    # What is shown
    @property
    def title(self) -> str:  # type: ignore[override]
        """The book's name, as on its cover."""
        if not self.book_units:
            return self.words(_("registers_title", default="Registers"))
        return self.words(BOOK_TITLES[self.asked.book])

    @property
    def unit_name(self) -> str:
        """Whose book it is."""
        return self.unit_info.title(self.language)

    def columns(self) -> Iterable[tuple[str, str]]:
        """The columns of the form."""
        return queries.COLUMNS[self.asked.book]

    def days(self) -> list[Day]:
        """The lines of the page by day."""
        return [Day(day, list(lines)) for day, lines in groupby(self.entries, key=lambda entry: entry.date)]

    def url_of_entry(self, entry: RegisterEntry) -> str:
        """Where the letter of a line opens, for the desk that the book belongs to."""
        rows = self.deliveries.get(entry.document_uid or "", [])
        if self.asked.book in RECEIVED:
            mine = [row for row in rows if row.receive_number == entry.seq and row.receive_year == entry.year]
            return self.delivery_url(mine[0]) if mine else ""
        return self.url_of(rows[0].letter_path) if rows else ""

    def who_cancelled(self, entry: RegisterEntry) -> str:
        """Who gave the number of a line up, and when."""
        return queries.who_cancelled(entry)

    def book_choices(self) -> list[dict[str, Any]]:
        """Receive and send; for registrars of secret information their three."""
        ordinary = queries.BOOKS if self.ordinary_units else ()
        books = [book for book in BOOK_TITLES if book in ordinary or (book in SECRET_BOOKS and self.secret_units)]
        return [
            {
                "title": BOOK_TITLES[book],
                "url": self._elsewhere(book=book, series=None, unit=None if book in SECRET_BOOKS else self.text("unit")),
                "current": book == self.asked.book,
            }
            for book in books
        ]

    def all_url(self) -> str:
        """The book that is searched, whole."""
        return with_query(self.page_url, {"book": self.asked.book, "unit": self.asked.unit})

    def clearances_url(self) -> str:
        """The roster of who is cleared, for the head and the registrar of secret information of an agency; else empty."""
        for unit in dict.fromkeys(map(agency_of, self.post_units)):
            agency = self.site.agencies._getOb(unit, None)
            if agency is not None and may(SEE, agency):
                return f"{agency.absolute_url()}/@@clearances"
        return ""

    def unit_options(self) -> list[tuple[str, str]]:
        """The units whose books the person reads."""
        return [(unit, self.unit_title(unit)) for unit in self.book_units]

    def year_options(self) -> list[int]:
        """The years of the book."""
        return sorted({*self.years, self.asked.year}, reverse=True)

    def series_options(self) -> list[tuple[str, str]]:
        """The series of the send book."""
        return [("", self.words(_("series_all", default="All series"))), *self.kinds]

    def _elsewhere(self, **changes: object) -> str:
        return self.address(self.page_url, **{"b_start": None, "goto": None, "from_seq": None, "to_seq": None, **changes})

    def export_url(self, format_: str, **more: object) -> str:
        """The whole book as a file."""
        return self._query(f"{self.site_url}/register-export", format=format_, **more)

    def pdf_url(self, one: str, **more: object) -> str:
        """The whole book on paper; `one` is the figure 1 as the person's pages write it."""
        return self._query(f"{self.site_url}/register-pdf", digits="" if one == "1" else "thai", **more)

    def numbers_url(self) -> str:
        """Which letter each number was asked for, and reserving."""
        return with_query(f"{self.site_url}/agencies/{self.unit_info.agency}/@@numbers", {"year": self.asked.year})

    def print_url(self) -> str:
        """This page for paper."""
        return self._query(f"{self.site_url}/register-print", b_start=self.window.start)

    def _query(self, base: str, **more: object) -> str:
        asked = self.asked
        return with_query(base, {"book": asked.book, "unit": asked.unit, "year": asked.year, "series": asked.series,
                                 "from_seq": asked.from_seq, "to_seq": asked.to_seq, **more})  # fmt: skip


class Print(Registers):
    """`/register-print`: the page that was on screen or the numbers asked for, the form's heading on each sheet."""

    index = ViewPageTemplateFile("templates/register_print.pt")

    def without_books(self) -> Any:
        """There is nothing to print."""
        raise Missing()

    @property
    def page_size(self) -> int:  # type: ignore[override]
        """A page, or all of the numbers asked for."""
        return MOST_PRINTED if self.asked.from_seq or self.asked.to_seq else SIZE

    def has_more(self) -> bool:
        """Whether not all of the numbers asked for are on the page."""
        return bool(self.asked.from_seq or self.asked.to_seq) and self.window.total > MOST_PRINTED

    def start(self, session: Session) -> int:
        """Numbers that are asked for begin with the first of them."""
        return 0 if self.asked.from_seq or self.asked.to_seq else super().start(session)


class Export(Registers):
    """`/register-export?format=csv`: the file of the REST service, for a link in a page."""

    def __call__(self) -> Any:
        """The file."""
        units = self.book_units
        info = chart.unit(self.text("unit") or (units[0] if units else ""))
        if info is None:
            raise Missing()
        agency = self.site.agencies._getOb(info.agency)
        require(VIEW, agency)
        if self.text("format") not in ("csv", "xlsx", "pdf"):
            self.request.form["format"] = "csv"
        service = RegisterBook()
        service.context, service.request = agency, self.request
        return service.render()
