"""`/circulars`, a circular's own page, and the form for a new one (B9; `pages.md`)."""

from __future__ import annotations

from typing import Any

import transaction
from plone.uuid.interfaces import IUUID
from Products.Five.browser.pagetemplatefile import ViewPageTemplateFile
from sqlalchemy import select

from saraban import _
from saraban.circulars import operations, queries, reminders
from saraban.circulars.tables import Receipt
from saraban.lazy import cached_property
from saraban.ledger import clock
from saraban.ledger.connection import reader
from saraban.letters.browser.compose import Compose
from saraban.letters.kinds import CIRCULAR, PUBLICATIONS
from saraban.organisation import chart
from saraban.organisation.functions import agency_of
from saraban.page import Page as GroundPage
from saraban.routing.browser.letter import LetterPage
from saraban.routing.browser.page import Page, Window
from saraban.routing.queries import deliveries_of
from saraban.routing.secrecy import may_send

YEARS = 10
"""So many years can be chosen."""


class CircularList(Page):
    """The circulars that came to the person's agencies, unread first."""

    index = ViewPageTemplateFile("templates/circulars.pt")
    section = "circulars"
    title = _("nav_circulars", default="Circulars")
    EMPTY = (
        _("circular_empty", default="No circulars"),
        _(
            "circular_empty_text",
            default="Circulars that are sent to your agency appear here; those you have not read stand first.",
        ),
    )
    lines: list[queries.Line] = []
    window: Window

    def __call__(self) -> Any:
        """One page of the list."""
        start, size = self.number("b_start"), self.window_size()
        with reader(self.site) as session:
            page = queries.received(
                session, self.person, self.agencies, year=self.year, issuer=self.issuer, start=start, size=size
            )
            narrowed = self.year or self.issuer
            self.unread = queries.unread(session, self.person, self.agencies) if narrowed else page.unread
        self.lines = page.lines
        self.window = Window(page.total, start, size, lambda at: self.address(self.url, b_start=at or None))
        chart.units({line.delivery.from_unit for line in self.lines})  # all names in one question
        return self.index()

    unread = 0

    @property
    def url(self) -> str:
        """This page, without its query."""
        return f"{self.site_url}/circulars"

    @cached_property
    def agencies(self) -> list[str]:
        """The agencies in which the person works."""
        return queries.agencies_of(self.person)

    @cached_property
    def year(self) -> int:
        """The year of the circulars; nothing means every year."""
        year = self.number("year")
        return year if year in self.years() else 0

    @cached_property
    def issuer(self) -> str:
        """The agency that sent them; nothing means any."""
        return self.text("issuer")

    def years(self) -> list[int]:
        """The years that can be chosen, newest first."""
        newest = clock.buddhist_year()
        return list(range(newest, newest - YEARS, -1))

    def issuers(self) -> list[tuple[str, str]]:
        """The agencies that can be chosen."""
        return [(info.unit, info.title(self.language)) for info in chart.agencies()]

    def url_of_line(self, line: queries.Line) -> str:
        """Where the circular opens."""
        return self.url_of(line.delivery.letter_path)


class CircularPage(LetterPage):
    """A circular: the letter's page, with who has read it, and รับทราบ for its readers."""

    section = "circulars"
    BACK = _("nav_circulars", default="Circulars")
    panel = ViewPageTemplateFile("templates/receipts.pt")
    receipt: Receipt | None = None
    readers: list[dict[str, Any]] = []

    def __call__(self) -> Any:
        """Notes that the person read it; a POST is รับทราบ."""
        if self.request.method == "POST":
            return GroundPage.__call__(self)
        self._note_reader()
        return super().__call__()

    def _note_reader(self) -> None:
        """Committed at once, as a look at a delivery is; nobody sees what HEAD asks for."""
        if self.request.method == "HEAD":
            return
        operations.open_circular(self.context)
        transaction.commit()
        transaction.begin()

    def handle(self) -> Any:
        """รับทราบ; or the sender reminds those who have not read it."""
        to = self.text("remind")
        if to:
            number = reminders.remind(self.context, {"to": to})
            self.say(_("said_reminded", default="${number} persons were reminded.", mapping={"number": str(number)}))
        else:
            operations.acknowledge(self.context)
        return self.go(self.context.absolute_url())

    def show(self) -> Any:
        """After a refusal: the page again."""
        return super().__call__()

    @property
    def more(self) -> str:  # type: ignore[override]
        """The reader's own receipt; for the sender the receipts of all."""
        uid = IUUID(self.context)
        with reader(self.site) as session:
            own = select(Receipt).where(Receipt.circular_uid == uid, Receipt.person == self.person)
            self.receipt = session.scalar(own)
            if self.ours and self.context.number and operations.may_see_receipts(self.context):
                self.readers = queries.readers(session, uid, deliveries_of(session, uid))
        return str(self.panel())

    def figures_of_readers(self) -> dict[str, int]:
        """How many units and persons have read it, and how many have said so."""
        persons = [person for one in self.readers for person in one["persons"]]
        place = (lambda unit: unit) if self.context.is_secret else agency_of  # whose readers were counted
        return {
            "units": len(self.readers),
            "unread": sum(1 for one in self.readers if not one["opened_at"] and not one["registered_at"]),
            "persons": len(persons),
            "acknowledged": sum(1 for person in persons if person["acknowledged_at"]),
            "staff": sum({place(one["unit"]): one["staff"] for one in self.readers}.values()),
        }

    def named(self, which: str) -> list[dict[str, Any]]:
        """Persons of all receivers: those who read it (`persons`), and above normal those who have not (`waiting`), or who read
        it and may not any more (`earlier`)."""
        return [person for one in self.readers for person in one.get(which, ())]

    @property
    def publication(self) -> str:
        """That it is to be published, empty where it is not."""
        return self.words(PUBLICATIONS[self.context.publish]) if self.context.publish else ""

    @property
    def may_remind(self) -> bool:
        """Whether the person sends it, and it was sent."""
        return bool(self.readers) and may_send(self.context)

    def without(self) -> list[str]:
        """The units in which nobody has read it yet."""
        return [one["unit"] for one in self.readers if not one["opened_at"] and not one["registered_at"]]


class ComposeCircular(Compose):
    """`/compose-circular`: the form of a new circular."""

    index = ViewPageTemplateFile("../../letters/browser/templates/compose.pt")
    section = "circulars"
    kind = CIRCULAR

    @property
    def address(self) -> str:
        """Where the form is sent."""
        return f"{self.context.absolute_url()}/compose-circular"

    def make(self, agency: Any) -> Any:
        """The draft of a circular."""
        return operations.draft(agency, self.data())
