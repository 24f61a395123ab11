"""On whose desks the logged-in person works."""

from __future__ import annotations

from plone import api

from saraban.organisation.functions import HEAD, REGISTRAR
from saraban.organisation.posts import posts_of

DESK_FUNCTIONS = frozenset({REGISTRAR, HEAD})


def desk_units() -> list[str]:
    """The units whose incoming desk the person sees, in order: where they are registrar or head."""
    person = api.user.get_current().getId() or ""
    return list(dict.fromkeys(post.unit for post in posts_of(person) if post.function in DESK_FUNCTIONS))
