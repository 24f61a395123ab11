"""What the ledger says of persons and units, remembered from one request to the next until a post, clearance or unit changes.

Every request asks which posts its person holds, many what a unit is called; they change a few times a day. What was found out
lies in volatile attributes of one small persistent object: whoever changes a post, a clearance or a unit writes that object in
the same transaction, and ZODB then takes what they remembered from all threads and processes, at the beginning of their next
transaction. So nobody acts a request longer on a post that is over than he would have by asking the ledger (E34).
"""

from __future__ import annotations

import time
from typing import Any

from Acquisition import aq_base
from persistent import Persistent
from zope.component.hooks import getSite

from saraban.organisation.memo import request_memo

PLUGIN = "saraban_posts"
"""The plugin of the site's user folder that the object belongs to."""
SECONDS = 60.0
"""How long anything is remembered at most: a row that was changed by hand, in SQL, counts a minute later."""
PERSONS = 5_000
"""Of how many something is remembered in a thread."""
_NAMES = ("posts", "clearances", "groups", "units")


class Remembered(Persistent):
    """Counts the changes; what each thread remembers hangs on its own copy of it."""

    changes = 0
    _v_known: dict[str, dict[Any, Any]]
    _v_since: float

    def changed(self) -> None:
        """Posts, clearances or units have changed."""
        self.changes += 1
        self._v_known = {}
        if self._p_jar is not None:
            self._p_jar.transaction_manager.get().set_data(self, True)

    def known(self, name: str) -> dict[Any, Any] | None:
        """What is remembered under a name; None in a transaction that changes it: others still read the rows of before."""
        self._p_activate()
        if self._is_changing():
            return None
        now = time.monotonic()
        if now - getattr(self, "_v_since", -SECONDS) >= SECONDS:
            self._v_since, self._v_known = now, {}
        found: dict[Any, Any] = self._v_known.setdefault(name, {})
        if len(found) > PERSONS:
            found.clear()
        return found

    def _is_changing(self) -> bool:
        # `_p_changed` says so no more after a savepoint.
        try:
            return self._p_jar is not None and bool(self._p_jar.transaction_manager.get().data(self))
        except KeyError:
            return False

    def _p_resolveConflict(  # noqa: N802 - ZODB's name
        self, old: dict[str, int], saved: dict[str, int], new: dict[str, int]
    ) -> dict[str, int]:
        return {"changes": saved.get("changes", 0) + 1}


def memo(name: str, context: Any = None) -> dict[Any, Any]:
    """What is remembered under one of the names; of this request alone where the site does not remember."""
    kept = _of(context)
    found = kept.known(name) if kept is not None else None
    return request_memo(name) if found is None else found


def changed(context: Any = None) -> None:
    """After a change, in its transaction: what anybody remembers is not true any more."""
    kept = _of(context)
    if kept is not None:
        kept.changed()
    forget_request()


def forget_request() -> None:
    """What this request alone remembers is not true any more."""
    for name in _NAMES:
        request_memo(name).clear()


def _of(context: Any) -> Remembered | None:
    plugin = context if isinstance(getattr(aq_base(context), "remembered", None), Remembered) else None
    if plugin is None:
        folder = getattr(aq_base(getSite()), "acl_users", None)
        plugin = folder._getOb(PLUGIN, None) if folder is not None else None
    return getattr(aq_base(plugin), "remembered", None)
