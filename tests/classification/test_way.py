"""A secret letter from end to end, over REST (E27-E30, `domain.md` 2.4)."""

from __future__ import annotations

import base64
import secrets
from typing import Any

import pytest
from tests.classification.conftest import BYSTANDER, OWNER, RECEIVER, UNREADY, SecretOffice

LEVELS = {"confidential": "ลับ", "secret": "ลับมาก"}
RECEIVED = {"sender": "กองทัพบก", "sender_number": "กห 1/2", "letter_date": "2026-01-02", "secrecy_reason": "ลับ"}


def code(answer: Any) -> str:
    """The code of a refusal."""
    return str(answer.json()["error"]["type"])


# Drafts


def test_only_the_cleared_draft_above_normal(office: SecretOffice) -> None:
    for name in ("registrar", "officer", "director"):
        answer = office.user(name).post(f"/agencies/{OWNER}/letters", json=office.fields("w"))
        assert (answer.status_code, code(answer)) == (403, "Forbidden"), name


def test_a_level_needs_its_reason(office: SecretOffice) -> None:
    answer = office.user("secret").post(f"/agencies/{OWNER}/letters", json=office.fields("w", secrecy_reason=""))
    assert answer.status_code == 400
    assert answer.json()["error"]["fields"]["secrecy_reason"]


def test_top_secret_is_refused_wherever_it_comes(office: SecretOffice) -> None:
    data = office.fields("w", "top-secret")
    secret = office.user("secret")
    draft = office.draft()
    for answer in (
        secret.post(f"/agencies/{OWNER}/letters", json=data),
        office.user("registrar").post(f"/agencies/{OWNER}/letters", json=data),
        secret.post(f"/agencies/{OWNER}/@receive", json={**data, **RECEIVED}),
        secret.patch(draft.url, json={"secrecy": "top-secret"}),
        secret.post(f"{draft.url}/@classify", json={"secrecy": "top-secret", "reason": "x"}),
    ):
        assert (answer.status_code, code(answer)) == (400, "TopSecretNotElectronic"), answer.text


def test_the_author_reads_and_changes_what_they_wrote(office: SecretOffice) -> None:
    letter = office.draft()
    secret = office.user("secret")
    shown = secret.get(letter.url).json()
    assert letter.word in shown["title"]
    assert letter.word in shown["body"]
    assert [row["subject"] for row in shown["references"]] == [letter.word]
    assert shown["items"][0]["file"]["filename"] == f"{letter.word}.txt"
    assert secret.patch(letter.url, json={"contact": f"ใหม่ {letter.word}"}).status_code == 204
    assert secret.get(letter.url).json()["contact"] == f"ใหม่ {letter.word}"
    assert secret.get(letter.file).content == f"{letter.word}\n".encode() * 100
    part = secret.get(letter.file, headers={"Range": "bytes=3-9"})
    assert (part.status_code, part.content) == (206, (f"{letter.word}\n".encode() * 100)[3:10])
    assert secret.delete(letter.attachment).status_code == 204
    assert secret.delete(letter.url).status_code == 204
    assert secret.get(letter.url).status_code == 404
    assert not office.ask("SELECT 1 FROM letter_key WHERE uid = ?", letter.uid)


@pytest.mark.parametrize("name", ["url", "attachment"])
def test_nothing_but_verbs_changes_a_letter(office: SecretOffice, name: str) -> None:
    letter = office.draft()
    secret, address = office.user("secret"), getattr(letter, name)
    hack = "<d:propertyupdate xmlns:d='DAV:'><d:set><d:prop><title xmlns='http://www.zope.org/propsets/default'>zqhack</title>"
    hack += "</d:prop></d:set></d:propertyupdate>"
    plain = {"Accept": "*/*", "Content-Type": "text/plain"}
    for method in ("PUT", "PROPPATCH", "MKCOL", "COPY", "MOVE", "LOCK"):
        answer = secret.request(method, address, data=hack, headers={**plain, "Destination": f"{address}x"})
        assert answer.status_code in (403, 404, 405), (method, answer.status_code)
    for service, data in (("@copy", {"source": letter.url}), ("@move", {"source": letter.url})):
        assert secret.post(f"{address}/{service}", json=data).status_code in (403, 404), service
    tus = {"Tus-Resumable": "1.0.0", "Upload-Length": "6", "Upload-Metadata": "filename enFoYWNrLnR4dA=="}
    assert secret.post(f"{address}/@tus-replace", headers=tus).status_code == 404
    for page in ("manage_changeProperties?title=zqhack", "manage_addProperty?id=a&value=zqhack&type=string", "object_copy"):
        assert secret.get(f"{address}/{page}", headers={"Accept": "text/html"}, allow_redirects=False).status_code in (403, 404)
    shown = secret.get(letter.url).text
    assert "zqhack" not in shown
    assert secret.get(letter.file).content == f"{letter.word}\n".encode() * 100


