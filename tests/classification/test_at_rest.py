"""What lies on the disk of secret letters shows nothing; the installation's key is changed under them."""

from __future__ import annotations

import base64
import json
import os
import shutil
import sqlite3
import subprocess
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from tests.classification.conftest import OWNER, RECEIVER, Secret, SecretOffice
from tests.conftest import City, run


def files(var: Path) -> Iterator[Path]:
    """Every file of the installation: databases with their logs, blobs, caches, the programs' logs."""
    for path in var.rglob("*"):
        if path.is_file():
            yield path


def forms(word: str) -> list[bytes]:
    """A word as it may lie somewhere."""
    return [word.encode(), word.encode("utf-16-le"), base64.b64encode(word.encode())[:-4]]


def assert_nowhere(var: Path, word: str) -> None:
    """Fails with the file in which the word stands."""
    found = [str(path) for path in files(var) if any(form in path.read_bytes() for form in forms(word))]
    assert not found


def whole_life(office: SecretOffice, circular: bool = False) -> Secret:
    """A letter, or a circular, with its word in every text that people write about it."""
    letter = office.registered("secret", circular=circular)
    word, secret, receiver = letter.word, office.user("secret"), office.user("secret", RECEIVER)
    steps: tuple[tuple[Any, str, dict[str, Any]], ...] = (
        (receiver, f"{letter.delivery}/@assign", {"users": [f"secret.{RECEIVER}"], "instruction": word}),
        (receiver, f"{letter.delivery}/@postpone", {"due_date": "2030-01-01", "reason": word}),
        (receiver, f"{letter.url}/@grant", {"user": f"secret.{RECEIVER}", "reason": word}),
        (receiver, f"{letter.delivery}/@close", {"result": word}),
        (receiver, f"{letter.delivery}/@reopen", {"reason": word}),
        (receiver, f"{letter.delivery}/@forward", {"units": ["district-phra-nakhon"], "note": word}),
        (secret, f"{letter.url}/@classify", {"secrecy": "confidential", "reason": word}),
        (secret, f"{letter.url}/@recall", {"reason": word}),
    )
    for user, address, data in steps:
        answer = user.post(address, json=data)
        assert answer.status_code in (200, 409), (address, answer.text)
    returned = office.sent("confidential", circular=circular)
    answer = receiver.post(f"{returned.delivery}/@return", json={"note": word})
    assert answer.status_code == 200, answer.text
    secret.post(f"{returned.url}/@cancel", json={"reason": word})
    outside = {**office.fields(word), "sender": word, "sender_number": "1", "letter_date": "2026-01-02"}
    received = secret.post(f"/agencies/{OWNER}/@receive", json=outside)
    assert received.status_code == 201, received.text
    return letter


@pytest.mark.parametrize("circular", [False, True])
def test_nothing_on_the_disk_shows_the_word(office: SecretOffice, circular: bool) -> None:
    letter = whole_life(office, circular)
    # It is there to be read, and for nobody who has the disk in hand.
    assert letter.word in office.user("secret").get(letter.url).text
    assert_nowhere(office.city.var, letter.word)


def test_a_dump_shows_nothing(office: SecretOffice) -> None:
    letter = office.registered()
    with sqlite3.connect(f"file:{office.city.var}/database/main.sqlite3?mode=ro", uri=True) as connection:
        dump = "\n".join(connection.iterdump())
    assert letter.uid in dump
    assert letter.word not in dump


def test_a_backup_holds_no_key(office: SecretOffice, tmp_path: Path) -> None:
    letter = office.sent()
    done = run(office.city, "saraban", "backup", str(tmp_path / "backup"))
    assert done.returncode == 0, done.stderr
    assert_nowhere(tmp_path, letter.word)
    key = (office.city.var / "secret-key").read_bytes().split()[1]
    assert all(key not in path.read_bytes() for path in files(tmp_path))


def test_the_check_finds_secret_letters_in_order(office: SecretOffice) -> None:
    office.registered("secret")
    office.registered("secret", circular=True)
    done = run(office.city, "saraban", "check")
    assert (done.returncode, done.stdout.splitlines()[-1]) == (0, "Everything is consistent."), done.stdout


def masters(office: SecretOffice) -> set[str]:
    """The installation keys that wrap the letters' keys now."""
    return {name for (name,) in office.ask("SELECT DISTINCT master FROM letter_key")}


def key_ids(city: City) -> list[str]:
    """The keys in the file."""
    return [line.split()[0] for line in (city.var / "secret-key").read_text().splitlines()]


def rotate(city: City) -> subprocess.CompletedProcess[str]:
    """The command."""
    return run(city, "saraban", "rotate-secret-key")


def test_a_new_installation_key(office: SecretOffice) -> None:
    city, letter = office.city, office.sent("secret")
    (before,) = key_ids(city)
    done = rotate(city)
    assert done.returncode == 0, done.stderr
    (after,) = key_ids(city)
    assert after != before
    assert masters(office) == {after}
    # The server has been running all the time.
    assert letter.word in office.user("secret").get(letter.url).text
    assert office.user("secret").get(letter.file).status_code == 200
    later = office.sent("confidential")
    assert later.word in office.user("secret", RECEIVER).get(later.url).text
    assert masters(office) == {after}


def test_a_rotation_that_was_stopped_goes_on(office: SecretOffice) -> None:
    city = office.city
    letters = [office.draft(), office.draft()]
    (before,) = key_ids(city)
    old = (city.var / "secret-key").read_text()
    new = f"{'ab' * 8} {base64.b64encode(os.urandom(32)).decode()}\n"
    (city.var / "secret-key").write_text(new + old)
    # Stopped after the file was written: letters of this moment still use the old key.
    during = office.draft()
    assert masters(office) == {before}
    done = rotate(city)
    assert done.returncode == 0, done.stderr
    assert key_ids(city) == ["ab" * 8]
    assert masters(office) == {"ab" * 8}
    for letter in (*letters, during):
        assert letter.word in office.user("secret").get(letter.url).text


def test_without_the_key_nothing_opens_and_nothing_is_made_instead(office: SecretOffice) -> None:
    city, letter = office.city, office.draft()
    key, aside = city.var / "secret-key", city.var / "secret-key-aside"
    shutil.move(key, aside)
    try:
        made = run(city, "saraban", "create-site", "--city", "demo")
        assert made.returncode == 1
        assert "put it back" in made.stderr
        assert not key.exists()
        refused = office.user("secret").post(f"/agencies/{OWNER}/letters", json=office.fields("w"))
        assert (refused.status_code, refused.json()["error"]["type"]) == (503, "SecretKeyMissing")
        # What is not secret goes on as ever.
        ordinary = office.user("registrar").post(f"/agencies/{OWNER}/letters", json={"title": "x", "kind": "internal"})
        assert ordinary.status_code == 201
        assert rotate(city).returncode == 1
    finally:
        shutil.move(aside, key)
    assert letter.word in json.dumps(office.user("secret").get(letter.url).json())


@pytest.mark.parametrize("setting", ["SARABAN_SECRET_KEY_FILE"])
def test_the_key_may_lie_elsewhere(office: SecretOffice, tmp_path: Path, setting: str) -> None:
    elsewhere = City(office.city.url, office.city.var, {**office.city.environment, setting: str(tmp_path / "key")})
    refused = rotate(elsewhere)
    assert refused.returncode == 1
    assert str(tmp_path / "key") in refused.stderr
