"""plone.restapi's `@search`: with words it goes through the door of our search, which knows Thai.

Without words, and for types that are no letters, the catalog answers as ever: it knows no words of letters. Parameters of Solr
mean nothing to either.
"""

from __future__ import annotations

from typing import Any

from plone.restapi.services.search.get import SearchGet

from saraban.organisation.rest import batch
from saraban.search import service, wanted
from saraban.search.api.find import address_of
from saraban.search.found import Hit

TYPES = ("Letter", "Circular")
_SORTS = {"sortable_title": "title", "letter_date": "letter_date", "effective": "letter_date"}
CATALOG = ("portal_type", "path", "path.depth", "path.query", "review_state", "UID", "getId", "id", "Title", "SearchableText",
           "sort_on", "sort_order", "sort_limit", "b_start", "b_size", "metadata_fields", "fullobjects", "Creator", "created",
           "modified", "use_site_search_settings")  # fmt: skip
"""What the catalog may be asked by."""


class Search(SearchGet):
    """`@search`."""

    def reply(self) -> Any:
        """Our search for words, else the catalog's."""
        form = self.request.form
        types = form.get("portal_type") or TYPES
        asked = [types] if isinstance(types, str) else list(types)
        words = str(form.get("SearchableText") or form.get("Title") or "").strip()
        if not words or not set(asked) & set(TYPES):
            for name in [name for name in form if name.partition(".")[0] not in CATALOG and name not in CATALOG]:
                del form[name]
            return super().reply()
        return self._words(words, form)

    def _words(self, words: str, form: Any) -> Any:
        question = wanted.read(
            {
                "text": words,
                "b_start": form.get("b_start"),
                "b_size": form.get("b_size"),
                "sort_on": _SORTS.get(str(form.get("sort_on", "")), ""),
                "sort_order": form.get("sort_order"),
            }
        )
        question = wanted.below(question, "/".join(self.context.getPhysicalPath()))
        found = service.find(question)
        site = self.context.portal_url.getPortalObject()
        items = [self._item(site, one) for one in found.hits]
        return batch(self.request, f"{self.context.absolute_url()}/@search", found.total, items)

    def _item(self, site: Any, one: Hit) -> dict[str, Any]:
        return {
            "@id": address_of(site, one),
            "@type": one.type,
            "UID": one.uid,
            "title": one.title,
            "description": "",
            "review_state": one.state,
        }
