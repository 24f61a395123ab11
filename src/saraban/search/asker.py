"""Who asks: what they may view, and which units' registers are theirs."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from AccessControl import getSecurityManager
from Acquisition import aq_base

from saraban.organisation.posts import posts_of


@dataclass(frozen=True)
class Asker:
    """A person with the rights of this moment."""

    principals: tuple[str, ...]
    """Roles held everywhere, and user:<group or person>, as a document's readers are written."""
    units: tuple[str, ...] = ()
    """Units where they hold a post, the first of them first: whose receive numbers they ask by."""
    agencies: tuple[str, ...] = ()


def principals_of(user: Any) -> tuple[str, ...]:
    """What a person is, for comparing with who may view a letter."""
    groups = user.getGroups() if hasattr(aq_base(user), "getGroups") else ()
    everyone = ["Anonymous", *user.getRoles(), f"user:{user.getId()}", *(f"user:{group}" for group in groups)]
    return tuple(dict.fromkeys(name for name in everyone if name != "Owner"))


def current_asker() -> Asker:
    """The person who is logged in."""
    user = getSecurityManager().getUser()
    person = user.getId()
    if not person:
        return Asker(("Anonymous",))
    posts = posts_of(person)
    return Asker(
        principals_of(user),
        tuple(dict.fromkeys(post.unit for post in posts)),
        tuple(dict.fromkeys(post.agency for post in posts)),
    )
