"""`/administration`: is it healthy, what waits, what failed; and the way to people and units."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any, ClassVar

from sqlalchemy import select

from saraban import _
from saraban.admin.browser.troubles import explained
from saraban.admin.health import DEGRADED, DOWN, OK, Health, health_of
from saraban.admin.lastbackup import LastBackup, last_backup
from saraban.errors import Forbidden, Missing
from saraban.lazy import cached_property
from saraban.ledger import outbox
from saraban.ledger.acts import act
from saraban.ledger.connection import reader
from saraban.ledger.tables import AuditSeal, OutboxRow
from saraban.organisation import chart
from saraban.organisation.acting import current_actor, current_person
from saraban.organisation.allow import may
from saraban.organisation.functions import ADMINISTRATOR, agency_of
from saraban.organisation.posts import posts_of
from saraban.page import Page

MANAGE = "Manage portal"
FAILED_SHOWN = 50
PARTS: dict[str, str] = {
    "zodb": _("health_zodb", default="Documents"),
    "ledger": _("health_ledger", default="Registers"),
    "worker": _("health_worker", default="Background work"),
    "search": _("health_search", default="Search"),
}
STATES: dict[str, tuple[str, str, str]] = {
    OK: (_("health_ok", default="Works"), "act", "done"),
    DEGRADED: (_("health_degraded", default="Limited"), "soon", "warning"),
    DOWN: (_("health_down", default="Does not work"), "late", "error"),
}
"""Words, look and icon of a chip."""
KINDS: dict[str, str] = {
    "index": _("queue_index", default="Lists of Plone"),
    "solr": _("queue_search", default="Search index"),
    "text": _("queue_text", default="Text of attached files"),
    "export": _("queue_export", default="Lists as XLSX"),
    "print": _("queue_print", default="Registers in print"),
}
"""What waits, by kind; others by their own name."""


@dataclass(frozen=True)
class Queues:
    """What the outbox holds now."""

    waiting: dict[str, int]
    lag: float
    """Seconds."""
    failed: list[OutboxRow]
    sealed_rows: int
    sealed_at: datetime | None


class Administration(Page):
    """For site managers all of it; for an agency's administrators their agency."""

    title = _("nav_administration", default="Administration")
    section: ClassVar[str] = "administration"
    parts = PARTS
    states = STATES
    explained = staticmethod(explained)
    NO_BACKUP = _("backup_none", default="No backup was made yet")
    LATE_BACKUP = _("backup_late", default="More than two days ago")

    @cached_property
    def manages(self) -> bool:
        """Whether the person manages the site."""
        return may(MANAGE, self.context)

    @cached_property
    def agencies(self) -> list[chart.UnitInfo]:
        """The agencies that the person administers."""
        if self.manages:
            return chart.agencies(routing_only=False)
        ids = dict.fromkeys(agency_of(post.unit) for post in posts_of(current_person()) if post.function == ADMINISTRATOR)
        known = chart.units(ids)
        return [known[id_] for id_ in ids if id_ in known]

    def __call__(self) -> Any:
        """Only for those who administer something."""
        if not self.manages and not self.agencies:
            raise Forbidden()
        return super().__call__()

    def handle(self) -> Any:
        """Lets a failed row be tried again, or gives it up."""
        if not self.manages:
            raise Forbidden()
        verb = "retry" if "retry" in self.request.form else "drop"
        typed = str(self.request.form.get(verb, ""))
        if not (typed.isascii() and typed.isdigit() and len(typed) < 19):
            raise Missing()
        number = int(typed)
        with act(self.context, current_actor(), f"outbox-{verb}") as current:
            if not (outbox.retry if verb == "retry" else outbox.drop)(current.session, number):
                raise Missing()
            current.note(row=number)
        said = {
            "retry": _("outbox_retried", default="It will be tried again now."),
            "drop": _("outbox_dropped", default="It was given up."),
        }
        self.say(said[verb])
        return self.go(f"{self.context.absolute_url()}/administration")

    @cached_property
    def health(self) -> Health:
        """How the installation is."""
        return health_of(self.context)

    @cached_property
    def backup(self) -> LastBackup | None:
        """The last backup that was made on this machine."""
        return last_backup()

    @cached_property
    def queues(self) -> Queues:
        """What waits and what failed."""
        with reader(self.context) as session:
            seal = session.scalar(select(AuditSeal).order_by(AuditSeal.position.desc()).limit(1))
            return Queues(
                waiting=outbox.waiting(session).waiting,
                lag=outbox.lag(session),
                failed=outbox.failures(session, FAILED_SHOWN),
                sealed_rows=seal.position if seal is not None else 0,
                sealed_at=seal.sealed_at if seal is not None else None,
            )

    def kind_title(self, kind: str) -> str:
        """What a kind of waiting work is called."""
        return KINDS.get(kind, kind)

    def address_of(self, agency: str) -> str:
        """An agency's page."""
        return f"{self.context.absolute_url()}/agencies/{agency}"
