"""What our REST services share: reading a body, answering a verb once for each `Idempotency-Key`, batches.

Rules: `api.md`, REST: general.
"""

from __future__ import annotations

import json
from abc import ABC, abstractmethod
from collections.abc import Callable, Iterable, Mapping
from typing import Any
from urllib.parse import urlencode

from plone import api
from plone.protect.interfaces import IDisableCSRFProtection
from plone.restapi.services import Service
from plone.transformchain.interfaces import DISABLE_TRANSFORM_REQUEST_KEY

from saraban import _
from saraban.errors import Invalid, Missing
from saraban.ledger import idempotency
from saraban.ledger.connection import reader, session_of
from saraban.organisation.gate import IGuarded, is_rest, mark, user_of

PAGE = 25
"""Items of a batch unless `b_size` says otherwise, as in plone.restapi."""
MOST = 1000
"""Most items of a batch (`api.md`)."""
LONGEST_KEY = 200


def body(request: Any) -> dict[str, Any]:
    """The JSON object of the request. Raises Invalid for anything else; an empty body is an empty object."""
    raw = request.get("BODY") or b""
    if not raw.strip():
        return {}
    try:
        found = json.loads(raw)
    except (ValueError, RecursionError):
        raise Invalid(fields={"body": _("error_json", default="This is not valid JSON.")}) from None
    if not isinstance(found, dict):
        raise Invalid(fields={"body": _("error_json_object", default="A JSON object is asked for.")})
    return found


def whole_number(request: Any, name: str, default: int, least: int = 0, most: int = 10**9) -> int:
    """A whole number of the query string. Raises Invalid with the parameter's name."""
    value = request.form.get(name, default)
    if value in (None, ""):
        return default
    try:
        found = int(value)
    except (TypeError, ValueError):
        found = least - 1
    if not least <= found <= most:
        raise Invalid(
            fields={
                name: _(
                    "error_number_range",
                    default="A whole number from ${least} to ${most} is asked for.",
                    mapping={"least": least, "most": most},
                )
            }
        )
    return found


def some_of(request: Any, name: str, names: Iterable[str]) -> tuple[str, ...]:
    """Known words of the query string, given once or several times. Raises Invalid with the parameter's name."""
    given = request.form.get(name) or ()
    found = tuple(dict.fromkeys([given] if isinstance(given, str) else given))
    allowed = tuple(names)
    if any(value not in allowed for value in found):
        raise Invalid(
            fields={
                name: _("error_field_choice", default="This must be one of: ${names}.", mapping={"names": ", ".join(allowed)})
            }
        )
    return found


def one_of(request: Any, name: str, names: Iterable[str], default: str = "") -> str:
    """A known word of the query string. Raises Invalid with the parameter's name."""
    found = some_of(request, name, names)
    return found[0] if found else default


def switch(request: Any, name: str) -> bool | None:
    """A yes or no of the query string; None where it is not there."""
    value = str(request.form.get(name, "")).lower()
    if value in ("1", "true", "yes", "on"):
        return True
    if value in ("0", "false", "no", "off"):
        return False
    if value:
        raise Invalid(fields={name: _("error_switch", default="This must be true or false.")})
    return None


def window(request: Any) -> tuple[int, int]:
    """`b_start` and `b_size`."""
    return whole_number(request, "b_start", 0), whole_number(request, "b_size", PAGE, most=MOST)


def check_window(event: Any) -> None:
    """Before any list is made, plone.restapi's own too: its window must be one that we answer (400)."""
    request = event.request
    if IGuarded.providedBy(request) and is_rest(request) and user_of(request) is not None:
        start, size = window(request)
        given = {name: str(value) for name, value in (("b_start", start), ("b_size", size)) if name in request.form}
        request.form.update(given)  # plone.restapi reads numbers less kindly than we


