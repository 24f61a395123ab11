"""Who can be asked to approve and to sign: people with a post in the letter's agency today; its heads sign."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from plone import api

from saraban import _
from saraban.classification.clearances import is_cleared
from saraban.classification.levels import NORMAL
from saraban.errors import REQUIRED, Invalid
from saraban.organisation.acting import best_post
from saraban.organisation.functions import HEAD
from saraban.organisation.posts import Post, posts_of
from saraban.signing.tables import APPROVER, SIGNER

MOST = 20
"""Most persons in each of the two lists."""
FIELDS = {"approvers": APPROVER, "signers": SIGNER}
"""The lists of `@submit`, in the order in which their people have the turn."""


@dataclass(frozen=True)
class Chosen:
    """A person in a chain, with the unit of the post for which they are asked."""

    person: str
    unit: str
    role: str


def chosen(letter: Any, data: Mapping[str, Any]) -> list[Chosen]:
    """The chain that is asked for, approvers first. Raises Invalid with a sentence beside each list that is wrong."""
    found: list[Chosen] = []
    wrong: dict[str, str] = {}
    named: set[str] = set()
    for field, role in FIELDS.items():
        persons = data.get(field) or []
        if not isinstance(persons, list) or len(persons) > MOST or not all(isinstance(one, str) for one in persons):
            wrong[field] = _("error_users", default="Choose one or more persons.")
            continue
        for person in persons:
            unit, reason = _place(letter, person, role)
            if person in named:
                reason = _("error_person_twice", default="“${user}” is named twice.", mapping={"user": person})
            if reason:
                wrong.setdefault(field, reason)
            named.add(person)
            found.append(Chosen(person, unit, role))
    if "signers" not in wrong and not data.get("signers"):
        wrong["signers"] = REQUIRED
    if wrong:
        raise Invalid(fields=wrong)
    return found


def _place(letter: Any, person: str, role: str) -> tuple[str, str]:
    """The unit of the post in which a person would approve or sign, or what stands against it."""
    who = {"user": person}
    if not person or api.portal.get_tool("acl_users").getUserById(person) is None:
        return "", _("error_user_unknown", default="There is no person “${user}”.", mapping=who)
    here = [post for post in posts_of(person) if post.agency == letter.agency and not post.inherited]
    if not here:
        return "", _("error_user_elsewhere", default="“${user}” holds no post in this agency.", mapping=who)
    if letter.secrecy != NORMAL and not is_cleared(person, letter.secrecy):
        return "", _("error_not_cleared", default="“${user}” is not cleared for this level.", mapping=who)
    if role == SIGNER:
        here = [post for post in here if post.function == HEAD]
        if not here:
            return "", _(
                "error_not_a_head", default="“${user}” is head of no unit of this agency, and heads sign.", mapping=who
            )
    post = best_post(tuple(here), letter.owner_unit)
    return (post.unit if post is not None else ""), ""


def posts_for(person: str, unit: str, role: str) -> Sequence[Post]:
    """The posts in which a person can have their turn today, in the unit for which they were chosen (E32)."""
    return [post for post in posts_of(person) if post.unit == unit and (role != SIGNER or post.function == HEAD)]


def is_head(person: str, agency: str) -> bool:
    """Whether the person signs letters of the agency, when they are asked to."""
    return any(post.agency == agency and post.function == HEAD for post in posts_of(person))
