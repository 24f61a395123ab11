"""`@tus-upload`: large files come in pieces; what arrives is what was sent, judged like any other attachment."""

from __future__ import annotations

import base64
import hashlib
import io
import secrets
import zipfile
from pathlib import Path
from typing import Any

import pytest
from tests.conftest import City
from tests.routing.conftest import RECEIVER, SENDER, Office

TUS = {"Tus-Resumable": "1.0.0"}
PIECE = {**TUS, "Content-Type": "application/offset+octet-stream"}


def announce(user: Any, letter: str, name: str, size: int, **metadata: str) -> Any:
    pairs = {"filename": name, **metadata}
    said = ",".join(f"{word} {base64.b64encode(value.encode()).decode()}" for word, value in pairs.items())
    return user.post(f"{letter}/@tus-upload", headers={**TUS, "Upload-Length": str(size), "Upload-Metadata": said})


def send(user: Any, address: str, start: int, content: bytes) -> Any:
    return user.patch(address, data=content, headers={**PIECE, "Upload-Offset": str(start)})


def pieces(city: City, address: str) -> list[Path]:
    """What lies there of the upload, but for the note that it arrived."""
    place = city.var / "uploads" / address.rpartition("/")[2]
    return [one for one in place.rglob("*") if one.name not in ("about.json", "made")]


@pytest.mark.parametrize("kind", ["letters", "circulars"])
def test_a_file_in_pieces_is_attached_when_it_is_whole(office: Office, kind: str) -> None:  # L35
    user = office.user("officer")
    data = {"@type": "Letter" if kind == "letters" else "Circular", "title": "มีไฟล์ใหญ่"}
    letter = user.post(f"/agencies/{SENDER}/{kind}", json=data).json()["@id"]
    content = b"%PDF-1.7\n" + secrets.token_bytes(2_500_000)
    made = announce(user, letter, "แผนที่.pdf", len(content), title="แผนที่", **{"@type": "Attachment"})
    assert made.status_code == 201, made.text
    assert made.headers["Tus-Resumable"] == "1.0.0"
    address = made.headers["Location"]
    first = send(user, address, 0, content[:1_000_000])
    assert (first.status_code, first.headers["Upload-Offset"]) == (204, "1000000")
    told = user.head(address, headers=TUS)
    assert (told.status_code, told.headers["Upload-Offset"], told.headers["Upload-Length"]) == (
        200,
        "1000000",
        str(len(content)),
    )
    assert user.get(letter).json()["items_total"] == 0
    # The answer was lost, and the same piece comes again.
    assert send(user, address, 0, content[:1_000_000]).headers["Upload-Offset"] == "1000000"
    last = send(user, address, 1_000_000, content[1_000_000:])
    assert last.status_code == 204, last.text
    (item,) = user.get(letter).json()["items"]
    assert (item["@id"], item["title"], item["@type"]) == (last.headers["Location"], "แผนที่", "Attachment")
    assert item["file"]["content-type"] == "application/pdf"
    assert item["sha256"] == hashlib.sha256(content).hexdigest()
    assert user.get(item["file"]["download"]).content == content
    # And once more: it is there, once.
    again = send(user, address, 1_000_000, content[1_000_000:])
    assert (again.status_code, again.headers["Location"]) == (204, item["@id"])
    assert user.head(address, headers=TUS).headers["Upload-Offset"] == str(len(content))
    assert user.get(letter).json()["items_total"] == 1
    assert not pieces(office.city, address)


def test_pieces_must_follow_one_another(office: Office, refused: Any) -> None:
    user, letter = office.user("registrar"), office.draft()
    address = announce(user, letter, "a.txt", 10).headers["Location"]
    refused(send(user, address, 5, b"world"), 409, "UploadOffset")
    assert send(user, address, 0, b"hello").status_code == 204
    refused(send(user, address, 0, b"HELLO"), 409, "UploadOffset")
    refused(send(user, address, 5, b"world and more"), 400, "Invalid", "Upload-Length")
    refused(send(user, address, -1, b"x"), 400, "Invalid", "Upload-Offset")
    wrong = user.patch(address, data=b"world", headers={**TUS, "Upload-Offset": "5", "Content-Type": "text/plain"})
    refused(wrong, 400, "Invalid", "Content-Type")
    assert user.get(letter).json()["items_total"] == 0
    assert send(user, address, 5, b"world").status_code == 204
    assert user.get(letter).json()["items"][0]["file"]["size"] == 10


def macros() -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        archive.writestr("word/document.xml", "<x/>")
        archive.writestr("word/vbaProject.bin", "x")
    return out.getvalue()


@pytest.mark.parametrize(
    ("name", "content"), [("a.pdf", b"only text, no PDF"), ("a.txt", b"MZ" + b"\0" * 300), ("a.docx", macros())]
)
def test_what_arrives_is_judged_by_its_content(office: Office, refused: Any, name: str, content: bytes) -> None:  # E46
    user, letter = office.user("registrar"), office.draft()
    address = announce(user, letter, name, len(content)).headers["Location"]
    assert send(user, address, 0, content[:5]).status_code == 204
    assert pieces(office.city, address)
    refused(send(user, address, 5, content[5:]), 415, "UnsupportedFile")
    assert user.get(letter).json()["items_total"] == 0
    assert not pieces(office.city, address)


