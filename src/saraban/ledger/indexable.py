"""What the catalog is told of an object that is indexed after the commit."""

from __future__ import annotations

from typing import Any

from plone.indexer.interfaces import IIndexableObject
from plone.indexer.wrapper import IndexableObjectWrapper
from Products.ZCatalog.interfaces import IZCatalog
from zope.component import adapter
from zope.interface import implementer_only

from saraban.ledger.deferred import IDeferred

NOT_OURS = frozenset(
    {"cmf_uid", "end", "exclude_from_nav", "getIcon", "getObjSize", "getRemoteUrl", "image_scales", "location", "mime_type",
     "start", "sync_uid"}
)  # fmt: skip
"""Columns of the catalog of which our types have nothing to say; Plone looks for each of them as far up as the site."""


@implementer_only(IIndexableObject)
@adapter(IDeferred, IZCatalog)
class Indexable(IndexableObjectWrapper):
    """Plone's wrapper, which knows indexers and workflows, without the columns that stay empty."""

    def __getattr__(self, name: str) -> Any:
        if name in NOT_OURS:
            raise AttributeError(name)
        return super().__getattr__(name)
