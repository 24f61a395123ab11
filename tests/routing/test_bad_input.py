"""Hostile and mistaken input: the right 4xx, a sentence in the person's language, nothing half done, no number used up."""

from __future__ import annotations

import base64
from typing import Any

import pytest
from tests.routing.conftest import BYSTANDER, RECEIVER, SENDER, Office

THAI = range(0x0E00, 0x0E80)


def last_number(office: Office) -> int:
    return max((one["seq"] for one in office.book(SENDER, book="send", series="internal")), default=0)


@pytest.mark.parametrize(
    "recipients",
    [
        [],
        None,
        "district-phra-nakhon",
        [7],
        ["no-such-unit"],
        ["permanent-secretary"],  # not open for routing
        [SENDER],
        [RECEIVER, "no-such-unit"],
        [{"unit": RECEIVER}],
    ],
)
def test_wrong_recipients_use_no_number(office: Office, refused: Any, recipients: Any) -> None:
    letter = office.draft()
    before = last_number(office)
    answer = office.user("registrar").post(f"{letter}/@dispatch", json={"recipients": recipients})
    refused(answer, 400, "WrongRecipients", "recipients")
    assert last_number(office) == before
    assert office.user("registrar").get(letter).json()["state"] == "draft"


@pytest.mark.parametrize(
    ("fields", "wrong"),
    [
        ({"title": ""}, "title"),
        ({"title": 7}, "title"),
        ({"title": "ก" * 1001}, "title"),
        ({"title": "a\x00b"}, "title"),
        ({"kind": "poem"}, "kind"),
        ({"urgency": "now"}, "urgency"),
        ({"secrecy": "very"}, "secrecy"),
        ({"due_date": "2569-11-26"}, "due_date"),  # a Buddhist year
        ({"due_date": "26/11/2026"}, "due_date"),
        ({"due_date": "2026-02-30"}, "due_date"),
        ({"due_days": -1}, "due_days"),
        ({"due_days": True}, "due_days"),
        ({"urgent_by": "tomorrow"}, "urgent_by"),
        ({"owner_unit": "district-phra-nakhon.general"}, "owner_unit"),
        ({"owner_unit": "../x"}, "owner_unit"),
        ({"references": "all"}, "references"),
        ({"references": [{"number": "กท 1", "date": "2564-04-09"}]}, "references"),
        ({"enclosures": [{"title": "ก", "copies": 0}]}, "enclosures"),
    ],
)
def test_a_wrong_field_is_named(office: Office, refused: Any, fields: dict[str, Any], wrong: str) -> None:
    data = {"@type": "Letter", "title": "เรื่อง", "kind": "internal", **fields}
    error = refused(office.user("registrar").post(f"/agencies/{SENDER}/letters", json=data), 400, "Invalid", wrong)
    thai = office.user("registrar", language="th").post(f"/agencies/{SENDER}/letters", json=data).json()["error"]
    assert thai["message"] != error["message"]
    assert any(ord(letter) in THAI for letter in thai["fields"][wrong])


def test_top_secret_is_refused(office: Office, refused: Any) -> None:  # E27
    data = {"@type": "Letter", "title": "ลับ", "secrecy": "top-secret", "secrecy_reason": "x"}
    refused(office.user("registrar").post(f"/agencies/{SENDER}/letters", json=data), 400, "TopSecretNotElectronic")
    refused(
        office.user("registrar").post(f"/agencies/{SENDER}/@receive", json={"sender": "x", **data}),
        400,
        "TopSecretNotElectronic",
    )


@pytest.mark.parametrize("body", ["", "[]", '"x"', "{", "7", "null", "[" * 100_000])
def test_a_body_that_is_no_object_is_refused(office: Office, body: str) -> None:
    letter = office.draft()
    answer = office.user("registrar").post(f"{letter}/@dispatch", data=body, headers={"Content-Type": "application/json"})
    assert answer.status_code == 400, answer.text
    assert answer.json()["error"]["message"]


def test_html_in_a_body_is_made_harmless(office: Office) -> None:
    letter = office.draft(body='<p onclick="x()">ด้วย</p><script>alert(1)</script><img src=x onerror=alert(1)>')
    body = office.user("registrar").get(letter).json()["body"]
    assert "ด้วย" in body
    assert "script" not in body
    assert "onerror" not in body
    assert "onclick" not in body


