"""Who acts: the person who is logged in, in the post that they hold where they act."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from AccessControl import getSecurityManager
from AccessControl.users import system
from Products.PlonePAS.plugins.property import ZODBMutablePropertyProvider
from Products.PluggableAuthService.interfaces.plugins import IPropertiesPlugin
from Products.PluggableAuthService.PropertiedUser import PropertiedUser
from zope.component.hooks import getSite
from zope.globalrequest import getRequest

from saraban.ledger.acts import Actor
from saraban.organisation.functions import agency_of
from saraban.organisation.memo import request_memo
from saraban.organisation.posts import Post, posts_of

ANONYMOUS = "anonymous"
UNIT_COOKIE = "saraban_unit"
"""Where a browser keeps the unit in which the person chose to act."""
SYSTEM = Actor(person="system", name="system")
"""A program, at the command of whoever runs the installation."""


def current_person() -> str:
    """The id of the person who is logged in, empty when nobody is."""
    user = getSecurityManager().getUser()
    return (user.getId() if user is not None else None) or ""


def current_actor(unit: str = "") -> Actor:
    """The person who is logged in, in the post held at a unit, else in its agency, else in the first post held."""
    person = current_person()
    if not person and getSecurityManager().getUser() is system:
        return SYSTEM
    if not person:
        return Actor(person=ANONYMOUS, address=address_of(getRequest()))
    post = best_post(posts_of(person), unit)
    return Actor(
        person=person,
        name=person_name(person),
        post=post.title() if post else "",
        unit=post.unit if post else "",
        address=address_of(getRequest()),
    )


def best_post(posts: tuple[Post, ...], unit: str = "") -> Post | None:
    """Of somebody's posts the one that they act in at a unit."""

    def distance(post: Post) -> int:
        if post.unit == unit:
            return 0
        return 1 if unit and post.agency == agency_of(unit) else 2

    return min(posts, key=distance, default=None)


def person_name(person: str) -> str:
    """A person's full name; the id where none is known."""
    return person_names([person])[person]


def person_names(persons: Iterable[str]) -> dict[str, str]:
    """The full names of many persons, by id, as `person_name` says each."""
    wanted = list(dict.fromkeys(persons))
    memo = request_memo("names")
    asked = [person for person in wanted if person not in memo]
    if not asked:
        return {person: memo[person] for person in wanted}
    # Those who keep properties are asked, and nobody about groups and roles: a list of a hundred names is no hundred users.
    folder = getattr(getSite(), "acl_users", None)
    keepers = [keeper for _name, keeper in folder.plugins.listPlugins(IPropertiesPlugin)] if folder is not None else []
    found = {person: next(filter(None, (_kept_name(keeper, person) for keeper in keepers)), person) for person in asked}
    memo.update(found)
    return {person: found[person] if person in found else memo[person] for person in wanted}


def _kept_name(keeper: Any, person: str) -> str:
    """Plone's own keeper makes up all properties with their defaults for each person: of a long list most of the page."""
    if isinstance(keeper, ZODBMutablePropertyProvider):
        found = keeper._storage.get(person) or {}
    else:
        found = keeper.getPropertiesForUser(PropertiedUser(person)) or {}
    read = found.get if isinstance(found, Mapping) else found.getProperty
    return str(read("fullname", "") or "")


def address_of(request: Any) -> str:
    """The network address that a request came from; proxies are believed as far as Zope's setting trusts them."""
    get = getattr(request, "getClientAddr", None)
    return (get() or "") if get is not None else ""
