"""What a server's database holds of secret letters shows nothing: every row and file of it (`docs/security.md`)."""

from __future__ import annotations

import os
import subprocess
from collections.abc import Iterator

import pytest
from tests.admin.pairs import SERVERS, Pair
from tests.classification.conftest import OWNER, SecretOffice
from tests.classification.test_at_rest import forms, whole_life
from tests.conftest import City


def dumped(city: City) -> bytes:
    """The whole database as text, by the server's own tool."""
    own = city.environment
    if "SARABAN_DSN" in own:
        command, secret = ["pg_dump", f"--dbname={own['SARABAN_DSN']}"], {}
    else:
        names = {"host": "HOST", "port": "PORT", "user": "USER"}
        options = [f"--{option}={own[f'SARABAN_MYSQL_{name}']}" for option, name in names.items()]
        command = ["mariadb-dump", *options, "--protocol=tcp", own["SARABAN_MYSQL_DATABASE"]]
        secret = {"MYSQL_PWD": own["SARABAN_MYSQL_PASSWORD"]}
    done = subprocess.run(command, env={**os.environ, **secret}, capture_output=True, check=True, timeout=120)
    return done.stdout


def held(city: City) -> Iterator[tuple[str, bytes]]:
    """The dump, and each file of the installation: blobs, logs."""
    yield "dump", dumped(city)
    for path in city.var.rglob("*"):
        if path.is_file():
            yield str(path), path.read_bytes()


def found(city: City, word: str) -> list[str]:
    """Where a word stands, as text, in base64 or in hexadecimal digits."""
    written = [*forms(word), word.encode().hex().encode(), word.encode().hex().upper().encode()]
    return [place for place, content in held(city) if any(form in content for form in written)]


@pytest.mark.parametrize("pair", sorted(SERVERS), indirect=True, scope="session")
def test_no_dump_shows_what_is_secret(pair: Pair) -> None:
    city, other = pair.both
    office = SecretOffice(city)
    letter = whole_life(office)
    ordinary = {"@type": "Letter", "kind": "internal", "title": "zqplain", "body": "zqplain"}
    assert office.user("registrar").post(f"/agencies/{OWNER}/letters", json=ordinary).status_code == 201
    # It is there to be read, by either process.
    secret = other.client(f"secret.{OWNER}")
    assert letter.word in secret.get(letter.url.replace(city.url, other.url)).text
    assert secret.get(letter.file.replace(city.url, other.url)).content == f"{letter.word}\n".encode() * 100
    assert found(city, "zqplain")
    assert found(city, letter.word) == []
