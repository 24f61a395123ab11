"""The charts of a report, and the sentence above each that says what it found."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from saraban import _
from saraban.reports.charts import Bar, Row, bars
from saraban.reports.queries import Report, Times
from saraban.reports.serialize import AGE_TITLES, STEP_TITLES, VOLUME_TITLES
from saraban.reports.spans import STEPS
from saraban.routing import durations

MOST_UNITS = 12
"""Rows of the chart of units; the table has all."""
HALF = _("report_key_half", default="Half were done within")
NINE = _("report_key_nine", default="Nine of ten were done within")
SAID_TIMES = _("report_said_times", default="half ${half} · nine of ten ${nine}")
SAID_VOLUME = _("report_said_volume", default="${received} received · ${closed} closed")
NOTHING = _("finding_nothing", default="Nothing came in this time")
BUSIEST = _("finding_busiest", default="${month} was the busiest month: ${count} letters of ${total}")
QUICK = _("finding_registered", default="Half of the letters were registered within ${half}, nine of ten within ${nine}")
NO_TIMES = _("finding_no_times", default="No letter has come through the system to be timed yet")
SLOWEST = _("finding_slowest", default="${unit} takes longest to close a matter: half within ${half}")
ONE_UNIT = _("finding_one_unit", default="Half of the matters were closed within ${half} of being registered")
NO_CLOSED = _("finding_no_closed", default="No matter was closed yet")
ALL_CLEAR = _("finding_all_clear", default="Nothing is open")
LEFT = _("finding_left", default="${open} letters are open, ${old} of them for over 30 days; ${late} are overdue")


@dataclass(frozen=True)
class Chart:
    """A part of the page: what it found, the picture, and how its bars are to be read."""

    finding: str
    svg: str
    keys: tuple[tuple[str, str], ...] = ()
    """Class of a bar, and its name."""


class Drawing:
    """The charts of one report, in words and figures of one page."""

    def __init__(self, found: Report, sb: Any, month_title: Callable[..., str]) -> None:
        self.found = found
        self.sb = sb
        self.month_title = month_title

    def charts(self) -> dict[str, Chart]:
        """By name."""
        return {"volume": self.volume(), "steps": self.steps(), "units": self.units(), "backlog": self.backlog()}

    def volume(self) -> Chart:
        """Month by month."""
        months = self.found.months
        rows = [
            Row(
                self.month_title(of),
                self._words(SAID_VOLUME, received=self._count(one.received), closed=self._count(one.closed)),
                (Bar(one.received, "bar"), Bar(one.closed, "bar-over")),
            )
            for of, one in months.items()
        ]
        total = self.found.total.received
        of = max(months, key=lambda one: months[one].received)
        busiest = self._words(
            BUSIEST, month=self.month_title(of, True), count=self._count(months[of].received), total=self._count(total)
        )
        keys = (("bar", self._words(VOLUME_TITLES["received"])), ("bar-over", self._words(VOLUME_TITLES["closed"])))
        return Chart(busiest if total else self._words(NOTHING), bars(rows, keys[0][1]), keys)

    def steps(self) -> Chart:
        """How long each step took, all units together."""
        found = [(step, one) for step in STEPS if (one := self.found.time(step)) is not None]
        rows = [self._time_row(self._words(STEP_TITLES[step]), one) for step, one in found]
        whole = self.found.time("registered")
        finding = self._words(QUICK, **self._both(whole)) if whole else self._words(NO_TIMES)
        return Chart(finding, bars(rows, self._words(NINE), apart=True) if rows else "", self._time_keys())

    def units(self) -> Chart:
        """How long each unit took to close a matter, the slowest first."""
        found = [(unit, one) for unit in self.found.units if (one := self.found.time("closed", unit)) is not None]
        found.sort(key=lambda pair: (-pair[1].median, pair[0]))
        rows = [self._time_row(self.sb.unit_title(unit), one) for unit, one in found[:MOST_UNITS]]
        if not found:
            finding = self._words(NO_CLOSED)
        elif len(self.found.units) == 1:
            finding = self._words(ONE_UNIT, half=self._duration(found[0][1].median))
        else:
            finding = self._words(SLOWEST, unit=self.sb.unit_title(found[0][0]), half=self._duration(found[0][1].median))
        return Chart(finding, bars(rows, self._words(STEP_TITLES["closed"]), apart=True) if rows else "", self._time_keys())

    def backlog(self) -> Chart:
        """What lies open now, by how long it has been there."""
        left = self.found.backlog
        rows = [
            Row(self._words(title), self._count(count), (Bar(count, "bar"),))
            for title, count in zip(AGE_TITLES, left.ages, strict=True)
        ]
        figures = {"open": self._count(left.open), "old": self._count(left.ages[-1]), "late": self._count(left.overdue)}
        finding = self._words(LEFT, **figures) if left.open else self._words(ALL_CLEAR)
        return Chart(finding, bars(rows, self._words(VOLUME_TITLES["open"])))

    def _time_row(self, label: str, one: Times) -> Row:
        said = self._words(SAID_TIMES, **self._both(one))
        return Row(label, said, (Bar(one.most, "bar-light"), Bar(one.median, "bar-over")))

    def _time_keys(self) -> tuple[tuple[str, str], ...]:
        return (("bar-over", self._words(HALF)), ("bar-light", self._words(NINE)))

    def _both(self, one: Times) -> dict[str, str]:
        return {"half": self._duration(one.median), "nine": self._duration(one.most)}

    def _duration(self, seconds: int) -> str:
        return str(self.sb.digits(self.sb.words(durations.words(seconds))))

    def _count(self, value: int) -> str:
        return str(self.sb.number(value))

    def _words(self, message: str, **mapping: str) -> str:
        return str(self.sb.words(message, **mapping))
