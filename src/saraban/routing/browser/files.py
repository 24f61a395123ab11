"""An attached file over HTTP: as a download always, in the page only what browsers show without running anything."""

from __future__ import annotations

from typing import Any
from urllib.parse import quote

from plone.namedfile.browser import Download as NamedFileDownload
from zExceptions import NotFound

INLINE = frozenset({"application/pdf", "image/jpeg", "image/png", "image/gif", "image/webp", "image/bmp"})


def shown_inline(content_type: str) -> bool:
    """Whether the browser may show it in the page."""
    return content_type in INLINE


class Download(NamedFileDownload):
    """`<attachment>/@@download/file`."""

    disposition = "attachment"
    fieldname: str | None

    def set_headers(self, file: Any) -> None:
        """The headers of an answer that runs nowhere and is kept nowhere but with the person."""
        response = self.request.response
        response.setHeader("Content-Type", file.contentType)
        response.setHeader("Content-Length", str(file.getSize()))
        response.setHeader("Content-Disposition", f"{self.disposition}; filename*=UTF-8''{quote(file.filename)}")
        response.setHeader("X-Content-Type-Options", "nosniff")
        response.setHeader("Cache-Control", "private, no-cache")
        response.setHeader("Accept-Ranges", "bytes")

    def _getFile(self) -> Any:  # noqa: N802 - plone.namedfile's name
        if self.fieldname not in (None, "file"):
            raise NotFound(self.fieldname)
        self.fieldname = "file"
        return super()._getFile()


class Display(Download):
    """`<attachment>/@@display`: in the page itself, for PDF and pictures; anything else is a download."""

    def set_headers(self, file: Any) -> None:
        """Inline where that is safe."""
        self.disposition = "inline" if shown_inline(file.contentType) else "attachment"
        super().set_headers(file)
        self.request.response.setHeader("X-Frame-Options", "SAMEORIGIN")
