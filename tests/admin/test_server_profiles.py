"""PostgreSQL and MariaDB by their profiles: two Plone processes and a worker on one database, backup and restore."""

from __future__ import annotations

import shutil
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import pytest
from tests.admin.pairs import SERVERS, Pair, consistent
from tests.conftest import City, run

AGENCY = "district-dusit"


def receive(city: City, number: int) -> Any:
    """One letter on paper."""
    letter = {
        "title": f"เรื่องที่ {number}",
        "sender": "กระทรวงมหาดไทย",
        "sender_number": f"มท 1/{number}",
        "letter_date": "2026-01-05",
    }
    return city.client(f"registrar.{AGENCY}").post(f"/agencies/{AGENCY}/@receive", json=letter)


@pytest.mark.parametrize("pair", sorted(SERVERS), indirect=True, scope="session")
def test_two_processes_and_a_round_trip(pair: Pair, tmp_path: Path) -> None:
    both = pair.both
    with ThreadPoolExecutor(8) as threads:
        found = list(threads.map(lambda number: receive(both[number % 2], number), range(40)))
    assert {answer.status_code for answer in found} == {201}, [answer.text for answer in found if answer.status_code != 201][:1]
    assert sorted(answer.json()["entry"]["seq"] for answer in found) == list(range(1, 41))
    saved = run(both[0], "saraban", "backup", str(tmp_path / "backup"))
    assert saved.returncode == 0, saved.stdout + saved.stderr

    copy = pair.beside("two")
    back = run(copy, "saraban", "restore", str(tmp_path / "backup"))
    assert back.returncode == 0, back.stdout + back.stderr
    # As an operator does it: the keys are in no backup.
    for key in ("secret-key", "audit-key"):
        shutil.copy2(both[0].var / key, copy.var / key)
    assert run(copy, "saraban", "restore", str(tmp_path / "backup")).returncode == 1
    consistent(copy)
    known = run(copy, "saraban", "verify-audit")
    assert known.returncode == 0, known.stdout + known.stderr
