"""Sealed files: blocks of a megabyte, each sealed by itself, so that a large one is never whole in memory.

Block `n` has the nonce of the file's eight random bytes and `n`, and says whether it is the last one: blocks cannot be
left out, moved or cut off at the end.
"""

from __future__ import annotations

import io
import secrets
import struct
from typing import BinaryIO

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

MAGIC = b"SARABAN1"
SALT = 8
HEADER = len(MAGIC) + SALT
BLOCK = 1 << 20
TAG = 16


class Broken(OSError):
    """The file is not what was sealed."""


def seal_stream(key: bytes, uid: str, source: BinaryIO, target: BinaryIO) -> None:
    """Writes the whole of `source`, sealed, to `target`."""
    cipher, salt = AESGCM(key), secrets.token_bytes(SALT)
    target.write(MAGIC + salt)
    number, block = 0, source.read(BLOCK)
    while True:
        following = source.read(BLOCK)
        target.write(cipher.encrypt(_nonce(salt, number), block, _about(uid, last=not following)))
        if not following:
            return
        number, block = number + 1, following


def _nonce(salt: bytes, number: int) -> bytes:
    return salt + struct.pack(">I", number)


def _about(uid: str, *, last: bool) -> bytes:
    return uid.encode() + (b"/last" if last else b"/more")


def opened_size(stored: int) -> int:
    """Bytes of the content of a sealed file that takes so many."""
    blocks = max(1, -(-(stored - HEADER) // (BLOCK + TAG)))
    return stored - HEADER - blocks * TAG


class OpenedFile(io.RawIOBase):
    """Reads a sealed file as what was sealed; can be read from any place."""

    def __init__(self, key: bytes, uid: str, sealed: BinaryIO, size: int) -> None:
        self._sealed, self._uid, self._cipher, self.size = sealed, uid, AESGCM(key), size
        header = sealed.read(HEADER)
        if not header.startswith(MAGIC):
            raise Broken("not a sealed file")
        self._salt = header[len(MAGIC) :]
        self._blocks = max(1, -(-size // BLOCK))
        self._at = 0
        self._number, self._block = -1, b""

    def readable(self) -> bool:
        """Yes."""
        return True

    def seekable(self) -> bool:
        """Yes."""
        return True

    def seek(self, offset: int, whence: int = 0) -> int:
        """As files do."""
        self._at = max(0, offset + (0, self._at, self.size)[whence])
        return self._at

    def tell(self) -> int:
        """As files do."""
        return self._at

    def read(self, size: int | None = -1) -> bytes:
        """As files do."""
        wanted = self.size - self._at if size is None or size < 0 else min(size, self.size - self._at)
        found = []
        while wanted > 0:
            block = self._read_block(self._at // BLOCK)
            piece = block[self._at % BLOCK :][:wanted]
            if not piece:
                raise Broken("a sealed file is shorter than it was")
            found.append(piece)
            self._at += len(piece)
            wanted -= len(piece)
        return b"".join(found)

    def readinto(self, buffer: memoryview) -> int:  # type: ignore[override]
        """As files do."""
        data = self.read(len(buffer))
        buffer[: len(data)] = data
        return len(data)

    def _read_block(self, number: int) -> bytes:
        if number != self._number:
            self._sealed.seek(HEADER + number * (BLOCK + TAG))
            last = number == self._blocks - 1
            raw = self._sealed.read(-1 if last else BLOCK + TAG)
            try:
                self._block = self._cipher.decrypt(_nonce(self._salt, number), raw, _about(self._uid, last=last))
            except InvalidTag as error:
                raise Broken("a sealed file was changed") from error
            self._number = number
        return self._block

    def close(self) -> None:
        """Closes the sealed file as well."""
        if not self.closed:
            self._sealed.close()
        super().close()
