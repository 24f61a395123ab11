"""Several deliveries at once: register them, print their list."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

import transaction
from plone.protect.authenticator import check as check_token
from Products.Five.browser.pagetemplatefile import ViewPageTemplateFile
from transaction.interfaces import TransientError

from saraban import _
from saraban.errors import DomainError, Missing
from saraban.ledger import audit, clock
from saraban.ledger.connection import reader
from saraban.organisation.acting import current_actor
from saraban.routing import operations
from saraban.routing.browser import lists
from saraban.routing.browser.desk import TAB_TITLES, Desk, Line
from saraban.routing.browser.page import SECRET_DESK
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


class RegisterMany(EitherDesk):
    """`POST /register-many`: each in a transaction of its own, so that one refusal holds up no other."""

    index = ViewPageTemplateFile("templates/registered.pt")

    @property
    def title(self) -> str:  # type: ignore[override]
        """What the browser's tab says."""
        return self.words(_("registered_many_title", default="Registering several letters"))

    results: list[Result]

    def __call__(self) -> Any:
        """Registers what was chosen, in the order of the list from below: what came first gets the first number."""
        if self.request.method != "POST":
            return self.go(self.desk_url)
        check_token(self.request)
        keys = self.texts("keys")[:MOST]
        if not keys:
            return self.go(self.desk_url)
        with reader(self.site) as session:
            rows = lists.by_keys(session, keys)
        chosen = sorted((rows[key] for key in dict.fromkeys(keys) if key in rows), key=lambda row: (row.sent_at, row.id))
        self.results = [self._register(row) for row in chosen]
        return self.index()

    @property
    def done(self) -> int:
        """How many got a number."""
        return sum(1 for one in self.results if one.receive_number)

    def _register(self, row: Delivery) -> Result:
        for attempt in range(TRIES):
            try:
                item = self.item_of(row)
                if item is None:
                    raise Missing()
                made = operations.register(item)
                found = Result(made.title, self.delivery_url(made), made.receive_number, made.receive_year)
                transaction.commit()
                transaction.begin()
            except DomainError as refusal:
                transaction.abort()
                audit.refused(current_actor(row.unit), "register", row.key, refusal.code, context=self.site)
                seen = not isinstance(refusal, Missing)
                return Result(row.title if seen else "", self.delivery_url(row) if seen else "", refusal=refusal.message)
            except TransientError:
                transaction.abort()
                if attempt == TRIES - 1:
                    raise
            else:
                return found
        raise AssertionError("unreachable")


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
