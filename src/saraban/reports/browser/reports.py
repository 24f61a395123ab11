"""`/reports`: what came, how long it took, what is left; each chart says its finding, its table stands beneath (B8)."""

from __future__ import annotations

from typing import Any

from Products.Five.browser.pagetemplatefile import ViewPageTemplateFile

from saraban import _
from saraban.errors import Missing
from saraban.lazy import cached_property
from saraban.ledger import clock
from saraban.ledger.connection import reader
from saraban.reports import access, periods, queries
from saraban.reports.api.reports import workbook_of
from saraban.reports.browser.findings import Findings
from saraban.reports.periods import Period
from saraban.reports.queries import Report
from saraban.reports.serialize import AGE_TITLES, PRECISE, STEP_TITLES, VOLUME_TITLES
from saraban.reports.serialize import ALL as ALL_UNITS
from saraban.reports.spans import STEPS
from saraban.routing import durations
from saraban.routing.browser.page import Page, with_query
from saraban.thai.dates import ENGLISH_MONTHS, MONTHS, SHORT_MONTHS

NONE = (
    _("reports_none", default="No reports"),
    _("reports_none_text", default="Reports are for registrars, heads and officers: of their own unit, or of their agency."),
)
PERIODS = {
    "recent": _("period_recent", default="Last 12 months"),
    "budget": _("period_budget", default="Budget year ${year}"),
    "year": _("period_year", default="Year ${year}"),
}
NINE = _("report_key_nine", default="Nine of ten within")
NINE_CLOSED = _("report_most_closed", default="Nine of ten closed within")

ALL = "all:"
"""Before an agency's id: all its units that the person may read."""


class ReportPage(Page):
    """`/reports?unit=&period=`."""

    index = ViewPageTemplateFile("templates/reports.pt")
    section = "reports"
    title = _("reports_title", default="Reports")
    NONE = NONE
    STEP_TITLES, VOLUME_TITLES, AGE_TITLES, STEPS = STEP_TITLES, VOLUME_TITLES, AGE_TITLES, STEPS
    NINE, NINE_CLOSED, PRECISE = NINE, NINE_CLOSED, PRECISE
    DRAWN = ("received", "closed")
    """Volumes that the chart of months shows."""
    found: Report | None = None

    def __call__(self) -> Any:
        """The report of the unit that is asked for, or the widest that the person may read."""
        if self.places:
            self.found = self.read()
        return self.index()

    def read(self) -> Report:
        """The figures."""
        with reader(self.site) as session:
            return queries.report(session, access.desks(self.agency, self.unit, secret=self.secret), self.period)

    # What is asked
    @cached_property
    def secret(self) -> bool:
        """Whether the report of secret letters is shown, which counts nothing else: to who registers them, and has no other."""
        return self.registers_secrets and (bool(self.text("secret")) or not self.reads_ordinary)

    @cached_property
    def registers_secrets(self) -> bool:
        """Whether there is a report of secret letters for the person."""
        return any(access.secret_places(agency) for agency in self.agencies)

    @cached_property
    def reads_ordinary(self) -> bool:
        """Whether there is one of ordinary letters."""
        return any(access.units(agency) for agency in self.agencies)

    @cached_property
    def agencies(self) -> list[Any]:
        """The agencies of which the person reads reports."""
        return access.agencies(self.site)

    @cached_property
    def places(self) -> dict[str, tuple[Any, str]]:
        """Agency and unit of each report, by the name that the address gives it; no unit is all of the agency's."""
        found: dict[str, tuple[Any, str]] = {}
        for agency in self.agencies:
            units = [] if self.secret else access.units(agency)
            if len(units) != 1 and (units or access.secret_places(agency)):
                found[f"{ALL}{agency.unit_id}"] = (agency, "")
            found.update({unit: (agency, unit) for unit in units})
        return found

    @property
    def place(self) -> str:
        """The name of the report that is shown."""
        asked = self.text("unit")
        return asked if asked in self.places else next(iter(self.places))

    @property
    def agency(self) -> Any:
        """The agency whose report it is."""
        return self.places[self.place][0]

    @property
    def unit(self) -> str:
        """The unit whose report it is; empty for all."""
        return self.places[self.place][1]

    @cached_property
    def period(self) -> Period:
        """The months that are meant; the last twelve where the address says none."""
        return periods.period(self.text("period")) or Period(periods.RECENT, periods.index(clock.today()) - 11)

    def unit_options(self) -> list[tuple[str, str]]:
        """What can be chosen."""
        every = self.words(ALL_UNITS)
        return [
            (name, self.unit_title(unit) if unit else f"{self.unit_title(agency.unit_id)} ({every})")
            for name, (agency, unit) in self.places.items()
        ]

    def period_options(self) -> list[tuple[str, str]]:
        """The last twelve months, budget years, years."""
        return [(name, self.period_title(name)) for name in dict.fromkeys([*periods.choices(), self.period.name])]

    def period_title(self, name: str) -> str:
        """A period in words."""
        kind = name if name == periods.RECENT else "budget" if name.startswith("budget-") else "year"
        year = name.removeprefix("budget-")
        if self.language == "en" and kind != periods.RECENT:
            year = f"{year} ({int(year) - 543})"
        return self.words(PERIODS[kind]).replace("${year}", year)

    def export_url(self) -> str:
        """The same as a workbook."""
        return with_query(
            f"{self.site_url}/reports-export",
            {"unit": self.place, "period": self.period.name, "secret": "1" if self.secret else ""},
        )

    def other_url(self) -> str:
        """The report of secret letters, or back from it; empty for who registers none."""
        if not (self.registers_secrets and self.reads_ordinary):
            return ""
        return self.address(f"{self.site_url}/reports", secret=None if self.secret else 1, unit=None)

    # What is shown
    def findings(self, sb: Any) -> dict[str, str]:
        """What each part of the page found; `sb` is the theme's format helper."""
        return Findings(self.found, sb, self.month_title).said() if self.found is not None else {}

    def month_title(self, of: int, long: bool = False) -> str:
        """A month in words."""
        day = periods.first_day(of)
        if self.language == "en":
            return f"{ENGLISH_MONTHS[day.month - 1][:3]} {day.year}"
        name = MONTHS[day.month - 1] if long else SHORT_MONTHS[day.month - 1]
        return f"{name} {day.year + 543}" if long else f"{name} {(day.year + 543) % 100}"

    def duration(self, seconds: int | None) -> str:
        """How long, in words."""
        return "" if seconds is None else self.words(durations.words(seconds))


class Export(ReportPage):
    """`/reports-export`: the figures as a workbook."""

    def __call__(self) -> Any:
        """The file."""
        if not self.places:
            raise Missing()
        return workbook_of(self.agency, self.request, self.read())
