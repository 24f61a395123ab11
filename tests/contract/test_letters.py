"""`api.md`, Letters: the fields, the files, the verbs of the sender."""

from __future__ import annotations

import base64
import time
from datetime import date, timedelta
from typing import Any

import pytest
from tests.contract.conftest import is_day, is_moment
from tests.routing.conftest import BYSTANDER, RECEIVER, SENDER, Office

KINDS = (
    "external", "internal", "stamped", "order", "rule", "bylaw", "announcement", "communique", "news", "certificate", "minutes",
    "note", "other",
)  # fmt: skip
WHOLE: dict[str, Any] = {
    "kind": "external",
    "title": "ขอเชิญเป็นวิทยากร",
    "urgency": "very-urgent",
    "urgent_by": "2026-12-31T09:30:00+07:00",
    "category": "การประชุม",
    "owner_unit": f"{SENDER}.general",
    "person_in_charge": f"officer.{SENDER}",
    "salutation": "เรียน",
    "to_text": "ปลัดกรุงเทพมหานคร",
    "body": "<p>ด้วยสำนักงานเขตดุสิต</p>",
    "closing": "ขอแสดงความนับถือ",
    "signatory": f"director.{SENDER}",
    "contact": "โทร. 0 2243 5311",
    "copies_to": [{"name": "สำนักการคลัง"}],
    "references": [{"number": "กท 0403/41", "date": "2020-01-31", "subject": "เรื่องเดิม", "uid": "x" * 32}],
    "enclosures": [{"title": "กำหนดการ", "copies": 2}],
    "due_date": "2027-01-31",
}


@pytest.mark.parametrize("kind", KINDS)
def test_every_kind_can_be_drafted_and_sent(office: Office, kind: str) -> None:
    letter = office.draft(kind=kind)
    assert office.user("registrar").get(letter).json()["kind"] == kind
    made = office.dispatch(letter)
    assert set(made) >= {"number", "letter_date", "entry", "deliveries"}
    assert set(made["entry"]) >= {"book", "year", "seq"}
    assert made["entry"]["book"] == "send"
    assert is_day(made["letter_date"])
    # `entry.seq` is the tail of the number, or what stands before its year.
    assert str(made["entry"]["seq"]) in made["number"].replace("/", " ").split()


def test_all_that_is_written_is_read_again(office: Office) -> None:  # L11, L22
    letter = office.draft(**WHOLE)
    user = office.user("registrar")
    found = user.get(letter).json()
    assert {name: found[name] for name in WHOLE if name != "urgent_by"} == {
        name: value for name, value in WHOLE.items() if name != "urgent_by"
    }
    assert is_moment(found["urgent_by"])
    assert found["urgent_by"].startswith("2026-12-31T09:30:00")
    assert (found["state"], found["number"], found["letter_date"]) == ("draft", None, None)
    assert is_moment(found["created"])
    changed = user.patch(letter, json={"title": "เรื่องใหม่", "due_days": 3, "due_date": None})
    assert changed.status_code == 204
    found = user.get(letter).json()
    assert (found["title"], found["due_date"]) == ("เรื่องใหม่", (date.today() + timedelta(days=3)).isoformat())


def test_number_date_and_state_are_given_by_dispatch_alone(office: Office) -> None:
    letter = office.draft(number="กท 1/1", letter_date="2020-01-01", state="dispatched")
    user = office.user("registrar")
    user.patch(letter, json={"number": "กท 1/2", "letter_date": "2020-01-02", "state": "closed", "sender": "x"})
    found = user.get(letter).json()
    assert (found["number"], found["letter_date"], found["state"]) == (None, None, "draft")


@pytest.mark.parametrize("kind", KINDS)
def test_a_title_is_required_for_all_kinds_but_stamped(office: Office, refused: Any, kind: str) -> None:
    data = {"@type": "Letter", "kind": kind, "to_text": "ทุกหน่วยงาน"}
    answer = office.user("registrar").post(f"/agencies/{SENDER}/letters", json=data)
    if kind == "stamped":
        assert answer.status_code == 201, answer.text
    else:
        refused(answer, 400, "Invalid", "title")


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("due_date", "2569-01-31"),
        ("urgent_by", "2569-01-31T09:00:00+07:00"),
        ("references", [{"number": "1", "date": "2563-01-01"}]),
        ("due_days", "three"),
        ("due_days", -1),
        ("secrecy", "open"),
        ("urgency", "high"),
        ("kind", "circular"),
        ("kind", "letter"),
        ("enclosures", [{"title": "x", "copies": 0}]),
        ("owner_unit", f"{BYSTANDER}.general"),
        ("owner_unit", "nowhere"),
    ],
)
def test_what_is_wrong_is_named(office: Office, refused: Any, name: str, value: Any) -> None:
    data = {"@type": "Letter", "kind": "internal", "title": "x", name: value}
    refused(office.user("registrar").post(f"/agencies/{SENDER}/letters", json=data), 400, "Invalid", name)
    letter = office.draft()
    if name == "kind" or name != "owner_unit" or value == "nowhere":
        refused(office.user("registrar").patch(letter, json={name: value}), 400, "Invalid", name)


