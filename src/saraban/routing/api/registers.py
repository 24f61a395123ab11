"""`@register-book`: a register book as JSON, CSV, workbook or PDF; `@print-register`: a long one, printed by the worker."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from typing import IO, Any

from plone.restapi.services import Service
from zope.i18n import translate
from zope.interface import implementer
from ZPublisher.Iterators import IStreamIterator

from saraban import _
from saraban.classification.clearances import registrar_levels
from saraban.errors import Forbidden, Invalid, Missing
from saraban.ledger import clock
from saraban.ledger.connection import reader
from saraban.organisation import chart
from saraban.organisation.acting import current_person
from saraban.organisation.allow import VIEW, at, require
from saraban.organisation.rest import VerbService, batch, one_of, switch, whole_number, window
from saraban.routing import delivered, registers
from saraban.routing.books import SECRET_BOOKS
from saraban.routing.errors import PrintNotReady
from saraban.routing.printed import book, jobs
from saraban.routing.printed.jobs import READ
from saraban.routing.registers import Asked
from saraban.routing.tables import PrintJob

PDF = "application/pdf"
LONGEST_SERIES = 64
"""As the ledger keeps their names."""
WRITERS = {
    "csv": (registers.write_csv, "text/csv; charset=utf-8"),
    "xlsx": (registers.write_xlsx, "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"),
}


def asked_of(agency: Any, request: Any) -> Asked:
    """Which book is meant. Raises Missing, Forbidden where the person may not read it, Invalid."""
    unit = str(request.form.get("unit", "") or agency.unit_id)
    info = chart.unit(unit)
    if info is None or info.agency != agency.unit_id:
        raise Missing()
    name = one_of(request, "book", (*registers.BOOKS, registers.DELIVERIES, *SECRET_BOOKS), "receive")
    place = at(info.path)
    cleared: tuple[str, ...] = ()
    if name in SECRET_BOOKS:
        require(VIEW, place)
        cleared = registrar_levels(current_person(), unit)
        if not cleared:
            raise Forbidden()
    else:
        require(READ, place)
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
        format_ = one_of(self.request, "format", ("json", *WRITERS, "pdf"), "json")
        if format_ == "json":
            return super().render()
        asked = asked_of(self.context, self.request)
        name = file_name(asked, format_)
        with reader(self.context) as session:
            if format_ == "pdf":
                return sent(self.request.response, book.write(session, asked, thai_digits_wanted(self.request)), PDF, name)
            write, content_type = WRITERS[format_]
            titles = [translate(title, context=self.request) for _name, title in registers.COLUMNS[asked.book]]
            return sent(self.request.response, write(session, asked, titles), content_type, name)

    def reply(self) -> Any:
        """One page of lines."""
        asked = asked_of(self.context, self.request)
        start, size = window(self.request)
        with reader(self.context) as session:
            if asked.book == registers.DELIVERIES:
                total, items = registers.count(session, asked), delivered.items(session, asked.deliveries_query(), start, size)
            else:
                total, entries = registers.page(session, asked, start, size)
                items = [registers.entry_json(entry) for entry in entries]
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
        require(READ, at(info.path))
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
    response = request.response
    response.setHeader("Content-Type", PDF)
    response.setHeader("Content-Disposition", f'attachment; filename="{file_name(job, "pdf")}"')
    response.setHeader("Content-Length", str(size))
    return _Sent(jobs.parts(context, job))


def file_name(asked: Asked | PrintJob, format_: str) -> str:
    """What a file of a book is called."""
    return f"{asked.unit}-{asked.book}-{asked.year}.{format_}"


def thai_digits_wanted(request: Any) -> bool:
    """Whether a print has Thai figures: `digits=thai`."""
    return one_of(request, "digits", ("thai", "arabic"), "arabic") == "thai"


def sent(response: Any, out: IO[bytes], content_type: str, name: str, disposition: str = "attachment") -> IStreamIterator:
    """A file as the answer."""
    response.setHeader("Content-Type", content_type)
    response.setHeader("Content-Disposition", f'{disposition}; filename="{name}"')
    response.setHeader("Content-Length", str(out.seek(0, 2)))
    out.seek(0)
    return _Sent(iter(lambda: out.read(1 << 16), b""), out.close)


@implementer(IStreamIterator)
class _Sent:
    """An answer, block by block."""

    def __init__(self, blocks: Iterator[bytes], close: Callable[[], None] = lambda: None) -> None:
        self.blocks = blocks
        self.close = close
        """Called by the server, whether or not everything was sent."""

    def __iter__(self) -> Iterator[bytes]:
        return self

    def __next__(self) -> bytes:
        return next(self.blocks)
