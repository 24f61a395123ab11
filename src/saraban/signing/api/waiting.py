"""`@waiting`: letters that wait for a signature, and those that are signed and not dispatched (L7)."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from plone import api

from saraban.ledger.clock import iso
from saraban.ledger.connection import reader
from saraban.letters.kinds import ALL_KINDS
from saraban.organisation.rest import ReadService, batch, one_of, switch, window
from saraban.signing import lists
from saraban.signing.queries import STATES, Line

_NAMES = {state: name for name, state in STATES.items()}


class Waiting(ReadService):
    """`GET /@waiting`: what waits for the person's signature (`list=mine`), the longest first.

    With `list=pending` what of their desks waits for others, with `list=signed` what is signed and to be dispatched.
    """

    def answer(self) -> Mapping[str, Any]:
        """A batch."""
        request, site = self.request, api.portal.get()
        name = one_of(request, "list", lists.LISTS, lists.MINE)
        kind, secret = one_of(request, "kind", ALL_KINDS), switch(request, "secret")
        start, size = window(request)
        unit = str(request.form.get("unit", ""))
        with reader(self.context) as session:
            page = lists.listed(session, name, start=start, size=size, unit=unit, kind=kind, secret=secret)
        items = [line_json(site, line) for line in page.lines]
        return batch(request, f"{self.context.absolute_url()}/@waiting", page.total, items)


def line_json(site: Any, line: Line) -> dict[str, Any]:
    """A letter in a list, and whose turn it is."""
    row, now = line.chain, line.now
    return {
        "@id": site.absolute_url() + row.letter_path.removeprefix("/".join(site.getPhysicalPath())),
        "@type": row.portal_type,
        "title": row.title,
        "kind": row.kind,
        "urgency": row.urgency,
        "secrecy": row.secrecy,
        "state": _NAMES[row.state],
        "owner_unit": row.owner_unit,
        "submitted_by": row.submitted_by,
        "submitted_at": iso(row.submitted_at),
        "waits_for": {"user": now.person, "role": now.role, "since": iso(now.since)} if now is not None else None,
    }