def test_a_file_is_replaced_under_the_seal(office: SecretOffice) -> None:  # L10
    letter, word = office.draft(), secrets.token_hex(12)
    secret = office.user("secret")
    file = {"filename": f"{word}.txt", "data": base64.b64encode(word.encode() * 50).decode(), "encoding": "base64"}
    for stranger in ("registrar", "director"):
        assert office.user(stranger).patch(letter.attachment, json={"file": file}).status_code == 404
    assert secret.patch(letter.attachment, json={"title": word, "file": file}).status_code == 204
    told = secret.get(letter.attachment).json()
    assert (told["title"], told["file"]["filename"], told["file"]["size"]) == (word, f"{word}.txt", len(word) * 50)
    assert secret.get(letter.file).content == word.encode() * 50
    stored = [path for path in (office.city.var / "blobs").rglob("*.blob") if word.encode() in path.read_bytes()]
    assert stored == []
    assert not office.ask("SELECT 1 FROM audit WHERE detail LIKE ?", f"%{told['sha256']}%")


def test_a_draft_becomes_secret_while_it_is_written(office: SecretOffice) -> None:
    secret = office.user("secret")
    word = "ร่างธรรมดา"
    made = secret.post(f"/agencies/{OWNER}/letters", json={"title": word, "kind": "internal"}).json()["@id"]
    assert office.user("registrar").get(made).status_code == 200
    changed = secret.patch(made, json={"secrecy": "secret", "secrecy_reason": "ลับ"})
    assert changed.status_code == 204, changed.text
    assert office.user("registrar").get(made).status_code == 404
    assert secret.get(made).json()["title"] == word
    assert secret.patch(made, json={"secrecy": "normal"}).status_code == 403


@pytest.mark.parametrize("kind", ["letters", "circulars"])
def test_the_same_key_gives_the_draft_again_and_keeps_no_text(office: SecretOffice, kind: str) -> None:
    secret = office.user("secret")
    data, key = office.fields("zqkeyed"), {"Idempotency-Key": f"secret-draft-{kind}"}
    if kind == "circulars":
        data = {name: value for name, value in data.items() if name not in ("@type", "kind")}
    first = secret.post(f"/agencies/{OWNER}/{kind}", json=data, headers=key)
    again = secret.post(f"/agencies/{OWNER}/{kind}", json=data, headers=key)
    assert (first.status_code, again.status_code) == (201, 201)
    assert first.json()["@id"] == again.json()["@id"]
    assert again.json()["title"] == data["title"]
    kept = office.ask("SELECT answer FROM idempotency_key WHERE key = ?", f"secret-draft-{kind}")
    assert "zqkeyed" not in kept[0][0]


# The way


@pytest.mark.parametrize("level", LEVELS)
def test_from_secret_registrar_to_secret_registrar(office: SecretOffice, level: str) -> None:  # E29, P3
    before = len(office.book("send", user="registrar"))
    letter = office.sent(level, RECEIVER, BYSTANDER)
    shown = office.user("secret").get(letter.url).json()
    assert shown["number"].startswith(f"{LEVELS[level]} ")
    line = office.book("secret-send")[-1]
    assert (line["number"], line["subject"]) == (shown["number"], f"เรื่อง {letter.word}")
    assert len(office.book("send", user="registrar")) == before
    receiver = office.user("secret", RECEIVER)
    assert receiver.get(letter.delivery).json()["letter"]["title"] == f"เรื่อง {letter.word}"
    assert receiver.get(letter.url).json()["body"].find(letter.word) > 0
    assert receiver.post(f"{letter.delivery}/@open", json={}).json()["state"] == "opened"
    registered = receiver.post(f"{letter.delivery}/@register", json={}).json()
    assert registered["receive_number"] == office.book("secret-receive", RECEIVER)[-1]["seq"]
    again = receiver.post(f"{letter.delivery}/@register", json={})
    assert (again.status_code, code(again)) == (409, "AlreadyRegistered")
    given = receiver.post(f"{letter.delivery}/@assign", json={"users": [f"secret.{RECEIVER}"], "instruction": letter.word})
    assert given.json()["assignments"][0]["instruction"] == letter.word
    assert receiver.post(f"{letter.delivery}/@close", json={"result": f"เสร็จ {letter.word}"}).json()["state"] == "closed"
    line = office.book("secret-receive", RECEIVER)[-1]
    assert (line["action"], line["subject"]) == (f"เสร็จ {letter.word}", f"เรื่อง {letter.word}")
    movement = receiver.get(f"{letter.url}/@movement").json()["items"]
    assert [step["what"] for step in movement][:3] == ["created", "dispatched", "opened"]  # not where else it went
    assert any(step["note"] == f"เสร็จ {letter.word}" for step in movement)


