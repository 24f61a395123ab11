"""The installation's keys, with which the keys of letters are wrapped: in a file, or in a token of PKCS#11.

The id of a key says who holds it, so that an installation can go from its file to a token: `bin/saraban rotate-secret-key`
opens with the one and wraps with the other.
"""

from __future__ import annotations

import base64
import secrets
from typing import Protocol

from saraban.classification import keytoken
from saraban.classification.keyfile import BYTES, KeyFile
from saraban.classification.keytoken import KeyToken

__all__ = ["BYTES", "NONCE", "Holder", "current", "holder", "make", "unwrap", "wrap"]
NONCE = 12


class Holder(Protocol):
    """Who holds the keys and works with them."""

    @property
    def place(self) -> str:
        """Where the keys are, for people."""

    def exists(self) -> bool:
        """Whether there is any key."""

    def names(self) -> list[str]:
        """The ids of the keys, the current one first. Raises SecretKeyMissing."""

    def add(self) -> str:
        """Makes a key that is the current one from now on; its id."""

    def keep(self, name: str) -> None:
        """Forgets every other key."""

    def seal(self, name: str, nonce: bytes, data: bytes, about: bytes) -> bytes:
        """Seals data with a key. Raises SecretKeyMissing."""

    def open(self, name: str, nonce: bytes, sealed: bytes, about: bytes) -> bytes:
        """What was sealed. Raises SecretKeyMissing."""


def holder() -> Holder:
    """Who holds the keys of this installation."""
    return KeyToken() if keytoken.is_chosen() else KeyFile()


def _holder_of(name: str) -> Holder:
    return KeyToken() if name.startswith(keytoken.PREFIX) and keytoken.is_chosen() else KeyFile()


def current() -> str:
    """The id of the key that wraps new keys. Raises SecretKeyMissing."""
    return holder().names()[0]


def make() -> bool:
    """Makes a first key where there is none; whether it did."""
    keys = holder()
    if keys.exists():
        return False
    keys.add()
    return True


def wrap(name: str, key: bytes, uid: str) -> str:
    """A letter's key, readable only with the installation's key `name`, and only as the key of that letter."""
    nonce = secrets.token_bytes(NONCE)
    return base64.b64encode(nonce + _holder_of(name).seal(name, nonce, key, uid.encode())).decode()


def unwrap(name: str, wrapped: str, uid: str) -> bytes:
    """The letter's key. Raises SecretKeyMissing where the installation's key is another one."""
    raw = base64.b64decode(wrapped)
    return _holder_of(name).open(name, raw[:NONCE], raw[NONCE:], uid.encode())
