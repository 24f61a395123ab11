"""Who may do what with a secret letter, at both levels: each verb by each kind of person."""

from __future__ import annotations

from typing import Any

import pytest
from tests.classification.conftest import BYSTANDER, OWNER, RECEIVER, SecretOffice

LEVELS = ("confidential", "secret")
NAMES = ("registrar", "officer", "chief", "director", "records")
UNCLEARED = tuple((name, agency) for agency in (OWNER, RECEIVER) for name in NAMES)
OUTSIDE = (("secret", BYSTANDER), ("registrar", BYSTANDER), ("site-admin", ""), ("auditor", ""))
ON_LETTER: tuple[tuple[str, str, dict[str, Any]], ...] = (
    ("GET", "", {}),
    ("PATCH", "", {"title": "x"}),
    ("DELETE", "", {}),
    ("POST", "", {"@type": "Attachment", "title": "x", "file": {"filename": "x.txt", "data": "eA=="}}),
    ("GET", "/@movement", {}),
    ("GET", "/@deliveries", {}),
    ("GET", "/@history", {}),
    ("GET", "/@sharing", {}),
    ("GET", "/@workflow", {}),
    ("POST", "/@dispatch", {"recipients": [RECEIVER]}),
    ("POST", "/@send-copy", {"recipients": [BYSTANDER]}),
    ("POST", "/@recall", {"reason": "x"}),
    ("POST", "/@cancel", {"reason": "x"}),
    ("POST", "/@classify", {"secrecy": "normal", "reason": "x"}),
    ("POST", "/@submit", {"signers": [f"director.{OWNER}"]}),
    ("POST", "/@sign", {"method": "click"}),
    ("POST", "/@send-back", {"note": "x"}),
    ("GET", "/@signatures", {}),
    ("POST", "/@grant", {"user": f"chief.{OWNER}", "reason": "x"}),
    ("POST", "/@withdraw-grant", {"user": f"chief.{OWNER}", "reason": "x"}),
)
ON_CIRCULAR: tuple[tuple[str, str, dict[str, Any]], ...] = (
    *ON_LETTER,
    ("POST", "/@open", {}),
    ("POST", "/@acknowledge", {}),
    ("POST", "/@remind", {}),
    ("GET", "/@readers", {}),
)
ON_DELIVERY: tuple[tuple[str, str, dict[str, Any]], ...] = (
    ("GET", "", {}),
    ("POST", "/@open", {}),
    ("POST", "/@register", {}),
    ("POST", "/@return", {"note": "x"}),
    ("POST", "/@forward", {"units": [BYSTANDER]}),
    ("POST", "/@assign", {"users": [f"secret.{RECEIVER}"], "instruction": "x"}),
    ("POST", "/@order", {"text": "x"}),
    ("POST", "/@postpone", {"due_date": "2030-01-01", "reason": "x"}),
    ("POST", "/@follow-up", {"on": True}),
    ("POST", "/@close", {"result": "x"}),
    ("POST", "/@reopen", {"reason": "x"}),
)


@pytest.mark.parametrize("state", ["draft", "sent", "registered"])
@pytest.mark.parametrize(("kind", "level"), [*(("letter", level) for level in LEVELS), ("circular", "secret")])
def test_nobody_else_finds_anything(office: SecretOffice, level: str, state: str, kind: str) -> None:
    letter = getattr(office, state)(level, circular=kind == "circular")
    before = office.ask("SELECT count(*) FROM delivery_step WHERE letter_uid = ?", letter.uid)
    receiver = () if state != "draft" else (("secret", RECEIVER),)
    for name, agency in (*UNCLEARED, *OUTSIDE, *receiver):
        user = office.user(name, agency)
        for method, path, data in ON_CIRCULAR if kind == "circular" else ON_LETTER:
            answer = user.request(method, f"{letter.url}{path}", json=data)
            assert answer.status_code == 404, (name, agency, method, path, answer.text)
        for delivery in letter.deliveries:
            for method, path, data in ON_DELIVERY:
                answer = user.request(method, f"{delivery}{path}", json=data)
                assert answer.status_code == 404, (name, agency, method, path, answer.text)
        for address in (letter.attachment, letter.file):
            assert user.get(address).status_code == 404, (name, agency, address)
    for address in letter.addresses:
        assert office.city.client(None).get(address, allow_redirects=False).status_code in (401, 302)
    assert office.ask("SELECT count(*) FROM delivery_step WHERE letter_uid = ?", letter.uid) == before
    tried = office.ask("SELECT count(DISTINCT person) FROM audit WHERE uid = ? AND outcome = 'NotFound'", letter.uid)
    assert tried[0][0] == len(UNCLEARED) + len(OUTSIDE) + len(receiver)


@pytest.mark.parametrize(("level", "circular"), [("confidential", False), ("secret", False), ("confidential", True)])
def test_the_receiving_registrar_does_what_a_receiver_does(office: SecretOffice, level: str, circular: bool) -> None:
    letter = office.sent(level, circular=circular)
    receiver = office.user("secret", RECEIVER)
    for method, path, data in ON_LETTER:
        if path in (
            "/@submit",
            "/@sign",
            "/@send-back",
            "/@dispatch",
            "/@send-copy",
            "/@recall",
            "/@cancel",
            "/@classify",
        ) or method in ("PATCH", "DELETE"):
            answer = receiver.request(method, f"{letter.url}{path}", json=data)
            assert answer.status_code == 403, (method, path, answer.text)
    expected = {
        "/@open": 200, "/@order": 403, "/@close": 409, "/@register": 200, "/@return": 409, "/@forward": 200, "/@assign": 200,
        "/@postpone": 200, "/@follow-up": 200,
    }  # fmt: skip
    bodies = {path: data for _method, path, data in ON_DELIVERY}
    for path, status in expected.items():
        answer = receiver.post(f"{letter.delivery}{path}", json=bodies[path])
        assert answer.status_code == status, (path, answer.text)
    assert receiver.post(f"{letter.delivery}/@close", json={"result": "x"}).status_code == 200
    assert receiver.post(f"{letter.delivery}/@reopen", json={"reason": "x"}).status_code == 200
    forwarded = office.ask("SELECT unit FROM delivery WHERE letter_uid = ? AND parent_id IS NOT NULL", letter.uid)
    assert forwarded == [(BYSTANDER,)]
    assert office.user("secret", BYSTANDER).get(letter.url).status_code == 200


@pytest.mark.parametrize("level", LEVELS)
def test_a_clearance_for_the_other_level_is_none(office: SecretOffice, level: str) -> None:
    other = "secret" if level == "confidential" else "confidential"
    clearance = office.clear("chief", other, OWNER)
    try:
        answer = office.user("chief").post(f"/agencies/{OWNER}/letters", json=office.fields("w", level))
        assert answer.status_code == 403
        letter = office.draft(level)
        refused = office.user("secret").post(f"{letter.url}/@grant", json={"user": f"chief.{OWNER}", "reason": "x"})
        assert refused.status_code == 400
        own = office.user("chief").post(f"/agencies/{OWNER}/letters", json=office.fields("w", other))
        assert own.status_code == 201, own.text
        # Cleared to write is not appointed to send.
        sent = office.user("chief").post(f"{own.json()['@id']}/@dispatch", json={"recipients": [RECEIVER]})
        assert sent.status_code == 403
    finally:
        office.end(clearance, OWNER)
    assert office.user("chief").get(own.json()["@id"]).status_code == 404
