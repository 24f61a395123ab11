"""What all pages of this room share: addresses, the person's units, windows of long lists, proof that a form is ours."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode

import transaction
from Acquisition import aq_parent
from zope.component.hooks import getSite
from zope.event import notify
from zope.i18n import translate

from saraban import _
from saraban.errors import DomainError, Forbidden, Missing
from saraban.lazy import cached_property
from saraban.letters.kinds import CIRCULAR
from saraban.organisation import chart
from saraban.organisation.acting import current_person
from saraban.organisation.allow import VIEW, may
from saraban.organisation.functions import HEAD, OFFICER, REGISTRAR
from saraban.organisation.posts import posts_of
from saraban.page import Page as GroundPage
from saraban.routing import operations
from saraban.routing.content import DeliveryItem, find_delivery
from saraban.routing.events import DeliveryLookedAt
from saraban.routing.tables import Delivery

SECRET_DESK = "secret-desk"  # noqa: S105 - a page's name
DESKS = ("desk", SECRET_DESK)
"""The pages of the two desks: nothing secret stands on the first, nothing else on the second."""
SIZES = (25, 50)
"""Lines on a page of a list: the first unless `b_size` asks for the other."""


@dataclass(frozen=True)
class Window:
    """One page of a list, and the way to the others: what the theme's pager shows."""

    total: int
    start: int
    size: int
    address: Callable[[int], str]

    @property
    def previous(self) -> str:
        """The page before, empty on the first."""
        return self.address(max(0, self.start - self.size)) if self.start > 0 else ""

    @property
    def next(self) -> str:
        """The page after, empty on the last."""
        return self.address(self.start + self.size) if self.start + self.size < self.total else ""

    def summary(self, sb: Any) -> str:
        """1–25 of 123, as a message; `sb` is the theme's format helper."""
        last = min(self.start + self.size, self.total)
        return _(
            "pager_summary",
            default="${first}–${last} of ${total}",
            mapping={"first": sb.number(min(self.start + 1, last)), "last": sb.number(last), "total": sb.number(self.total)},
        )


class Page(GroundPage):
    """A page about letters on their way."""

    def __init__(self, context: Any, request: Any) -> None:
        super().__init__(context, request)
        self.site: Any = getSite()
        self.site_url: str = self.site.absolute_url()

    UNOPENED = _("state_unopened", default="Not opened yet")
    """What its receiver calls new."""

    # The person
    @cached_property
    def person(self) -> str:
        """The id of the person who is logged in."""
        return current_person()

    @cached_property
    def post_units(self) -> list[str]:
        """The units in which the person holds any post."""
        return list(dict.fromkeys(post.unit for post in posts_of(self.person)))

    def units_as(self, *functions: str) -> list[str]:
        """The units in which the person holds one of the functions, in order."""
        return list(dict.fromkeys(post.unit for post in posts_of(self.person) if post.function in functions))

    @cached_property
    def registry_units(self) -> list[str]:
        """The units for which the person registers."""
        return self.units_as(REGISTRAR)

    @cached_property
    def book_units(self) -> list[str]:
        """The units whose register books the person may read."""
        return self.units_as(REGISTRAR, HEAD, OFFICER)

    # What was asked
    @property
    def form(self) -> Mapping[str, Any]:
        """The query or the form."""
        found: Mapping[str, Any] = self.request.form
        return found

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

    def window_size(self) -> int:
        """How many lines the person wants on a page."""
        size = self.number("b_size", SIZES[0])
        return size if size in SIZES else SIZES[0]

    def refuse(self, refusal: DomainError) -> None:
        """Who may not see it, or may not do it, gets the page of refusals."""
        if isinstance(refusal, Forbidden | Missing):
            raise refusal
        super().refuse(refusal)

    def note_look(self, item: DeliveryItem) -> None:
        """The receiver looks: what was sent is opened (L14), and the rest of the page shows it so; a circular is read.

        Committed at once: nobody waits for the ledger while a page is drawn. Raises Missing where it was recalled meanwhile.
        """
        if self.request.method == "HEAD":
            return  # nobody sees the page
        if item.row.state == "sent" and may(operations.OPEN, item):
            operations.open_delivery(item)
        elif item.row.kind == CIRCULAR.name:
            notify(DeliveryLookedAt(item))
        else:
            return
        transaction.commit()
        transaction.begin()
        opened = find_delivery(aq_parent(item), item.getId())
        if opened is None:
            raise Missing()
        item.row = opened.row

    def item_of(self, row: Delivery) -> DeliveryItem | None:
        """A delivery as an object, if the person may see it."""
        item = find_delivery(self.site.agencies._getOb(row.agency)._getOb("deliveries"), row.key)
        return item if item is not None and may(VIEW, item) else None

    # Words and addresses
    @cached_property
    def language(self) -> str:
        """`th` or `en`."""
        return "en" if str(self.request.get("LANGUAGE") or "th").startswith("en") else "th"

    def words(self, text: str) -> str:
        """A message in the person's language."""
        return str(translate(text, domain="saraban", context=self.request))

    def unit_title(self, unit: str) -> str:
        """A unit's name; the id where it is not known."""
        info = chart.unit(unit) if unit else None
        return info.title(self.language) if info is not None else unit

    def address(self, base: str, **changes: object) -> str:
        """An address with this page's query, changed: None takes a name away."""
        kept = {name: value for name, value in self.form.items() if isinstance(value, str) and not name.startswith("_")}
        return with_query(base, {**kept, **changes})

    def delivery_url(self, row: Delivery) -> str:
        """Where a delivery opens."""
        return f"{self.site_url}/agencies/{row.agency}/deliveries/{row.key}"

    def url_of(self, path: str) -> str:
        """The address of a physical path."""
        return self.site_url + path.removeprefix("/".join(self.site.getPhysicalPath()))


def with_query(base: str, query: Mapping[str, object]) -> str:
    """An address with a query; empty values fall away."""
    rest = urlencode({name: str(value) for name, value in query.items() if value not in (None, "")})
    return f"{base}?{rest}" if rest else base
