"""A secret letter in the chain of approval: only the cleared are asked, only they read it, and nothing of it lies open."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from tests.classification.conftest import OWNER, RECEIVER, SecretOffice
from tests.conftest import City


@pytest.fixture(scope="module")
def secrets(city: City) -> SecretOffice:
    return SecretOffice(city)


@pytest.fixture
def cleared(secrets: SecretOffice) -> Iterator[str]:
    """The chief is cleared for ลับ as long as a test lasts."""
    clearance = secrets.clear("chief", "confidential", OWNER)
    yield f"chief.{OWNER}"
    secrets.end(clearance, OWNER)


def submit(secrets: SecretOffice, letter: Any, *signers: str) -> Any:
    return secrets.user("secret").post(f"{letter.url}/@submit", json={"signers": list(signers)})


def at_rest(secrets: SecretOffice, letter: Any) -> list[str]:
    """The texts that the ledger keeps about the letter's signing."""
    chains = secrets.ask("SELECT id, title FROM signing_chain WHERE letter_uid = ?", letter.uid)
    turns = [row for id_, _title in chains for row in secrets.ask("SELECT digest FROM signing_turn WHERE chain_id = ?", id_)]
    notes = secrets.ask("SELECT note FROM delivery_step WHERE letter_uid = ?", letter.uid)
    return [text for row in (*((title,) for _id, title in chains), *turns, *notes) for text in row if text]


def test_only_the_cleared_are_asked(secrets: SecretOffice, refused: Any) -> None:
    letter = secrets.draft()
    for person in (f"chief.{OWNER}", f"director.{OWNER}"):
        error = refused(submit(secrets, letter, person), 400, "Invalid", "signers")
        assert "not cleared" in error["fields"]["signers"]
    for stranger in ("registrar", "chief", "director", "site-admin"):
        answer = secrets.user(stranger).post(f"{letter.url}/@submit", json={"signers": [f"director.{OWNER}"]})
        assert answer.status_code == 404


def test_whose_turn_it_is_reads_and_signs_it(secrets: SecretOffice, cleared: str, refused: Any) -> None:
    letter = secrets.draft()
    chief = secrets.user("chief")
    assert chief.get(letter.url).status_code == 404
    assert submit(secrets, letter, cleared).status_code == 200
    assert letter.word in chief.get(letter.url).json()["title"]
    assert chief.get(letter.file).status_code == 200
    assert any(letter.word in one["title"] for one in chief.get("/@waiting").json()["items"])
    assert any(letter.word in one["title"] for one in chief.get("/@waiting?secret=1").json()["items"])
    assert letter.word not in chief.get("/@waiting?secret=0").text
    assert any(letter.word in one["letter"]["title"] for one in chief.get("/@notices").json()["items"] if one["letter"])
    signed = chief.post(f"{letter.url}/@sign", json={"method": "click"})
    assert signed.json()["state"] == "signed", signed.text
    assert secrets.user("secret").get(f"{letter.url}/@signatures").json()["items"][0]["valid"] is True
    texts = at_rest(secrets, letter)
    assert len(texts) == 2
    assert all(text.startswith("sealed:1:") for text in texts)
    waiting = secrets.user("secret").get("/@waiting", params={"list": "signed", "secret": "1", "b_size": 1000})
    assert letter.word in waiting.text
    for stranger in (("registrar", OWNER), ("director", OWNER), ("site-admin", ""), ("auditor", "")):
        for name in ("mine", "pending", "signed"):
            assert letter.word not in secrets.user(*stranger).get("/@waiting", params={"list": name, "b_size": 1000}).text
        for service in ("@sign", "@send-back"):
            answer = secrets.user(*stranger).post(f"{letter.url}/{service}", json={"method": "click", "note": "x"})
            assert answer.status_code == 404
    audit = secrets.city.client("auditor").get("/@audit", params={"uid": letter.uid}).json()["items"]
    assert "sha256" not in next(row for row in audit if row["act"] == "sign")["detail"]  # it would betray a known content
    sent = secrets.user("secret").post(f"{letter.url}/@dispatch", json={"recipients": [RECEIVER]})
    assert sent.status_code == 200, sent.text
    theirs = secrets.user("secret", RECEIVER).get(f"{letter.url}/@signatures").json()["items"]
    assert [(one["signer"], one["valid"]) for one in theirs] == [(cleared, True)]


