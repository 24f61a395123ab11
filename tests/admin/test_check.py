"""`bin/saraban check` names what is wrong, and repairs what can be repaired."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Callable, Iterator
from contextlib import contextmanager

import pytest
from tests.conftest import City, run
from tests.routing.conftest import RECEIVER, Office

AGENCY = "district-dusit"


@pytest.fixture(scope="module")
def broken(restored: Callable[[], City], tmp_path_factory: pytest.TempPathFactory) -> City:
    """A city with three letters that have files."""
    city = restored()
    folder = tmp_path_factory.mktemp("broken")
    lines = []
    for number in range(3):
        (folder / f"{number}.txt").write_text(f"file {number}", "utf-8")
        line = {"title": f"เรื่องที่ {number}", "date": "2026-01-05", "number": f"มท 1/{number}", "sender": "กระทรวงมหาดไทย"}
        lines.append(json.dumps({**line, "files": [f"{number}.txt"]}))
    (folder / "letters.jsonl").write_text("\n".join(lines), "utf-8")
    done = run(city, "saraban", "load", str(folder / "letters.jsonl"), "--to", AGENCY)
    assert done.returncode == 0, done.stdout + done.stderr
    return city


@contextmanager
def database(city: City) -> Iterator[sqlite3.Connection]:
    """The city's database, behind the programs' back."""
    connection = sqlite3.connect(city.var / "database" / "main.sqlite3")
    try:
        yield connection
        connection.commit()
    finally:
        connection.close()


def check(city: City, *options: str) -> tuple[int, str]:
    """Exit code and output, but for what is said of Solr: these cities have none."""
    done = run(city, "saraban", "check", *options)
    lines = (done.stdout + done.stderr).splitlines(keepends=True)
    return done.returncode, "".join(line for line in lines if not line.startswith("Solr:"))


def test_files(broken: City) -> None:
    blobs = [path for path in (broken.var / "blobs").rglob("*.blob") if path.read_bytes().startswith(b"file ")]
    changed, missing = blobs[0], blobs[1]
    kept, gone = changed.read_bytes(), missing.read_bytes()
    folder = broken.var / "blobs"
    strays = [
        missing.with_name("0x0000000000000001.blob"),
        missing.with_name("copy.blob"),
        folder / "note.txt",
        folder / "a.blob",
    ]
    for stray in strays:
        stray.write_bytes(b"nobody's")
    changed.chmod(0o600)
    changed.write_bytes(b"other")
    missing.unlink()

    code, output = check(broken)
    assert code == 1
    assert f"is not what was attached ({changed})" in output
    assert f"{missing}: it is missing" in output
    for stray in strays:
        assert f"{stray}: no document knows this file" in output
    assert "Traceback" not in output

    changed.write_bytes(kept)
    missing.write_bytes(gone)
    code, output = check(broken, "--repair")
    assert code == 0, output
    assert not any(stray.exists() for stray in strays)
    aside = [path.read_bytes() for path in (broken.var / "set-aside").rglob("*") if path.is_file()]
    assert aside == [b"nobody's"] * len(strays)
    assert check(broken) == (0, "Everything is consistent.\n")


def test_chart_and_counters_are_repaired(broken: City) -> None:
    book = f"{AGENCY}/receive/letters"
    with database(broken) as connection:
        connection.execute("UPDATE unit SET title_th = 'ชื่ออื่น' WHERE unit = ?", (AGENCY,))
        connection.execute("DELETE FROM unit WHERE unit = ?", (f"{AGENCY}.general",))
        connection.execute("UPDATE number_series SET last = 1 WHERE book = ?", (book,))
        connection.execute(
            "UPDATE delivery SET letter_path = '/saraban/elsewhere/letter' WHERE id = (SELECT MAX(id) FROM delivery)"
        )
    _code, output = check(broken, "--repair")
    assert f"/saraban/agencies/{AGENCY}: the ledger knows it otherwise" in output
    assert f"/saraban/agencies/{AGENCY}/general: the ledger does not know it" in output
    assert "the counter stands at 1, the last line is 3" in output
    assert "says that it lies at /saraban/elsewhere/letter" in output
    assert check(broken) == (0, "Everything is consistent.\n")
    with database(broken) as connection:
        assert connection.execute("SELECT COUNT(*) FROM audit WHERE act = 'repair'").fetchone()[0] >= 4


def test_a_chain_of_approval_that_nobody_is_in(broken: City) -> None:
    columns = (
        "letter_path, agency, owner_unit, submitted_by, submitted_at, changed_at, portal_type, kind, urgency, secrecy, title"
    )
    with database(broken) as connection:
        (uid,) = connection.execute("SELECT document_uid FROM register_entry WHERE seq = 1").fetchone()
        values = ("open", uid, *["2026-01-05 09:00:00.000000"] * len(columns.split(", ")))
        marks = ", ".join("?" * (len(values)))
        connection.execute(f"INSERT INTO signing_chain (round, state, letter_uid, {columns}) VALUES (1, {marks})", values)
    code, output = check(broken)
    assert code == 1
    assert "but its chain of approval is open" in output
    with database(broken) as connection:
        connection.execute("DELETE FROM signing_chain")
    assert check(broken) == (0, "Everything is consistent.\n")


def test_what_only_a_person_can_decide(broken: City) -> None:
    book = f"{AGENCY}/receive/letters"
    with database(broken) as connection:
        kept = connection.execute("SELECT * FROM register_entry WHERE book = ? AND seq = 2", (book,)).fetchone()
        connection.execute("DELETE FROM register_entry WHERE book = ? AND seq = 2", (book,))
    code, output = check(broken, "--repair")
    assert code == 1
    assert "numbers are missing: 2" in output
    assert "its receive number 2/" in output
    assert "stands in no receive register of its agency" in output
    with database(broken) as connection:
        connection.execute(f"INSERT INTO register_entry VALUES ({','.join('?' * len(kept))})", kept)
        connection.execute("UPDATE register_entry SET document_uid = ? WHERE book = ? AND seq = 3", ("0" * 32, book))
    code, output = check(broken, "--only", "registers")
    assert code == 1
    assert f"{book} 3/" in output
    assert "is not there" in output


def test_a_running_city_after_everything_that_can_happen_to_a_letter(city: City) -> None:
    """What verbs leave behind is consistent: cancelled, recalled, returned, forwarded, closed, signed."""
    office = Office(city)
    sender, receiver = office.user("registrar"), office.user("registrar", RECEIVER)
    cancelled, _delivery = office.sent()
    recalled, _delivery = office.sent()
    _letter, returned = office.sent()
    _letter, forwarded = office.registered()
    _letter, closed = office.registered()
    answers = [
        sender.post(f"{cancelled}/@cancel", json={"reason": "ผิดเรื่อง"}),
        sender.post(f"{recalled}/@recall", json={"reason": "ส่งผิด"}),
        receiver.post(f"{returned}/@return", json={"note": "ไม่ใช่ของหน่วยงานนี้"}),
        receiver.post(f"{forwarded}/@forward", json={"units": [f"{RECEIVER}.general"], "note": ""}),
        receiver.post(f"{closed}/@close", json={"result": "ดำเนินการแล้ว"}),
    ]
    for acts in ((), (("sign", {"method": "click"}),), (("sign", {"method": "click"}), ("send-back", {"note": "แก้ไข"}))):
        letter, director = office.draft(), office.user("director")
        answers.append(sender.post(f"{letter}/@submit", json={"signers": [f"director.{AGENCY}"]}))
        answers += [director.post(f"{letter}/@{verb}", json=data) for verb, data in acts]
    assert {answer.status_code for answer in answers} == {200}, [answer.text for answer in answers]
    assert check(city) == (0, "Everything is consistent.\n")


def test_wrong_usage(broken: City) -> None:
    assert check(broken, "--only", "everything")[0] == 2
