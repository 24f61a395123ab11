"""`/audit`: the audit trail of all agencies, for who may read it. It shows identifiers, never a subject."""

from __future__ import annotations

import json
from datetime import date
from typing import Any, ClassVar
from urllib.parse import urlencode

from sqlalchemy import select

from saraban import _
from saraban.admin.acts import ACTS
from saraban.lazy import cached_property
from saraban.ledger import trail
from saraban.ledger.audit import DONE
from saraban.ledger.connection import reader
from saraban.ledger.tables import AuditRow, AuditSeal
from saraban.letters.browser.typed import Typed
from saraban.organisation import chart
from saraban.organisation.acting import person_names
from saraban.page import Page

SHOWN = 50
FILTERS = ("person", "unit", "act", "uid", "since", "until", "refused")

WHY = {
    "Forbidden": _("audit_forbidden", default="Not allowed by the post"),
    "NotFound": _("audit_not_found", default="Not there, or not to be seen by the person"),
    "Invalid": _("audit_invalid", default="What was entered was not valid"),
}
"""Outcomes in words; the others by their code, as in REST."""


class AuditTrail(Page):
    """A page of the trail, narrowed by person, unit, act, thing, days or refusals, as its address says."""

    title = _("audit_title", default="Audit trail")
    section: ClassVar[str] = "audit"
    labels = {
        "person": _("audit_person", default="Account"),
        "unit": _("field_unit", default="Unit"),
        "act": _("audit_act", default="Act"),
        "since": _("audit_since", default="From"),
        "until": _("audit_until", default="To"),
    }
    columns = {
        "when": _("audit_when", default="When"),
        "who": _("audit_who", default="Who"),
        "what": _("audit_act", default="Act"),
        "thing": _("audit_thing", default="On what"),
        "outcome": _("audit_outcome", default="Outcome"),
        "address": _("audit_address", default="From address"),
    }
    nothing = (
        _("audit_empty", default="Nothing is found"),
        _("audit_empty_text", default="Look further back, or ask for less at once."),
    )
    history_of = _("audit_of_one", default="All that happened to")
    titles = ACTS

    @cached_property
    def typed(self) -> Typed:
        """What the form asks for."""
        typed = Typed(self.request.form)
        typed.day("since")
        typed.day("until")
        self.errors = dict(typed.errors)
        return typed

    @cached_property
    def wanted(self) -> trail.Wanted:
        """The rows that are asked for."""
        person, unit, act, uid = (self.typed.text(name).strip() for name in ("person", "unit", "act", "uid"))
        since, until = (self.typed.data.get(name) for name in ("since", "until"))
        return trail.Wanted(
            person=person,
            unit=unit,
            act=act,
            uid=uid,
            refused=bool(self.typed.text("refused")),
            since=date.fromisoformat(since) if since else None,
            until=date.fromisoformat(until) if until else None,
        )

    @cached_property
    def rows(self) -> list[AuditRow]:
        """A page of them, the newest first."""
        before = self.typed.text("before")
        at = int(before) if before.isascii() and before.isdigit() and len(before) < 19 else None
        with reader(self.context) as session:
            found = trail.read(session, self.wanted, before=at, size=SHOWN + 1)
            self.sealed = session.scalar(select(AuditSeal).order_by(AuditSeal.position.desc()).limit(1))
        self.older = self.narrow(before=str(found[SHOWN - 1].id)) if len(found) > SHOWN else ""
        person_names(row.person for row in found)
        chart.units(row.unit for row in found if row.unit)  # all names in one question each
        return found[:SHOWN]

    @property
    def acts(self) -> list[tuple[str, str]]:
        """The acts to choose from."""
        return list(ACTS.items())

    def why(self, row: AuditRow) -> str:
        """Why it was refused, in words where they are few enough to be told of somebody else."""
        return WHY.get(row.outcome, "")

    def done(self, row: AuditRow) -> bool:
        """Whether it was carried out."""
        return bool(row.outcome == DONE)

    def detail(self, row: AuditRow) -> list[tuple[str, str]]:
        """Identifiers and numbers of the act, by name."""
        found = json.loads(row.detail) if row.detail else {}
        return [(name, ", ".join(map(str, value)) if isinstance(value, list) else str(value)) for name, value in found.items()]

    def narrow(self, **changes: str) -> str:
        """This page, narrowed further or otherwise; always from the newest row unless `before` is given."""
        kept = {name: self.typed.text(name) for name in FILTERS}
        asked = {name: value for name, value in {**kept, **changes}.items() if value}
        address = f"{self.context.absolute_url()}/audit"
        return f"{address}?{urlencode(asked)}" if asked else address

    @property
    def narrowed(self) -> bool:
        """Whether anything is asked for."""
        return any(self.typed.text(name) for name in FILTERS)

    def show(self) -> Any:
        """The page, read before it is written, for a wrong date is said at its field."""
        self.rows  # noqa: B018
        return super().show()
