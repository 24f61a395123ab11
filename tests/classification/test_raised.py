"""A letter that was normal until a moment ago: what was told, printed and noted of it then shows it no more (E28-E30)."""

from __future__ import annotations

import io
import secrets
import signal
import sqlite3
import subprocess
import zipfile
from collections.abc import Iterator
from contextlib import closing, contextmanager
from datetime import date
from typing import Any

import pytest
from tests.classification.conftest import OWNER, RECEIVER, SecretOffice
from tests.conftest import wait_until

UNIT = f"{RECEIVER}.general"
READ = {"Accept": "*/*"}


class Raised:
    """A normal letter at two desks of the receiver, registered with a note; `up` raises it."""

    def __init__(self, office: SecretOffice, **more: Any) -> None:
        self.office, self.word = office, f"zqmark{secrets.token_hex(6)}"
        self.sender, self.receiver = office.user("registrar"), office.user("registrar", RECEIVER)
        fields = {**office.fields(self.word), "secrecy": "normal", "secrecy_reason": "", **more}
        self.made = self.sender.post(f"/agencies/{OWNER}/letters", json=fields).json()
        self.url = self.made["@id"]

    def sent(self, **how: Any) -> list[str]:
        """The deliveries, the first of them registered."""
        answer = self.sender.post(f"{self.url}/@dispatch", json={"recipients": [RECEIVER, UNIT], **how})
        assert answer.status_code == 200, answer.text
        found = [one["@id"] for one in answer.json()["deliveries"]]
        note = {"note": f"ขาดเอกสาร {self.word}"}
        assert self.receiver.post(f"{found[0]}/@register", json=note).status_code == 200
        return found

    def up(self) -> None:
        """From now on it is confidential."""
        data = {"secrecy": "confidential", "reason": self.word}
        answer = self.sender.post(f"{self.url}/@classify", json=data)
        assert answer.status_code == 200, answer.text

    def down(self) -> None:
        """And normal again."""
        answer = self.office.user("secret").post(f"{self.url}/@classify", json={"secrecy": "normal", "reason": "x"})
        assert answer.status_code == 200, answer.text


def test_who_is_cleared_and_was_told_before_hears_no_more(office: SecretOffice) -> None:
    letter, chief = Raised(office, due_date=date.today().isoformat()), office.user("chief", RECEIVER)
    clearance = office.clear("chief", "confidential", RECEIVER)
    try:
        before = chief.get("/@notices").json()["unread"]
        letter.sent()
        wait_until(lambda: letter.word in chief.get("/@notices").text, 60, "for the notice")
        letter.up()
        told = chief.get("/@notices").json()
        assert chief.get(letter.url).status_code == 404  # to be cleared is not to need to know
        assert (letter.word in str(told), told["unread"]) == (False, before)
        assert letter.word not in chief.get("/notices", headers={"Accept": "text/html"}).text
        assert letter.word in office.user("secret", RECEIVER).get("/@notices").text
    finally:
        office.end(clearance, RECEIVER)


def test_lists_and_prints_that_are_ready_are_made_again(office: SecretOffice) -> None:
    letter = Raised(office)
    letter.sent()
    receiver = letter.receiver
    wait_until(lambda: receiver.get("/@find", params={"text": letter.word}).json()["items_total"], 60, "for the index")
    list_ = receiver.post("/@exports", json={"query": f"text={letter.word}"}).json()["@id"]
    print_ = receiver.post(f"/agencies/{RECEIVER}/@print-register", json={"book": "receive"}).json()["@id"]

    def content(address: str, name: str) -> bytes:
        ready = wait_until(lambda: (told := receiver.get(address).json())["state"] == "done" and told, 60, "for the worker")
        answer = receiver.get(ready[name], headers=READ)
        assert answer.status_code == 200, answer.text
        return bytes(answer.content)

    assert (said(content(list_, "file"), letter.word), said(content(print_, "download"), letter.word)) == (True, True)
    letter.up()
    for address, name in ((list_, "file"), (print_, "download")):
        at_once = receiver.get(address).json()[name]
        if at_once is not None:
            assert not said(receiver.get(at_once, headers=READ).content, letter.word)
        assert not said(content(address, name), letter.word)


def said(content: bytes, word: str) -> bool:
    """Whether a workbook or a PDF says it."""
    if content.startswith(b"PK"):
        with zipfile.ZipFile(io.BytesIO(content)) as parts:
            return any(word.encode() in parts.read(name) for name in parts.namelist())
    done = subprocess.run(["pdftotext", "-", "-"], input=content, capture_output=True, check=True)
    return word in "".join(done.stdout.decode().split())


def test_what_was_noted_in_registers_is_sealed_with_it(office: SecretOffice) -> None:
    registrar, letter = office.user("registrar"), Raised(office)
    purpose = {"series": "external", "purpose": f"ตอบ {letter.word}"}
    kept = registrar.post(f"/agencies/{OWNER}/@reserve-number", json=purpose).json()
    letter.sent(reservation=kept["reservation"])
    address, numbers = f"/agencies/{RECEIVER}/@register-book", f"/agencies/{OWNER}/@number-report"
    everything = {"book": "receive", "b_size": 1000}
    last = {"b_size": 1000, "series": "external"}

    def shown() -> tuple[bool, bool]:
        books = letter.receiver.get(address, params=everything), registrar.get(numbers, params=last)
        return letter.word in books[0].text, letter.word in books[1].text

    assert shown() == (True, True)
    letter.up()
    assert shown() == (False, False)
    rows = office.ask("SELECT remark, sealed FROM register_entry WHERE document_uid = ?", letter.made["UID"])
    assert not [row for row in rows if letter.word in str(row)]
    letter.down()
    assert shown() == (True, True)


