"""Dates, figures, names and chips, in the person's language and digits.

Templates take it as `sb`: `tal:define="sb context/@@sb"` (in our frame it is there already). What gives markup says so
and is used with `structure`; everything else is text.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, date, datetime
from html import escape
from typing import Any

from Products.Five import BrowserView
from zope.i18n import translate

from saraban import _
from saraban.lazy import cached_property
from saraban.ledger import clock
from saraban.letters.kinds import ALL_KINDS, SECRECIES, STATES, URGENCIES, WAYS
from saraban.organisation.acting import person_name
from saraban.organisation.chart import unit
from saraban.routing.queries import SOON_DAYS
from saraban.thai import dates
from saraban.thai.digits import to_thai
from saraban.theme import static_files
from saraban.theme.preferences import language, thai_digits

DELIVERY_STATES: dict[str, str] = {
    "sent": _("delivery_state_sent", default="New"),
    "opened": _("delivery_state_opened", default="Opened"),
    "registered": _("delivery_state_registered", default="Registered"),
    "closed": _("delivery_state_closed", default="Closed"),
    "returned": _("delivery_state_returned", default="Returned"),
    "recalled": _("delivery_state_recalled", default="Recalled"),
}
STEPS: dict[str, str] = {
    "created": _("step_created", default="drafted"),
    "received": _("step_received", default="received from outside"),
    "submitted": _("step_submitted", default="submitted"),
    "sent-back": _("step_sent_back", default="sent back for changes"),
    "signed": _("step_signed", default="signed"),
    "dispatched": _("step_dispatched", default="dispatched"),
    "opened": _("step_opened", default="opened"),
    "registered": _("step_registered", default="registered"),
    "forwarded": _("step_forwarded", default="forwarded"),
    "assigned": _("step_assigned", default="assigned"),
    "ordered": _("step_ordered", default="ordered"),
    "postponed": _("step_postponed", default="postponed"),
    "corrected": _("step_corrected", default="corrected"),
    "reminded": _("step_reminded", default="reminded those who have not read it"),
    "followed-up": _("step_followed_up", default="marked for follow-up"),
    "closed": _("step_closed", default="closed"),
    "reopened": _("step_reopened", default="reopened"),
    "returned": _("step_returned", default="returned"),
    "recalled": _("step_recalled", default="recalled"),
    "classified": _("step_classified", default="classified"),
    "let-in": _("step_let_in", default="let in by name"),
    "let-out": _("step_let_out", default="let out again"),
    "cancelled": _("step_cancelled", default="cancelled"),
}
"""What a line of the timeline says (`what` of `@movement`)."""

_STATE_CHIPS = {
    "sent": "new",
    "opened": "act",
    "registered": "act",
    "closed": "",
    "returned": "late",
    "recalled": "",
    "draft": "",
    "pending": "soon",
    "signed": "act",
    "dispatched": "act",
    "cancelled": "",
}


class Format(BrowserView):
    """The helper `@@sb`."""

    DATE_HINT = _("date_hint", default="For example 9 Apr 2021 or 9/4/2564")

    @cached_property
    def language(self) -> str:
        """`th` or `en`."""
        return language(self.request)

    @cached_property
    def thai(self) -> bool:
        """Whether the page is in Thai."""
        return self.language == "th"

    @cached_property
    def _thai_digits(self) -> bool:
        return thai_digits(self.request)

    def words(self, message: Any, **mapping: str) -> str:
        """A message in the language of the page, with what stands in its places."""
        return str(translate(_with(message, **mapping) if mapping else message, context=self.request)) if message else ""

    # Dates and figures

    def date(self, value: Any) -> str:
        """9 เม.ย. 64, or 9 Apr 2021; nothing for None. An ISO text will do."""
        day = _as_date(value)
        if day is None:
            return ""
        return dates.short(day, self._thai_digits) if self.thai else dates.english(day)

    def long_date(self, value: Any) -> str:
        """9 เมษายน 2564, or 9 Apr 2021."""
        day = _as_date(value)
        if day is None:
            return ""
        return dates.medium(day, self._thai_digits) if self.thai else dates.english(day)

    def time(self, value: Any) -> str:
        """09.30 น., or 09:30."""
        moment = _as_moment(value)
        if moment is None:
            return ""
        return dates.time(moment, self._thai_digits) if self.thai else dates.english_time(moment)

    def datetime(self, value: Any) -> str:
        """9 เม.ย. 64 09.30 น."""
        moment = _as_moment(value)
        return f"{self.date(moment)} {self.time(moment)}" if moment else ""

    def stamp(self, value: Any) -> str:
        """Markup: the moment as `<time>`, exact for machines."""
        moment = _as_moment(value)
        if moment is None:
            return ""
        exact = dates.bangkok(moment).isoformat(timespec="seconds")
        return f'<time class="nowrap" datetime="{exact}">{escape(self.datetime(moment))}</time>'

    def relative(self, value: Any) -> str:
        """How long ago: 5 นาทีที่แล้ว; from a week on the date itself."""
        moment = _as_moment(value)
        if moment is None:
            return ""
        seconds = int((clock.now() - moment).total_seconds())
        if seconds < 60:
            return self.words(_("ago_now", default="just now"))
        for length, most, singular, plural in _AGES:
            if seconds < most:
                count = seconds // length
                words = singular if count == 1 else plural
                return self.words(_with(words, count=self.number(count)))
        return self.date(moment)

    def number(self, value: Any) -> str:
        """A count: 1,234 in the person's digits."""
        if value is None or value == "":
            return ""
        return self.digits(f"{value:,}" if isinstance(value, int) else str(value))

    def digits(self, value: Any) -> str:
        """A text with its figures in the person's digits: letter numbers, register numbers."""
        text = "" if value is None else str(value)
        return to_thai(text) if self._thai_digits else text

    def year(self, value: int) -> str:
        """A Buddhist year, in English pages the Christian one beside it."""
        return self.digits(value) if self.thai else f"{value} ({value - dates.ERA})"

    def size(self, octets: int) -> str:
        """The size of a file."""
        length, message = next((one for one in _SIZES if octets >= one[0]), _SIZES[-1])
        count = f"{octets / length:.1f}" if length > 1 and octets < 10 * length else f"{octets // length:,}"
        return self.words(_with(message, count=self.digits(count)))

    # Names

    def urgency_title(self, value: str) -> str:
        """ด่วนมาก."""
        return self._title(URGENCIES, value)

    def secrecy_title(self, value: str) -> str:
        """ลับ."""
        return self._title(SECRECIES, value)

    def state_title(self, value: str) -> str:
        """The state of a letter or of a delivery."""
        return self._title(STATES, value) if value in STATES and value != "closed" else self._title(DELIVERY_STATES, value)

    def kind_title(self, value: str) -> str:
        """หนังสือภายนอก."""
        return self.words(ALL_KINDS[value].title) if value in ALL_KINDS else value

    def way_title(self, value: str) -> str:
        """How a letter from outside came."""
        return self._title(WAYS, value)

    def step_title(self, value: str) -> str:
        """What a line of the timeline says."""
        return self._title(STEPS, value)

    def unit_title(self, value: str) -> str:
        """A unit's name in the language of the page; the id where it is not known."""
        found = unit(value) if value else None
        return found.title(self.language) if found else value or ""

    def person_title(self, value: str) -> str:
        """A person's name."""
        return person_name(value) if value else ""

    def _title(self, titles: Mapping[str, str], value: str) -> str:
        return self.words(titles[value]) if value in titles else value or ""

    # Markup

    def icon(self, name: str) -> str:
        """Markup: an icon that says nothing to a screen reader; words stand beside it."""
        return f'<svg class="icon" aria-hidden="true"><use href="{self._icons}#{escape(name)}"></use></svg>'

    @cached_property
    def _icons(self) -> str:
        return escape(f"{self.context.portal_url()}/{static_files.NAME}/{static_files.version()}/icons.svg")

    def chip(self, words: str, kind: str = "", icon: str = "") -> str:
        """Markup: a chip; `kind` is act, new, soon, late, urgent, very-urgent, most-urgent, secret, or empty for grey."""
        mark = self.icon(icon) if icon else ""
        return f'<span class="chip {escape(kind)}">{mark}{escape(words)}</span>' if words else ""

    def urgency_chip(self, value: str) -> str:
        """Markup: the urgency, nothing for an ordinary letter."""
        return "" if value in ("", "normal", None) else self.chip(self.urgency_title(value), value, "urgent")

    def secrecy_chip(self, value: str) -> str:
        """Markup: the secrecy, nothing for what is not secret."""
        return "" if value in ("", "normal", None) else self.chip(self.secrecy_title(value), "secret", "secret")

    def state_chip(self, value: str) -> str:
        """Markup: the state of a letter or a delivery."""
        return self.chip(self.state_title(value), _STATE_CHIPS.get(value, ""))

    def due_chip(self, value: Any, done: bool = False) -> str:
        """Markup: the end of a term: grey, amber when near, red when past."""
        day = _as_date(value)
        if day is None:
            return ""
        shown = self.date(day)
        left = (day - clock.today()).days
        if done or left > SOON_DAYS:
            return self.chip(self.words(_("due_on", default="Due ${date}", mapping={"date": shown})), "", "due")
        if left < 0:
            message = (
                _("due_late_one", default="1 day late (${date})", mapping={"date": shown})
                if left == -1
                else _("due_late", default="${days} days late (${date})", mapping={"days": self.number(-left), "date": shown})
            )
            return self.chip(self.words(message), "late", "due")
        if left == 0:
            return self.chip(self.words(_("due_today", default="Due today")), "soon", "due")
        if left == 1:
            return self.chip(self.words(_("due_tomorrow", default="Due tomorrow")), "soon", "due")
        message = _("due_soon", default="Due in ${days} days (${date})", mapping={"days": self.number(left), "date": shown})
        return self.chip(self.words(message), "soon", "due")