def test_every_copy_is_a_line_of_the_control_register(office: SecretOffice) -> None:
    letter = office.sent("confidential", RECEIVER)
    more = office.user("secret").post(f"{letter.url}/@send-copy", json={"recipients": [BYSTANDER]})
    assert more.status_code == 200, more.text
    number = office.user("secret").get(letter.url).json()["number"]
    lines = [line for line in office.book("secret-control") if line["letter_number"] == number]
    assert [line["remark"] for line in lines] == ["ชุดที่ 1 ของ 1 ชุด", "ชุดที่ 2 ของ 2 ชุด"]


def test_it_goes_only_where_somebody_is_cleared(office: SecretOffice) -> None:
    letter = office.draft("secret")
    for recipients in ([UNREADY], [RECEIVER, f"{RECEIVER}.general"], "all-agencies"):
        answer = office.user("secret", language="th").post(f"{letter.url}/@dispatch", json={"recipients": recipients})
        assert (answer.status_code, code(answer)) == (400, "WrongRecipients"), answer.text
        assert answer.json()["error"]["fields"]["recipients"]
    registered = office.registered()
    answer = office.user("secret", RECEIVER).post(f"{registered.delivery}/@forward", json={"units": [f"{RECEIVER}.general"]})
    assert (answer.status_code, code(answer)) == (400, "WrongRecipients")


def test_work_goes_to_the_cleared_only(office: SecretOffice) -> None:
    letter = office.registered()
    receiver, officer = office.user("secret", RECEIVER), office.user("officer", RECEIVER)
    data = {"users": [f"officer.{RECEIVER}"], "instruction": "x"}
    refused = receiver.post(f"{letter.delivery}/@assign", json=data)
    assert refused.status_code == 400
    assert refused.json()["error"]["fields"]["users"]
    clearance = office.clear("officer", "confidential", RECEIVER)
    assert receiver.post(f"{letter.delivery}/@assign", json=data).status_code == 200
    assert officer.get(letter.url).status_code == 200
    assert officer.get(letter.delivery).json()["letter"]["title"] == f"เรื่อง {letter.word}"
    assert letter.word in officer.get("/@inbox").text
    office.end(clearance, RECEIVER)
    assert officer.get(letter.url).status_code == 404
    assert officer.get(letter.delivery).status_code == 404
    assert letter.word not in officer.get("/@inbox").text


def test_recall_and_return(office: SecretOffice) -> None:
    letter = office.sent("confidential", RECEIVER, BYSTANDER)
    returned = office.user("secret", RECEIVER).post(f"{letter.delivery}/@return", json={"note": letter.word})
    assert returned.status_code == 200, returned.text
    assert office.user("secret", RECEIVER).get(letter.url).status_code == 404
    recalled = office.user("secret").post(f"{letter.url}/@recall", json={"reason": letter.word})
    assert recalled.json()["recalled"] == [BYSTANDER]
    assert office.user("secret", BYSTANDER).get(letter.deliveries[1]).status_code == 404
    cancelled = office.user("secret").post(f"{letter.url}/@cancel", json={"reason": letter.word})
    assert cancelled.json()["state"] == "cancelled"