@contextmanager
def no_worker(office: SecretOffice) -> Iterator[None]:
    """While it lasts nothing is done after the commit."""
    asked = subprocess.run(["pgrep", "-f", "bin/worker"], capture_output=True, text=True, check=False).stdout.split()
    ours = [pid for pid in asked if str(office.city.var) in environment(pid)]
    assert ours
    wait_until(lambda: stopped(office, ours), 60, "for the worker to rest")
    try:
        yield
    finally:
        kill(ours, signal.SIGCONT)


def stopped(office: SecretOffice, pids: list[str]) -> bool:
    """Stops the worker, but not where it holds the database."""
    kill(pids, signal.SIGSTOP)
    try:
        with closing(sqlite3.connect(office.city.var / "database" / "main.sqlite3", timeout=2)) as connection:
            connection.execute("BEGIN IMMEDIATE")
            connection.rollback()
    except sqlite3.OperationalError:
        kill(pids, signal.SIGCONT)
        return False
    return True


def environment(pid: str) -> str:
    """What a process was started with; nothing of one that is gone."""
    try:
        with open(f"/proc/{pid}/environ") as found:
            return found.read()
    except OSError:
        return ""


def kill(pids: list[str], sign: signal.Signals) -> None:
    for pid in pids:
        subprocess.run(["kill", f"-{int(sign)}", pid], check=True)


@pytest.mark.parametrize("name", ["registrar", "site-admin"])
def test_no_list_of_plones_shows_it_until_the_worker_comes(office: SecretOffice, name: str) -> None:
    letter, user = Raised(office), office.user(name)
    letter.sent()
    asked: tuple[tuple[str, dict[str, Any]], ...] = (
        ("/@search", {"UID": letter.made["UID"]}),
        ("/@search", {"path.query": f"/saraban/agencies/{OWNER}/letters", "b_size": 1000}),
        ("/@find", {"text": letter.word}),
        ("/@suggest", {"text": letter.word}),
        ("/portal_catalog/manage_catalogView", {"filterpath": letter.url.rpartition("/")[2]}),
    )
    wait_until(lambda: user.get(asked[0][0], params=asked[0][1]).json()["items_total"], 60, "for the index")
    with no_worker(office):
        letter.up()
        for address, params in asked:
            told = user.get(address, params=params).text.replace(str(params.get("text")), "").replace(
                f"filterpath={params.get('filterpath')}", ""
            )  # fmt: skip
            assert (letter.word in told, f"/{letter.url.rpartition('/')[2]}<" in told) == (False, False), address
        told = user.get("/@search", params={"UID": letter.made["UID"]}).json()
        assert told["items_total"] == 0


def test_an_ordinary_registrar_learns_of_no_secret_number(office: SecretOffice) -> None:  # E29
    at, registrar, secret = f"/agencies/{OWNER}/@cancel-number", office.user("registrar"), office.user("secret")
    data = {"series": "secret", "purpose": "x"}
    for _number in range(99):  # one that no ordinary letter bears, and that is not reserved
        kept = secret.post(f"/agencies/{OWNER}/@reserve-number", json=data).json()
        told = registrar.post(at, json={"number": kept["number"], "reason": "x"})
        if told.status_code not in (200, 409):
            break
    assert (told.status_code, told.json()["error"]["type"]) == (400, "ReservationUnknown"), told.text
    nowhere = registrar.post(at, json={"number": "กท 9028/99999999", "reason": "x"})
    assert told.json() == nowhere.json()
    assert secret.post(at, json={"number": kept["number"], "reason": "x"}).status_code == 200


def test_the_paper_of_a_secret_letter_keeps_its_number(office: SecretOffice) -> None:  # E37, E03
    letter, secret = office.registered("confidential"), office.user("secret", RECEIVER)
    sent = secret.get(letter.url).json()
    known = {"sender": OWNER, "sender_number": sent["number"], "letter_date": sent["letter_date"]}
    linked = secret.post(f"/agencies/{RECEIVER}/@receive", json={**office.fields(letter.word), **known})
    assert (linked.status_code, linked.json()["duplicate_of"]) == (200, letter.delivery), linked.text
    other = {**office.fields(letter.word), **known, "sender": "กระทรวงมหาดไทย"}
    assert secret.post(f"/agencies/{RECEIVER}/@receive", json=other).status_code == 201
    registrar = office.user("registrar", RECEIVER)  # who learns nothing of it
    ordinary = {"title": "x", "kind": "external", **known}
    assert registrar.post(f"/agencies/{RECEIVER}/@receive", json=ordinary).status_code == 201
    # Whoever has the rows could try senders on a digest.
    assert office.ask("SELECT DISTINCT known_by FROM delivery WHERE secrecy <> 'normal'") == [("",)]


def test_the_paper_of_a_letter_that_is_normal_again(office: SecretOffice) -> None:  # E37
    letter = Raised(office)
    delivery = letter.sent()[0]
    letter.up()
    letter.down()
    sent = letter.receiver.get(letter.url).json()
    paper = {"title": "x", "sender": OWNER, "sender_number": sent["number"], "letter_date": sent["letter_date"]}
    linked = letter.receiver.post(f"/agencies/{RECEIVER}/@receive", json=paper)
    assert (linked.status_code, linked.json()["duplicate_of"]) == (200, delivery), linked.text