_AGES = (
    (60, 3600, _("ago_minute", default="${count} minute ago"), _("ago_minutes", default="${count} minutes ago")),
    (3600, 86400, _("ago_hour", default="${count} hour ago"), _("ago_hours", default="${count} hours ago")),
    (86400, 7 * 86400, _("ago_day", default="${count} day ago"), _("ago_days", default="${count} days ago")),
)


_SIZES = (
    (1024 * 1024, _("size_mb", default="${count} MB")),
    (1024, _("size_kb", default="${count} kB")),
    (1, _("size_bytes", default="${count} bytes")),
)


def _with(message: Any, **mapping: str) -> Any:
    return type(message)(message, mapping=mapping)


def _as_date(value: Any) -> date | None:
    if isinstance(value, str):
        value = datetime.fromisoformat(value) if "T" in value else date.fromisoformat(value) if value else None
    if value is None:
        return None
    if not isinstance(value, date):
        value = value.asdatetime()
    found: date = dates.day_of(value)
    return found


def _as_moment(value: Any) -> datetime | None:
    if isinstance(value, str):
        value = datetime.fromisoformat(value) if value else None
    if value is None or isinstance(value, datetime):
        if value is not None and value.tzinfo is not None:
            return value.astimezone(UTC).replace(tzinfo=None)
        return value
    # Not by `asdatetime`: a DateTime of this process may carry the zone that the machine had before Zope set its own.
    return datetime.fromtimestamp(value.timeTime(), UTC).replace(tzinfo=None)
