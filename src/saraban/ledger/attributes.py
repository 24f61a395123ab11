"""What our content says when it is asked for an attribute that it does not have: a default, a child, or at once nothing.

Zope asks each object on its way for many names that only others have. Dexterity looks for each through the type's schemas, and
through those of all behaviors: a fifth of a request, if the names of the fields were not remembered.
"""

from __future__ import annotations

from contextlib import suppress
from typing import Any

from plone.dexterity.content import DexterityContent
from plone.dexterity.interfaces import IDexterityFTI
from plone.dexterity.schema import SCHEMA_CACHE
from plone.folder.ordered import CMFOrderedBTreeFolderBase
from zope.component import adapter
from zope.lifecycleevent.interfaces import IObjectModifiedEvent

_fields: dict[str, frozenset[str]] = {}
"""The names of all fields of a type. Types come from the profile: another process that changes one is followed by a restart."""


def _may_have(portal_type: str, name: str) -> bool:
    """Whether a type has a field of this name, as far as is known."""
    known = _fields.get(portal_type)
    if known is None:
        schema = SCHEMA_CACHE.get(portal_type)
        if schema is None:  # no site, or a type that is not there yet
            return True
        behaviors = [one.interface for one in SCHEMA_CACHE.behavior_registrations(portal_type) if one.interface]
        known = _fields[portal_type] = frozenset().union(*(one.names(all=True) for one in (schema, *behaviors)))
    return name in known


@adapter(IDexterityFTI, IObjectModifiedEvent)
def forget_fields(type_: Any, event: Any) -> None:
    """A type was changed: it may have other fields now."""
    _fields.clear()


class Plain:
    """Mixin, before Dexterity's Item or Container.

    One class for both: where classes of Zope have several bases, the order is not Python's, and `super` is no help.
    """

    __conform__ = None
    """Adapts itself to nothing."""

    def __init_subclass__(cls, **options: Any) -> None:
        """Python keeps a class's types where zope.annotation looks for an object's annotations, and would write them there.

        All objects of the class would share them, in memory alone.
        """
        super().__init_subclass__(**options)
        if "__annotations__" in vars(cls):
            del cls.__annotations__

    def __getattr__(self, name: str) -> Any:
        if name[:1] != "_" and name != "portal_type" and _may_have(self.portal_type, name):
            with suppress(AttributeError):  # of a type that is not known yet, or where a schema names a method
                return DexterityContent.__getattr__(self, name)
        if isinstance(self, CMFOrderedBTreeFolderBase) and self._tree is not None:
            return CMFOrderedBTreeFolderBase.__getattr__(self, name)
        raise AttributeError(name)
