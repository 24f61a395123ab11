"""Submit, sign, send back: in order, by whose turn it is, and what each refuses (E31, E32; `api.md`, Signing)."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest
from tests.signing.conftest import AGENCY, FILE, HERE, RECEIVER, STRANGER, SigningOffice

GENERAL = f"{AGENCY}.general"


def test_from_the_draft_to_the_receiver(office: SigningOffice) -> None:  # L36
    letter = office.draft()
    answer = office.submit(letter, "director", approvers=("chief",))
    assert answer.status_code == 200, answer.text
    assert answer.json()["state"] == office.state(letter) == "pending"
    assert [(one["user"], one["role"], one["state"]) for one in answer.json()["chain"]] == [
        (office.id("chief"), "approver", "turn"),
        (office.id("director"), "signer", "later"),
    ]
    first = office.sign(letter, "chief").json()
    assert first["state"] == "pending"
    last = office.sign(letter, "director").json()
    assert last["state"] == office.state(letter) == "signed"
    signature = last["signature"]
    assert (signature["method"], signature["level"], signature["role"]) == ("click", None, "signer")
    assert (signature["signer"], signature["capacity"]) == (office.id("director"), "own")
    assert signature["post"]
    assert signature["at"].endswith("+07:00")
    sent = office.dispatch(letter)
    assert sent.status_code == 200, sent.text
    assert office.state(letter) == "dispatched"
    steps = office.steps(letter)
    assert [step["what"] for step in steps] == ["created", "submitted", "signed", "signed", "dispatched"]
    assert [step["actor"]["id"].partition(".")[0] for step in steps[1:4]] == ["officer", "chief", "director"]
    assert all(step["actor"]["post"] for step in steps)
    assert steps[2]["note"] == "เห็นชอบเพื่อเสนอลงนาม"
    assert steps[3]["note"] == ""


def test_nobody_signs_out_of_turn(office: SigningOffice, refused: Any) -> None:
    letter = office.submitted("director", approvers=("chief",))
    refused(office.sign(letter, "director"), 403, "NotYourTurn")
    for other in ("officer", "registrar"):
        refused(office.sign(letter, other), 403, "Forbidden")
    for stranger in (office.user("records"), office.user("director", STRANGER)):
        assert stranger.post(f"{letter}/@sign", json={"method": "click"}).status_code == 404
        assert stranger.get(f"{letter}/@signatures").status_code == 404
    assert office.city.client().post(f"{letter}/@sign", json={"method": "click"}).status_code == 401
    assert office.sign(letter, "chief").status_code == 200
    refused(office.sign(letter, "chief"), 409, "AlreadySigned")
    assert office.sign(letter, "director").status_code == 200
    refused(office.sign(letter, "director"), 409, "AlreadySigned")
    assert len(office.signatures(letter)) == 2


def test_what_nobody_was_asked_to_sign_is_not_signed(office: SigningOffice, refused: Any) -> None:
    letter = office.draft()
    for head in ("director", "chief"):
        refused(office.sign(letter, head), 409, "NotInSigning")
    refused(office.sign(letter, "registrar"), 403, "Forbidden")
    refused(office.back(letter, "registrar"), 409, "NotInSigning")
    assert office.dispatch(letter).status_code == 200  # as ever: no kind needs a signature here
    refused(office.sign(letter, "director"), 409, "NotInSigning")
    refused(office.submit(letter, "director"), 409, "NotADraft")
    receiver = office.user("registrar", RECEIVER)
    for verb, data in (("sign", {"method": "click"}), ("submit", {"signers": []}), ("send-back", {"note": "x"})):
        refused(receiver.post(f"{letter}/@{verb}", json=data), 403, "Forbidden")


def test_what_waits_or_is_signed_is_not_changed(office: SigningOffice, refused: Any) -> None:  # E31
    letter = office.draft()
    attached = office.user("officer").post(letter, json=FILE)
    assert attached.status_code == 201, attached.text
    tus = {"Tus-Resumable": "1.0.0", "Upload-Length": "5", "Upload-Metadata": "filename YS50eHQ="}
    begun = office.user("officer").post(f"{letter}/@tus-upload", headers=tus)
    assert begun.status_code == 201, begun.text
    assert office.submit(letter, "director").status_code == 200
    piece = {"Tus-Resumable": "1.0.0", "Upload-Offset": "0", "Content-Type": "application/offset+octet-stream"}
    for state in ("pending", "signed"):
        for who in ("officer", "registrar", "director"):
            user = office.user(who)
            refused(user.patch(letter, json={"title": "x"}), 409, "NotADraft")
            refused(user.post(letter, json=FILE), 409, "NotADraft")
            refused(user.post(f"{letter}/@tus-upload", headers=tus), 409, "NotADraft")
            refused(user.patch(attached.json()["@id"], json={"title": "x"}), 409, "NotADraft")
            refused(user.delete(attached.json()["@id"]), 409, "NotADraft")
            refused(user.delete(letter), 409, "NotADraft")
            refused(user.post(f"{letter}/@submit", json={"signers": [office.id("director")]}), 409, "NotADraft")
        late = office.user("officer").patch(begun.headers["Location"], data=b"hello", headers=piece)
        assert late.status_code == 409, late.text
        if state == "pending":
            refused(office.dispatch(letter), 409, "NotDispatchable")
            assert office.sign(letter).status_code == 200
    assert office.user("officer").get(letter).json()["items_total"] == 1
    assert office.signatures(letter)[0]["valid"]


@pytest.mark.parametrize(
    ("people", "field"),
    [
        ({}, "signers"),
        ({"signers": []}, "signers"),
        ({"signers": [], "approvers": [f"chief.{AGENCY}"]}, "signers"),
        ({"signers": f"director.{AGENCY}"}, "signers"),
        ({"signers": [7]}, "signers"),
        ({"signers": [""]}, "signers"),
        ({"signers": ["nobody.at.all"]}, "signers"),
        ({"signers": [f"director.{STRANGER}"]}, "signers"),
        ({"signers": ["site-admin"]}, "signers"),
        ({"signers": [f"officer.{AGENCY}"]}, "signers"),
        ({"signers": [f"registrar.{AGENCY}"]}, "signers"),
        ({"signers": [f"director.{AGENCY}", f"director.{AGENCY}"]}, "signers"),
        ({"signers": [f"director.{AGENCY}"] * 21}, "signers"),
        ({"signers": [f"director.{AGENCY}"], "approvers": ["nobody.at.all"]}, "approvers"),
        ({"signers": [f"director.{AGENCY}"], "approvers": [f"chief.{STRANGER}"]}, "approvers"),
        ({"signers": [f"director.{AGENCY}"], "approvers": {"x": 1}}, "approvers"),
        ({"signers": [f"director.{AGENCY}"], "approvers": [f"director.{AGENCY}"]}, "signers"),
    ],
)
def test_who_can_be_asked(office: SigningOffice, refused: Any, people: dict[str, Any], field: str) -> None:
    letter = office.draft()
    refused(office.user("officer").post(f"{letter}/@submit", json=people), 400, "Invalid", field)
    assert office.state(letter) == "draft"
    assert [step["what"] for step in office.steps(letter)] == ["created"]


def test_anybody_of_the_agency_approves(office: SigningOffice) -> None:
    letter = office.submitted("chief", "director", approvers=("records", "registrar"))
    assert office.user("records").get(letter).status_code == 200  # whose turn it is reads it, and no sooner
    assert office.sign(letter, "records").status_code == 200
    for who in ("registrar", "chief", "director"):
        assert office.sign(letter, who).status_code == 200
    assert [one["signer"].partition(".")[0] for one in office.signatures(letter)] == [
        "records", "registrar", "chief", "director",
    ]  # fmt: skip


def test_who_comes_later_does_not_read_it_yet(office: SigningOffice) -> None:
    letter = office.submitted("director", approvers=("registrar", "records"))
    assert office.user("records").get(letter).status_code == 404
    assert office.sign(letter, "records").status_code == 404
    assert office.sign(letter, "registrar").status_code == 200
    assert office.user("records").get(letter).status_code == 200


@pytest.mark.parametrize("method", ["image", "certificate", "wink", "", None, 7])
def test_other_methods_come_later(office: SigningOffice, refused: Any, method: Any) -> None:
    letter = office.submitted()
    answer = office.user("director").post(f"{letter}/@sign", json={"method": method})
    error = refused(answer, 400, "Invalid", "method")
    assert ("not there yet" in error["fields"]["method"]) == (method in ("image", "certificate"))
    refused(office.user("registrar").post(f"{letter}/@sign", json={"method": method}), 403, "Forbidden")  # 403 before 400


@pytest.mark.parametrize("capacity", ["acting", "king", 7, ["own"]])
def test_a_capacity_that_is_not_held(office: SigningOffice, refused: Any, capacity: Any) -> None:
    letter = office.submitted()
    refused(office.sign(letter, capacity=capacity), 400, "Invalid", "capacity")
    assert office.sign(letter, capacity="own").json()["signature"]["capacity"] == "own"


# Back


def test_it_is_sent_back_and_comes_again(office: SigningOffice, refused: Any) -> None:
    letter = office.submitted("director", approvers=("chief",))
    assert office.sign(letter, "chief").status_code == 200
    refused(office.user("director").post(f"{letter}/@send-back", json={}), 400, "NoteRequired", "note")
    refused(office.user("director").post(f"{letter}/@send-back", json={"note": " "}), 400, "NoteRequired", "note")
    refused(office.back(letter, "chief"), 403, "Forbidden")  # it is for the director now
    answer = office.back(letter)
    assert answer.json() == {"state": "draft"}
    step = office.steps(letter)[-1]
    assert (step["what"], step["note"], step["actor"]["id"]) == ("sent-back", "โปรดแก้ไขวรรคสอง", office.id("director"))
    (void,) = office.signatures(letter)
    assert (void["signer"], void["valid"], void["trusted"]) == (office.id("chief"), False, False)
    assert void["problems"] == ["The letter was sent back for changes after this was signed."]
    assert "ส่งกลับ" in office.signatures(letter, language="th")[0]["problems"][0]
    assert office.user("officer").patch(letter, json={"title": "แก้แล้ว"}).status_code == 204
    refused(office.sign(letter, "chief"), 409, "NotInSigning")
    assert office.submit(letter, "director").status_code == 200
    assert office.sign(letter).status_code == 200
    assert [(one["signer"].partition(".")[0], one["valid"]) for one in office.signatures(letter)] == [
        ("chief", False),
        ("director", True),
    ]
    assert office.dispatch(letter).status_code == 200
    theirs = office.user("registrar", RECEIVER)
    assert [one["signer"] for one in theirs.get(f"{letter}/@signatures").json()["items"]] == [office.id("director")]
    seen = [step["what"] for step in theirs.get(f"{letter}/@movement").json()["items"]]
    assert seen == ["created", "signed", "dispatched"]  # of what was corrected before it was sent they know nothing


@pytest.mark.parametrize("who", ["officer", "registrar", "director"])
def test_until_it_is_dispatched_it_can_be_taken_back(office: SigningOffice, refused: Any, who: str) -> None:
    letter = office.submitted("director", approvers=("chief",))
    if who == "director":
        refused(office.back(letter, who), 403, "NotYourTurn")
    else:
        assert office.back(letter, who).json()["state"] == "draft"
        assert office.submit(letter, "director", approvers=("chief",)).status_code == 200
    assert office.sign(letter, "chief").status_code == 200
    assert office.sign(letter, "director").status_code == 200
    refused(office.back(letter, "chief"), 403, "Forbidden")  # who approved did not sign
    assert office.back(letter, who).json()["state"] == office.state(letter) == "draft"
    assert not any(one["valid"] for one in office.signatures(letter))


def test_what_was_dispatched_is_not_sent_back(office: SigningOffice, refused: Any) -> None:
    letter = office.signed()
    assert office.dispatch(letter).status_code == 200
    for who in ("officer", "registrar", "director", "chief"):
        refused(office.back(letter, who), 409, "NotInSigning")


def test_a_draft_that_was_sent_back_is_deleted(office: SigningOffice) -> None:
    letter = office.submitted()
    assert office.back(letter).status_code == 200
    assert office.notices("officer", letter) == ["sent-back"]
    assert office.user("officer").delete(letter).status_code == 204
    assert office.notices("officer", letter) == []


# What a signature is worth


def test_a_change_after_signing_shows(office: SigningOffice) -> None:
    letter = office.signed()
    assert office.dispatch(letter).status_code == 200
    (before,) = office.signatures(letter)
    assert (before["valid"], before["covers_whole_document"], before["trusted"], before["problems"]) == (True, True, True, [])
    changed = office.user("registrar").post(f"{letter}/@correct", json={"reason": "พิมพ์ผิด", "title": "เรื่องใหม่"})
    assert changed.status_code == 200, changed.text
    (after,) = office.signatures(letter)
    assert after["valid"] is False
    assert after["problems"] == ["The letter says something else than what was signed."]


def test_a_change_of_level_changes_no_signature(office: SigningOffice) -> None:  # E30
    agency = "district-dusit"
    registrar, director = office.user("registrar", agency), office.user("director", agency)
    letter = registrar.post(f"/agencies/{agency}/letters", json={"@type": "Letter", "title": "x", "body": "<p>ก</p>"}).json()[
        "@id"
    ]
    assert registrar.post(letter, json=FILE).status_code == 201
    assert registrar.post(f"{letter}/@submit", json={"signers": [f"director.{agency}"]}).status_code == 200
    assert director.post(f"{letter}/@sign", json={"method": "click"}).status_code == 200
    raised = registrar.post(f"{letter}/@classify", json={"secrecy": "confidential", "reason": "ลับ"})
    assert raised.status_code == 200, raised.text
    secret = office.user("secret", agency)
    assert [one["valid"] for one in secret.get(f"{letter}/@signatures").json()["items"]] == [True]
    assert secret.post(f"{letter}/@classify", json={"secrecy": "normal", "reason": "x"}).status_code == 200
    assert [one["valid"] for one in registrar.get(f"{letter}/@signatures").json()["items"]] == [True]


def test_whose_appointment_ended_does_not_sign(office: SigningOffice, refused: Any) -> None:  # E32
    admin, acting = office.city.client("site-admin"), "registrar"
    post = {
        "person": office.id(acting), "unit": GENERAL, "function": "head", "post_th": "หัวหน้าฝ่ายปกครอง", "capacity": "acting",
        "acting_for": "หัวหน้าฝ่ายปกครอง", "valid_from": date.today().isoformat(),
    }  # fmt: skip
    made = admin.post(f"{HERE}/@appointments", json=post)
    assert made.status_code == 201, made.text
    signed, waits = office.submitted(acting), office.submitted(acting)
    signature = office.sign(signed, acting).json()["signature"]
    assert signature["capacity"] == "acting"
    assert "รักษาราชการแทนหัวหน้าฝ่ายปกครอง" in signature["post"]
    ended = admin.post(f"{HERE}/@end-appointment", json={"appointment": made.json()["id"]})
    assert ended.status_code == 200, ended.text
    refused(office.sign(waits, acting), 403, "PostEnded")
    assert office.state(waits) == "pending"
    assert waits not in [one["@id"] for one in office.waiting(acting)]
    (old,) = office.signatures(signed)
    assert (old["valid"], old["post"]) == (True, signature["post"])
    refused(office.submit(office.draft(), acting), 400, "Invalid", "signers")
    assert office.back(waits, "officer").status_code == 200  # and it is submitted anew to somebody else
    assert office.submit(waits, "chief").status_code == 200


# What is kept, and who is told


def test_every_act_and_refusal_is_in_the_audit_trail(office: SigningOffice) -> None:
    letter = office.submitted("director", approvers=("chief",))
    office.sign(letter, "director")
    office.sign(letter, "chief")
    office.back(letter)
    uid = office.user("registrar").get(letter).json()["UID"]
    rows = office.city.client("auditor").get("/@audit", params={"uid": uid}).json()["items"]
    told = [(row["act"], row["outcome"], row["actor"]["id"].partition(".")[0]) for row in reversed(rows)]
    assert told == [
        ("draft", "done", "officer"),
        ("submit", "done", "officer"),
        ("sign", "NotYourTurn", "director"),
        ("sign", "done", "chief"),
        ("send-back", "done", "director"),
    ]
    assert rows[3]["detail"]["signers"] == [office.id("director")]
    assert len(rows[1]["detail"]["sha256"]) == 64


def test_who_has_the_turn_is_told(office: SigningOffice) -> None:
    letter = office.submitted("director", approvers=("chief",))
    assert office.notices("chief", letter) == ["to-sign"]
    assert office.notices("director", letter) == []
    office.sign(letter, "chief")
    assert office.notices("chief", letter) == []
    assert office.notices("director", letter) == ["to-sign"]
    before = office.user("director").get("/@notices").json()["unread"]
    ids = [one["id"] for one in office.user("director").get("/@notices").json()["items"] if one["letter"]][:1]
    assert office.user("director").post("/@notices", json={"seen": ids}).json() == {"seen": 1}
    assert office.user("director").get("/@notices").json()["unread"] == before - 1
    office.sign(letter, "director")
    assert office.notices("director", letter) == []
    assert office.notices("officer", letter) == ["signed"]
    office.dispatch(letter)
    assert office.notices("officer", letter) == []


def test_a_circular_is_signed_as_a_letter_is(office: SigningOffice) -> None:
    circular = office.signed(**{"@type": "Circular"})
    assert office.waiting("registrar", list="signed", kind="circular")[-1]["@type"] == "Circular"
    assert office.dispatch(circular).status_code == 200
    assert office.signatures(circular, "officer", RECEIVER)[0]["signer"] == office.id("director")
