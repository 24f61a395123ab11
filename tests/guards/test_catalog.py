"""Every index of the catalog is asked by something: else it is written for nothing, with each unit, page and letter."""

from __future__ import annotations

import re
from importlib.metadata import distribution
from pathlib import Path

import pytest
from tests.conftest import HOME

PLONE, RESTAPI, LAYOUT, CONTENT, EVENT = (
    "Products.CMFPlone", "plone.restapi", "plone.app.layout", "plone.app.content", "plone.app.event",
)  # fmt: skip
ASKED: dict[str, tuple[str, str, str]] = {
    "Creator": (PLONE, "Products/CMFPlone/browser/author.py", "Creator="),
    "Date": (PLONE, "Products/CMFPlone/browser/search.py", '"Date"'),
    "Description": (RESTAPI, "plone/restapi/search/query.py", "ZCTextIndex"),
    "SearchableText": (PLONE, "Products/CMFPlone/browser/search.py", '"SearchableText"'),
    "Subject": (CONTENT, "plone/app/content/browser/contents/__init__.py", "Subject"),
    "Title": ("saraban", "src/saraban/search/api/search.py", '"Title"'),
    "Type": (LAYOUT, "plone/app/layout/sitemap/sitemap.py", "Type"),
    "UID": ("saraban", "src/saraban/search/api/search.py", '"UID"'),
    "allowedRolesAndUsers": (PLONE, "Products/CMFPlone/CatalogTool.py", '"allowedRolesAndUsers"'),
    "created": ("saraban", "src/saraban/search/api/search.py", '"created"'),
    "effective": (CONTENT, "plone/app/content/browser/contents/__init__.py", "effective"),
    "effectiveRange": (PLONE, "Products/CMFPlone/CatalogTool.py", '"effectiveRange"'),
    "end": (EVENT, "plone/app/event/base.py", '"end"'),
    "exclude_from_nav": (PLONE, "Products/CMFPlone/browser/navigation.py", "exclude_from_nav"),
    "expires": (CONTENT, "plone/app/content/browser/contents/__init__.py", "expires"),
    "getId": ("saraban", "src/saraban/search/api/search.py", '"getId"'),
    "getObjPositionInParent": (PLONE, "Products/CMFPlone/browser/navtree.py", "sortAttribute"),
    "id": ("saraban", "src/saraban/search/api/search.py", '"id"'),
    "is_default_page": (LAYOUT, "plone/app/layout/sitemap/sitemap.py", "is_default_page"),
    "is_folderish": (PLONE, "Products/CMFPlone/browser/navigation.py", "is_folderish"),
    "modified": ("saraban", "src/saraban/search/api/search.py", '"modified"'),
    "object_provides": (EVENT, "plone/app/event/base.py", "object_provides"),
    "path": ("saraban", "src/saraban/search/api/search.py", '"path"'),
    "portal_type": ("saraban", "src/saraban/search/api/search.py", '"portal_type"'),
    "review_state": ("saraban", "src/saraban/search/api/search.py", '"review_state"'),
    "sortable_title": (CONTENT, "plone/app/content/browser/contents/__init__.py", "sortable_title"),
    "start": (EVENT, "plone/app/event/base.py", '"start"'),
    "sync_uid": (EVENT, "plone/app/event/ical/importer.py", "sync_uid"),
}
"""Index → package, file and words of the query that asks it."""


def test_every_index_is_asked(registry: dict[str, dict[str, list[str]]]) -> None:
    assert registry["catalog"]["indexes"] == sorted(ASKED)


@pytest.mark.parametrize("index", sorted(ASKED))
def test_who_asks_still_does(index: str) -> None:
    package, file, words = ASKED[index]
    path = HOME / file if package == "saraban" else Path(str(distribution(package).locate_file(file)))
    assert re.search(re.escape(words), path.read_text(encoding="utf-8")), (index, path)
