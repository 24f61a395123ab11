"""A delivery and its verbs; the desks: `/agencies/<agency>/@deliveries`, `/@inbox`."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from plone import api

from saraban.errors import Forbidden, Missing
from saraban.ledger.clock import iso
from saraban.ledger.connection import reader
from saraban.letters.kinds import ALL_KINDS, URGENCIES
from saraban.organisation import chart
from saraban.organisation.acting import current_person
from saraban.organisation.allow import VIEW, may
from saraban.organisation.desks import desk_units
from saraban.organisation.functions import HEAD, agency_of
from saraban.organisation.posts import posts_of
from saraban.organisation.rest import ReadService, VerbService, batch, one_of, some_of, switch, window
from saraban.routing import operations, queries, receiver
from saraban.routing.desks import all_units
from saraban.routing.serialize import assignment_json, deliveries_json, delivery_json


class Get(ReadService):
    """`GET <delivery>`."""

    def answer(self) -> Mapping[str, Any]:
        """One item, as in the lists."""
        person = api.user.get_current().getId()
        mine = [one for one in self.context.assigned if one.person == person]
        return delivery_json(api.portal.get(), self.context.row, mine[0] if mine else None)


class Open(VerbService):
    """`POST <delivery>/@open`; idempotent."""

    def run(self, data: dict[str, Any]) -> Mapping[str, Any]:
        """The delivery as it now is."""
        return delivery_json(api.portal.get(), operations.open_delivery(self.context))


class Register(VerbService):
    """`POST <delivery>/@register` (ลงรับ)."""

    numbered = True

    def run(self, data: dict[str, Any]) -> Mapping[str, Any]:
        """The receive number."""
        row = operations.register(self.context, data)
        return {
            "receive_number": row.receive_number,
            "receive_year": row.receive_year,
            "registered_at": iso(row.registered_at),
            "registered_by": row.registered_by,
        }


class Assign(VerbService):
    """`POST <delivery>/@assign` (มอบหมาย)."""

    def run(self, data: dict[str, Any]) -> Mapping[str, Any]:
        """Who has it now."""
        return {"assignments": [assignment_json(one) for one in operations.assign(self.context, data)]}


class Close(VerbService):
    """`POST <delivery>/@close` (ปิดเรื่อง)."""

    def run(self, data: dict[str, Any]) -> Mapping[str, Any]:
        """The delivery as it now is."""
        return delivery_json(api.portal.get(), receiver.close(self.context, data))


ORDERS = ("ascending", "asc", "descending", "desc", "reverse")
"""The words of plone.restapi and of others; the first two begin with the least."""


def wanted(request: Any) -> queries.Filter:
    """The filter in the query string. Raises Invalid for what is not known. Recalled ones are gone: whoever asks gets none."""
    asked = some_of(request, "state", (*queries.SEEN_STATES, "recalled"))
    return queries.Filter(
        states=tuple(state for state in asked if state != "recalled") if asked else queries.SEEN_STATES,
        urgency=one_of(request, "urgency", URGENCIES),
        kind=one_of(request, "kind", ALL_KINDS),
        follow_up=switch(request, "follow_up"),
        overdue=switch(request, "overdue"),
        due_soon=switch(request, "due_soon"),
        without_order=bool(switch(request, "without_order")),
        sort_on=one_of(request, "sort_on", queries.SORTS, "sent_at"),
        descending=one_of(request, "sort_order", ORDERS, "descending") not in ORDERS[:2],
    )


class AgencyDesk(ReadService):
    """`GET /agencies/<agency>/@deliveries`: the incoming desk of an agency or of one of its units."""

    def answer(self) -> Mapping[str, Any]:
        """Without `unit`, all desks of the agency that the person may see."""
        filter_ = wanted(self.request)
        units = self.units(str(self.request.form.get("unit", "")))
        start, size = window(self.request)
        with reader(self.context) as session:
            page = queries.desk(session, units, filter_, start=start, size=size)
        items = deliveries_json(api.portal.get(), page.rows, {})
        return batch(self.request, f"{self.context.absolute_url()}/@deliveries", page.total, items)

    def units(self, asked: str) -> Sequence[str]:
        """The desks that are meant and may be seen. Raises Missing, Forbidden."""
        agency = self.context.unit_id
        if not may(VIEW, self.context):
            raise Missing()
        mine = [unit for unit in all_units() if agency_of(unit) == agency]
        if asked:
            info = chart.unit(asked)
            if info is None or info.agency != agency:
                raise Missing()
            if asked not in mine:
                raise Forbidden()
            return [asked]
        if not mine:
            raise Forbidden()
        return mine


class Inbox(ReadService):
    """`GET /@inbox`: all desks of the person, and what was assigned to the person; `assigned` asks for one of the two."""

    def answer(self) -> Mapping[str, Any]:
        """Newest first unless asked otherwise."""
        person = current_person()
        start, size = window(self.request)
        assigned, secret = switch(self.request, "assigned"), switch(self.request, "secret")
        posts = [] if assigned is False else sorted({post.unit for post in posts_of(person)})
        units = [] if assigned else all_units(secret=secret)
        if unit := str(self.request.form.get("unit", "")):
            units = [one for one in units if one == unit]
        filter_ = wanted(self.request)
        if filter_.without_order:
            units = [one for one in units if one in desk_units((HEAD,))]
        with reader(self.context) as session:
            page = queries.desk(session, units, filter_, start=start, size=size, person=person, posts=posts, secret=secret)
        items = deliveries_json(self.context, page.rows, page.assigned)
        return batch(self.request, f"{self.context.absolute_url()}/@inbox", page.total, items)
