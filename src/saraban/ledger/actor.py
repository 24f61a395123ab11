"""Who acts, in what post, from where."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Actor:
    """A person in a post, as the audit trail keeps them."""

    person: str
    """User id."""
    name: str = ""
    post: str = ""
    """Title of the post in which the person acts."""
    unit: str = ""
    """The unit of that post."""
    address: str = ""
    """Network address that the request came from."""
