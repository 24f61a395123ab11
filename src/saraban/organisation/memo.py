"""What one request has already asked of the database."""

from __future__ import annotations

from typing import Any

from zope.annotation.interfaces import IAnnotations
from zope.globalrequest import getRequest


def request_memo(name: str) -> dict[Any, Any]:
    """A dictionary that lives as long as the request does; without a request, one that nobody sees again."""
    request = getRequest()
    if request is None:
        return {}
    annotations = IAnnotations(request, None)
    if annotations is None:
        return {}
    memo: dict[Any, Any] = annotations.setdefault(f"saraban.organisation.{name}", {})
    return memo
