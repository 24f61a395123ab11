"""What is sealed opens only with its key, only as what it was, and only whole."""

from __future__ import annotations

import io
import stat
from pathlib import Path

import pytest

from saraban.classification import master, vault
from saraban.classification.errors import SecretKeyMissing
from saraban.classification.files import BLOCK, HEADER, TAG, Broken, OpenedFile, seal_stream
from saraban.classification.keyfile import KeyFile

KEY = bytes(range(32))


def sealed(data: bytes, uid: str = "letter") -> bytes:
    """The data as a sealed file."""
    target = io.BytesIO()
    seal_stream(KEY, uid, io.BytesIO(data), target)
    return target.getvalue()


@pytest.mark.parametrize("size", [0, 1, BLOCK - 1, BLOCK, BLOCK + 1, 3 * BLOCK])
def test_a_file_comes_back_whole_and_from_any_place(size: int) -> None:
    data = bytes(number * 7 % 251 for number in range(size))
    opened = OpenedFile(KEY, "letter", io.BytesIO(sealed(data)), size)
    assert opened.read() == data
    assert opened.read() == b""
    for place in (0, 1, BLOCK - 2, BLOCK, size - 3):
        opened.seek(max(0, place))
        assert opened.read(5) == data[max(0, place) : max(0, place) + 5]


def test_a_sealed_file_shows_nothing() -> None:
    assert b"word" not in sealed(b"word" * 1000)


@pytest.mark.parametrize("change", ["flip", "cut", "swap", "other letter", "other key", "last block gone"])
def test_a_changed_file_does_not_open(change: str) -> None:
    data = b"x" * (2 * BLOCK + 10)
    raw, uid, key = bytearray(sealed(data)), "letter", KEY
    size = len(data)
    if change == "flip":
        raw[HEADER + 5] ^= 1
    elif change == "cut":
        del raw[-3:]
    elif change == "swap":
        step = BLOCK + TAG
        first, second = raw[HEADER : HEADER + step], raw[HEADER + step : HEADER + 2 * step]
        raw[HEADER : HEADER + 2 * step] = second + first
    elif change == "other letter":
        uid = "another"
    elif change == "other key":
        key = bytes(32)
    else:
        del raw[HEADER + 2 * (BLOCK + TAG) :]
        size = 2 * BLOCK
    with pytest.raises(Broken):
        OpenedFile(key, uid, io.BytesIO(bytes(raw)), size).read()


def test_a_text_opens_as_a_text_of_its_own_letter_only(monkeypatch: pytest.MonkeyPatch) -> None:
    keys = {"one": KEY, "two": KEY}
    monkeypatch.setattr(vault, "key_to_open", lambda uid, fresh=False: keys.get(uid))
    token = vault.seal_with(KEY, "one", "ลับ")
    assert "ลับ" not in token
    assert vault.opened("one", token) == "ลับ"
    # Put into the note of another letter, it stays what it is: nobody has it opened for them.
    assert vault.opened("two", token) == token
    assert vault.opened("three", token) == token
    assert vault.opened("one", "sealed:1:nonsense") == "sealed:1:nonsense"


@pytest.fixture
def key_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A key file of our own."""
    path = tmp_path / "key"
    monkeypatch.setenv("SARABAN_SECRET_KEY_FILE", str(path))
    return path


def test_the_key_file_is_made_once_and_for_its_owner_alone(key_file: Path) -> None:
    assert master.make()
    before = key_file.read_bytes()
    assert stat.S_IMODE(key_file.stat().st_mode) == 0o600
    assert not master.make()
    assert key_file.read_bytes() == before


def test_a_wrapped_key_is_the_key_of_one_letter(key_file: Path) -> None:
    master.make()
    name = master.current()
    wrapped = master.wrap(name, KEY, "one")
    assert master.unwrap(name, wrapped, "one") == KEY
    with pytest.raises(SecretKeyMissing):
        master.unwrap(name, wrapped, "two")


@pytest.mark.parametrize("text", ["", "one two", "id c2hvcnQ=", "ก"])
def test_a_broken_key_file_opens_nothing(key_file: Path, text: str) -> None:
    key_file.write_text(text)
    with pytest.raises(SecretKeyMissing):
        master.current()


def test_a_changed_key_file_is_read_again(key_file: Path) -> None:
    master.make()
    first = master.current()
    name = KeyFile().add()
    assert KeyFile().names() == [name, first]
    KeyFile().keep(name)
    assert KeyFile().names() == [name]
