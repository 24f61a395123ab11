"""Addresses outside every site: programs that nobody knows get the 401 of an address inside, people are led to the site."""

from __future__ import annotations

import json
from typing import Any

from AccessControl import Unauthorized
from plone.rest.errors import ErrorHandling
from plone.rest.interfaces import IAPIRequest
from Products.CMFCore.interfaces import ISiteRoot
from zExceptions import Forbidden, NotFound, Redirect
from zExceptions import Unauthorized as ZopeUnauthorized
from zope.component import adapter
from zope.i18n import translate

from saraban.organisation.gate import IGuarded, user_above
from saraban.organisation.refusals import UNAUTHORIZED, language_of

_STRANGE = (NotFound, Unauthorized, ZopeUnauthorized, Forbidden)


def admit(event: Any) -> None:
    """The address is found. Zope's own front page lists the sites and offers to make more: that is for its administrators."""
    request = event.request
    if IGuarded.providedBy(request) or user_above(request) is not None:
        return
    parents = request.get("PARENTS") or ()
    if IAPIRequest.providedBy(request) and not any(map(ISiteRoot.providedBy, parents)):
        raise Unauthorized()
    if parents and not request.environ.get("PATH_INFO", "").strip("/"):
        for site in filter(ISiteRoot.providedBy, parents[-1].objectValues()):
            raise Redirect(site.absolute_url())


@adapter(Exception, IAPIRequest)
class Outside(ErrorHandling):
    """plone.rest's answer, but for people whom nobody knows at places where no site is."""

    def __call__(self) -> str | None:
        """The answer, with its status locked."""
        parents = self.request.get("PARENTS") or ()
        strange = isinstance(self.context, _STRANGE) and not any(map(ISiteRoot.providedBy, parents))
        if not strange or user_above(self.request) is not None:
            answer: str | None = super().__call__()
            return answer
        response = self.request.response
        response._has_challenged = True
        response.setStatus(401, lock=1)
        response.setHeader("Content-Type", "application/json")
        message = translate(UNAUTHORIZED, target_language=language_of(self.request))
        return json.dumps({"error": {"type": "Unauthorized", "message": message}}, ensure_ascii=False)
