"""What the ledger may answer instead of doing it."""

from __future__ import annotations

from transaction.interfaces import TransientError

from saraban import _
from saraban.errors import DomainError


class LedgerBusy(TransientError):
    """A deadlock, lock timeout or serialization failure: Zope tries the request again (it retries TransientError only)."""


class LedgerMisuse(RuntimeError):
    """The program uses the ledger in a way that cannot work: a mistake in code, never a refusal."""


class IdempotencyKeyReused(DomainError):
    """The key came again with another request (E18)."""

    code = "IdempotencyKeyReused"
    text = _("error_idempotency_key_reused", default="This Idempotency-Key was already used for another request.")
