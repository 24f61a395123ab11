"""What attached files say is found with their letter, while the letter may be read by all its readers, and by nobody else."""

from __future__ import annotations

import base64
import sqlite3
from typing import Any

import pytest
from tests.conftest import City, wait_until
from tests.search import files
from tests.search.conftest import Node
from tests.search.test_city import BYSTANDER, RECEIVER, SENDER, Finder, subject_of

REGISTRAR = f"registrar.{SENDER}"
SECRET = f"secret.{SENDER}"
SEED = 950


@pytest.fixture(scope="module")
def finder(searching: tuple[City, Node]) -> Finder:
    return Finder(*searching)


def attach(finder: Finder, letter: str, name: str, data: bytes, user: str = REGISTRAR) -> str:
    """The address of the attachment."""
    file = {"data": base64.b64encode(data).decode(), "encoding": "base64", "filename": name, "content-type": "text/plain"}
    answer = finder.user(user).post(letter, json={"@type": "Attachment", "title": name, "file": file})
    assert answer.status_code == 201, answer.text
    return str(answer.json()["@id"])


def held(finder: Finder, text: str) -> list[tuple[Any, ...]]:
    """What the ledger holds of files that say this."""
    with sqlite3.connect(f"file:{finder.city.var}/database/main.sqlite3?mode=ro", uri=True) as ledger:
        rows = ledger.execute("SELECT letter_uid, state, at FROM search_file_text WHERE text LIKE ?", (f"%{text}%",))
        return rows.fetchall()


def test_found_highlighted_and_kept(finder: Finder) -> None:
    said = subject_of(SEED + 1)
    letter = finder.draft(subject_of(SEED + 2))
    attach(finder, letter, "รายงาน.docx", files.docx(f"ตามที่ได้ตรวจพบ {said} ในพื้นที่"))
    found = finder.appears(REGISTRAR, 20, text=said)
    assert [one["@id"] for one in found["items"]] == [letter]
    assert f"<mark>{said}</mark>" in found["items"][0]["highlight"]
    page = finder.user(REGISTRAR).get("/find", params={"text": said}, headers={"Accept": "text/html"}).text
    assert f"<mark>{said}</mark>" in page
    # Written anew, the document needs no second reading.
    (before,) = held(finder, said)
    added = subject_of(SEED + 13)
    assert finder.user(REGISTRAR).patch(letter, json={"contact": added}).status_code in (200, 204)
    finder.appears(REGISTRAR, text=added)
    assert finder.total(REGISTRAR, text=said) == 1
    assert held(finder, said) == [before]
    # Readers of the letter find it, others do not.
    finder.send(letter)
    finder.appears(f"registrar.{RECEIVER}", text=said)
    assert finder.total(f"registrar.{BYSTANDER}", text=said) == 0


def test_a_file_that_is_taken_off_is_not_found(finder: Finder) -> None:
    said = subject_of(SEED + 3)
    letter = finder.draft(subject_of(SEED + 4))
    file = attach(finder, letter, "a.txt", said.encode())
    finder.appears(REGISTRAR, 20, text=said)
    assert finder.user(REGISTRAR).delete(file).status_code == 204
    wait_until(lambda: finder.total(REGISTRAR, text=said) == 0, 10)


def test_a_bomb_fails_alone_and_is_shown(finder: Finder) -> None:
    title, said = subject_of(SEED + 5), subject_of(SEED + 6)
    letter = finder.draft(title)
    attach(finder, letter, "bomb.docx", files.unpacking_bomb())
    attach(finder, letter, "good.txt", said.encode())
    assert finder.appears(REGISTRAR, text=title)["items"][0]["@id"] == letter
    finder.appears(REGISTRAR, 30, text=said)

    def shown() -> bool:
        page = finder.user("site-admin").get("/administration", headers={"Accept": "text/html"}).text
        return letter.removeprefix(finder.city.url) in page and "unpacks to more than" in page

    wait_until(shown, 20, "for the row")


def test_of_secret_letters_nothing(finder: Finder) -> None:
    born, raised, marker = subject_of(SEED + 7), subject_of(SEED + 8), subject_of(SEED + 9)
    fields = {"secrecy": "confidential", "secrecy_reason": "ข้อมูลส่วนบุคคล", "owner_unit": SENDER}
    data = {"@type": "Letter", "kind": "internal", "title": subject_of(SEED + 10), **fields}
    secret = finder.user(SECRET).post(f"/agencies/{SENDER}/letters", json=data).json()["@id"]
    attach(finder, secret, "a.txt", born.encode(), SECRET)
    letter = finder.draft(subject_of(SEED + 11))
    attach(finder, letter, "a.txt", raised.encode())
    finder.appears(REGISTRAR, 20, text=raised)
    answer = finder.user(REGISTRAR).post(f"{letter}/@classify", json={"secrecy": "confidential", "reason": "บุคคล"})
    assert answer.status_code == 200, answer.text
    # What was asked for after it is read: whatever was to be read before has been.
    attach(finder, finder.draft(subject_of(SEED + 12)), "a.txt", marker.encode())
    finder.appears(REGISTRAR, 20, text=marker)
    for said in (born, raised):
        assert not held(finder, said)
        assert finder.total(SECRET, text=said) == finder.total(REGISTRAR, text=said) == 0
