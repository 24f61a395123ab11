"""`GET /agencies/<agency>/@register-book`: a register book as JSON, CSV or a workbook."""

from __future__ import annotations

from collections.abc import Iterator
from typing import IO, Any

from plone import api
from plone.restapi.services import Service
from zope.i18n import translate
from zope.interface import implementer
from ZPublisher.Iterators import IStreamIterator

from saraban.classification.clearances import registrar_levels
from saraban.errors import Forbidden, Missing
from saraban.ledger import clock
from saraban.ledger.connection import reader
from saraban.organisation import chart
from saraban.organisation.acting import current_person
from saraban.organisation.allow import VIEW, require
from saraban.organisation.rest import batch, one_of, whole_number, window
from saraban.routing import registers
from saraban.routing.books import SECRET_BOOKS
from saraban.routing.registers import Asked

READ = "Saraban: Read register book"
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
    book = one_of(request, "book", (*registers.BOOKS, *SECRET_BOOKS), "receive")
    place = api.portal.get().unrestrictedTraverse(info.path)
    cleared: tuple[str, ...] = ()
    if book in SECRET_BOOKS:
        require(VIEW, place)
        cleared = registrar_levels(current_person(), unit)
        if not cleared:
            raise Forbidden()
    else:
        require(READ, place)
    from_seq, to_seq = (whole_number(request, name, 0) or None for name in ("from_seq", "to_seq"))
    return Asked(
        unit=unit,
        book=book,
        year=whole_number(request, "year", clock.buddhist_year(), least=2400, most=2700),
        series=str(request.form.get("series", "")),
        from_seq=from_seq,
        to_seq=to_seq,
        cleared=cleared,
    )


class RegisterBook(Service):
    """The lines of a book; `format` says in what shape."""

    def render(self) -> Any:
        """A file for CSV and workbook, else JSON."""
        format_ = one_of(self.request, "format", ("json", *WRITERS), "json")
        if format_ == "json":
            return super().render()
        asked = asked_of(self.context, self.request)
        write, content_type = WRITERS[format_]
        titles = [translate(title, context=self.request) for _name, title in registers.COLUMNS[asked.book]]
        with reader(self.context) as session:
            out = write(session, asked, titles)
        response = self.request.response
        response.setHeader("Content-Type", content_type)
        name = f"{asked.unit}-{asked.book}-{asked.year}.{format_}"
        response.setHeader("Content-Disposition", f'attachment; filename="{name}"')
        return _sent(response, out)

    def reply(self) -> Any:
        """One page of lines."""
        asked = asked_of(self.context, self.request)
        start, size = window(self.request)
        with reader(self.context) as session:
            total, entries = registers.page(session, asked, start, size)
        items = [registers.entry_json(entry) for entry in entries]
        return batch(self.request, f"{self.context.absolute_url()}/@register-book", total, items)


@implementer(IStreamIterator)
class _Sent:
    """A file as the answer, block by block."""

    def __init__(self, out: IO[bytes]) -> None:
        self.out = out

    def __iter__(self) -> Iterator[bytes]:
        return self

    def __next__(self) -> bytes:
        block = self.out.read(1 << 16)
        if not block:
            self.out.close()
            raise StopIteration
        return block

    def close(self) -> None:
        """Called by the server, whether or not everything was sent."""
        self.out.close()


def _sent(response: Any, out: IO[bytes]) -> _Sent:
    out.seek(0, 2)
    response.setHeader("Content-Length", str(out.tell()))
    out.seek(0)
    return _Sent(out)
