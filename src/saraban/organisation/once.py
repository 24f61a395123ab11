"""A form that makes something carries a key: the same form sent again gets the first answer (E18)."""

from __future__ import annotations

import secrets
from collections.abc import Callable
from typing import Any

import transaction

from saraban.errors import DomainError
from saraban.ledger import idempotency
from saraban.ledger.connection import reader, session_of
from saraban.organisation.acting import current_person

FIELD = "key"
LONGEST = 200


def new_key() -> str:
    """A key for a form that is shown now."""
    return secrets.token_hex(16)


def once(context: Any, request: Any, what: str, act: Callable[[], str]) -> str:
    """Carries out an act whose answer is a text; gives the first answer to a form that was sent before.

    `what` tells one act from another: a used key with another one is refused (IdempotencyKeyReused).
    """
    key = request.form.get(FIELD, "")
    if not isinstance(key, str) or not key or len(key) > LONGEST:
        return act()
    mark = idempotency.fingerprint("POST", request.get("PATH_INFO", ""), what.encode())
    before = _before(context, key, mark)
    if before is not None:
        return before
    try:
        answer = act()
    except DomainError:
        # The same form, sent twice at once: the first one was faster.
        transaction.abort()
        transaction.begin()
        before = _before(context, key, mark)
        if before is None:
            raise
        return before
    idempotency.remember(session_of(context), current_person(), key, mark, 303, answer)
    return answer


def _before(context: Any, key: str, mark: str) -> str | None:
    with reader(context) as session:
        found = idempotency.answered(session, current_person(), key, mark)
    return found.body if found is not None else None