def test_a_clearance_that_ended_takes_the_turn(secrets: SecretOffice) -> None:
    clearance = secrets.clear("chief", "confidential", OWNER)
    letter = secrets.draft()
    assert submit(secrets, letter, f"chief.{OWNER}").status_code == 200
    secrets.end(clearance, OWNER)
    chief = secrets.user("chief")
    assert chief.post(f"{letter.url}/@sign", json={"method": "click"}).status_code == 404
    assert letter.word not in chief.get("/@waiting").text
    assert letter.word not in chief.get("/@notices").text
    back = secrets.user("secret").post(f"{letter.url}/@send-back", json={"note": letter.word})
    assert back.json() == {"state": "draft"}
    assert letter.word not in "".join(at_rest(secrets, letter))


def test_a_letter_that_is_raised_while_it_waits(secrets: SecretOffice, cleared: str) -> None:
    registrar, chief, secret = (secrets.user(one) for one in ("registrar", "chief", "secret"))
    word = "zqraisedwhilewaiting"
    data = {"@type": "Letter", "kind": "internal", "title": word}
    made = registrar.post(f"/agencies/{OWNER}/letters", json=data).json()
    people = {"approvers": [f"officer.{OWNER}"], "signers": [cleared]}
    assert registrar.post(f"{made['@id']}/@submit", json=people).status_code == 200
    assert secrets.user("officer").post(f"{made['@id']}/@sign", json={"method": "click"}).status_code == 200
    raised = registrar.post(f"{made['@id']}/@classify", json={"secrecy": "confidential", "reason": "x"})
    assert raised.status_code == 200, raised.text
    for gone in ("registrar", "officer", "director"):
        assert secrets.user(gone).get(made["@id"]).status_code == 404
        assert word not in secrets.user(gone).get("/@waiting?list=pending&b_size=1000").text
    found = secrets.ask("SELECT title, secrecy FROM signing_chain WHERE letter_uid = ?", made["UID"])
    assert [(title.startswith("sealed:1:"), level) for title, level in found] == [(True, "confidential")]
    assert word in secret.get("/@waiting?list=pending&secret=1&b_size=1000").text
    assert word in chief.get("/@notices").text
    assert word not in registrar.get("/@notices").text
    assert word in chief.get("/@waiting").text
    assert chief.post(f"{made['@id']}/@sign", json={"method": "click"}).json()["state"] == "signed"
    lowered = secret.post(f"{made['@id']}/@classify", json={"secrecy": "normal", "reason": "x"})
    assert lowered.status_code == 200, lowered.text
    assert secrets.ask("SELECT title, secrecy FROM signing_chain WHERE letter_uid = ?", made["UID"]) == [(word, "normal")]
    assert secrets.user("officer").get(made["@id"]).status_code == 200  # who had the turn reads it as before
    items = registrar.get(f"{made['@id']}/@signatures").json()["items"]
    assert [(one["signer"].partition(".")[0], one["valid"]) for one in items] == [("officer", True), ("chief", True)]


def test_a_draft_that_was_sent_back_and_is_raised(secrets: SecretOffice) -> None:
    """By its author, who sees too late that it is secret: what was said of it before is sealed as well."""
    secret, director = secrets.user("secret"), secrets.user("director")
    word = "zqraisedaftersentback"
    made = secret.post(f"/agencies/{OWNER}/letters", json={"@type": "Letter", "kind": "internal", "title": word}).json()
    assert secret.post(f"{made['@id']}/@submit", json={"signers": [f"director.{OWNER}"]}).status_code == 200
    assert director.post(f"{made['@id']}/@sign", json={"method": "click"}).status_code == 200
    assert director.post(f"{made['@id']}/@send-back", json={"note": word}).status_code == 200
    change = secret.patch(made["@id"], json={"secrecy": "confidential", "secrecy_reason": "x"})
    assert change.status_code == 204, change.text
    texts = at_rest(secrets, type("Kept", (), {"uid": made["UID"]}))
    assert len(texts) == 3
    assert all(text.startswith("sealed:1:") for text in texts)
    steps = secret.get(f"{made['@id']}/@movement").json()["items"]
    assert [step["note"] for step in steps if step["what"] == "sent-back"] == [word]
