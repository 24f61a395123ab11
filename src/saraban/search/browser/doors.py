"""Plone's own addresses of search lead through our door."""

from __future__ import annotations

import json
from typing import Any
from urllib.parse import urlencode

from Products.Five import BrowserView
from zope.component.hooks import getSite

from saraban.search import service, wanted
from saraban.search.api.find import address_of

LIVE = 8


class Search(BrowserView):
    """`@@search?SearchableText=`: the page `/find`."""

    def __call__(self) -> str:
        """Sends on; everything but the words stays behind."""
        text = str(self.request.form.get("SearchableText", ""))[:200]
        self.request.response.redirect(f"{getSite().absolute_url()}/find?{urlencode({'text': text})}")
        return ""


class LiveSearch(BrowserView):
    """`@@ajax-search`: what Plone's box shows while one types."""

    def __call__(self) -> str:
        """The first hits, in the shape that Plone's script reads."""
        text = str(self.request.form.get("SearchableText", ""))[: wanted.LONGEST]
        site: Any = getSite()
        found = service.find(wanted.read({"text": text, "b_size": LIVE})) if text.strip() else None
        hits = found.hits if found is not None else []
        items = [
            {"id": one.uid, "title": one.title, "description": one.number, "url": address_of(site, one), "state": one.state}
            for one in hits
        ]
        self.request.response.setHeader("Content-Type", "application/json")
        return json.dumps({"total": found.total if found is not None else 0, "items": items})
