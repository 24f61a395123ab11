"""The installation's key in a token of PKCS#11 (SoftHSM): made there, never out of it, in the place of a file."""

from __future__ import annotations

import os
import shutil
import sqlite3
import subprocess
from dataclasses import replace
from pathlib import Path

import pytest
from tests.classification.conftest import SecretOffice
from tests.conftest import City, run

from saraban.classification import keytoken, master
from saraban.classification.errors import SecretKeyMissing
from saraban.classification.keyfile import KeyFile
from saraban.classification.keytoken import KeyToken

MODULE = "/usr/lib/softhsm/libsofthsm2.so"
PIN = "4711"  # of a token that lives as long as the run
SECRET = bytes(range(32))
SHOW = """
from saraban.admin import boot
from saraban.classification.tables import LetterKey
from saraban.ledger.connection import reader
from sqlalchemy import select
with boot.site() as site:
    with reader(site) as session:
        for path in session.scalars(select(LetterKey.path)):
            print(site.unrestrictedTraverse(path).title)
"""


@pytest.fixture(scope="module")
def token(tmp_path_factory: pytest.TempPathFactory) -> dict[str, str]:
    """An empty token; the settings that name it."""
    folder = tmp_path_factory.mktemp("token")
    (folder / "tokens").mkdir()
    (folder / "softhsm2.conf").write_text(f"directories.tokendir = {folder / 'tokens'}\nlog.level = ERROR\n")
    (folder / "pin").write_text(f"{PIN}\n")
    own = {"SOFTHSM2_CONF": str(folder / "softhsm2.conf")}
    command = ["softhsm2-util", "--init-token", "--free", "--label", "saraban", "--so-pin", "12345678", "--pin", PIN]
    subprocess.run(command, env={**os.environ, **own}, check=True, capture_output=True)
    return {**own, "SARABAN_SECRET_KEY_PKCS11": MODULE, "SARABAN_SECRET_KEY_PIN_FILE": str(folder / "pin")}


def end_sessions() -> None:
    """As if the process began anew."""
    while keytoken._sessions:
        keytoken._end(keytoken._sessions.popitem()[1])


@pytest.fixture
def chosen(token: dict[str, str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The token holds the keys; the file that held them before."""
    monkeypatch.setenv("SARABAN_SECRET_KEY_FILE", str(tmp_path / "key"))
    for name, value in token.items():
        monkeypatch.setenv(name, value)
    return tmp_path / "key"


def test_a_key_is_made_in_the_token_and_works_there(chosen: Path) -> None:
    first = KeyToken().add()
    wrapped = master.wrap(first, SECRET, "one")
    assert master.unwrap(first, wrapped, "one") == SECRET
    with pytest.raises(SecretKeyMissing):
        master.unwrap(first, wrapped, "two")
    assert not chosen.exists()
    assert not master.make()
    second = KeyToken().add()
    assert set(KeyToken().names()) >= {first, second}
    KeyToken().keep(second)
    assert master.current() == second
    with pytest.raises(SecretKeyMissing):
        master.unwrap(first, wrapped, "one")


def test_what_the_file_wrapped_still_opens(chosen: Path) -> None:
    name = KeyFile().add()
    wrapped = master.wrap(name, SECRET, "one")
    assert master.current().startswith("token-")
    assert master.unwrap(name, wrapped, "one") == SECRET


@pytest.mark.parametrize("wrong", ["SARABAN_SECRET_KEY_PIN_FILE", "SARABAN_SECRET_KEY_TOKEN", "SARABAN_SECRET_KEY_PKCS11"])
def test_without_the_token_nothing_opens(chosen: Path, monkeypatch: pytest.MonkeyPatch, wrong: str) -> None:
    name = KeyToken().add()
    wrapped = master.wrap(name, SECRET, "one")
    pin = chosen.with_name("pin")
    pin.write_text("0000")
    monkeypatch.setenv(wrong, str(pin) if wrong.endswith("FILE") else "/nowhere")
    end_sessions()
    with pytest.raises(SecretKeyMissing):
        master.unwrap(name, wrapped, "one")


def copied(city: City, folder: Path) -> City:
    """The city as it is now, in a folder of its own; nobody runs it."""
    var = folder / "copy"
    for here, verb in ((city, "backup"), (replace(city, environment={**city.environment, "SARABAN_VAR": str(var)}), "restore")):
        done = run(here, "saraban", verb, str(folder / "backup"))
        assert done.returncode == 0, done.stdout + done.stderr
    shutil.copy2(city.var / "secret-key", var / "secret-key")
    return replace(city, var=var, environment={**city.environment, "SARABAN_VAR": str(var)})


def test_an_installation_goes_from_its_file_to_a_token(city: City, token: dict[str, str], tmp_path: Path) -> None:
    word = SecretOffice(city).draft("secret").word
    copy = copied(city, tmp_path)
    moved = replace(copy, environment={**copy.environment, **token})
    done = run(moved, "saraban", "rotate-secret-key")
    assert done.returncode == 0, done.stdout + done.stderr
    with sqlite3.connect(copy.var / "database" / "main.sqlite3") as ledger:
        held = {name for (name,) in ledger.execute("SELECT DISTINCT master FROM letter_key")}
    assert {name[:6] for name in held} == {"token-"}
    (copy.var / "secret-key").unlink()
    assert word in run(moved, "py", "-c", SHOW).stdout
    assert word not in run(copy, "py", "-c", SHOW).stdout
