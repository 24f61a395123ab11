"""`@reports`: the figures of an agency or of one of its units, as JSON or as a workbook."""

from __future__ import annotations

from typing import Any

from plone.restapi.services import Service
from zope.i18n import translate

from saraban import _
from saraban.errors import Invalid
from saraban.ledger.connection import reader
from saraban.organisation.rest import one_of, switch
from saraban.organisation.sending import send_file
from saraban.reports import access, periods, queries
from saraban.reports.serialize import report_json, workbook
from saraban.spreadsheets import XLSX


def report_of(agency: Any, request: Any) -> queries.Report:
    """What is asked for. Raises Missing, Forbidden, Invalid."""
    desks = access.desks(agency, str(request.form.get("unit", "")), secret=bool(switch(request, "secret")))
    period = periods.period(str(request.form.get("period", "")))
    if period is None:
        names = ", ".join(periods.choices())
        raise Invalid(
            fields={"period": _("error_field_choice", default="This must be one of: ${names}.", mapping={"names": names})}
        )
    with reader(agency) as session:
        return queries.report(session, desks, period)


class Reports(Service):
    """`GET /agencies/<agency>/@reports?unit=&period=&secret=&format=`."""

    def render(self) -> Any:
        """A file for a workbook, else JSON."""
        if one_of(self.request, "format", ("json", "xlsx"), "json") == "json":
            return super().render()
        return workbook_of(self.context, self.request, report_of(self.context, self.request))

    def reply(self) -> Any:
        """All figures."""
        found = report_json(report_of(self.context, self.request))
        return {"@id": f"{self.context.absolute_url()}/@reports", **found}


def workbook_of(agency: Any, request: Any, found: queries.Report) -> Any:
    """The workbook as the answer, in the language of the request."""
    language = "en" if str(request.get("LANGUAGE") or "th").startswith("en") else "th"
    out = workbook(found, lambda message: str(translate(message, context=request)), language)
    return send_file(request.response, out, XLSX, f"{agency.unit_id}-report-{found.period.start:%Y-%m}.xlsx")
