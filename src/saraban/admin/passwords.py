"""The password of the demo accounts and of the site's administrator: from the environment, else made once and kept."""

from __future__ import annotations

import os
import secrets
from pathlib import Path

from saraban.admin import boot

ALPHABET = "abcdefghjkmnpqrstuvwxyzABCDEFGHJKLMNPQRSTUVWXYZ23456789"
"""Letters and digits that nobody confuses when reading them from a screen."""


def _file(name: str) -> Path:
    return boot.var() / name


def demo_password() -> str:
    """The password of the demo accounts, kept when they were made; empty where there is no demo city."""
    return _read(_file("demo-password"))


def settle(variable: str, name: str) -> str:
    """The password that the environment gives, else the kept one, else a new random one; kept for its owner only."""
    given = os.environ.get(variable, "")
    kept = _read(_file(name))
    if given and given == kept:
        return given
    chosen = given or kept
    if not chosen:
        # The password policy asks for a letter, a digit and length: this has 117 bits.
        chosen = "".join(secrets.choice(ALPHABET) for _ in range(18)) + "-" + str(secrets.randbelow(90) + 10)
    if chosen != kept:
        _write(_file(name), chosen)
    return chosen


def _read(path: Path) -> str:
    return path.read_text("utf-8").strip() if path.exists() else ""


def _write(path: Path, password: str) -> None:
    path.parent.mkdir(mode=0o750, parents=True, exist_ok=True)
    beside = path.with_name(path.name + ".new")
    beside.unlink(missing_ok=True)
    handle = os.open(beside, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(handle, "w", encoding="utf-8") as stream:
        stream.write(password + "\n")
    beside.replace(path)
