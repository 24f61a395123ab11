"""The installation's keys in a token of PKCS#11 (an HSM, a smart card, SoftHSM), which they never leave.

`SARABAN_SECRET_KEY_PKCS11` is the module of the token's maker, `SARABAN_SECRET_KEY_TOKEN` the token's label (`saraban`), and
`SARABAN_SECRET_KEY_PIN_FILE` a file with its PIN. The keys are AES-256, made in the token, neither read nor taken out of it.
"""

from __future__ import annotations

import os
import secrets
import time
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from threading import Lock
from typing import Any, TypeVar

from saraban.classification.errors import SecretKeyMissing

MODULE, TOKEN, PIN_FILE = "SARABAN_SECRET_KEY_PKCS11", "SARABAN_SECRET_KEY_TOKEN", "SARABAN_SECRET_KEY_PIN_FILE"
PREFIX = "token-"
"""With which the ids of these keys begin; after it comes the second in which one was made, so that they sort by age."""
BITS, TAG_BITS = 256, 128
Found = TypeVar("Found")
_lock = Lock()
_sessions: dict[tuple[str, str, int], Any] = {}
"""One session for each token and process: sessions do not live on in a child process, and serve one thread at a time."""


def is_chosen() -> bool:
    """Whether the installation keeps its keys in a token."""
    return bool(os.environ.get(MODULE))


class KeyToken:
    """A token as holder of the keys."""

    @property
    def place(self) -> str:
        """Where the keys are, for people."""
        return f"the token “{os.environ.get(TOKEN, 'saraban')}” of {os.environ[MODULE]}"

    def exists(self) -> bool:
        """Whether there is any key."""
        return bool(self.names())

    def names(self) -> list[str]:
        """The ids of the keys, the current one first. Raises SecretKeyMissing."""
        return self._work(lambda session: sorted(map(_id, _keys(session)), reverse=True))

    def add(self) -> str:
        """Makes a key in the token that is the current one from now on. Raises SecretKeyMissing."""
        from pkcs11 import Attribute, KeyType, MechanismFlag

        name = f"{PREFIX}{int(time.time()):010x}-{secrets.token_hex(4)}"
        inside = {Attribute.SENSITIVE: True, Attribute.EXTRACTABLE: False}
        work = MechanismFlag.ENCRYPT | MechanismFlag.DECRYPT
        self._work(
            lambda session: session.generate_key(
                KeyType.AES, BITS, id=name.encode(), label=name, store=True, capabilities=work, template=inside
            )
        )
        return name

    def keep(self, name: str) -> None:
        """Destroys every other key. Raises SecretKeyMissing."""

        def destroy_others(session: Any) -> None:
            others = [key for key in _keys(session) if _id(key) != name]
            for key in others:
                key.destroy()

        self._work(destroy_others)

    def seal(self, name: str, nonce: bytes, data: bytes, about: bytes) -> bytes:
        """Seals data in the token. Raises SecretKeyMissing."""
        return self._with_key(name, lambda key, how: key.encrypt(data, **how), nonce, about)

    def open(self, name: str, nonce: bytes, sealed: bytes, about: bytes) -> bytes:
        """What was sealed, opened in the token. Raises SecretKeyMissing where the key is another one, or not there."""
        return self._with_key(name, lambda key, how: key.decrypt(sealed, **how), nonce, about)

    def _with_key(self, name: str, act: Callable[[Any, dict[str, Any]], bytes], nonce: bytes, about: bytes) -> bytes:
        from pkcs11 import GCMParams, Mechanism

        how = {"mechanism": Mechanism.AES_GCM, "mechanism_param": GCMParams(nonce, aad=about, tag_bits=TAG_BITS)}

        def work(session: Any) -> bytes:
            key = next((one for one in _keys(session) if _id(one) == name), None)
            if key is None:
                raise SecretKeyMissing()
            return bytes(act(key, how))

        return self._work(work)

    def _work(self, work: Callable[[Any], Found]) -> Found:
        """Does something in the token. A session that has ended meanwhile (the token was taken out) is begun anew next time."""
        from pkcs11.exceptions import PKCS11Error

        place = (os.environ[MODULE], os.environ.get(TOKEN, "saraban"), os.getpid())
        with _lock:
            try:
                if place not in _sessions:
                    _sessions[place] = _log_in(*place[:2])
                return work(_sessions[place])
            except (PKCS11Error, OSError, RuntimeError) as error:
                _end(_sessions.pop(place, None))
                raise SecretKeyMissing() from error


def _log_in(module: str, label: str) -> Any:
    import pkcs11

    pin = Path(os.environ.get(PIN_FILE, "")).read_text("utf-8").strip()
    return pkcs11.lib(module).get_token(token_label=label).open(rw=True, user_pin=pin)


def _end(session: Any) -> None:
    """Logs out, so that the next session can log in; a token that was taken out has done so itself."""
    from pkcs11.exceptions import PKCS11Error

    if session is not None:
        with suppress(PKCS11Error):
            session.close()


def _keys(session: Any) -> list[Any]:
    from pkcs11 import Attribute, ObjectClass

    found = session.get_objects({Attribute.CLASS: ObjectClass.SECRET_KEY})
    return [key for key in found if _id(key).startswith(PREFIX)]


def _id(key: Any) -> str:
    return bytes(key.id).decode("ascii", "replace")
