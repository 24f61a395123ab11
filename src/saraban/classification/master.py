"""The installation's keys: a file beside the databases, never in them.

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
NONCE = 12
_read: dict[str, tuple[tuple[int, int], dict[str, bytes]]] = {}


def key_file() -> Path:
    """Where the keys are."""
    named = os.environ.get("SARABAN_SECRET_KEY_FILE")
    return Path(named) if named else Path(os.environ["SARABAN_VAR"]) / "secret-key"


def keys() -> dict[str, bytes]:
    """All keys by id, the current one first; read again whenever the file has changed. Raises SecretKeyMissing."""
    path = key_file()
    try:
        status = path.stat()
        mark = (status.st_mtime_ns, status.st_ino)
        known = _read.get(str(path))
        if known is None or known[0] != mark:
            known = _read[str(path)] = (mark, _parse(path.read_text("ascii")))
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


def new_key() -> tuple[str, bytes]:
    """A fresh key with its id."""
    return secrets.token_hex(8), secrets.token_bytes(BYTES)


def write(wanted: dict[str, bytes]) -> None:
    """Puts the keys into the file: all of them or none, on the disk before it returns, for the owner alone."""
    path = key_file()
    beside = path.with_name(f"{path.name}.new")
    beside.unlink(missing_ok=True)
    text = "".join(f"{name} {base64.b64encode(key).decode()}\n" for name, key in wanted.items())
    with open(os.open(beside, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w", encoding="ascii") as out:
        out.write(text)
        out.flush()
        os.fsync(out.fileno())
    beside.replace(path)
    folder = os.open(path.parent, os.O_RDONLY)
    try:
        os.fsync(folder)
    finally:
        os.close(folder)


def make() -> bool:
    """Makes the file with a first key where there is none; whether it did."""
    if key_file().exists():
        return False
    name, key = new_key()
    write({name: key})
    return True


def wrap(name: str, key: bytes, uid: str) -> str:
    """A letter's key, readable only with the installation's key `name`, and only as the key of that letter."""
    nonce = secrets.token_bytes(NONCE)
    return base64.b64encode(nonce + AESGCM(key_of(name)).encrypt(nonce, key, uid.encode())).decode()


def unwrap(name: str, wrapped: str, uid: str) -> bytes:
    """The letter's key. Raises SecretKeyMissing where the installation's key is another one."""
    raw = base64.b64decode(wrapped)
    try:
        return AESGCM(key_of(name)).decrypt(raw[:NONCE], raw[NONCE:], uid.encode())
    except InvalidTag as error:
        raise SecretKeyMissing() from error


def key_of(name: str) -> bytes:
    """The installation's key of an id. Raises SecretKeyMissing."""
    found = keys().get(name)
    if found is None:
        raise SecretKeyMissing()
    return found
