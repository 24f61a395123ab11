"""`<agency>/@@numbers`: which letter each number was asked for, the reserved numbers that wait, and the form to reserve one."""

from __future__ import annotations

import json
from typing import Any, ClassVar

from Products.Five.browser.pagetemplatefile import ViewPageTemplateFile
from sqlalchemy import select
from sqlalchemy.orm import Session

from saraban import _
from saraban.classification.levels import NORMAL
from saraban.errors import Invalid
from saraban.lazy import cached_property
from saraban.ledger import clock
from saraban.ledger.connection import reader
from saraban.ledger.tables import RegisterEntry
from saraban.organisation import chart
from saraban.organisation.allow import may
from saraban.organisation.desks import desk_units
from saraban.organisation.once import new_key, once
from saraban.registers import numberreport
from saraban.registers.api.numberreport import NumberReport
from saraban.registers.numberreport import Line, UnitNumbers, Wanted
from saraban.routing import books, reservations
from saraban.routing import series as numbering
from saraban.routing.browser import lists
from saraban.routing.browser.page import Page, Window, with_query
from saraban.routing.reservations import Reserved
from saraban.routing.secrecy import handles
from saraban.routing.tables import Delivery, Reservation

SIZE = 50


class Numbers(Page):
    """The report (L17, L23) and, for the registrar, reserving and giving up."""

    index = ViewPageTemplateFile("templates/numbers.pt")
    section: ClassVar[str] = "registers"
    labels = {
        "series": _("label_series", default="Series"),
        "purpose": _("label_purpose", default="What the number is for"),
        "unit": _("label_asking_unit", default="Unit that asks for it"),
        "reason": _("label_reason", default="Reason"),
        "units": _("caption_numbers_units", default="Numbers by unit"),
        "lines": _("caption_numbers", default="Numbers and their letters"),
        "made": _("number_reserved", default="The number is reserved:"),
    }
    unit_columns = (
        ("unit", _("column_asking_unit", default="Asked for by")),
        ("issued", _("numbers_issued", default="Issued")),
        ("reserved", _("numbers_reserved", default="Reserved")),
        ("cancelled", _("numbers_cancelled", default="Cancelled")),
        ("total", _("numbers_total", default="Together")),
    )
    columns = (
        ("number", _("column_letter_number", default="Number")),
        ("date", _("column_letter_date", default="Dated")),
        ("unit", _("column_asking_unit", default="Asked for by")),
        ("subject", _("column_letter_of_number", default="Letter, or what it is reserved for")),
        ("state", _("column_state", default="State")),
    )
    EMPTY = (
        _("numbers_none", default="No numbers"),
        _("numbers_none_text", default="Numbers that are issued or reserved in this year stand here with their letters."),
    )
    window: Window
    lines: list[Line]
    units: list[UnitNumbers]
    deliveries: dict[str, list[Delivery]]
    made: Reserved | None = None

    def show(self) -> Any:
        """The report, as far as the person may see it."""
        wanted = self.wanted
        with reader(self.context) as session:
            start = self.number("b_start")
            found = numberreport.report(session, wanted, start, SIZE)
            self.units, self.lines, total = found.units, found.lines, found.total
            self.years = books.years(session, wanted.agency, "send")
            self.known = numbering.all_series(session, wanted.agency)
            self.made = self._made(session)
            uids = [line.entry.document_uid for line in self.lines if line.entry.document_uid]
            self.deliveries = lists.deliveries_by_letter(session, uids) if wanted.agency in desk_units() else {}
        self.window = Window(total, start, SIZE, lambda at: self.address(self.here, b_start=at or None, made=None))
        return super().show()

    @property
    def title(self) -> str:  # type: ignore[override]
        """What the browser's tab says."""
        return self.words(_("numbers_title", default="Numbers and their letters"))

    @property
    def here(self) -> str:
        """This page."""
        return f"{self.context.absolute_url()}/@@numbers"

    @cached_property
    def wanted(self) -> Wanted:
        """What is asked for. Raises Missing, Forbidden."""
        year = self.number("year", clock.buddhist_year())
        asked = Wanted(
            agency=self.context.unit_id,
            year=year if 2400 <= year <= 2700 else clock.buddhist_year(),
            series=self.text("series") if self.request.method != "POST" else "",
            unit=self.text("asked_by"),
            unused=bool(self.text("unused")),
        )
        return numberreport.readable(self.context, asked)

    @cached_property
    def reserves(self) -> bool:
        """Whether the person reserves numbers for the agency."""
        return may(reservations.NUMBER, self.context) and handles(self.context.unit_id, NORMAL, self.context)

    # What happens

    def handle(self) -> Any:
        """Reserves a number, once however often the form is sent, or gives one up."""
        verb = self.text("verb")
        if verb == "reserve":
            data = {name: self.text(name) for name in ("series", "purpose", "unit")}
            what = json.dumps([self.context.unit_id, data], sort_keys=True)
            return self.go(once(self.context, self.request, what, lambda: self._reserve(data)))
        if verb == "cancel":
            entry = reservations.cancel_number(
                self.context, {"reservation": self.text("reservation"), "reason": self.text("reason")}
            )
            self.say(_("said_number_cancelled", default="${number} is cancelled.", mapping={"number": entry.number}))
            return self.go(with_query(self.here, {"unused": "1", "year": entry.year}))
        raise Invalid()

    def _reserve(self, data: dict[str, str]) -> str:
        made = reservations.reserve(self.context, data)
        return with_query(self.here, {"unused": "1", "made": made.reservation.key})

    def _made(self, session: Session) -> Reserved | None:
        """The number that this page has just reserved."""
        key = self.text("made")
        if not key or not self.reserves:
            return None
        asked = select(Reservation, RegisterEntry).join(RegisterEntry, RegisterEntry.id == Reservation.entry_id)
        found = session.execute(asked.where(Reservation.key == key, Reservation.unit == self.context.unit_id)).first()
        return Reserved(*found) if found is not None else None

    # What is shown

    @cached_property
    def key(self) -> str:
        """The key of the form."""
        return new_key()

    def series_choices(self) -> list[tuple[str, str]]:
        """The series that give numbers."""
        return [(one.name, self.words(one.title_in(self.language))) for one in self.known.values() if one.active]

    def unit_choices(self) -> list[tuple[str, str]]:
        """The agency and its units."""
        with reader(self.context) as session:
            units = [chart.unit(self.context.unit_id), *chart.descendants(session, self.context.unit_id)]
        return [(one.unit, one.title(self.language)) for one in units if one is not None]

    def series_title(self, name: str) -> str:
        """What a series is called."""
        return self.words(self.known[name].title_in(self.language)) if name in self.known else name

    def tabs(self) -> list[dict[str, Any]]:
        """All numbers, and those that are reserved and not used."""
        kept = {"year": self.wanted.year, "series": self.wanted.series, "asked_by": self.wanted.unit}
        return [
            {
                "title": title,
                "url": with_query(self.here, {**kept, "unused": unused}),
                "current": self.wanted.unused == bool(unused),
            }
            for title, unused in (
                (_("numbers_all", default="All numbers"), ""),
                (_("numbers_unused", default="Reserved and not used"), "1"),
            )
        ]

    def letter_url(self, line: Line) -> str:
        """Where the letter of a number opens, for the desk that sent it; empty for others."""
        rows = self.deliveries.get(line.entry.document_uid or "", [])
        return self.url_of(rows[0].letter_path) if rows else ""

    def unit_url(self, unit: str) -> str:
        """The numbers of one unit."""
        return self.address(self.here, asked_by=unit, b_start=None, made=None)

    def export_url(self) -> str:
        """The workbook."""
        wanted = self.wanted
        query = {"year": wanted.year, "series": wanted.series, "unit": wanted.unit, "unused": "1" if wanted.unused else ""}
        return with_query(f"{self.context.absolute_url()}/@@numbers-export", query)


class Export(NumberReport):
    """`<agency>/@@numbers-export`: the workbook, for a link in a page."""

    def __call__(self) -> Any:
        """The file."""
        self.request.form["format"] = "xlsx"
        return self.render()