@pytest.mark.parametrize(
    ("name", "content", "status"),
    [
        ("หนังสือ.pdf", b"%PDF-1.7\n%\xe2\xe3\xcf\xd3\n1 0 obj<<>>endobj\ntrailer<<>>\n%%EOF", 201),
        ("บันทึก.txt", "ข้อความ".encode(), 201),
        ("empty.pdf", b"", 415),
        ("virus.exe", b"MZ\x90\x00" + b"\0" * 100, 415),
        ("virus.pdf", b"MZ\x90\x00" + b"\0" * 100, 415),
        ("text.pdf", "ข้อความ".encode(), 415),
        ("broken.docx", b"PK\x03\x04 not really", 415),
        ("no-ending", b"text", 415),
    ],
)
def test_files_are_judged_by_content(office: Office, name: str, content: bytes, status: int) -> None:  # L35, E46
    letter = office.draft()
    file = {
        "filename": name,
        "encoding": "base64",
        "data": base64.b64encode(content).decode(),
        "content-type": "application/pdf",
    }
    answer = office.user("registrar").post(letter, json={"@type": "Attachment", "title": "แนบ", "file": file})
    assert answer.status_code == status, answer.text
    kept = office.user("registrar").get(letter).json()["items_total"]
    assert kept == (1 if status == 201 else 0)


def test_a_file_is_served_harmlessly(office: Office) -> None:
    letter = office.draft()
    file = {"filename": "../../etc/ก<b>.txt", "encoding": "base64", "data": base64.b64encode(b"<script>").decode()}
    made = office.user("registrar").post(letter, json={"@type": "Attachment", "file": file}).json()
    assert "/" not in made["file"]["filename"]
    answer = office.user("registrar").get(made["file"]["download"], headers={"Accept": "*/*"})
    assert answer.content == b"<script>"
    assert answer.headers["Content-Disposition"].startswith("attachment")
    assert answer.headers["X-Content-Type-Options"] == "nosniff"
    assert office.user("registrar", BYSTANDER).get(made["file"]["download"], headers={"Accept": "*/*"}).status_code == 404


def test_a_numbered_letter_is_neither_changed_nor_deleted(office: Office, refused: Any) -> None:  # E09, E31, L33
    letter, _delivery = office.sent()
    registrar = office.user("registrar")
    refused(registrar.delete(letter), 409, "NumberedLetter")
    refused(registrar.patch(letter, json={"title": "อื่น"}), 409, "NotADraft")
    file = {"filename": "a.txt", "encoding": "base64", "data": base64.b64encode(b"a").decode()}
    refused(registrar.post(letter, json={"@type": "Attachment", "file": file}), 409, "NotADraft")
    refused(registrar.post(f"{letter}/@dispatch", json={"recipients": [BYSTANDER]}), 409, "AlreadyDispatched")
    assert office.user("registrar", RECEIVER).patch(letter, json={"title": "อื่น"}).status_code == 403


def test_a_draft_can_be_deleted(office: Office) -> None:  # L33
    letter = office.draft()
    assert office.user("registrar", BYSTANDER).delete(letter).status_code == 404
    assert office.user("registrar").delete(letter).status_code == 204
    assert office.user("registrar").get(letter).status_code == 404


@pytest.mark.parametrize(
    "query",
    ["b_size=1001", "b_size=x", "b_start=-1", "state=lost", "urgency=x", "sort_on=title", "sort_order=up", "overdue=maybe"],
)
def test_a_wrong_query_is_400(office: Office, query: str) -> None:
    answer = office.user("registrar").get(f"/agencies/{SENDER}/@deliveries?{query}")
    assert answer.status_code == 400, answer.text
    assert query.partition("=")[0] in answer.json()["error"]["fields"]


@pytest.mark.parametrize("book", ["book=send&year=x", "book=nix", "book=receive&from_seq=-1", "book=receive&format=doc"])
def test_a_wrong_book_is_400(office: Office, book: str) -> None:
    assert office.user("registrar").get(f"/agencies/{SENDER}/@register-book?{book}").status_code == 400


def test_solicitous_strangers_learn_nothing(office: Office) -> None:  # api.md: 404 cannot be told apart
    letter, delivery = office.sent()
    stranger = office.user("registrar", BYSTANDER)
    there, not_there = stranger.get(letter), stranger.get(f"{letter}x")
    assert (there.status_code, there.json()) == (not_there.status_code, not_there.json())
    anonymous = office.city.client()
    for address in (letter, delivery, f"{letter}x", "/nothing/here", f"/agencies/{SENDER}"):
        assert anonymous.get(address).status_code == 401
