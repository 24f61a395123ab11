"""Several deliveries at once: register them, give them to somebody, print their list."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from functools import partial
from typing import Any

import transaction
from Products.Five.browser.pagetemplatefile import ViewPageTemplateFile
from transaction.interfaces import TransientError

from saraban import _
from saraban.errors import DomainError, Missing
from saraban.ledger import audit, clock
from saraban.ledger.connection import reader
from saraban.organisation.acting import current_actor, person_names
from saraban.routing import operations
from saraban.routing.browser import lists
from saraban.routing.browser.act import Do
from saraban.routing.browser.desk import TAB_TITLES, Desk, Line
from saraban.routing.browser.page import SECRET_DESK, Page, with_query
from saraban.routing.browser.verbforms import DELIVERY_FORMS, Form
from saraban.routing.content import DeliveryItem
from saraban.routing.tables import Delivery

MOST = 50
TRIES = 3


@dataclass(frozen=True)
class Result:
    """What became of one of them."""

    title: str
    url: str
    receive_number: int | None = None
    receive_year: int | None = None
    refusal: str = ""


class EitherDesk(Desk):
    """The desk from which the form came."""

    @property
    def secret(self) -> bool:  # type: ignore[override]
        """Whether it was that of secret information."""
        return bool(self.text("secret"))

    @property
    def address_name(self) -> str:  # type: ignore[override]
        """The page of that desk."""
        return SECRET_DESK if self.secret else "desk"


def carry_out(page: Page, verb: str, row: Delivery, act: Callable[[DeliveryItem], Delivery]) -> Result:
    """One of several, in a transaction of its own, so that one refusal holds up no other; a conflict is tried again."""
    for attempt in range(TRIES):
        try:
            item = page.item_of(row)
            if item is None:
                raise Missing()
            made = act(item)
            found = Result(item.title, page.delivery_url(made), made.receive_number, made.receive_year)
            transaction.commit()
            transaction.begin()
        except DomainError as refusal:
            transaction.abort()
            transaction.begin()
            audit.refused(current_actor(row.unit), verb, row.key, refusal.code, context=page.site)
            seen = not isinstance(refusal, Missing)
            return Result(row.title if seen else "", page.delivery_url(row) if seen else "", refusal=refusal.message)
        except TransientError:
            transaction.abort()
            transaction.begin()
            if attempt == TRIES - 1:
                raise
        else:
            return found
    raise AssertionError("unreachable")


def chosen(page: Page) -> list[Delivery]:
    """What was ticked, in the order of the list from below: what came first is first."""
    keys = list(dict.fromkeys(page.texts("keys")))[:MOST]
    with reader(page.site) as session:
        rows = lists.by_keys(session, keys)
    return sorted(rows.values(), key=lambda row: (row.sent_at, row.id))


class RegisterMany(EitherDesk):
    """`POST /register-many`."""

    index = ViewPageTemplateFile("templates/registered.pt")
    several = ("keys",)
    OUTCOME = _("registered_many_heading", default="Registered: ${done} of ${all}")
    results: list[Result]

    @property
    def title(self) -> str:  # type: ignore[override]
        """What the browser's tab says."""
        return self.words(_("registered_many_title", default="Registering several letters"))

    def __call__(self) -> Any:
        """Registers what was chosen: what came first gets the first number."""
        if self.request.method != "POST":
            return self.go(self.desk_url)
        self.check_form()
        rows = chosen(self)
        if not rows:
            return self.go(self.desk_url)
        self.results = [carry_out(self, "register", row, operations.register) for row in rows]
        return self.index()


class AssignMany(Do):
    """`/assign-many?keys=…`: the form of มอบหมาย for several letters; a POST gives them all to the same persons."""

    outcome = ViewPageTemplateFile("templates/registered.pt")
    OUTCOME = _("assigned_many_heading", default="Assigned: ${done} of ${all}")
    verb = "assign"
    section = "desk"
    document = None
    rows: list[Delivery]
    results: list[Result]

    def __call__(self) -> Any:
        """The form, or what became of each."""
        self.rows = [row for row in chosen(self) if row.state == "registered" and self.item_of(row) is not None]
        return super().__call__() if self.rows else self.go(self.back_url)

    def handle(self) -> Any:
        """Gives each of them."""
        data = self._values()
        operations.assignment_values(
            data, self.place.agency, self.place.unit
        )  # what is wrong with the form is said in the form
        self.results = [carry_out(self, self.verb, row, partial(_assign, data)) for row in self.rows]
        return self.outcome()

    @property
    def given_to(self) -> str:
        """Who has them now, for the page of what became of each."""
        return ", ".join(person_names(self.texts("users")).values())

    @property
    def forms(self) -> dict[str, Form]:
        """Those of deliveries."""
        return DELIVERY_FORMS

    @property
    def subject(self) -> str:
        """How many letters it is about."""
        return self.words(_("many_letters", default="${count} letters", mapping={"count": str(len(self.rows))}))

    @property
    def on_delivery(self) -> bool:
        """It is about deliveries."""
        return True

    @property
    def desk_url(self) -> str:
        """The list from which they were chosen."""
        return with_query(
            f"{self.site_url}/{SECRET_DESK if self.text('secret') else 'desk'}",
            {"tab": self.text("tab"), "unit": self.text("unit")},
        )

    @property
    def back_url(self) -> str:
        """The same."""
        return self.desk_url

    @property
    def action(self) -> str:
        """Where the form is sent."""
        return f"{self.site_url}/assign-many"

    def kept(self) -> list[tuple[str, str]]:
        """The letters, and the list that they are from."""
        return [*(("keys", row.key) for row in self.rows), *((name, self.text(name)) for name in ("tab", "unit", "secret"))]

    @property
    def place(self) -> Delivery:
        """The first of them."""
        return self.rows[0]


def _assign(data: dict[str, Any], item: DeliveryItem) -> Delivery:
    operations.assign(item, data)
    return item.row


class PrintList(EitherDesk):
    """`/desk-print?keys=…`: the chosen rows, or all of the page, as a list for paper."""

    index = ViewPageTemplateFile("templates/desk_print.pt")

    @property
    def heading(self) -> str:
        """Which list it is."""
        return self.words(TAB_TITLES[self.tab])

    def desk_names(self) -> str:
        """Whose list it is."""
        return ", ".join(self.unit_title(unit) for unit in self.units)

    @property
    def now(self) -> datetime:
        """When it was printed."""
        return clock.now()

    def lines(self) -> list[Line]:
        """What was chosen."""
        keys = set(self.texts("keys"))
        return [line for section in self.sections for line in section.lines if not keys or line.row.key in keys]
