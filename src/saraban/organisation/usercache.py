"""What the user folder has found out is kept while one request lasts, and no longer.

A request asks for its person three times (the gate, the publisher, whoever names the actor), and each time the folder would
ask every plugin for passwords, posts, groups and roles. Nothing is kept for the next request: who moves, loses.
"""

from __future__ import annotations

from typing import Any

from AccessControl.class_init import InitializeClass
from OFS.Cache import Cache, CacheManager
from OFS.SimpleItem import SimpleItem
from zope.globalrequest import getRequest

from saraban.organisation.memo import request_memo

NAME = "users"
_OTHER_QUESTIONS = ("__ignore_direct_roles__", "__ignore_group_roles__")
"""Plone's pages about users ask with these for a part of somebody's roles."""


def forget_users() -> None:
    """After a change of posts or clearances: what this request remembers is not true any more."""
    request_memo(NAME).clear()


def _key(view_name: str, keywords: dict[str, Any] | None) -> tuple[Any, ...]:
    return view_name, tuple(sorted((keywords or {}).items()))


class RequestCache(Cache):
    """PAS's cache of users, credentials and look-ups, in the request's annotations."""

    def ZCache_get(  # noqa: N802 - OFS.Cache's names
        self, ob: Any, view_name: str, keywords: Any = None, mtime_func: Any = None, default: Any = None
    ) -> Any:
        """What was kept in this request."""
        request = getRequest()
        if request is None or any(request.get(flag) for flag in _OTHER_QUESTIONS):
            return default
        return request_memo(NAME).get(_key(view_name, keywords), default)

    def ZCache_set(  # noqa: N802
        self, ob: Any, data: Any, view_name: str = "", keywords: Any = None, mtime_func: Any = None
    ) -> None:
        """Keeps it until the request ends."""
        request = getRequest()
        if request is not None and not any(request.get(flag) for flag in _OTHER_QUESTIONS):
            request_memo(NAME)[_key(view_name, keywords)] = data

    def ZCache_invalidate(self, ob: Any) -> None:  # noqa: N802
        """Forgets all."""
        forget_users()


_cache = RequestCache()


class RequestCacheManager(CacheManager, SimpleItem):
    """Hands out the one cache; the user folder finds it by its id in the site."""

    meta_type = "Saraban Request Cache"

    def __init__(self, id: str) -> None:
        self._setId(id)

    def ZCacheManager_getCache(self) -> RequestCache:  # noqa: N802 - OFS.Cache's name
        """The cache."""
        return _cache


InitializeClass(RequestCacheManager)
