"""What the parts of a report say in their headings: the sentence above each chart and its table."""

from __future__ import annotations

from collections.abc import Callable
from operator import itemgetter
from typing import Any

from saraban import _
from saraban.reports.queries import Report, Times
from saraban.routing import durations

NOTHING = _("finding_nothing", default="Nothing came in this time")
BUSIEST = _("finding_busiest", default="${month} was the busiest month: ${count} letters of ${total}")
QUICK = _("finding_registered", default="Half of the letters were registered within ${half}, nine of ten within ${nine}")
NO_TIMES = _("finding_no_times", default="No letter has come through the system to be timed yet")
SLOWEST = _("finding_slowest", default="${unit} takes longest to close a matter: half within ${half}")
ONE_UNIT = _("finding_one_unit", default="Half of the matters were closed within ${half} of being registered")
NO_CLOSED = _("finding_no_closed", default="No matter was closed yet")
ALL_CLEAR = _("finding_all_clear", default="Nothing is open")
LEFT = _("finding_left", default="${open} letters are open, ${old} of them for over 30 days; ${late} are overdue")


class Findings:
    """The findings of one report, in words and figures of one page."""

    def __init__(self, found: Report, sb: Any, month_title: Callable[..., str]) -> None:
        self.found = found
        self.sb = sb
        self.month_title = month_title

    def said(self) -> dict[str, str]:
        """By the part's name."""
        return {"volume": self.volume(), "steps": self.steps(), "units": self.units(), "backlog": self.backlog()}

    def volume(self) -> str:
        """Month by month."""
        months, total = self.found.months, self.found.total.received
        if not total:
            return self._words(NOTHING)
        of = max(months, key=lambda one: months[one].received)
        figures = {"count": self._count(months[of].received), "total": self._count(total)}
        return self._words(BUSIEST, month=self.month_title(of, True), **figures)

    def steps(self) -> str:
        """How long it took to register, all units together."""
        whole = self.found.time("registered")
        return self._words(QUICK, **self._both(whole)) if whole else self._words(NO_TIMES)

    def units(self) -> str:
        """Which unit took longest to close a matter."""
        found = [(one.median, unit) for unit in self.found.units if (one := self.found.time("closed", unit)) is not None]
        if not found:
            return self._words(NO_CLOSED)
        median, unit = max(found, key=itemgetter(0))
        if len(self.found.units) == 1:
            return self._words(ONE_UNIT, half=self._duration(median))
        return self._words(SLOWEST, unit=self.sb.unit_title(unit), half=self._duration(median))

    def backlog(self) -> str:
        """What lies open now, by how long it has been there."""
        left = self.found.backlog
        figures = {"open": self._count(left.open), "old": self._count(left.ages[-1]), "late": self._count(left.overdue)}
        return self._words(LEFT, **figures) if left.open else self._words(ALL_CLEAR)

    def _both(self, one: Times) -> dict[str, str]:
        return {"half": self._duration(one.median), "nine": self._duration(one.most)}

    def _duration(self, seconds: int) -> str:
        return self._words(durations.words(seconds))

    def _count(self, value: int) -> str:
        return str(self.sb.number(value))

    def _words(self, message: str, **mapping: str) -> str:
        return str(self.sb.digits(self.sb.words(message, **mapping)))
