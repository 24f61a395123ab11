"""What is secret, as it lies in databases and files: AES-256-GCM with a key for each letter (`docs/security.md`).

A sealed text is `sealed:1:` and base64 of nonce and ciphertext; it opens only with the key of its own letter and only as a
text of that letter, so that nobody can have it opened by putting it elsewhere. Sealing is against whoever gets hold of the
databases, a dump, a backup or the files; who may read inside the system is decided by permissions, before anything is opened.
"""

from __future__ import annotations

import base64
import json
import secrets
from collections import OrderedDict
from collections.abc import Iterable
from dataclasses import asdict, dataclass
from threading import Lock
from typing import Any

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from sqlalchemy import select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from saraban.classification import master
from saraban.classification.errors import SecretKeyMissing
from saraban.classification.tables import LetterKey, MasterKey
from saraban.ledger import clock
from saraban.ledger.connection import reader
from saraban.ledger.errors import LedgerBusy

PREFIX = "sealed:1:"
MOST_KEYS = 1000
_opened: OrderedDict[str, bytes] = OrderedDict()
_lock = Lock()


def is_sealed(value: Any) -> bool:
    """Whether a value is a sealed text."""
    return isinstance(value, str) and value.startswith(PREFIX)


# Keys of letters


@dataclass(frozen=True)
class Place:
    """Where a secret letter lies, and whose it is."""

    path: str
    agency: str
    unit: str
    author: str


def make_key(session: Session, uid: str, level: str, place: Place) -> None:
    """Gives a letter a key, which is there from now on until `drop_key`."""
    current = session.scalar(select(MasterKey).where(MasterKey.id == 1).with_for_update())
    if current is None:
        current = MasterKey(id=1, master=master.current())
        session.add(current)
        try:
            session.flush()
        except IntegrityError as error:  # the first two secret letters of an installation, at once
            raise LedgerBusy("the installation key is being named") from error
    key = secrets.token_bytes(master.BYTES)
    wrapped = master.wrap(current.master, key, uid)
    row = LetterKey(uid=uid, level=level, master=current.master, wrapped=wrapped, made_at=clock.now(), **asdict(place))
    session.add(row)
    session.flush()
    _remember(uid, key)


def set_level(session: Session, uid: str, level: str) -> None:
    """Notes another level above normal; the key stays."""
    row = session.get(LetterKey, uid)
    if row is not None:
        row.level = level
        session.flush()


def drop_key(session: Session, uid: str) -> None:
    """Forgets a letter's key: what is still sealed with it can never be opened again."""
    row = session.get(LetterKey, uid)
    if row is not None:
        session.delete(row)
        session.flush()
    with _lock:
        _opened.pop(uid, None)


def levels_of(session: Session, uids: Any) -> dict[str, str]:
    """The levels of those of these letters that are above normal."""
    wanted = [uid for uid in set(uids) if uid]
    if not wanted:
        return {}
    rows = session.execute(select(LetterKey.uid, LetterKey.level).where(LetterKey.uid.in_(wanted)))
    return dict(rows.tuples().all())


def _remember(uid: str, key: bytes) -> None:
    with _lock:
        _opened[uid] = key
        _opened.move_to_end(uid)
        while len(_opened) > MOST_KEYS:
            _opened.popitem(last=False)


def stored_key(session: Session, uid: str) -> bytes | None:
    """A letter's key as the database has it; None for a letter that is not above normal."""
    row = session.execute(select(LetterKey.master, LetterKey.wrapped).where(LetterKey.uid == uid)).first()
    return None if row is None else master.unwrap(row.master, row.wrapped, uid)


def _known_key(uid: str) -> bytes | None:
    with _lock:
        return _opened.get(uid)


def prepare(session: Session, uids: Iterable[str]) -> None:
    """Reads the keys of many letters in one question, for a list that is opened next; no more than `MOST_KEYS` are kept."""
    with _lock:
        wanted = {uid for uid in uids if uid and uid not in _opened}
    if wanted:
        asked = select(LetterKey.uid, LetterKey.master, LetterKey.wrapped).where(LetterKey.uid.in_(wanted))
        for uid, name, wrapped in session.execute(asked):
            _remember(uid, master.unwrap(name, wrapped, uid))


def key_to_open(uid: str, *, fresh: bool = False) -> bytes | None:
    """A letter's key for reading: remembered, else asked of the database."""
    known = None if fresh else _known_key(uid)
    if known is None:
        with reader() as session:
            known = stored_key(session, uid)
        if known is not None:
            _remember(uid, known)
    return known


# Texts


def seal(session: Session, uid: str, value: Any) -> str:
    """A value of JSON, sealed with the letter's key. Never with a remembered one: its act may have been undone."""
    key = stored_key(session, uid)
    if key is None:
        raise SecretKeyMissing()
    return seal_with(key, uid, value)


def seal_with(key: bytes, uid: str, value: Any) -> str:
    """`seal` for several values, with a key that was just read."""
    nonce = secrets.token_bytes(master.NONCE)
    data = json.dumps(value, ensure_ascii=False).encode()
    return PREFIX + base64.b64encode(nonce + AESGCM(key).encrypt(nonce, data, uid.encode())).decode()


def protect(session: Session, uid: str, text: str) -> str:
    """The text as it may lie in a row about the letter: sealed where the letter is above normal."""
    if not text or is_sealed(text):
        return text
    key = stored_key(session, uid)
    return text if key is None else seal_with(key, uid, text)


def opened(uid: str, value: Any) -> Any:
    """What is behind a sealed text of this letter; anything else as it is. Raises SecretKeyMissing."""
    if not is_sealed(value):
        return value
    for fresh in (False, True):
        key = key_to_open(uid, fresh=fresh)
        if key is None:
            return value  # somebody typed what looks like a sealed text
        try:
            raw = base64.b64decode(value[len(PREFIX) :], validate=True)
            return json.loads(AESGCM(key).decrypt(raw[: master.NONCE], raw[master.NONCE :], uid.encode()))
        except (InvalidTag, ValueError):
            continue
    return value
