"""plone.restapi's `@querystring-search`: what is no list of conditions is refused, where it would break."""

from __future__ import annotations

import json
from typing import Any

from plone.restapi.services.querystringsearch.get import QuerystringSearchGet, QuerystringSearchPost

from saraban import _
from saraban.errors import Invalid
from saraban.organisation.rest import body


def check(query: Any) -> None:
    """Raises Invalid unless these are conditions, each with the name of an index and of an operation."""
    if query in (None, "", [], {}):
        return  # plone.restapi says so itself
    good = isinstance(query, list) and all(
        isinstance(one, dict) and all(isinstance(one.get(key), str) for key in "io") for one in query
    )
    if not good:
        raise Invalid(fields={"query": _("error_items", default="A list of objects is asked for.")})


class Post(QuerystringSearchPost):
    """`POST @querystring-search`."""

    described = False
    """It is plone.restapi's: it has no place in our OpenAPI description."""

    def reply(self) -> Any:
        """plone.restapi's entry."""
        check(body(self.request).get("query"))
        return super().reply()


class Get(QuerystringSearchGet):
    """`GET @querystring-search?query=`."""

    described = False
    """It is plone.restapi's: it has no place in our OpenAPI description."""

    def reply(self) -> Any:
        """plone.restapi's entry."""
        try:
            asked = json.loads(str(self.request.form.get("query") or "{}"))
        except (ValueError, RecursionError):
            asked = {"query": 0}
        check(asked.get("query") if isinstance(asked, dict) else asked)
        return super().reply()
