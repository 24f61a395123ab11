"""`GET /agencies/<agency>/@number-report`: the numbers that units asked for, and the letter of each (L17, L23)."""

from __future__ import annotations

from typing import Any

from plone.restapi.services import Service
from zope.i18n import translate

from saraban import spreadsheets
from saraban.ledger import clock
from saraban.ledger.connection import reader
from saraban.organisation.rest import batch, one_of, switch, whole_number, window
from saraban.organisation.sending import send_file
from saraban.registers import numberreport
from saraban.registers.numberreport import Wanted


def wanted_of(agency: Any, request: Any) -> Wanted:
    """What is asked for, as far as the person may see it. Raises Missing, Forbidden, Invalid."""
    wanted = Wanted(
        agency=agency.unit_id,
        year=whole_number(request, "year", clock.buddhist_year(), least=2400, most=2700),
        series=str(request.form.get("series", "")),
        unit=str(request.form.get("unit", "")),
        unused=bool(switch(request, "unused")),
    )
    return numberreport.readable(agency, wanted)


class NumberReport(Service):
    """The report; `format` says in what shape."""

    def render(self) -> Any:
        """A workbook, else JSON."""
        if one_of(self.request, "format", ("json", "xlsx"), "json") == "json":
            return super().render()
        wanted = wanted_of(self.context, self.request)
        titles = [translate(title, context=self.request) for _name, title in numberreport.COLUMNS]
        with reader(self.context) as session:
            out = spreadsheets.write_xlsx(f"{wanted.year}", titles, numberreport.lines(session, wanted))
        return send_file(self.request.response, out, spreadsheets.XLSX, f"{wanted.agency}-numbers-{wanted.year}.xlsx")

    def reply(self) -> Any:
        """How many numbers each unit asked for, and a batch of the numbers."""
        wanted = wanted_of(self.context, self.request)
        start, size = window(self.request)
        with reader(self.context) as session:
            found = numberreport.report(session, wanted, start, size)
        items = [numberreport.line_json(line) for line in found.lines]
        answer = batch(self.request, f"{self.context.absolute_url()}/@number-report", found.total, items)
        answer["units"] = [
            {"unit": one.unit, "issued": one.issued, "reserved": one.reserved, "cancelled": one.cancelled, "total": one.total}
            for one in found.units
        ]
        return answer
