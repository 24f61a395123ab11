"""`@register-book`: a register book as JSON, CSV, workbook or PDF; `@print-register`: a long one, printed by the worker."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from plone.restapi.services import Service
from zope.i18n import translate
from ZPublisher.Iterators import IStreamIterator

from saraban import _, spreadsheets
from saraban.classification.clearances import registrar_levels
from saraban.errors import Forbidden, Invalid, Missing
from saraban.ledger import clock
from saraban.ledger.connection import reader
from saraban.organisation import chart
from saraban.organisation.acting import current_person
from saraban.organisation.allow import VIEW, at, require
from saraban.organisation.rest import VerbService, batch, one_of, switch, whole_number, window
from saraban.organisation.sending import send, send_file
from saraban.registers import delivered, queries
from saraban.registers.errors import PrintNotReady
from saraban.registers.printed import book, jobs
from saraban.registers.queries import Asked
from saraban.registers.tables import PrintJob
from saraban.routing.books import READ_BOOK, SECRET_BOOKS

PDF = "application/pdf"
LONGEST_SERIES = 64
"""As the ledger keeps their names."""
FORMATS = ("json", "csv", "xlsx", "pdf")


def asked_of(agency: Any, request: Any) -> Asked:
    """Which book is meant. Raises Missing, Forbidden where the person may not read it, Invalid."""
    unit = str(request.form.get("unit", "") or agency.unit_id)
    info = chart.unit(unit)
    if info is None or info.agency != agency.unit_id:
        raise Missing()
    name = one_of(request, "book", (*queries.BOOKS, queries.DELIVERIES, *SECRET_BOOKS), "receive")
    place = at(info.path)
    cleared: tuple[str, ...] = ()
    if name in SECRET_BOOKS:
        require(VIEW, place)
        cleared = registrar_levels(current_person(), unit)
        if not cleared:
            raise Forbidden()
    else:
        require(READ_BOOK, place)
    series = str(request.form.get("series", ""))
    if len(series) > LONGEST_SERIES:
        raise Invalid(fields={"series": _("error_field_long", default="This is too long.")})
    from_seq, to_seq = (whole_number(request, bound, 0) or None for bound in ("from_seq", "to_seq"))
    return Asked(
        unit=unit,
        book=name,
        year=whole_number(request, "year", clock.buddhist_year(), least=2400, most=2700),
        series=series,
        from_seq=from_seq,
        to_seq=to_seq,
        cleared=cleared,
    )


class RegisterBook(Service):
    """The lines of a book; `format` says in what shape."""

    def render(self) -> Any:
        """A file for CSV, workbook and PDF, else JSON."""
        format_ = one_of(self.request, "format", FORMATS, "json")
        if format_ == "json":
            return super().render()
        asked = asked_of(self.context, self.request)
        titles = [translate(title, context=self.request) for _name, title in queries.COLUMNS[asked.book]]
        with reader(self.context) as session:
            if format_ == "pdf":
                out, content_type = book.write(session, asked, thai_digits_wanted(self.request)), PDF
            elif format_ == "csv":
                out, content_type = spreadsheets.write_csv(titles, queries.cells_of(session, asked)), spreadsheets.CSV
            else:
                lines = queries.cells_of(session, asked)
                out, content_type = spreadsheets.write_xlsx(f"{asked.year}", titles, lines), spreadsheets.XLSX
        return send_file(self.request.response, out, content_type, file_name(asked, format_))

    def reply(self) -> Any:
        """One page of lines."""
        asked = asked_of(self.context, self.request)
        start, size = window(self.request)
        with reader(self.context) as session:
            if asked.book == queries.DELIVERIES:
                total, items = queries.count(session, asked), delivered.items(session, asked.deliveries_query(), start, size)
            else:
                total, entries = queries.page(session, asked, start, size)
                times = queries.receptions(session, asked, entries)
                items = [queries.entry_json(entry, times.get(entry.id, 1)) for entry in entries]
        return batch(self.request, f"{self.context.absolute_url()}/@register-book", total, items)


class PrintRegister(VerbService):
    """`POST /agencies/<agency>/@print-register`: the worker prints a long book; the query is that of `@register-book`."""

    success = 202

    def run(self, data: dict[str, Any]) -> Mapping[str, Any]:
        """The job, which `GET` follows."""
        for name, value in data.items():
            self.request.form.setdefault(name, str(value))
        asked = asked_of(self.context, self.request)
        info = chart.unit(asked.unit)
        if info is None:
            raise Missing()
        return job_json(self.context, jobs.ask(self.context, info, asked, thai_digits_wanted(self.request)))


class PrintedRegister(Service):
    """`GET /agencies/<agency>/@print-register?job=`: how far it is; with `download=1` the finished file."""

    def render(self) -> Any:
        """The file, where it is asked for and there."""
        if not switch(self.request, "download"):
            return super().render()
        return download(self.context, self.request, self.job())

    def reply(self) -> Any:
        """The job."""
        return job_json(self.context, self.job())

    def job(self) -> PrintJob:
        """The job that is named. Raises Missing for somebody else's, or another agency's."""
        with reader(self.context) as session:
            job = jobs.find(session, str(self.request.form.get("job", "")))
        info = chart.unit(job.unit)
        if info is None or info.agency != self.context.unit_id:
            raise Missing()
        require(READ_BOOK, at(info.path))
        return job


def job_json(agency: Any, job: PrintJob) -> dict[str, Any]:
    """How far a print is."""
    address = f"{agency.absolute_url()}/@print-register?job={job.key}"
    return {
        "@id": address,
        "state": job.state,
        "lines": job.lines,
        "lines_total": job.total,
        "pages": job.pages,
        "download": f"{address}&download=1" if job.state == "done" else None,
    }


def download(context: Any, request: Any, job: PrintJob) -> IStreamIterator:
    """The file of a job. Raises PrintNotReady."""
    if job.state != "done":
        raise PrintNotReady()
    with reader(context) as session:
        size = jobs.length(session, job)
    return send(request.response, jobs.parts(context, job), size, PDF, file_name(job, "pdf"))


def file_name(asked: Asked | PrintJob, format_: str) -> str:
    """What a file of a book is called."""
    return f"{asked.unit}-{asked.book}-{asked.year}.{format_}"


def thai_digits_wanted(request: Any) -> bool:
    """Whether a print has Thai figures: `digits=thai`."""
    return one_of(request, "digits", ("thai", "arabic"), "arabic") == "thai"
