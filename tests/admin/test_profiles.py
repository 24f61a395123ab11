"""What buildout writes for each profile: the right storage, no secret, no account, nothing outside its folders."""

from __future__ import annotations

import os
import subprocess
from dataclasses import dataclass
from pathlib import Path

import pytest
from tests.admin.conftest import build_aside

HOME = Path(__file__).resolve().parents[2]
SECRET = "hunter2-in-no-file"
ENVIRONMENT = {
    "SARABAN_DSN": f"host=127.0.0.1 dbname=saraban user=saraban password={SECRET}",
    "SARABAN_MYSQL_HOST": "127.0.0.1",
    "SARABAN_MYSQL_PORT": "3306",
    "SARABAN_MYSQL_DATABASE": "saraban",
    "SARABAN_MYSQL_USER": "saraban",
    "SARABAN_MYSQL_PASSWORD": SECRET,
}


@dataclass(frozen=True)
class Built:
    """What a build left."""

    profile: str
    folder: Path

    @property
    def conf(self) -> str:
        """zope.conf."""
        return (self.folder / "parts" / "instance" / "etc" / "zope.conf").read_text("utf-8")


@pytest.fixture(scope="module", params=["development", "postgresql", "mariadb", "production"])
def built(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Built:
    """The part `instance` of a profile, built aside."""
    folder = tmp_path_factory.mktemp(request.param)
    build_aside(request.param, folder, {**ENVIRONMENT, "SARABAN_VAR": str(folder / "var")})
    return Built(request.param, folder)


STORAGE = {
    "development": ("<sqlite3>", "data-dir $(SARABAN_VAR)/database"),
    "postgresql": ("<postgresql>", "dsn $(SARABAN_DSN)"),
    "mariadb": ("<mysql>", "passwd $(SARABAN_MYSQL_PASSWORD)"),
    "production": ("<postgresql>", "dsn $(SARABAN_DSN)"),
}
CITY = {"development": "demo", "postgresql": "demo", "mariadb": "demo", "production": "none"}


def test_the_storage_is_the_profiles(built: Built) -> None:
    for line in STORAGE[built.profile]:
        assert line in built.conf
    assert "shared-blob-dir true" in built.conf
    assert "keep-history false" in built.conf
    assert "blob-dir $(SARABAN_VAR)/blobs" in built.conf
    assert "commit-lock-timeout 30" in built.conf
    assert "%import saraban.ledger.relstorage_fixes" in built.conf


def test_the_city_is_the_profiles(built: Built) -> None:
    assert f"SARABAN_CITY {CITY[built.profile]}\n" in built.conf


def test_no_file_holds_a_secret(built: Built) -> None:
    files = [path for path in built.folder.rglob("*") if path.is_file()]
    assert files
    assert [path for path in files if SECRET.encode() in path.read_bytes()] == []


def test_no_account_is_made(built: Built) -> None:
    assert list(built.folder.rglob("inituser")) == []


def test_no_variable_became_a_folder(built: Built) -> None:
    assert [name for name in os.listdir(HOME) if "$" in name or name == "var"] == []
    assert list(built.folder.rglob("*$*")) == []


def test_zope_reads_it(built: Built) -> None:
    program = (
        "import sys; from Zope2.Startup.options import ZopeWSGIOptions;"
        "options = ZopeWSGIOptions(configfile=sys.argv[-1])();"
        "print(type(options.configroot.databases[0].config.storage).__name__)"
    )
    conf = str(built.folder / "parts" / "instance" / "etc" / "zope.conf")
    for folder in ("blobs", "database"):
        (built.folder / "var" / folder).mkdir(parents=True, exist_ok=True)
    environment = {**os.environ, **ENVIRONMENT, "SARABAN_VAR": str(built.folder / "var")}
    done = subprocess.run(
        [str(HOME / "bin" / "py"), "-c", program, conf], env=environment, capture_output=True, text=True, timeout=60
    )
    assert done.stdout.strip() == "RelStorageFactory", done.stderr
