"""An old city is brought up by `bin/saraban migrate`: each step of the profile has its effect, and the second time none."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Callable
from typing import Any

from tests.conftest import HOME, City, run

STEPS = 7
"""The version that the profile's last step leads to."""


def shapes(city: City, *arguments: str) -> list[dict[str, Any]]:
    done = run(city, "py", str(HOME / "tests" / "admin" / "ages.py"), *arguments)
    assert done.returncode == 0, done.stderr
    return [json.loads(line) for line in done.stdout.splitlines() if line.startswith("{")]


def migrate(city: City) -> str:
    done = run(city, "saraban", "migrate")
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout


def last_write(city: City) -> int:
    with sqlite3.connect(city.var / "database" / "main.sqlite3") as connection:
        return int(connection.execute("SELECT max(tid) FROM object_state").fetchone()[0])


def test_an_old_city_is_brought_up(restored: Callable[[], City]) -> None:
    city = restored()
    new, old = shapes(city, "back")
    assert new["version"] == [str(STEPS)]
    same = {name: value for name, value in new.items() if value == old[name]}
    assert same == {}  # each was set back, and so is seen to come again
    assert old["words"]["Title"] > 0
    said = migrate(city)
    assert f"Tables: {old['tables']} → {new['tables']}" in said
    assert "Upgrading the site" in said
    assert shapes(city) == [new]
    before = last_write(city)
    said = migrate(city)
    assert f"Tables: {new['tables']} → {new['tables']}" in said
    assert "Upgrading" not in said
    assert last_write(city) == before