def test_a_reason_is_required_above_normal(office: Office, refused: Any) -> None:
    user = office.user("secret")
    data = {"@type": "Letter", "kind": "internal", "title": "x", "secrecy": "confidential"}
    refused(user.post(f"/agencies/{SENDER}/letters", json=data), 400, "Invalid", "secrecy_reason")
    made = user.post(f"/agencies/{SENDER}/letters", json={**data, "secrecy_reason": "คดี"})
    assert made.status_code == 201, made.text
    top = {**data, "secrecy": "top-secret", "secrecy_reason": "x"}
    refused(user.post(f"/agencies/{SENDER}/letters", json=top), 400, "TopSecretNotElectronic")


def test_dispatching_again_says_so(office: Office, refused: Any) -> None:
    letter, _delivery = office.sent()
    user = office.user("registrar")
    refused(user.post(f"{letter}/@dispatch", json={"recipients": [BYSTANDER]}), 409, "AlreadyDispatched")
    made = user.post(f"{letter}/@send-copy", json={"recipients": [BYSTANDER]})
    assert made.status_code == 200, made.text
    assert [one["unit"] for one in made.json()["deliveries"]] == [BYSTANDER]
    assert made.json()["number"] == user.get(letter).json()["number"]
    refused(user.post(f"{office.draft()}/@send-copy", json={"recipients": [BYSTANDER]}), 409, "NotDispatched")
    refused(user.post(f"{office.draft()}/@dispatch", json={"recipients": [BYSTANDER], "via": "pigeon"}), 400, "Invalid", "via")


def test_a_dispatch_with_a_reserved_number(office: Office, refused: Any) -> None:
    user = office.user("registrar")
    reserved = user.post(f"/agencies/{SENDER}/@reserve-number", json={"series": "internal", "purpose": "รอลงนาม"}).json()
    assert {"reservation", "number", "date", "expires"} <= set(reserved)
    assert is_day(reserved["date"])
    assert is_day(reserved["expires"])
    letter = office.draft()
    data = {"recipients": [RECEIVER], "reservation": reserved["reservation"]}
    made = user.post(f"{letter}/@dispatch", json=data).json()
    assert (made["number"], made["letter_date"]) == (reserved["number"], reserved["date"])
    refused(user.post(f"{office.draft()}/@dispatch", json=data), 409, "ReservationSpent")
    nonsense = {"recipients": [RECEIVER], "reservation": "nothing"}
    assert user.post(f"{office.draft()}/@dispatch", json=nonsense).status_code in (400, 404)


def test_a_recall_says_who_lost_it_and_who_keeps_it(office: Office, refused: Any) -> None:  # L18, E05
    letter = office.draft()
    made = office.dispatch(letter, RECEIVER, BYSTANDER)["deliveries"]
    office.user("registrar", RECEIVER).post(f"{made[0]['@id']}/@register", json={})
    user = office.user("registrar")
    answer = user.post(f"{letter}/@recall", json={"reason": "ส่งผิด"}).json()
    assert answer == {"recalled": [BYSTANDER], "refused": [{"unit": RECEIVER, "reason": "AlreadyRegistered"}]}
    refused(user.post(f"{letter}/@recall", json={"reason": "x"}), 409, "NothingToRecall")
    gone = office.user("registrar", BYSTANDER)
    assert gone.get(made[1]["@id"]).status_code == 404
    assert gone.get(letter).status_code == 404
    assert gone.post(f"{made[1]['@id']}/@register", json={}).status_code == 404


def test_a_cancelled_number_stays_in_the_book(office: Office, refused: Any) -> None:  # E09, E10
    letter, _delivery = office.sent()
    user = office.user("registrar")
    refused(user.post(f"{letter}/@cancel", json={}), 400, "ReasonRequired", "reason")
    made = user.post(f"{letter}/@cancel", json={"reason": "พิมพ์ผิด"})
    assert made.status_code == 200
    seq = made.json()["entry"]["seq"]
    line = office.book(SENDER, book="send", series="internal", from_seq=seq, to_seq=seq)[0]
    assert (line["state"], line["remark"]) == ("cancelled", "พิมพ์ผิด")
    refused(user.delete(letter), 409, "NumberedLetter")
    assert user.get(letter).json()["state"] == "cancelled"
    assert user.delete(office.draft()).status_code == 204


