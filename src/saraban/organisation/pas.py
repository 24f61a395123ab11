"""Groups that follow from appointments, for Plone's user folder."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from AccessControl.class_init import InitializeClass
from Products.PlonePAS.interfaces.group import IGroupIntrospection
from Products.PlonePAS.plugins.autogroup import VirtualGroup
from Products.PluggableAuthService.interfaces.plugins import IGroupEnumerationPlugin, IGroupsPlugin
from Products.PluggableAuthService.plugins.BasePlugin import BasePlugin
from sqlalchemy import select
from zope.component import getUtilitiesFor
from zope.globalrequest import getRequest
from zope.i18n import translate
from zope.interface import Interface, implementer

from saraban.ledger import clock
from saraban.ledger.connection import reader
from saraban.organisation import chart, remembered
from saraban.organisation.acting import person_name
from saraban.organisation.functions import DERIVED_TITLES, DESK, HEAD, REGISTRAR, STAFF, TITLES, group, groups_of
from saraban.organisation.posts import Post, in_force, posts_of
from saraban.organisation.remembered import Remembered
from saraban.organisation.tables import Appointment

MOST = 50
"""As many groups as a search answers: the whole chart has thousands."""


def split(group_id: str) -> tuple[str, str] | None:
    """Unit and function (or person) of a group's id; None for groups that are not of the chart."""
    unit, colon, function = group_id.partition(":")
    if colon:
        return (unit, function) if function in TITLES or function in DERIVED_TITLES else None
    unit, slash, person = group_id.partition("/")
    return (unit, person) if slash and person else None


class IGroupSource(Interface):
    """A named utility: a room above gives a person further groups, which follow from what they hold there.

    What they follow from is remembered: who changes it calls `posts.forget_posts`.
    """

    def groups(person: str, posts: Iterable[Post], context: Any) -> list[str]:  # type: ignore[empty-body]  # noqa: N805
        """The groups of a person with these posts in force."""

    def titled(group_id: str) -> str:  # type: ignore[empty-body]  # noqa: N805
        """What one of its groups is called; empty for what is none. Who lists a person's groups looks up each of them."""


@implementer(IGroupsPlugin, IGroupEnumerationPlugin, IGroupIntrospection)
class PostGroups(BasePlugin):
    """A person's groups are what the posts in force today say; nothing is stored here."""

    meta_type = "Saraban Post Groups"

    remembered: Remembered | None = None

    def __init__(self, id: str, title: str = "") -> None:
        self._setId(id)
        self.title = title

    # IGroupsPlugin
    def getGroupsForPrincipal(self, principal: Any, request: Any = None) -> tuple[str, ...]:  # noqa: N802
        """The groups of the posts that a person holds today."""
        person = principal.getId()
        if not person or ":" in person or "/" in person:
            return ()
        memo = remembered.memo("groups", self)
        key = (person, clock.today())
        if key not in memo:
            posts = posts_of(person, context=self)
            groups = list(groups_of(person, [(post.unit, post.function) for post in posts]))
            for _name, source in getUtilitiesFor(IGroupSource):
                groups.extend(source.groups(person, posts, self))
            memo[key] = tuple(groups)
        found: tuple[str, ...] = memo[key]
        return found

    # IGroupEnumerationPlugin
    def enumerateGroups(  # noqa: N802
        self,
        id: str | None = None,
        exact_match: bool = False,
        sort_by: str | None = None,
        max_results: int | None = None,
        **kw: Any,
    ) -> tuple[dict[str, str], ...]:
        """Groups by id or by the name of their unit; without a word to look for, none: there are thousands."""
        if exact_match:
            parts = split(id) if isinstance(id, str) else None
            unit = chart.unit(parts[0]) if parts else None
            if parts and unit:
                return (self._info(unit, parts[1], str(id)),)
            titles = (source.titled(id) for _name, source in getUtilitiesFor(IGroupSource)) if isinstance(id, str) else ()
            return tuple(self._entry(str(id), title) for title in titles if title)
        text = kw.get("title") or kw.get("name") or id
        if not isinstance(text, str) or not text.strip():
            return ()
        word, _colon, function = text.partition(":")
        with reader(self) as session:
            found = chart.search_units(session, word, size=MOST)[1]
        names = [name for name in (*TITLES, *DERIVED_TITLES) if function in name]
        infos = [self._info(unit, name, group(unit.unit, name)) for unit in found for name in names]
        return tuple(infos[: max_results or MOST])

    # IGroupIntrospection
    def getGroupById(self, group_id: str) -> Any:  # noqa: N802
        """The group, when its unit is there."""
        found = self.enumerateGroups(group_id, exact_match=True)
        return VirtualGroup(group_id, title=found[0]["title"]) if found else None

    def getGroups(self) -> list[Any]:  # noqa: N802
        """None: the whole chart is too long to be listed."""
        return []

    def getGroupIds(self) -> list[str]:  # noqa: N802
        """None: the whole chart is too long to be listed."""
        return []

    def getGroupMembers(self, group_id: str) -> tuple[str, ...]:  # noqa: N802
        """The persons whose posts in force give the group."""
        parts = split(group_id)
        if parts is None:
            return ()
        unit, function = parts
        if "/" in group_id:
            return (function,) if any(post.unit == unit for post in posts_of(function, context=self)) else ()
        query = in_force(clock.today())
        if function == STAFF:
            query = query.where((Appointment.unit == unit) | Appointment.unit.startswith(f"{unit}.", autoescape=True))
        elif function == DESK:
            query = query.where(Appointment.unit == unit, Appointment.function.in_((REGISTRAR, HEAD)))
        else:
            query = query.where(Appointment.unit == unit, Appointment.function == function)
        with reader(self) as session:
            return tuple(session.scalars(select(query.subquery().c.person).distinct()))

    def _info(self, unit: chart.UnitInfo, who: str, group_id: str) -> dict[str, str]:
        named = {**TITLES, **DERIVED_TITLES}.get(who) if ":" in group_id else None
        title = translate(named, context=getRequest(), target_language="th") if named else person_name(who)
        return self._entry(group_id, f"{unit.title()}: {title}")

    def _entry(self, group_id: str, title: str) -> dict[str, str]:
        return {"id": group_id, "groupid": group_id, "title": title, "pluginid": self.getId()}


InitializeClass(PostGroups)