def test_from_outside_into_the_secret_book(office: SecretOffice) -> None:
    data = {"title": "จากนอก", "secrecy": "secret", **RECEIVED}
    assert office.user("registrar").post(f"/agencies/{OWNER}/@receive", json=data).status_code == 403
    made = office.user("secret").post(f"/agencies/{OWNER}/@receive", json=data)
    assert made.status_code == 201, made.text
    assert made.json()["entry"]["book"] == "secret-receive"
    assert office.user("secret").get(made.json()["letter"]["@id"]).json()["title"] == "จากนอก"
    for address in (made.json()["letter"]["@id"], made.json()["delivery"]["@id"]):
        assert office.user("registrar").get(address).status_code == 404
    again = office.user("secret").post(f"/agencies/{OWNER}/@receive", json=data)
    assert (again.status_code, again.json()["entry"]) == (200, made.json()["entry"])
    # To the ordinary registrar the same letter is a new one: they learn nothing of the other.
    ordinary = office.user("registrar").post(f"/agencies/{OWNER}/@receive", json={**data, "secrecy": "normal"})
    assert (ordinary.status_code, ordinary.json()["entry"]["book"]) == (201, "receive")


def test_a_secret_registrar_is_no_registrar(office: SecretOffice) -> None:
    secret = office.user("secret")
    ordinary = {"title": "ธรรมดา", "sender": "ใครก็ได้"}
    assert secret.post(f"/agencies/{OWNER}/@receive", json=ordinary).status_code == 403
    assert secret.post(f"/agencies/{OWNER}/@reserve-number", json={"series": "external", "purpose": "x"}).status_code == 403
    assert secret.get(f"/agencies/{OWNER}/@register-book?book=send").status_code == 403
    normal = office.user("registrar").post(f"/agencies/{OWNER}/letters", json={"title": "ธรรมดา", "kind": "internal"})
    assert secret.get(normal.json()["@id"]).status_code == 404
    own = secret.post(f"/agencies/{OWNER}/letters", json={"title": "ของตน", "kind": "internal"}).json()["@id"]
    assert secret.get(own).status_code == 200
    assert secret.post(f"{own}/@dispatch", json={"recipients": [RECEIVER]}).status_code == 403


def test_reserved_numbers_of_the_secret_series(office: SecretOffice) -> None:
    asked = {"series": "secret", "purpose": "ด่วน"}
    assert office.user("registrar").post(f"/agencies/{OWNER}/@reserve-number", json=asked).status_code == 403
    reserved = office.user("secret").post(f"/agencies/{OWNER}/@reserve-number", json=asked).json()
    letter = office.draft("secret")
    data = {"recipients": [RECEIVER], "reservation": reserved["reservation"]}
    sent = office.user("secret").post(f"{letter.url}/@dispatch", json=data)
    assert sent.json()["number"] == f"ลับมาก {reserved['number']}"


# Desks and books


def test_desks_show_and_count_their_own_only(office: SecretOffice) -> None:
    desk = f"/agencies/{RECEIVER}/@deliveries?b_size=1000"
    letter = office.sent("confidential")
    for name in ("registrar", "director"):
        answer = office.user(name, RECEIVER).get(desk)
        assert letter.word not in answer.text
        assert all(item["letter"]["secrecy"] == "normal" for item in answer.json()["items"])
        assert answer.json()["items_total"] == len(answer.json()["items"])
    mine = office.user("secret", RECEIVER).get(desk).json()
    assert letter.delivery in [item["@id"] for item in mine["items"]]
    assert all(item["letter"]["secrecy"] != "normal" for item in mine["items"])
    assert mine["items_total"] == len(mine["items"])
    assert letter.word in office.user("secret", RECEIVER).get("/@inbox?b_size=1000").text
    assert office.user("secret", BYSTANDER).get("/@inbox?b_size=1000").text.find(letter.word) < 0


@pytest.mark.parametrize("book", ["secret-send", "secret-receive", "secret-control"])
def test_secret_books_are_for_the_secret_registrar(office: SecretOffice, book: str) -> None:
    address = f"/agencies/{OWNER}/@register-book?book={book}"
    for name in ("registrar", "officer", "director"):
        assert office.user(name).get(address).status_code == 403, name
    for user in (office.user("site-admin"), office.user("auditor"), office.user("secret", RECEIVER)):
        assert user.get(address).status_code in (403, 404)
    for shape in ("csv", "xlsx"):
        assert office.user("secret").get(f"{address}&format={shape}").status_code == 200
        assert office.user("registrar").get(f"{address}&format={shape}").status_code == 403


