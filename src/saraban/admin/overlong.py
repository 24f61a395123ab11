"""The answer to a request that is larger than what is taken: waitress gives it before Zope hears of the request."""

from __future__ import annotations

import json
from typing import Any

from waitress.task import ErrorTask
from waitress.utilities import RequestEntityTooLarge
from zope.i18n import translate

from saraban import _
from saraban.organisation.refusals import language_of

CODE = "RequestTooLarge"
TEXT = _("error_request_large", default="This is too much at once: one file has 100 MB at most. Larger ones cannot be sent.")


class _Headers:
    """What waitress read of a request, asked as Zope's are."""

    def __init__(self, found: dict[str, str]) -> None:
        self._found = found

    def getHeader(self, name: str) -> str | None:  # noqa: N802 - Zope's name
        return self._found.get(name.upper().replace("-", "_"))


class Overlong(ErrorTask):
    """In the shape and the language of every other refusal; a page gets waitress's own line."""

    def execute(self) -> None:
        """Answers, and closes the connection: the rest of the request would be taken for the next one."""
        headers = _Headers(self.request.headers)
        large = isinstance(self.request.error, RequestEntityTooLarge)
        if not large or "text/html" in (headers.getHeader("Accept") or ""):
            super().execute()
            return
        message = translate(TEXT, target_language=language_of(headers))
        body = json.dumps({"error": {"type": CODE, "message": message}}, ensure_ascii=False).encode()
        answered: dict[str, Any] = {"Content-Type": "application/json", "Connection": "close", "Cache-Control": "no-store"}
        self.status = "413 Request Entity Too Large"
        self.response_headers.extend(answered.items())
        self.set_close_on_finish()
        self.content_length = len(body)
        self.write(body)
