"""Indexing after the commit: our types write outbox rows instead of the catalog, so that two writers never meet there.

Mixins for the content classes of the rooms above, and the indexer's half in `saraban.ledger.indexer`.
"""

from __future__ import annotations

import uuid
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any, ClassVar

from plone.uuid.interfaces import IUUID
from zExceptions import BadRequest
from ZODB.Connection import Connection
from zope.component import adapter
from zope.container.interfaces import INameChooser
from zope.event import notify
from zope.interface import Interface, implementer

from saraban.ledger import outbox
from saraban.ledger.attributes import Plain
from saraban.ledger.connection import jar_of, session_of

_QUEUED = object()
"""Key of the queue among the data of a transaction."""
DEFAULT_INDEXES = (
    "UID",
    "path",
    "portal_type",
    "sortable_title",
    "review_state",
    "allowedRolesAndUsers",
    "created",
    "modified",
    "Creator",
    "effectiveRange",
)
"""The indexes that queries use; every other one costs a write for each object. Words are the search's own."""


@dataclass(frozen=True)
class IndexQueued:
    """An object was queued for the catalog, in this transaction: other indexes queue it too (`queue`)."""

    obj: Any
    path: str
    uid: str


class IDeferred(Interface):
    """Marker: indexed after the commit, if at all; no intid, no relation value, no link integrity."""


class IRandomName(Interface):
    """Marker for a container whose children get random ids: an id from the title collides, and tells the title."""


class _Queue:
    """What a transaction queued, written into the outbox just before its commit: until then SQLite's file is free."""

    def __init__(self, jar: Connection) -> None:
        self._jar = jar
        self.wanted: dict[tuple[str, str], tuple[str, str]] = {}
        """Kind of row and path → operation and UID."""

    def write(self) -> None:
        rows = [outbox.Put(kind, operation, path, uid) for (kind, path), (operation, uid) in self.wanted.items()]
        outbox.put_all(session_of(self._jar), rows)


def queue(context: Any, kind: str, operation: str, path: str, uid: str) -> bool:
    """One outbox row at the end of the transaction for each kind and path, the last operation; was it asked for before?

    Of a savepoint that was rolled back a row may stay: who takes it finds the object as it is, or that there is none.
    """
    jar = jar_of(context)
    txn = jar.transaction_manager.get()
    try:
        waiting: _Queue = txn.data(_QUEUED)
    except KeyError:
        waiting = _Queue(jar)
        txn.set_data(_QUEUED, waiting)
        txn.addBeforeCommitHook(waiting.write)
    before = waiting.wanted.get((kind, path))
    waiting.wanted[kind, path] = (operation, uid)
    return before == (operation, uid)


def queue_index(obj: Any, operation: str) -> None:
    """Asks for an object to be brought to the catalog (`index`) or taken out of it (`unindex`)."""
    path = "/".join(obj.getPhysicalPath())
    uid = IUUID(obj, None) or ""
    if not queue(obj, outbox.INDEX, operation, path, uid):
        notify(IndexQueued(obj, path, uid))


@implementer(IDeferred)
class DeferredIndexing(Plain):
    """Mixin, before Container or Item: in the catalog a moment after the commit."""

    catalog_indexes: ClassVar[Sequence[str] | None] = DEFAULT_INDEXES
    """Which indexes the object is in; None means all."""

    def indexObject(self) -> None:  # noqa: N802 - CMF's names
        """Queues the object."""
        queue_index(self, "index")

    def unindexObject(self) -> None:  # noqa: N802
        """Queues its removal."""
        queue_index(self, "unindex")

    def reindexObject(self, idxs: Sequence[str] = ()) -> None:  # noqa: N802
        """Queues the object; as in Plone a full reindex notes the modification."""
        if not idxs:
            self.notifyModified()
        queue_index(self, "index")

    def reindexObjectSecurity(self, skip_self: bool = False) -> None:  # noqa: N802
        """Queues the object alone: nothing below it is in the catalog."""
        if not skip_self:
            queue_index(self, "index")

    def notifyModified(self) -> None:  # noqa: N802
        """Dexterity's, which stands behind this mixin."""
        super().notifyModified()  # type: ignore[misc]


@implementer(IDeferred)
class NotIndexed(Plain):
    """Mixin, before Item: never in the catalog (attachments)."""

    def indexObject(self) -> None:  # noqa: N802
        """Nothing."""

    def unindexObject(self) -> None:  # noqa: N802
        """Nothing."""

    def reindexObject(self, idxs: Sequence[str] = ()) -> None:  # noqa: N802
        """Notes the modification only."""
        if not idxs:
            self.notifyModified()

    def reindexObjectSecurity(self, skip_self: bool = False) -> None:  # noqa: N802
        """Nothing."""

    def notifyModified(self) -> None:  # noqa: N802
        """Dexterity's, which stands behind this mixin."""
        super().notifyModified()  # type: ignore[misc]


@implementer(IRandomName)
class QuietContainer(Plain):
    """Mixin, before Container: adding or removing a child writes the child and one bucket, and nothing else.

    No order list, no modification date, no reindex of the container: all of these would be shared by every writer.
    """

    _ordering = "unordered"

    def _checkId(self, id: str, allow_dup: int = 0) -> None:  # noqa: N802 - OFS's names
        """Ids are chosen here and never typed: all that there is to ask is whether one is taken."""
        if not allow_dup and self.has_key(id):
            raise BadRequest(f"The id {id!r} is taken.")

    def _quietly(self, call: Callable[..., Any], *args: Any, **kwargs: Any) -> Any:
        self._v_quiet = True
        try:
            return call(*args, **kwargs)
        finally:
            del self._v_quiet

    def _setObject(self, *args: Any, **kwargs: Any) -> Any:  # noqa: N802 - OFS's names
        return self._quietly(super()._setObject, *args, **kwargs)  # type: ignore[misc]

    def _delObject(self, *args: Any, **kwargs: Any) -> Any:  # noqa: N802
        return self._quietly(super()._delObject, *args, **kwargs)  # type: ignore[misc]

    def reindexObject(self, idxs: Sequence[str] = ()) -> None:  # noqa: N802
        """Ignored while a child is added or removed: IContainerModifiedEvent arrives here."""
        if not getattr(self, "_v_quiet", False):
            super().reindexObject(idxs)  # type: ignore[misc]


@implementer(INameChooser)
@adapter(IRandomName)
class RandomName:
    """Ids of children that say nothing and never collide."""

    def __init__(self, context: Any) -> None:
        pass

    def checkName(self, name: str, obj: Any) -> bool:  # noqa: N802 - the interface's names
        """Any name will do."""
        return True

    def chooseName(self, name: str, obj: Any) -> str:  # noqa: N802
        """Eighty random bits."""
        return uuid.uuid4().hex[:20]
