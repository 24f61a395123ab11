"""Change of level (E30): by the originator, with the reason; everything that is kept of the letter follows at once."""

from __future__ import annotations

import base64
import secrets
from typing import Any

import pytest
from tests.classification.conftest import BYSTANDER, OWNER, RECEIVER, UNREADY, SecretOffice
from tests.conftest import wait_until

RAISE = {"secrecy": "confidential", "reason": "เนื้อหาเป็นความลับ"}


@pytest.fixture
def normal(office: SecretOffice) -> tuple[str, list[str], str]:
    """A normal letter with a file, sent to two agencies, registered and assigned in one: its word stands everywhere."""
    word = "คำธรรมดา" + secrets.token_hex(5)
    registrar, receiver = office.user("registrar"), office.user("registrar", RECEIVER)
    made = registrar.post(
        f"/agencies/{OWNER}/letters",
        json={"title": word, "kind": "external", "body": word, "to_text": word},
        headers={"Idempotency-Key": word[-8:]},
    )
    url = made.json()["@id"]
    content = base64.b64encode(word.encode()).decode()
    registrar.post(url, json={"@type": "Attachment", "title": word, "file": {"filename": "a.txt", "data": content}})
    sent = registrar.post(f"{url}/@dispatch", json={"recipients": [RECEIVER, UNREADY]}).json()["deliveries"]
    deliveries = [one["@id"] for one in sent]
    receiver.post(f"{deliveries[0]}/@register", json={})
    receiver.post(f"{deliveries[0]}/@assign", json={"users": [f"officer.{RECEIVER}"], "instruction": word})
    return url, deliveries, word


def ledger_rows(office: SecretOffice, uid: str) -> str:
    """All that the ledger says of a letter."""
    rows: list[Any] = []
    for table, column in (("delivery", "letter_uid"), ("delivery_step", "letter_uid"), ("register_entry", "document_uid")):
        rows += office.ask(f"SELECT * FROM {table} WHERE {column} = ?", uid)
    rows += office.ask("SELECT a.* FROM assignment a JOIN delivery d ON d.id = a.delivery_id WHERE d.letter_uid = ?", uid)
    rows += office.ask("SELECT answer FROM idempotency_key WHERE answer LIKE ?", f"%{uid}%")
    return repr(rows)


def test_raised_from_normal_it_is_gone_for_all_but_the_cleared(
    office: SecretOffice, normal: tuple[str, list[str], str]
) -> None:
    url, deliveries, word = normal
    registrar, uid = office.user("registrar"), office.user("registrar").get(url).json()["UID"]
    number = registrar.get(url).json()["number"]
    assert word in ledger_rows(office, uid)
    found = "SELECT 1 FROM search_letter WHERE uid = ?"
    wait_until(lambda: office.ask(found, uid), 60, "for the index")
    for user in (office.user("registrar", RECEIVER), office.user("officer", RECEIVER)):
        assert user.post(f"{url}/@classify", json=RAISE).status_code == 403
    assert registrar.post(f"{url}/@classify", json={"secrecy": "confidential"}).status_code == 400
    raised = registrar.post(f"{url}/@classify", json=RAISE)
    assert (raised.status_code, raised.json()["secrecy"]) == (200, "confidential"), raised.text

    for name, agency in (("registrar", OWNER), ("director", OWNER), ("registrar", RECEIVER), ("officer", RECEIVER)):
        for address in (url, *deliveries):
            assert office.user(name, agency).get(address).status_code == 404, (name, agency, address)
    assert word not in ledger_rows(office, uid)
    shown = {line["number"]: line for line in office.book("send", user="registrar")}
    assert shown[number]["subject"] == "(ลับ)"
    receive = office.book("receive", RECEIVER, "registrar")
    assert any(line["letter_number"] == number and line["subject"] == "(ลับ)" for line in receive)
    desk = office.user("registrar", RECEIVER).get(f"/agencies/{RECEIVER}/@deliveries?b_size=1000")
    assert word not in desk.text
    assert word not in office.user("officer", RECEIVER).get("/@inbox?b_size=1000").text

    wait_until(lambda: not office.ask(found, uid), 60, "for the index to forget")
    assert word not in registrar.get(f"/@find?text={word}").text
    assert word not in registrar.get(f"/@search?SearchableText={word}").text

    secret, receiver = office.user("secret"), office.user("secret", RECEIVER)
    letter = secret.get(url).json()
    assert (letter["title"], letter["number"], letter["secrecy_reason"]) == (word, number, RAISE["reason"])
    assert secret.get(letter["items"][0]["file"]["download"]).text == word
    assert receiver.get(deliveries[0]).json()["letter"]["title"] == word
    steps = [step for step in secret.get(f"{url}/@movement").json()["items"] if step["what"] == "classified"]
    assert {step["to_unit"] for step in steps} == {None, RECEIVER, UNREADY}
    told = [step for step in receiver.get(f"{url}/@movement").json()["items"] if step["what"] == "classified"]
    assert {step["to_unit"] for step in told} == {None, RECEIVER}
    assert RAISE["reason"] in steps[0]["note"]
    assert receiver.post(f"{deliveries[0]}/@close", json={"result": word}).status_code == 200
    assert word not in ledger_rows(office, uid)


