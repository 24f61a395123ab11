"""`GET /saraban/@find`: letters by every detail (L25-L27, L32). Parameters and answer: `api.md`."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from saraban.organisation.rest import ReadService, batch
from saraban.search import service, wanted
from saraban.search.found import Found, Hit
from saraban.search.titles import title_of


def address_of(site: Any, one: Hit) -> str:
    """Where the letter opens."""
    return f"{site.absolute_url()}{one.path.removeprefix('/'.join(site.getPhysicalPath()))}"


def hit_json(site: Any, one: Hit) -> dict[str, Any]:
    """One letter of a list."""
    return {
        "@id": address_of(site, one),
        "@type": one.type,
        "UID": one.uid,
        "title": one.title,
        "number": one.number or None,
        "letter_date": one.letter_date.isoformat() if one.letter_date else None,
        "receive_number": one.receive_number,
        "receive_year": one.receive_year,
        "receive_date": one.receive_date.isoformat() if one.receive_date else None,
        "kind": one.kind,
        "urgency": one.urgency,
        "secrecy": one.secrecy,
        "state": one.state,
        "sender": one.sender,
        "highlight": " … ".join(one.fragments),
    }


def facets_json(found: Found, names: Iterable[str], request: Any) -> dict[str, list[dict[str, Any]]]:
    """Values with their titles and counts."""
    return {
        name: [
            {"value": value, "title": title_of(name, value, request), "count": count}
            for value, count in found.facets.get(name, ())
        ]
        for name in names
    }


class Find(ReadService):
    """The search service."""

    def answer(self) -> Any:
        """A page of what is found."""
        asked = wanted.read(self.request.form)
        found = service.find(asked)
        items = [hit_json(self.context, one) for one in found.hits]
        answer = batch(self.request, f"{self.context.absolute_url()}/@find", found.total, items)
        answer["facets"] = facets_json(found, asked.facets, self.request)
        answer["engine"] = found.engine
        if found.near:
            answer["near"] = True
        return answer
