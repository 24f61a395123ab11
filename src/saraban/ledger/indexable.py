"""What the catalog is told of an object that is indexed after the commit, and where such objects lie."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from AccessControl.PermissionRole import rolesForPermissionOn
from Acquisition import aq_base, aq_inner, aq_parent
from borg.localrole.interfaces import ILocalRoleProvider
from plone.indexer.interfaces import IIndexableObject
from plone.indexer.wrapper import IndexableObjectWrapper
from zope.component import getAdapters
from zope.interface import implementer_only

NOT_OURS = frozenset(
    {"cmf_uid", "end", "exclude_from_nav", "getIcon", "getObjSize", "getRemoteUrl", "image_scales", "location", "mime_type",
     "path", "start", "sync_uid"}
)  # fmt: skip
"""What the catalog asks for and our types do not have; Plone looks for each of them as far up as the site."""

Roles = Mapping[str, set[str]]
"""By user or group."""


class Places:
    """Finds objects by path, as they are in this transaction; the way to a folder is gone once for all that lie in it."""

    def __init__(self, site: Any) -> None:
        self.site = site
        self._folders: dict[str, Any] = {}
        self._roles_above: dict[Any, Roles] = {}

    def object_at(self, path: str) -> Any:
        """The object that is really at this path: traversal alone would acquire one of the same name from above."""
        above, _slash, name = path.rpartition("/")
        if above not in self._folders:
            self._folders[above] = self._traversed(above)
        folder = self._folders[above]
        return None if folder is None else folder._getOb(name, None)

    def _traversed(self, path: str) -> Any:
        found = self.site.unrestrictedTraverse(path, None)
        if found is None or "/".join(found.getPhysicalPath()) != path:
            return None
        return found if hasattr(aq_base(found), "_getOb") else None

    def local_roles(self, obj: Any) -> Roles:
        """Who holds which roles at the object, as `acl_users` says; the places above are asked once for all that lie there."""
        held: dict[str, set[str]] = {}
        parts = [provider.getAllRoles() for _name, provider in getAdapters((obj,), ILocalRoleProvider)]
        if not getattr(obj, "__ac_local_roles_block__", None):
            parent = aq_parent(aq_inner(obj))
            key = parent.getPhysicalPath()
            if key not in self._roles_above:
                self._roles_above[key] = self.site.acl_users._getAllLocalRoles(parent)
            parts.append(self._roles_above[key].items())
        for part in parts:
            for principal, roles in part:
                held.setdefault(principal, set()).update(roles)
        return held

    def holders(self, obj: Any, permission: str) -> list[str]:
        """Who has a permission on the object, as the catalog writes it: roles, and `user:<user or group>`."""
        allowed = set(rolesForPermissionOn(permission, obj))
        held = self.local_roles(obj)
        users = {f"user:{principal}" for principal, roles in held.items() if allowed.intersection(roles)}
        return sorted((allowed - {"Owner"}) | users)


@implementer_only(IIndexableObject)
class Indexable(IndexableObjectWrapper):
    """Plone's wrapper, which knows indexers and workflows, but for what is asked in vain or once for each folder."""

    def __init__(self, obj: Any, catalog: Any, places: Places) -> None:
        super().__init__(obj, catalog)
        self._places = places

    @property
    def allowedRolesAndUsers(self) -> list[str]:  # noqa: N802 - the index's name
        """Who may see that it is there."""
        found = self._places.holders(self._getWrappedObject(), "Access contents information")
        for public in ("Anonymous", "Authenticated"):
            if public in found:
                return [public]
        return found

    def __getattr__(self, name: str) -> Any:
        if name in NOT_OURS:
            raise AttributeError(name)
        return super().__getattr__(name)
