"""What all pages of this room share: addresses, words, dates in the person's language, and the proof that a form is ours."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any
from urllib.parse import urlencode

from plone.protect.authenticator import check, createToken
from Products.Five.browser import BrowserView
from zope.component import getMultiAdapter
from zope.component.hooks import getSite
from zope.i18n import translate

from saraban import _
from saraban.ledger import clock
from saraban.organisation import chart
from saraban.organisation.acting import current_person, person_name
from saraban.organisation.functions import HEAD, OFFICER, REGISTRAR
from saraban.organisation.posts import Post, posts_of
from saraban.routing.tables import Delivery

SOON = timedelta(days=3)
"""A date that is so near is due soon."""
SIZES = (25, 50)
"""Lines on a page of a list: the first unless `b_size` asks for the other."""


@dataclass(frozen=True)
class Due:
    """A completion date as a chip."""

    day: date
    look: str
    words: str


@dataclass(frozen=True)
class Window:
    """One page of a list, and the way to the others."""

    total: int
    start: int
    size: int
    address: Callable[[int], str]

    @property
    def first(self) -> int:
        """The first line shown, counted from one."""
        return self.start + 1 if self.total else 0

    @property
    def last(self) -> int:
        """The last line shown."""
        return min(self.total, self.start + self.size)

    @property
    def previous_url(self) -> str:
        """The page before, empty on the first."""
        return self.address(max(0, self.start - self.size)) if self.start > 0 else ""

    @property
    def next_url(self) -> str:
        """The page after, empty on the last."""
        return self.address(self.start + self.size) if self.start + self.size < self.total else ""


class Page(BrowserView):
    """A page; its template is `index`."""

    index: Any

    def __init__(self, context: Any, request: Any) -> None:
        super().__init__(context, request)
        self.site: Any = getSite()
        self.site_url: str = self.site.absolute_url()
        self.form: Mapping[str, Any] = request.form
        self.today = clock.today()

    # The person
    @property
    def person(self) -> str:
        """The id of the person who is logged in."""
        return current_person()

    @property
    def posts(self) -> tuple[Post, ...]:
        """The person's posts in force."""
        return posts_of(self.person)

    def units_as(self, *functions: str) -> list[str]:
        """The units in which the person holds one of the functions, in order."""
        return list(dict.fromkeys(post.unit for post in self.posts if post.function in functions))

    @property
    def book_units(self) -> list[str]:
        """The units whose register books the person may read."""
        return self.units_as(REGISTRAR, HEAD, OFFICER)

    # Forms
    def token(self) -> str:
        """What a form of ours carries, so that no foreign page can act in the person's name."""
        return createToken()

    def check_token(self) -> None:
        """Raises Forbidden where the form is not ours."""
        check(self.request)

    def text(self, name: str, default: str = "") -> str:
        """A single value of the query or form."""
        value = self.form.get(name, default)
        return value.strip() if isinstance(value, str) else default

    def texts(self, name: str) -> list[str]:
        """All values of a name."""
        value = self.form.get(name) or []
        return [one for one in ([value] if isinstance(value, str) else value) if isinstance(one, str) and one]

    def number(self, name: str, default: int = 0) -> int:
        """A whole number of the query; the default for anything else, for people edit addresses."""
        value = self.text(name)
        return int(value) if value.isdecimal() and len(value) < 10 else default

    def address(self, base: str, **changes: object) -> str:
        """An address with this page's query, changed: None takes a name away."""
        kept = {name: value for name, value in self.form.items() if isinstance(value, str) and not name.startswith("_")}
        query = {**kept, **changes}
        rest = urlencode({name: str(value) for name, value in query.items() if value not in (None, "")})
        return f"{base}?{rest}" if rest else base

    def window_size(self) -> int:
        """How many lines the person wants on a page."""
        size = self.number("b_size", SIZES[0])
        return size if size in SIZES else SIZES[0]

    # Words
    @property
    def language(self) -> str:
        """`th` or `en`."""
        return "en" if str(self.request.get("LANGUAGE") or "th").startswith("en") else "th"

    def say(self, text: str) -> str:
        """The words in the person's language."""
        return str(translate(text, domain="saraban", context=self.request))

    def unit_title(self, unit: str) -> str:
        """A unit's name."""
        info = chart.unit(unit)
        return info.title(self.language) if info is not None else unit

    def name_of(self, person: str) -> str:
        """A person's name."""
        return person_name(person)

    @property
    def sb(self) -> Any:
        """The theme's format helper: dates of the Buddhist era, digits as the person likes them."""
        return getMultiAdapter((self.site, self.request), name="sb")

    def date(self, day: date | None) -> str:
        """9 เม.ย. 64."""
        return self.sb.date(day) if day is not None else ""

    def moment(self, at: datetime | None) -> str:
        """9 เม.ย. 64 09.30 น.; of today only the time."""
        if at is None:
            return ""
        if clock.bangkok(at).date() == self.today:
            return self.say(_("today_at", default="Today ${time}", mapping={"time": self.sb.time(at)}))
        return f"{self.sb.date(at)} {self.sb.time(at)}"

    def digits(self, value: object) -> str:
        """A number as the person reads numbers."""
        return self.sb.digits(str(value))

    def due(self, day: date | None, open_: bool = True) -> Due | None:
        """The chip of a completion date; grey once it does not matter any more."""
        if day is None:
            return None
        shown = self.date(day)
        if not open_:
            return Due(day, "", self.say(_("due_was", default="Due ${date}", mapping={"date": shown})))
        left = (day - self.today).days
        if left < 0:
            late = {"days": self.digits(-left)}
            return Due(day, "late", self.say(_("due_late", default="${days} days overdue", mapping=late)))
        if left == 0:
            return Due(day, "soon", self.say(_("due_today", default="Due today")))
        look = "soon" if timedelta(days=left) <= SOON else ""
        return Due(day, look, self.say(_("due_by", default="Due ${date}", mapping={"date": shown})))

    # Addresses
    def delivery_url(self, row: Delivery) -> str:
        """Where a delivery opens."""
        return f"{self.site_url}/agencies/{row.agency}/deliveries/{row.key}"

    def url_of(self, path: str) -> str:
        """The address of a physical path."""
        return self.site_url + path.removeprefix("/".join(self.site.getPhysicalPath()))