def test_lowered_to_normal_everybody_has_it_back(office: SecretOffice, normal: tuple[str, list[str], str]) -> None:
    url, deliveries, word = normal
    uid = office.user("registrar").get(url).json()["UID"]
    office.user("registrar").post(f"{url}/@classify", json=RAISE)
    lower = {"secrecy": "normal", "reason": "พ้นความจำเป็น"}
    assert office.user("secret", RECEIVER).post(f"{url}/@classify", json=lower).status_code == 403
    assert office.user("registrar").post(f"{url}/@classify", json=lower).status_code == 404
    assert office.user("secret").post(f"{url}/@classify", json=lower).status_code == 200
    letter = office.user("registrar").get(url).json()
    assert (letter["title"], letter["body"], letter["secrecy"], letter["secrecy_reason"]) == (word, word, "normal", "")
    assert office.user("registrar").get(letter["items"][0]["file"]["download"]).text == word
    assert letter["items"][0]["file"]["filename"] == "a.txt"
    assert office.user("registrar", RECEIVER).get(url).status_code == 200
    assert office.user("officer", RECEIVER).get(deliveries[0]).json()["instruction"] == word
    assert office.user("secret", RECEIVER).get(url).status_code == 404
    assert any(line["subject"] == word for line in office.book("send", user="registrar"))
    assert not office.ask("SELECT 1 FROM letter_key WHERE uid = ?", uid)
    assert "sealed:1:" not in ledger_rows(office, uid)


def test_between_levels_by_a_registrar_cleared_for_both(office: SecretOffice) -> None:
    letter = office.registered("secret")
    data = {"secrecy": "confidential", "reason": "ลดชั้น"}
    assert office.user("secret", RECEIVER).post(f"{letter.url}/@classify", json=data).status_code == 403
    for user in (office.user("registrar"), office.user("director"), office.user("site-admin")):
        assert user.post(f"{letter.url}/@classify", json=data).status_code == 404
    assert office.user("secret").post(f"{letter.url}/@classify", json=data).status_code == 200
    again = office.user("secret").post(f"{letter.url}/@classify", json=data)
    assert (again.status_code, again.json()["error"]["type"]) == (409, "SameLevel")
    assert office.user("secret", RECEIVER).get(letter.delivery).json()["letter"]["secrecy"] == "confidential"
    assert office.book("secret-control")[-1]["remark"] == "ปรับลดชั้นความลับ"


def test_it_is_not_raised_where_nobody_could_read_it(office: SecretOffice) -> None:
    made = office.user("registrar", UNREADY).post(f"/agencies/{UNREADY}/letters", json={"title": "x", "kind": "internal"})
    answer = office.user("registrar", UNREADY).post(f"{made.json()['@id']}/@classify", json=RAISE)
    assert (answer.status_code, answer.json()["error"]["type"]) == (400, "NobodyCleared")


def test_what_came_from_outside_is_not_lowered_here(office: SecretOffice) -> None:
    data = {"title": "x", "sender": "กองทัพบก", "secrecy": "secret", "secrecy_reason": "ลับ"}
    made = office.user("secret").post(f"/agencies/{OWNER}/@receive", json=data).json()["letter"]["@id"]
    answer = office.user("secret").post(f"{made}/@classify", json={"secrecy": "confidential", "reason": "x"})
    assert answer.status_code == 403


def test_a_draft_is_classified_before_it_is_sent(office: SecretOffice) -> None:
    made = office.user("officer").post(f"/agencies/{OWNER}/letters", json={"title": "ร่าง", "kind": "external"}).json()["@id"]
    assert office.user("director").post(f"{made}/@classify", json=RAISE).status_code == 200
    assert office.user("officer").get(made).status_code == 404
    sent = office.user("secret").post(f"{made}/@dispatch", json={"recipients": [RECEIVER, BYSTANDER]})
    assert sent.status_code == 200, sent.text
    assert sent.json()["number"].startswith("ลับ ")
