"""The one question about permission: may the person who is logged in do this to that object?"""

from __future__ import annotations

from typing import Any

from AccessControl import getSecurityManager
from zope.component.hooks import getSite

from saraban.errors import Forbidden, Missing

VIEW = "View"


def may(permission: str, context: Any) -> bool:
    """Whether the logged-in person holds the permission (its title) on the object."""
    return bool(getSecurityManager().checkPermission(permission, context))


def at(path: str) -> Any:
    """The object of the chart at a path, whoever asks: for `may` and `require`."""
    return getSite().unrestrictedTraverse(path)


def require(permission: str, context: Any) -> None:
    """Raises Forbidden where the person may see the object but lacks the permission, Missing where they may not see it.

    A verb asks again after its locks: traversal asked an older snapshot.
    """
    if not may(VIEW, context):
        # First of all: a registrar's role reaches secret letters of the agency as well, and must not show that they are there.
        raise Missing()
    if not may(permission, context):
        raise Forbidden()
