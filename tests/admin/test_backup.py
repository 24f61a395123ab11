"""A backup of the running city, put back elsewhere, is the same city."""

from __future__ import annotations

import json
import shutil
import sqlite3
from collections.abc import Callable
from pathlib import Path

from tests.conftest import City, run


def rows(var: Path) -> dict[str, int]:
    """How many rows each table holds."""
    with sqlite3.connect(var / "database" / "main.sqlite3") as connection:
        names = [name for (name,) in connection.execute("SELECT name FROM sqlite_master WHERE type = 'table'")]
        return {name: connection.execute(f'SELECT COUNT(*) FROM "{name}"').fetchone()[0] for name in names}


def test_the_manifest_is_written_last_and_true(backup: Path) -> None:
    manifest = json.loads((backup / "backup.json").read_text("utf-8"))
    assert manifest["kind"] == "sqlite"
    assert manifest["database"]["size"] == (backup / manifest["database"]["file"]).stat().st_size
    assert manifest["blobs"]["count"] == len(list((backup / "blobs").rglob("*.blob")))
    assert (backup / "backup.json").stat().st_mode & 0o007 == 0


def test_what_comes_back_is_consistent(restored: Callable[[], City]) -> None:
    copy = restored()
    assert rows(copy.var)["unit"] > 77
    done = run(copy, "saraban", "check")
    assert done.returncode == 0, done.stdout + done.stderr
    assert "Everything is consistent." in done.stdout


def test_data_are_not_replaced_unasked(restored: Callable[[], City], backup: Path) -> None:
    copy = restored()
    before = rows(copy.var)
    refused = run(copy, "saraban", "restore", str(backup))
    assert refused.returncode == 1
    assert "--force" in refused.stderr
    with sqlite3.connect(copy.var / "database" / "main.sqlite3") as connection:
        connection.execute("DELETE FROM appointment")
    stray = copy.var / "blobs" / "0x00" / "0x0fffffffffffffff.blob"
    stray.parent.mkdir(parents=True, exist_ok=True)
    stray.write_bytes(b"of a later time")
    done = run(copy, "saraban", "restore", "--force", str(backup))
    assert done.returncode == 0, done.stderr
    assert rows(copy.var) == before
    assert not stray.exists()


def test_a_damaged_or_half_backup_is_refused(restored: Callable[[], City], backup: Path, tmp_path: Path) -> None:
    copy = restored()
    damaged = tmp_path / "damaged"
    shutil.copytree(backup, damaged)
    with (damaged / "database.sqlite3").open("r+b") as stream:
        stream.seek(5000)
        stream.write(b"\xff")
    refused = run(copy, "saraban", "restore", "--force", str(damaged))
    assert refused.returncode == 1
    assert "not as it was written" in refused.stderr
    (damaged / "backup.json").unlink()
    refused = run(copy, "saraban", "restore", "--force", str(damaged))
    assert refused.returncode == 1
    assert "no finished backup" in refused.stderr


def test_where_nothing_can_be_written(restored: Callable[[], City], tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    done = run(restored(), "saraban", "backup", str(tmp_path / "file" / "below"))
    assert done.returncode == 1
    assert "Traceback" not in done.stderr
    assert str(tmp_path / "file") in done.stderr
