"""Who asks for JSON, beyond `++api++` and an `Accept` that names nothing but application/json, which plone.rest knows.

- `@health` is asked by monitors and by people who type its address: whatever they accept, they want to know it.
- Programs send several types (`application/json, text/plain, */*`), or accept anything (`*/*`, as curl does) and name a
  service, or send JSON. Browsers ask for text/html when they ask for a page, and a form of another site cannot send JSON.
- HEAD is GET without its body.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from plone.rest.events import mark_as_api_request
from plone.rest.interfaces import IAPIRequest
from plone.rest.negotiation import lookup_service_id, parse_accept_header

JSON = "application/json"
HEALTH = "@health"
UPLOADS = "@tus-upload"
"""The one service that has an answer to HEAD of its own: how much has come."""


def recognise(request: Any, names: Sequence[str]) -> None:
    """Marks a request for JSON that is not marked yet; `names` are those of its address below the site."""
    if not IAPIRequest.providedBy(request) and _wants_json(request, names):
        mark_as_api_request(request, JSON)
    if IAPIRequest.providedBy(request) and request.method == "HEAD" and UPLOADS not in names:
        request._rest_service_id = lookup_service_id("GET", JSON)


def _wants_json(request: Any, names: Sequence[str]) -> bool:
    if list(names) == [HEALTH]:
        return True
    accepted = ["/".join(one) for one in parse_accept_header((request.getHeader("Accept") or "*/*").lower())]
    if "text/html" in accepted:
        return False
    if accepted[:1] == [JSON]:
        return True
    sent = (request.getHeader("Content-Type") or "").partition(";")[0].strip().lower()
    reads = request.method in ("GET", "HEAD") and any(_is_service(name) for name in names)
    return reads or sent == JSON


def _is_service(name: str) -> bool:
    return name.startswith("@") and not name.startswith("@@")
