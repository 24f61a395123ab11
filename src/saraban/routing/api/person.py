"""What belongs to the person alone: `/@notices` and `/@phrases`."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from plone import api

from saraban import _
from saraban.errors import Forbidden, Invalid
from saraban.ledger import clock
from saraban.ledger.clock import iso
from saraban.ledger.connection import reader, session_of
from saraban.organisation.acting import current_person
from saraban.organisation.rest import MOST, ReadService, VerbService, batch, window
from saraban.routing import notices, phrases
from saraban.routing.notices import About
from saraban.routing.serialize import delivery_json


class Notices(ReadService):
    """`GET /@notices`: the newest first, with `unread` in all; `delivery` is null where the person may not see the letter.

    A notice about a letter that is not sent yet has `letter`.
    """

    def answer(self) -> Mapping[str, Any]:
        """A batch."""
        start, size = window(self.request)
        person, site = current_person(), api.portal.get()
        with reader(self.context) as session:
            total, found = notices.listed(session, person, start=start, size=size)
            unread = notices.unread(session, person)
        items = [
            {
                "id": one.notice.id,
                "kind": one.notice.kind,
                "at": iso(one.notice.at),
                "read_at": iso(one.read_at),
                "unit": one.unit,
                "secrecy": one.secrecy,
                "delivery": delivery_json(site, one.delivery) if one.delivery is not None else None,
                "letter": _letter_json(site, one.letter) if one.letter is not None else None,
            }
            for one in found
        ]
        return {**batch(self.request, f"{self.context.absolute_url()}/@notices", total, items), "unread": unread}


def _letter_json(site: Any, one: About) -> dict[str, Any]:
    address = site.absolute_url() + one.path.removeprefix("/".join(site.getPhysicalPath()))
    return {"@id": address, "title": one.title, "kind": one.kind, "urgency": one.urgency, "secrecy": one.secrecy}


class Seen(VerbService):
    """`POST /@notices` `{"seen": [id, …] or "all"}`."""

    def run(self, data: dict[str, Any]) -> Mapping[str, Any]:
        """How many of them were new."""
        wanted = data.get("seen")
        ids = wanted if isinstance(wanted, list) and len(wanted) <= MOST and all(type(one) is int for one in wanted) else None
        if ids is None and wanted != "all":
            raise Invalid(fields={"seen": _("error_seen", default="A list of ids is asked for, or “all”.")})
        return {"seen": notices.seen(session_of(self.context), current_person(), clock.now(), ids)}


class Phrases(ReadService):
    """`GET /@phrases`: the executive's own, in order."""

    def answer(self) -> Mapping[str, Any]:
        """The whole list."""
        if not phrases.is_executive(current_person()):
            raise Forbidden()
        return _phrases_json(self.context, phrases.mine())


class KeepPhrases(VerbService):
    """`POST /@phrases` `{"items": […]}`: the new list takes the place of the old."""

    def run(self, data: dict[str, Any]) -> Mapping[str, Any]:
        """The list as it is kept."""
        return _phrases_json(self.context, phrases.keep(data))


def _phrases_json(site: Any, items: list[str]) -> dict[str, Any]:
    return {"@id": f"{site.absolute_url()}/@phrases", "items": items, "items_total": len(items)}
