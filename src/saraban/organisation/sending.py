"""Files as the answer to a request, sent block by block."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import IO, Any

from zope.interface import implementer
from ZPublisher.Iterators import IStreamIterator

BLOCK = 1 << 16
"""Octets that are held at a time."""


def send(
    response: Any,
    blocks: Iterator[bytes],
    size: int,
    content_type: str,
    name: str,
    disposition: str = "attachment",
    close: Callable[[], None] = lambda: None,
) -> IStreamIterator:
    """So many octets as a file of this name; `close` is called when the answer ends, whether or not all of it was taken."""
    response.setHeader("Content-Type", content_type)
    response.setHeader("Content-Disposition", f'{disposition}; filename="{name}"')
    response.setHeader("Content-Length", str(size))
    return _Sent(blocks, close)


def send_file(response: Any, out: IO[bytes], content_type: str, name: str, disposition: str = "attachment") -> IStreamIterator:
    """An open file as the answer, which closes it."""
    size = out.seek(0, 2)
    out.seek(0)
    return send(response, iter(lambda: out.read(BLOCK), b""), size, content_type, name, disposition, out.close)


@implementer(IStreamIterator)
class _Sent:
    """An answer, block by block."""

    def __init__(self, blocks: Iterator[bytes], close: Callable[[], None]) -> None:
        self.blocks = blocks
        self.close = close
        """Called by the server."""

    def __iter__(self) -> Iterator[bytes]:
        return self

    def __next__(self) -> bytes:
        return next(self.blocks)
