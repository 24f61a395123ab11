"""Style, script, icons and fonts, kept in memory, compressed once, under an address that changes when they change."""

from __future__ import annotations

import gzip
import mimetypes
from dataclasses import dataclass
from functools import cache
from hashlib import sha256
from pathlib import Path
from typing import Any

from Products.Five import BrowserView
from zExceptions import NotFound
from zope.interface import implementer
from zope.publisher.interfaces import IPublishTraverse

from saraban.lazy import cached_property

NAME = "sb-static"
HOME = Path(__file__).parent / "static"
YEAR = 365 * 24 * 3600
TEXTS = ("text/css", "text/javascript", "image/svg+xml", "text/plain")
WASM = "application/wasm"
TYPES = {
    ".js": "text/javascript",
    ".mjs": "text/javascript",
    ".svg": "image/svg+xml",
    ".wasm": WASM,
    ".woff2": "font/woff2",
}


@dataclass(frozen=True)
class StaticFile:
    """A file as it is sent."""

    content_type: str
    plain: bytes
    compressible: bool

    @cached_property
    def gzipped(self) -> bytes | None:
        """Compressed, when it is first asked for; None for what is small already."""
        return gzip.compress(self.plain, 9, mtime=0) if self.compressible else None


@cache
def files() -> dict[str, StaticFile]:
    """Every file below `static`, by its path there."""
    return {str(path.relative_to(HOME)): _read(path) for path in sorted(HOME.rglob("*")) if path.is_file()}


def _read(path: Path) -> StaticFile:
    kind = TYPES.get(path.suffix) or mimetypes.guess_type(path.name)[0] or "application/octet-stream"
    text = kind in TEXTS
    return StaticFile(f"{kind}; charset=utf-8" if text else kind, path.read_bytes(), text or kind == WASM)


@cache
def version() -> str:
    """A word that is another one whenever any file is."""
    digest = sha256()
    for name, file in files().items():
        digest.update(name.encode() + b"\0" + file.plain + b"\0")
    return digest.hexdigest()[:12]


@implementer(IPublishTraverse)
class StaticFiles(BrowserView):
    """Serves `<site>/sb-static/<version>/<path>`."""

    def __init__(self, context: Any, request: Any) -> None:
        super().__init__(context, request)
        self.path: list[str] = []

    def publishTraverse(self, request: Any, name: str) -> StaticFiles:  # noqa: N802 - IPublishTraverse
        """The next part of the path."""
        self.path.append(name)
        return self

    def __call__(self) -> bytes:
        """The file; kept by browsers for a year where the version is today's."""
        asked, name = self.path[:1], "/".join(self.path[1:])
        file = files().get(name)
        if file is None:
            raise NotFound(name)
        response = self.request.response
        response.setHeader("Content-Type", file.content_type)
        response.setHeader("X-Content-Type-Options", "nosniff")
        today = asked == [version()]
        response.setHeader("Cache-Control", f"public, max-age={YEAR}, immutable" if today else "public, max-age=60")
        if file.gzipped is None:
            return file.plain
        response.setHeader("Vary", "Accept-Encoding")
        if "gzip" not in (self.request.getHeader("Accept-Encoding") or ""):
            return file.plain
        response.setHeader("Content-Encoding", "gzip")
        return file.gzipped