def test_who_is_cleared_for_one_level_sees_lines_of_the_other_covered(office: SecretOffice) -> None:
    letter = office.sent("secret", BYSTANDER)
    office.user("secret", BYSTANDER).post(f"{letter.delivery}/@register", json={})
    held = office.user("director", BYSTANDER).get(f"/agencies/{BYSTANDER}/@clearances").json()["items"]
    open_ = [one for one in held if one["level"] == "secret" and not one["valid_until"]]
    for one in open_:
        office.end(one, BYSTANDER)
    try:
        line = office.book("secret-receive", BYSTANDER)[-1]
        assert (line["subject"], line["from"]) == ("(ลับ)", "(ลับ)")
        assert office.user("secret", BYSTANDER).get(letter.url).status_code == 404
    finally:
        office.clear("secret", "secret", BYSTANDER)
    assert office.book("secret-receive", BYSTANDER)[-1]["subject"] == f"เรื่อง {letter.word}"


def test_secret_letters_are_listed_for_their_readers(office: SecretOffice) -> None:
    draft, sent = office.draft("secret"), office.sent("confidential")
    address = f"/agencies/{OWNER}/@secret-letters?b_size=1000"
    mine = office.user("secret").get(address).json()
    found = {item["@id"] for item in mine["items"]}
    assert {draft.url, sent.url} <= found
    assert mine["items_total"] == len(found)
    drafts = {item["@id"] for item in office.user("secret").get(f"{address}&state=draft").json()["items"]}
    assert draft.url in drafts
    assert sent.url not in drafts
    assert office.user("secret", RECEIVER).get(address).status_code == 404
    for user in (office.user("registrar"), office.user("director"), office.user("site-admin"), office.user("auditor")):
        assert user.get(address).json()["items_total"] == 0


# Need to know


def test_a_named_person_is_let_in_and_out(office: SecretOffice) -> None:
    letter = office.registered()
    receiver, chief = office.user("secret", RECEIVER), office.user("chief", RECEIVER)
    asked = {"user": f"chief.{RECEIVER}", "reason": f"เพื่อพิจารณา {letter.word}"}
    refused = receiver.post(f"{letter.url}/@grant", json=asked)
    assert refused.status_code == 400
    clearance = office.clear("chief", "confidential", RECEIVER)
    try:
        assert chief.get(letter.url).status_code == 404
        no_reason = receiver.post(f"{letter.url}/@grant", json={"user": f"chief.{RECEIVER}"})
        assert (no_reason.status_code, code(no_reason)) == (400, "ReasonRequired")
        elsewhere = receiver.post(f"{letter.url}/@grant", json={"user": f"chief.{OWNER}", "reason": "x"})
        assert elsewhere.status_code == 400
        assert receiver.post(f"{letter.url}/@grant", json=asked).status_code == 200
        assert chief.get(letter.url).json()["title"] == f"เรื่อง {letter.word}"
        assert chief.get(letter.file).status_code == 200
        for verb, data in (("@grant", asked), ("@classify", {"secrecy": "normal", "reason": "x"})):
            assert chief.post(f"{letter.url}/{verb}", json=data).status_code == 403
        assert chief.patch(letter.url, json={"title": "x"}).status_code in (403, 409)
        line = office.book("secret-control", RECEIVER)[-1]
        assert (line["action"], line["remark"]) == (asked["reason"], "อนุญาตให้เข้าถึง")
        steps = receiver.get(f"{letter.url}/@movement").json()["items"]
        assert steps[-1]["what"] == "let-in"
        assert letter.word in steps[-1]["note"]
        assert receiver.post(f"{letter.url}/@withdraw-grant", json=asked).status_code == 200
        assert chief.get(letter.url).status_code == 404
        assert receiver.post(f"{letter.url}/@withdraw-grant", json=asked).status_code == 400
    finally:
        office.end(clearance, RECEIVER)


def test_clearances_are_given_by_the_head_in_writing(office: SecretOffice) -> None:
    address = f"/agencies/{OWNER}/@clearances"
    data = {"user": f"chief.{OWNER}", "level": "secret", "order_number": "1/2569", "order_date": "2026-01-05"}
    for user in (office.user("registrar"), office.user("secret"), office.user("site-admin")):
        assert user.post(address, json=data).status_code in (403, 404)
    own = office.user("director").post(address, json={**data, "user": f"director.{OWNER}"})
    assert own.status_code == 403
    wrong = office.user("director").post(address, json={"user": f"chief.{RECEIVER}", "level": "top-secret"})
    assert set(wrong.json()["error"]["fields"]) == {"user", "level", "order_number", "order_date"}
    assert office.user("secret").get(address).json()["items"][0]["order_number"] == "1/2563"
