"""A report as JSON and as a workbook."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import IO, Any

from openpyxl import Workbook

from saraban import _
from saraban.ledger import clock
from saraban.organisation import chart
from saraban.reports.periods import first_day
from saraban.reports.queries import AGES, Backlog, Report, Times, Volume
from saraban.reports.spans import STEPS
from saraban.spreadsheets import harmless, saved

STEP_TITLES: dict[str, str] = {
    "opened": _("report_step_opened", default="Sent to opened"),
    "registered": _("report_step_registered", default="Sent to registered"),
    "given": _("report_step_given", default="Registered to given to somebody"),
    "closed": _("report_step_closed", default="Registered to closed"),
    "whole": _("report_step_whole", default="Sent to closed"),
}
VOLUME_TITLES: dict[str, str] = {
    "received": _("report_received", default="Received"),
    "registered": _("report_registered", default="Registered"),
    "closed": _("report_closed", default="Closed"),
    "open": _("report_open", default="Still open"),
    "late": _("report_late", default="Late"),
    "sent": _("report_sent", default="Sent out"),
}
AGE_TITLES: tuple[str, ...] = (
    _("report_age_3", default="Up to 3 days"),
    _("report_age_7", default="4–7 days"),
    _("report_age_30", default="8–30 days"),
    _("report_age_more", default="Over 30 days"),
)


def report_json(found: Report) -> dict[str, Any]:
    """All figures; times in seconds."""
    return {
        "from": found.period.start.isoformat(),
        "until": first_day(found.period.first + len(found.period.months)).isoformat(),
        "as_of": clock.iso(found.as_of),
        "total": vars(found.total),
        "months": [{"month": _month(one), **vars(volume), **_registering(found, one)} for one, volume in found.months.items()],
        "units": [
            {"unit": unit, **vars(found.volumes[unit]), "backlog": _backlog(found.backlogs[unit]), "times": _steps(found, unit)}
            for unit in found.units
        ],
        "times": _steps(found, ""),
        "backlog": _backlog(found.backlog),
    }


def _month(of: int) -> str:
    return first_day(of).strftime("%Y-%m")


def _registering(found: Report, of: int) -> dict[str, Any]:
    times = found.time("registered", month=of)
    return {"median_to_registered": times.median if times else None, "p90_to_registered": times.most if times else None}


def _steps(found: Report, unit: str) -> list[dict[str, Any]]:
    steps = [one for step in STEPS if (one := found.time(step, unit)) is not None]
    return [{"step": one.step, "count": one.count, "median": one.median, "p90": one.most} for one in steps]


def _backlog(one: Backlog) -> dict[str, Any]:
    return {"open": one.open, "overdue": one.overdue, "by_age": list(one.ages)}


def workbook(found: Report, words: Callable[[str], str], language: str) -> IO[bytes]:
    """Five sheets: months, units, times, backlog, and as of when. Times in hours, as a spreadsheet can go on with them."""
    book = Workbook(write_only=True)
    names: Mapping[str, chart.UnitInfo] = chart.units(found.units)

    def title(unit: str) -> str:
        return str(harmless(names[unit].title(language) if unit in names else unit))

    def sheet(name: str, *heads: str) -> Any:
        made = book.create_sheet(words(name))
        made.append([words(one) for one in heads])
        return made

    months = sheet(MONTHS, MONTH, *VOLUME_TITLES.values())
    for of, volume in found.months.items():
        months.append([first_day(of), *_volume(volume)])
    units = sheet(UNITS, UNIT, *VOLUME_TITLES.values())
    times = sheet(TIMES, UNIT, STEP, COUNT, MEDIAN_HOURS, P90_HOURS)
    left = sheet(BACKLOG, UNIT, VOLUME_TITLES["open"], OVERDUE, *AGE_TITLES)
    for step in STEPS:
        _line(times, words(ALL), words(STEP_TITLES[step]), found.time(step))
    for unit in found.units:
        units.append([title(unit), *_volume(found.volumes[unit])])
        for step in STEPS:
            _line(times, title(unit), words(STEP_TITLES[step]), found.time(step, unit))
        backlog = found.backlogs[unit]
        left.append([title(unit), backlog.open, backlog.overdue, *backlog.ages])
    sheet(ABOUT, AS_OF).append([clock.bangkok(found.as_of).replace(tzinfo=None, microsecond=0), words(PRECISE)])
    return saved(book)


def _volume(volume: Volume) -> list[int]:
    return [getattr(volume, name) for name in VOLUME_TITLES]


def _line(sheet: Any, unit: str, step: str, times: Times | None) -> None:
    if times is not None:
        sheet.append([unit, step, times.count, round(times.median / 3600, 2), round(times.most / 3600, 2)])


MONTHS = _("report_by_month", default="By month")
UNITS = _("report_by_unit", default="By unit")
TIMES = _("report_times", default="Times")
BACKLOG = _("report_backlog", default="Backlog")
ABOUT = _("report_about", default="About")
AS_OF = _("report_as_of", default="Figures as of")
PRECISE = _("report_precise", default="Times are exact up to two minutes, and longer ones right within one per cent.")
MONTH = _("column_month", default="Month")
UNIT = _("column_unit", default="Unit")
STEP = _("column_step", default="Step")
COUNT = _("column_count", default="Letters")
ALL = _("report_all_units", default="All units")
OVERDUE = _("desk_overdue", default="Overdue")
MEDIAN_HOURS = _("column_median_hours", default="Half within (hours)")
P90_HOURS = _("column_p90_hours", default="Nine of ten within (hours)")
assert len(AGE_TITLES) == len(AGES) + 1