def batch(request: Any, address: str, total: int, items: list[Any]) -> dict[str, Any]:
    """One page of a list in plone.restapi's shape: `@id` is the whole list, as it was asked for."""
    start, size = window(request)
    kept = {
        name: value
        for name, value in request.form.items()
        if name not in ("b_start", "b_size") and isinstance(value, str | list | tuple)
    }
    asked = f"?{urlencode(kept, doseq=True)}" if kept else ""

    def at(position: int) -> str:
        return f"{address}?{urlencode({**kept, 'b_start': position, 'b_size': size}, doseq=True)}"

    answer: dict[str, Any] = {"@id": address + asked, "items": items, "items_total": total}
    if size and total > size:
        links = {"@id": at(start), "first": at(0), "last": at((total - 1) // size * size)}
        if start + size < total:
            links["next"] = at(start + size)
        if start > 0:
            links["prev"] = at(max(0, start - size))
        answer["batching"] = links
    return answer


class _Service(Service, ABC):
    """One of ours: plone.restapi's, written by the fast encoder and without indentation, which a list of 25 pays dearly."""

    def render(self) -> Any:
        """plone.restapi's entry."""
        self.check_permission()
        content = self.reply()
        if self.request.response.getStatus() == 204:
            return ""
        self.request.response.setHeader("Content-Type", self.content_type)
        return json.dumps(content, sort_keys=True)


class ReadService(_Service):
    """A GET of ours: `answer()` gives the JSON."""

    @abstractmethod
    def answer(self) -> Any:
        """What is asked for."""

    def reply(self) -> Any:
        """plone.restapi's entry."""
        return self.answer()


class VerbService(_Service):
    """A POST, PATCH or DELETE that carries out a verb.

    `run(data)` returns the answer, or None for 204. A verb that issues a number sets `numbered`: the same
    `Idempotency-Key` of the same person then gets the same answer again (E18).
    """

    numbered = False
    success = 200

    @abstractmethod
    def run(self, data: dict[str, Any]) -> Mapping[str, Any] | None:
        """Carries out the verb; sets the response's status where it is not `success`."""

    def keep(self, answer: Any) -> str:
        """An answer as it lies in the ledger until its key comes again."""
        return json.dumps(answer)

    def again(self, kept: str) -> Any:
        """A kept answer, for the one who got it first."""
        return json.loads(kept)

    def reply(self) -> Any:
        """plone.restapi's entry."""
        mark(self.request, IDisableCSRFProtection)
        # Transforms protect and dress pages: none of them has anything to do with this answer.
        self.request.environ[DISABLE_TRANSFORM_REQUEST_KEY] = True
        data = body(self.request)
        if self.numbered:
            return answered_once(self.context, self.request, lambda: self._answer(data), self.keep, self.again)
        return self._answer(data)

    def _answer(self, data: dict[str, Any]) -> Any:
        self.request.response.setStatus(self.success)
        answer = self.run(data)
        if answer is None:
            self.request.response.setStatus(204)
            return None
        return answer


class Absent(Service):
    """A service of plone.restapi's that Saraban does not have: it answers what any address answers where nothing is."""

    described = False
    """It has no place in the OpenAPI description."""

    def reply(self) -> Any:
        """plone.restapi's entry."""
        raise Missing()


def answered_once(
    context: Any,
    request: Any,
    run: Callable[[], Any],
    keep: Callable[[Any], str] = json.dumps,
    again: Callable[[str], Any] = json.loads,
) -> Any:
    """Runs a verb, or gives the answer that the same key got before.

    Raises IdempotencyKeyReused (409) where the key came with another request.
    """
    key = (request.getHeader("Idempotency-Key") or "").strip()
    if not key:
        return run()
    if len(key) > LONGEST_KEY:
        raise Invalid(fields={"Idempotency-Key": _("error_field_long", default="This is too long.")})
    person = api.user.get_current().getId()
    mark = idempotency.fingerprint(request.method, request.get("PATH_INFO", ""), request.get("BODY") or b"")
    with reader(context) as session:
        before = idempotency.answered(session, person, key, mark)
    if before is not None:
        request.response.setStatus(before.status)
        return again(before.body)
    answer = run()
    idempotency.remember(session_of(context), person, key, mark, request.response.getStatus(), keep(answer))
    return answer