def test_the_movement_and_the_senders_view(office: Office) -> None:
    letter, delivery = office.registered()
    user = office.user("registrar")
    steps = user.get(f"{letter}/@movement").json()["items"]
    for step in steps:
        assert set(step) >= {"at", "what", "unit", "to_unit", "actor", "note", "seconds_since_previous"}
        assert set(step["actor"]) == {"id", "name", "post"}
        assert is_moment(step["at"])
    shown = user.get(f"{letter}/@deliveries").json()["items"]
    assert [(one["@id"], one["unit"], one["state"]) for one in shown] == [(delivery, RECEIVER, "registered")]


def test_a_letter_from_outside(office: Office, refused: Any) -> None:
    user, address = office.user("registrar"), f"/agencies/{SENDER}/@receive"
    number = time.monotonic_ns()
    data = {
        "title": "ขอข้อมูล",
        "sender": "กรมที่ดิน",
        "sender_number": f"มท 0501/{number}",
        "letter_date": "2019-02-03",
        "via": "post",
    }
    made = user.post(address, json=data)
    assert made.status_code == 201, made.text
    assert set(made.json()) == {"letter", "delivery", "entry", "duplicate_of"}
    assert made.json()["duplicate_of"] is None
    assert made.json()["entry"]["book"] == "receive"
    again = user.post(address, json=data)
    assert (again.status_code, again.json()["entry"]) == (200, made.json()["entry"])
    for name, value in (("via", "pigeon"), ("letter_date", "2562-02-03"), ("sender", ""), ("title", "")):
        refused(user.post(address, json={**data, name: value}), 400, "Invalid", name)
    by_agency = user.post(address, json={**data, "sender": RECEIVER, "sender_number": f"กท 0401/{number}"}).json()
    item = user.get(by_agency["delivery"]["@id"]).json()
    assert item["letter"]["sender"] == "สำนักงานเลขานุการปลัดกรุงเทพมหานคร"


def test_a_file_of_a_draft_is_replaced_and_one_that_went_out_is_not(office: Office, refused: Any) -> None:  # L10, E31
    user, letter = office.user("registrar"), office.draft()

    def file(name: str, content: bytes) -> dict[str, str]:
        return {"filename": name, "encoding": "base64", "data": base64.b64encode(content).decode()}

    at = user.post(letter, json={"@type": "Attachment", "title": "แผนที่", "file": file("a.txt", b"first")}).json()["@id"]
    assert user.patch(at, json={"title": "แผนผัง"}).status_code == 204
    changed = user.patch(at, json={"file": file("b.txt", b"second one")}, headers={"Prefer": "return=representation"})
    assert changed.status_code == 200, changed.text
    told = changed.json()
    assert (told["@id"], told["title"], told["file"]["filename"], told["file"]["size"]) == (at, "แผนผัง", "b.txt", 10)
    assert user.get(told["file"]["download"]).content == b"second one"
    refused(user.patch(at, json={"file": file("c.pdf", b"no PDF")}), 415, "UnsupportedFile")
    refused(user.patch(at, json={"title": 5}), 400, "Invalid", "title")
    assert office.user("registrar", RECEIVER).patch(at, json={"title": "x"}).status_code == 404
    assert [one["file"]["filename"] for one in user.get(letter).json()["items"]] == ["b.txt"]
    assert user.post(f"{letter}/@dispatch", json={"recipients": [RECEIVER]}).status_code == 200
    refused(user.patch(at, json={"file": file("c.txt", b"third")}), 409, "NotADraft")
    refused(office.user("registrar", RECEIVER).patch(at, json={"title": "x"}), 403, "Forbidden")
    assert user.get(told["file"]["download"]).content == b"second one"


@pytest.mark.parametrize("language", ["th", "en"])
def test_a_refused_file_is_refused_in_whole_sentences(office: Office, language: str) -> None:
    file = {"filename": "a.pdf", "encoding": "base64", "data": base64.b64encode(b"no PDF").decode()}
    answer = office.user("registrar").post(
        office.draft(), json={"@type": "Attachment", "file": file}, headers={"Accept-Language": language}
    )
    said = answer.json()["error"]["message"]
    assert ("เนื้อหาไม่ตรงกับชื่อไฟล์" if language == "th" else "its content is not what its name says") in said


@pytest.mark.parametrize("field", ["person_in_charge", "signatory"])
def test_who_is_named_is_somebody(office: Office, refused: Any, field: str) -> None:
    user = office.user("registrar")
    data = {"@type": "Letter", "kind": "internal", "title": "x", field: "nobody.at.all"}
    refused(user.post(f"/agencies/{SENDER}/letters", json=data), 400, "Invalid", field)
    refused(user.patch(office.draft(), json={field: "nobody.at.all"}), 400, "Invalid", field)
    outside = {"title": "x", "sender": "กรมการปกครอง", "letter_date": "2026-01-02", field: "nobody.at.all"}
    refused(user.post(f"/agencies/{SENDER}/@receive", json=outside), 400, "Invalid", field)
