"""REST at addresses outside every site: anybody gets the 401 of an address inside."""

from __future__ import annotations

import json

from AccessControl import Unauthorized
from plone.rest.errors import ErrorHandling
from plone.rest.interfaces import IAPIRequest
from Products.CMFCore.interfaces import ISiteRoot
from zExceptions import Forbidden, NotFound
from zope.component import adapter
from zope.i18n import translate

from saraban.organisation.gate import user_above
from saraban.organisation.refusals import UNAUTHORIZED, language_of


@adapter(Exception, IAPIRequest)
class Outside(ErrorHandling):
    """plone.rest's answer, but for people whom nobody knows at places where no site is."""

    def __call__(self) -> str | None:
        """The answer, with its status locked."""
        parents = self.request.get("PARENTS") or ()
        strange = isinstance(self.context, (NotFound, Unauthorized, Forbidden)) and not any(map(ISiteRoot.providedBy, parents))
        if not strange or user_above(self.request) is not None:
            answer: str | None = super().__call__()
            return answer
        response = self.request.response
        response._has_challenged = True
        response.setStatus(401, lock=1)
        response.setHeader("Content-Type", "application/json")
        message = translate(UNAUTHORIZED, target_language=language_of(self.request))
        return json.dumps({"error": {"type": "Unauthorized", "message": message}}, ensure_ascii=False)
