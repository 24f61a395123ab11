"""On whose desks the logged-in person works."""

from __future__ import annotations

from collections.abc import Collection

from plone import api

from saraban.organisation.functions import HEAD, REGISTRAR
from saraban.organisation.posts import posts_of

DESK_FUNCTIONS = frozenset({REGISTRAR, HEAD})


def desk_units(functions: Collection[str] = DESK_FUNCTIONS) -> list[str]:
    """The units whose incoming desk the person sees, in order: where they are registrar or head, or only one of the two."""
    person = api.user.get_current().getId() or ""
    return list(dict.fromkeys(post.unit for post in posts_of(person) if post.function in functions))
