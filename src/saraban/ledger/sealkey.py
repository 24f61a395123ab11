"""The key of the audit trail's chain: in a file beside the database, so that who can rewrite every row cannot seal them anew.

`SARABAN_AUDIT_KEY_FILE`, else `$SARABAN_VAR/audit-key`, mode 0600; all machines of an installation have the same. One line: the
position of the chain from which on its links bear the key, and 32 bytes in base64.
"""

from __future__ import annotations

import base64
import hashlib
import hmac
import os
import secrets
from dataclasses import dataclass
from pathlib import Path

BYTES = 32


class SealKeyMissing(RuntimeError):
    """There is no key here, or the file holds none."""


@dataclass(frozen=True)
class SealKey:
    """What seals the chain."""

    key: bytes
    since: int
    """Links up to this position were sealed before there was a key; the first one behind it seals them as well."""

    @property
    def name(self) -> str:
        """Tells one key from another, and nothing of the key."""
        return hashlib.sha256(b"name" + self.key).hexdigest()[:12]

    def link(self, position: int, previous: str, content: str) -> str:
        """The digest that seals a row behind the rows before it."""
        text = f"{previous}\n{content}".encode()
        return self._mac(text) if position > self.since else hashlib.sha256(text).hexdigest()

    def end(self, position: int, digest: str) -> str:
        """Says that the chain ended here: every link tells its own digest, this only the key's holder."""
        return self._mac(f"end\n{position}\n{digest}".encode())

    def _mac(self, text: bytes) -> str:
        return hmac.new(self.key, text, hashlib.sha256).hexdigest()


def path() -> Path:
    """Where the file is."""
    named = os.environ.get("SARABAN_AUDIT_KEY_FILE")
    return Path(named) if named else Path(os.environ["SARABAN_VAR"]) / "audit-key"


def load() -> SealKey:
    """The key. Raises SealKeyMissing."""
    try:
        since, written = path().read_text("ascii").split()
        key = base64.b64decode(written, validate=True)
        if len(key) != BYTES:
            raise ValueError("not a key")
        return SealKey(key, int(since))
    except (OSError, ValueError) as error:
        raise SealKeyMissing(f"The audit trail's key is not in {path()}.") from error


def make(since: int) -> Path:
    """Makes the key, for a chain of so many links; the file, which must not be there yet."""
    place = path()
    with open(os.open(place, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w", encoding="ascii") as out:
        out.write(f"{since} {base64.b64encode(secrets.token_bytes(BYTES)).decode()}\n")
        out.flush()
        os.fsync(out.fileno())
    return place
