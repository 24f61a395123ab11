"""The installation's keys in a file beside the databases, never in them.

`SARABAN_SECRET_KEY_FILE`, else `$SARABAN_VAR/secret-key`, mode 0600. One line for each key, `<id> <base64 of 32 bytes>`, the
current one first; a second line is there only while `bin/saraban rotate-secret-key` runs. Whoever loses the file has lost
every secret letter (`docs/security.md`).
"""

from __future__ import annotations

import base64
import os
import secrets
from pathlib import Path

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from saraban.classification.errors import SecretKeyMissing

BYTES = 32
_read: dict[str, tuple[tuple[int, int], dict[str, bytes]]] = {}


def path() -> Path:
    """Where the file is."""
    named = os.environ.get("SARABAN_SECRET_KEY_FILE")
    return Path(named) if named else Path(os.environ["SARABAN_VAR"]) / "secret-key"


def keys() -> dict[str, bytes]:
    """All keys by id, the current one first; read again whenever the file has changed. Raises SecretKeyMissing."""
    file = path()
    try:
        status = file.stat()
        mark = (status.st_mtime_ns, status.st_ino)
        known = _read.get(str(file))
        if known is None or known[0] != mark:
            known = _read[str(file)] = (mark, _parse(file.read_text("ascii")))
    except (OSError, ValueError) as error:
        raise SecretKeyMissing() from error
    return known[1]


def _parse(text: str) -> dict[str, bytes]:
    found = {}
    for line in text.splitlines():
        name, _space, written = line.partition(" ")
        key = base64.b64decode(written, validate=True)
        if not name or len(key) != BYTES:
            raise ValueError("not a key file")
        found[name] = key
    if not found:
        raise ValueError("an empty key file")
    return found


def _write(wanted: dict[str, bytes]) -> None:
    """Puts the keys into the file: all of them or none, on the disk before it returns, for the owner alone."""
    file = path()
    beside = file.with_name(f"{file.name}.new")
    beside.unlink(missing_ok=True)
    text = "".join(f"{name} {base64.b64encode(key).decode()}\n" for name, key in wanted.items())
    with open(os.open(beside, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w", encoding="ascii") as out:
        out.write(text)
        out.flush()
        os.fsync(out.fileno())
    beside.replace(file)
    folder = os.open(file.parent, os.O_RDONLY)
    try:
        os.fsync(folder)
    finally:
        os.close(folder)


class KeyFile:
    """The file as holder of the keys."""

    @property
    def place(self) -> str:
        """Where the keys are, for people."""
        return str(path())

    def exists(self) -> bool:
        """Whether there is any key."""
        return path().exists()

    def names(self) -> list[str]:
        """The ids of the keys, the current one first. Raises SecretKeyMissing."""
        return list(keys())

    def add(self) -> str:
        """Makes a key that is the current one from now on. Raises SecretKeyMissing where the file cannot be read."""
        name = secrets.token_hex(8)
        _write({name: secrets.token_bytes(BYTES), **(keys() if self.exists() else {})})
        return name

    def keep(self, name: str) -> None:
        """Forgets every other key. Raises SecretKeyMissing."""
        _write({name: self._key(name)})

    def seal(self, name: str, nonce: bytes, data: bytes, about: bytes) -> bytes:
        """Seals data with a key. Raises SecretKeyMissing."""
        return AESGCM(self._key(name)).encrypt(nonce, data, about)

    def open(self, name: str, nonce: bytes, sealed: bytes, about: bytes) -> bytes:
        """What was sealed. Raises SecretKeyMissing where the key is another one."""
        try:
            return AESGCM(self._key(name)).decrypt(nonce, sealed, about)
        except InvalidTag as error:
            raise SecretKeyMissing() from error

    def _key(self, name: str) -> bytes:
        found = keys().get(name)
        if found is None:
            raise SecretKeyMissing()
        return found