@pytest.mark.parametrize(
    ("name", "size", "status", "code"),
    [
        ("a.pdf", 100 * 1024 * 1024 + 1, 413, "FileTooLarge"),
        ("a.pdf", 0, 415, "UnsupportedFile"),
        ("a.exe", 10, 415, "UnsupportedFile"),
        ("", 10, 400, "Invalid"),
    ],
)
def test_what_can_be_known_is_said_at_once(office: Office, refused: Any, name: str, size: int, status: int, code: str) -> None:
    refused(announce(office.user("registrar"), office.draft(), name, size), status, code)


def test_another_version_or_nonsense(office: Office, refused: Any) -> None:
    user, letter = office.user("registrar"), office.draft()
    refused(user.post(f"{letter}/@tus-upload"), 412, "UnknownTusVersion")
    for said in ("filename ???", "filename 4LiB4Lg="):
        answer = user.post(f"{letter}/@tus-upload", headers={**TUS, "Upload-Length": "1", "Upload-Metadata": said})
        refused(answer, 400, "Invalid", "Upload-Metadata")
    refused(announce(user, letter, "a.txt", 5, **{"@type": "Letter"}), 400, "Invalid", "@type")
    for key in ("0" * 32, "about.json"):
        assert user.head(f"{letter}/@tus-upload/{key}", headers=TUS).status_code == 404
    assert "Upload-Offset" not in user.head(f"{letter}/@tus-upload/..", headers=TUS).headers
    said = user.options(f"{letter}/@tus-upload")
    assert said.headers["Tus-Version"] == "1.0.0"
    assert "creation" in said.headers["Tus-Extension"]


def test_nothing_is_announced_that_takes_no_pieces(office: Office, refused: Any) -> None:
    """plone.restapi's `@tus-replace`, and its `@tus-upload` elsewhere than at letters."""
    user, letter = office.user("registrar"), office.draft()
    address = announce(user, letter, "a.txt", 5).headers["Location"]
    attachment = send(user, address, 0, b"hello").headers["Location"]
    said = {**TUS, "Upload-Length": "5", "Upload-Metadata": "filename YS50eHQ="}
    for place in (letter, attachment):
        refused(user.post(f"{place}/@tus-replace", headers=said), 404, "NotFound")
    for person, place in (
        (user, f"/agencies/{SENDER}"),
        (user, f"/agencies/{SENDER}/letters"),
        (office.user("site-admin", ""), ""),
    ):
        refused(person.post(f"{place}/@tus-upload", headers=said), 404, "NotFound")
        assert "Tus-Version" not in person.options(f"{place}/@tus-upload").headers
    assert user.get(attachment).json()["file"]["size"] == 5


def test_who_may_not_change_the_letter_may_not_upload(office: Office, refused: Any) -> None:
    author, letter = office.user("registrar"), office.draft()
    address = announce(author, letter, "a.txt", 5).headers["Location"]
    stranger = office.user("registrar", RECEIVER)
    assert announce(stranger, letter, "a.txt", 5).status_code == 404
    assert send(stranger, address, 0, b"hello").status_code == 404
    assert stranger.head(address, headers=TUS).status_code == 404
    nobody = office.city.client()
    assert announce(nobody, letter, "a.txt", 5).status_code == 401
    assert send(nobody, address, 0, b"hello").status_code == 401
    # The upload is the person's who announced it, and the letter's into which it goes.
    other = office.draft()
    assert send(author, address.replace(letter, other), 0, b"hello").status_code == 404
    # A receiver reads the letter and changes nothing.
    office.dispatch(letter)
    refused(send(author, address, 0, b"hello"), 409, "NotADraft")
    refused(announce(author, letter, "a.txt", 5), 409, "NotADraft")
    refused(announce(stranger, letter, "a.txt", 5), 403, "Forbidden")
    assert author.get(letter).json()["items_total"] == 0


def test_pieces_for_a_secret_letter_lie_sealed(office: Office) -> None:  # E28
    user = office.user("secret")
    data = {"@type": "Letter", "title": "ลับ", "secrecy": "secret", "secrecy_reason": "คดี"}
    letter = user.post(f"/agencies/{SENDER}/letters", json=data).json()["@id"]
    word = secrets.token_hex(16).encode()
    content = word * 70_000
    address = announce(user, letter, f"{word.decode()}.txt", len(content), title=word.decode()).headers["Location"]
    assert send(user, address, 0, content[:1_500_000]).headers["Upload-Offset"] == "1500000"
    stored = [one.read_bytes() for one in (office.city.var / "uploads").rglob("*") if one.is_file()]
    assert len(stored) >= 2
    assert not any(word in one for one in stored)
    assert send(user, address, 1_500_000, content[1_500_000:]).status_code == 204
    (item,) = user.get(letter).json()["items"]
    assert item["title"] == word.decode()
    assert user.get(item["file"]["download"]).content == content
    assert announce(office.user("registrar"), letter, "a.txt", 5).status_code == 404


def test_a_draft_that_becomes_secret_leaves_no_open_piece(office: Office) -> None:
    user = office.user("secret")
    data = {"@type": "Letter", "title": "ยังไม่ลับ", "kind": "internal"}
    letter = user.post(f"/agencies/{SENDER}/letters", json=data).json()["@id"]
    address = announce(user, letter, "a.txt", 10).headers["Location"]
    send(user, address, 0, b"hello")
    raised = user.patch(letter, json={"secrecy": "confidential", "secrecy_reason": "คดี"})
    assert raised.status_code == 204, raised.text
    assert not pieces(office.city, address)
    assert send(user, address, 5, b"world").status_code == 404
