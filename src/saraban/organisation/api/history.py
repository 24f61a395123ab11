"""plone.restapi's `@history`: a version that there is not leads nowhere, where it would break."""

from __future__ import annotations

from typing import Any

from plone.restapi.services.history.get import HistoryGet
from Products.CMFEditions.interfaces.IArchivist import ArchivistRetrieveError

from saraban.errors import Missing


class History(HistoryGet):
    """`GET @history`, and `GET @history/<version>`."""

    described = False
    """It is plone.restapi's: it has no place in our OpenAPI description."""

    def reply(self) -> Any:
        """plone.restapi's entry. Raises Missing."""
        if self.version and not str(self.version).isdecimal():
            raise Missing()
        try:
            return super().reply()
        except ArchivistRetrieveError:
            raise Missing() from None
