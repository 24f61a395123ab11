"""A circular above normal: sent as a secret letter is, and its receipts are for exactly those who may read it (B9, E26-E30)."""

from __future__ import annotations

import secrets
from collections.abc import Iterator
from typing import Any

import pytest
from sqlalchemy import create_engine, select
from sqlalchemy.orm import Session
from tests.classification.conftest import BYSTANDER, OWNER, RECEIVER, UNREADY, Secret, SecretOffice
from tests.conftest import wait_until

from saraban.circulars.reminders import looked_at
from saraban.routing.tables import Delivery

PAGE = {"Accept": "text/html"}
RAISE = {"secrecy": "confidential", "reason": "เนื้อหาเป็นความลับ"}
LOWER = {"secrecy": "normal", "reason": "พ้นความจำเป็น"}


def refusal(answer: Any) -> tuple[int, str]:
    """Status and code."""
    return answer.status_code, str(answer.json()["error"]["type"])


def listed(office: SecretOffice, name: str, agency: str, address: str) -> bool:
    """Whether a person's list of circulars leads to one, on any of its pages."""
    for start in range(0, 1000, 50):
        page = office.user(name, agency).get(f"/circulars?b_size=50&b_start={start}", headers=PAGE).text
        if f'href="{address}"' in page:
            return True
        if f"b_start={start + 50}" not in page:
            return False
    return False


def readers(office: SecretOffice, circular: Secret, name: str = "secret") -> dict[str, dict[str, Any]]:
    """What its sender is told of the receiving units."""
    answer = office.user(name).get(f"{circular.url}/@readers")
    assert answer.status_code == 200, answer.text
    return {one["unit"]: one for one in answer.json()["items"]}


def persons(item: dict[str, Any], which: str) -> set[str]:
    """Those of whom it speaks."""
    return {one["person"] for one in item[which]}


def told(office: SecretOffice, name: str, agency: str, address: str) -> list[str]:
    """The kinds of a person's notices about the circular."""
    items = office.user(name, agency).get("/@notices?b_size=1000").json()["items"]
    return [one["kind"] for one in items if one["delivery"] and one["delivery"]["letter"]["@id"] == address]


@pytest.fixture(scope="module")
def cleared(office: SecretOffice) -> Iterator[None]:
    """An executive of the receiver and an officer of the sender are cleared for ลับ."""
    given = [office.clear("chief", "confidential", RECEIVER), office.clear("officer", "confidential", OWNER)]
    yield
    for one, agency in zip(given, (RECEIVER, OWNER), strict=True):
        office.end(one, agency)


# The way


@pytest.mark.parametrize(("level", "mark"), [("confidential", "ลับ"), ("secret", "ลับมาก")])
def test_it_bears_its_mark_and_counts_in_the_secret_series(office: SecretOffice, level: str, mark: str) -> None:
    books = [len(office.book("send", user="registrar", series=series)) for series in ("circular", "external")]
    before = office.sent(level)
    circular = office.sent(level, RECEIVER, BYSTANDER, circular=True)
    secret = office.user("secret")
    number, letter = (secret.get(one.url).json()["number"] for one in (circular, before))
    code, sequence = letter.removeprefix(f"{mark} ").split("/")
    assert number == f"{mark} {code}/ว {int(sequence) + 1}"
    line = office.book("secret-send")[-1]
    assert (line["number"], line["subject"], line["seq"]) == (number, f"เรื่อง {circular.word}", int(sequence) + 1)
    copies = [one for one in office.book("secret-control") if one["letter_number"] == number]
    assert [one["remark"] for one in copies] == ["ชุดที่ 1 ของ 2 ชุด", "ชุดที่ 2 ของ 2 ชุด"]
    assert books == [len(office.book("send", user="registrar", series=series)) for series in ("circular", "external")]
    for agency in (RECEIVER, BYSTANDER):
        delivery = next(one for one in circular.deliveries if f"/{agency}/" in one)
        page = office.user("secret", agency, "th").get(delivery, headers=PAGE).text
        assert page.count(f'<p class="secrecy-mark">{mark}</p>') == 2
        assert "ของ 2 ชุด" in page
        answer = office.user("secret", agency).post(f"{delivery}/@register", json={})
        assert answer.json()["receive_number"] == office.book("secret-receive", agency)[-1]["seq"]
        assert office.user("secret", agency).get(circular.file).content.startswith(circular.word.encode())


def test_a_reserved_number_of_the_secret_series_bears_the_mark_of_a_circular(office: SecretOffice) -> None:
    asked = {"series": "secret", "purpose": "เวียน"}
    kept = office.user("secret").post(f"/agencies/{OWNER}/@reserve-number", json=asked).json()
    circular = office.draft("secret", circular=True)
    data = {"recipients": [RECEIVER], "reservation": kept["reservation"]}
    number = office.user("secret").post(f"{circular.url}/@dispatch", json=data).json()["number"]
    assert number == "ลับมาก " + kept["number"].replace("/", "/ว ")


def test_it_goes_only_where_somebody_is_cleared(office: SecretOffice) -> None:
    circular = office.draft("secret", circular=True)
    for recipients in ([RECEIVER, UNREADY], "all-agencies"):
        answer = office.user("secret").post(f"{circular.url}/@dispatch", json={"recipients": recipients})
        assert refusal(answer) == (400, "WrongRecipients")
    for name in ("registrar", "director"):
        assert office.user(name).post(f"{circular.url}/@dispatch", json={"recipients": [RECEIVER]}).status_code == 404


def test_only_the_cleared_write_one_and_nobody_a_top_secret_one(office: SecretOffice) -> None:
    data = {**office.fields("w"), "@type": "Circular"}
    del data["kind"]
    address = f"/agencies/{OWNER}/circulars"
    assert refusal(office.user("registrar").post(address, json=data)) == (403, "Forbidden")
    for name in ("secret", "registrar"):
        answer = office.user(name).post(address, json={**data, "secrecy": "top-secret"})
        assert refusal(answer) == (400, "TopSecretNotElectronic")
    made = office.user("secret").post(address, json={**data, "secrecy": "normal", "secrecy_reason": ""}).json()["@id"]
    assert office.user("registrar").get(made).status_code == 200
    changed = office.user("secret").patch(made, json={"secrecy": "secret", "secrecy_reason": "ลับ"})
    assert changed.status_code == 204, changed.text
    assert office.user("registrar").get(made).status_code == 404


def test_what_is_secret_is_not_published(office: SecretOffice) -> None:  # Official Information Act, 7 (4)
    data = {**office.fields("w"), "@type": "Circular", "publish": "section-7"}
    del data["kind"]
    secret = office.user("secret")
    answer = secret.post(f"/agencies/{OWNER}/circulars", json=data)
    assert refusal(answer) == (400, "Invalid")
    assert list(answer.json()["error"]["fields"]) == ["publish"]
    made = secret.post(f"/agencies/{OWNER}/circulars", json={**data, "secrecy": "normal", "secrecy_reason": ""}).json()
    raised = secret.patch(made["@id"], json={"secrecy": "secret", "secrecy_reason": "ลับ"})
    assert list(raised.json()["error"]["fields"]) == ["publish"]
    circular = office.registered(circular=True)
    assert secret.patch(circular.url, json={"publish": "section-9"}).status_code == 409
    receiver = office.user("secret", RECEIVER)
    closed = receiver.post(f"{circular.delivery}/@close", json={"result": "x", "publish": "section-7"})
    assert list(closed.json()["error"]["fields"]) == ["publish"]
    assert 'name="publish"' not in receiver.get(f"{circular.delivery}/@@do?verb=close", headers=PAGE).text


# Who reads it


@pytest.mark.usefixtures("cleared")
def test_receipts_are_for_exactly_those_who_may_read_it(office: SecretOffice) -> None:
    circular = office.sent("confidential", RECEIVER, BYSTANDER, circular=True)
    secret, there, chief = office.user("secret"), office.user("secret", RECEIVER), office.user("chief", RECEIVER)
    found = readers(office, circular)
    assert {unit: one["staff"] for unit, one in found.items()} == {RECEIVER: 1, BYSTANDER: 1}
    assert persons(found[RECEIVER], "waiting") == {f"secret.{RECEIVER}"}
    for name, agency in (("chief", RECEIVER), ("registrar", RECEIVER), ("officer", RECEIVER), ("registrar", OWNER)):
        assert office.user(name, agency).post(f"{circular.url}/@acknowledge", json={}).status_code == 404, name
        assert not listed(office, name, agency, circular.url), name
    assert listed(office, "secret", RECEIVER, circular.url)

    assert there.post(f"{circular.url}/@grant", json={"user": f"chief.{RECEIVER}", "reason": "เกี่ยวข้อง"}).status_code == 200
    assert secret.post(f"{circular.url}/@grant", json={"user": f"officer.{OWNER}", "reason": "เกี่ยวข้อง"}).status_code == 200
    assert listed(office, "chief", RECEIVER, circular.url)
    page = office.user("chief", RECEIVER, "th").get(circular.url, headers=PAGE).text  # the look is noted
    assert page.count('<p class="secrecy-mark">ลับ</p>') == 2
    assert chief.post(f"{circular.url}/@acknowledge", json={}).status_code == 204
    assert there.post(f"{circular.delivery}/@open", json={}).status_code == 200  # at the desk, not on its own page
    found = readers(office, circular)
    known = {one["person"]: bool(one["acknowledged_at"]) for one in found[RECEIVER]["persons"]}
    assert known == {f"chief.{RECEIVER}": True, f"secret.{RECEIVER}": False}
    assert (found[RECEIVER]["staff"], found[RECEIVER]["waiting"], found[RECEIVER]["earlier"]) == (2, [], [])
    assert persons(found[BYSTANDER], "waiting") == {f"secret.{BYSTANDER}"}

    # The sender's own people read it without a receipt; who may read it besides them is not theirs to know.
    assert refusal(office.user("officer").post(f"{circular.url}/@acknowledge", json={})) == (409, "NotReceived")
    assert refusal(office.user("officer").get(f"{circular.url}/@readers")) == (403, "Forbidden")
    assert f"chief.{RECEIVER}" not in office.user("officer").get(circular.url, headers=PAGE).text
    assert there.get(f"{circular.url}/@readers").status_code == 403
    shown = office.user("secret", language="th").get(circular.url, headers=PAGE).text
    assert "รายชื่อผู้ที่ยังไม่ได้อ่าน" in shown

    assert there.post(f"{circular.url}/@withdraw-grant", json={"user": f"chief.{RECEIVER}", "reason": "x"}).status_code == 200
    assert not listed(office, "chief", RECEIVER, circular.url)
    assert chief.post(f"{circular.url}/@acknowledge", json={}).status_code == 404
    found = readers(office, circular)
    assert (found[RECEIVER]["staff"], persons(found[RECEIVER], "earlier")) == (1, {f"chief.{RECEIVER}"})


@pytest.mark.usefixtures("cleared")
def test_who_was_given_the_work_reads_and_acknowledges_it(office: SecretOffice) -> None:
    circular = office.registered("confidential", circular=True)
    there, chief = office.user("secret", RECEIVER), office.user("chief", RECEIVER)
    data = {"users": [f"chief.{RECEIVER}"], "instruction": circular.word}
    assert there.post(f"{circular.delivery}/@assign", json=data).status_code == 200
    assert persons(readers(office, circular)[RECEIVER], "waiting") == {f"chief.{RECEIVER}", f"secret.{RECEIVER}"}
    assert listed(office, "chief", RECEIVER, circular.url)
    assert chief.post(f"{circular.url}/@acknowledge", json={}).status_code == 204
    assert persons(readers(office, circular)[RECEIVER], "persons") == {f"chief.{RECEIVER}"}


def test_whoever_loses_the_clearance_is_not_expected_to_read_it(office: SecretOffice) -> None:
    clearance = office.clear("records", "confidential", RECEIVER)
    circular = office.sent("confidential", circular=True)
    granted = {"user": f"records.{RECEIVER}", "reason": "เกี่ยวข้อง"}
    assert office.user("secret", RECEIVER).post(f"{circular.url}/@grant", json=granted).status_code == 200
    assert readers(office, circular)[RECEIVER]["staff"] == 2
    office.end(clearance, RECEIVER)
    found = readers(office, circular)[RECEIVER]
    assert (found["staff"], persons(found, "waiting")) == (1, {f"secret.{RECEIVER}"})
    assert not listed(office, "records", RECEIVER, circular.url)


@pytest.mark.usefixtures("cleared")
def test_reminders_reach_nobody_else(office: SecretOffice) -> None:
    circular = office.sent("confidential", RECEIVER, BYSTANDER, circular=True)
    secret, there = office.user("secret"), office.user("secret", RECEIVER)
    there.post(f"{circular.url}/@grant", json={"user": f"chief.{RECEIVER}", "reason": "เกี่ยวข้อง"})
    there.post(f"{circular.url}/@open", json={})
    assert secret.post(f"{circular.url}/@remind", json={}).json() == {"reminded": 1}  # the desk that has not looked
    assert told(office, "secret", BYSTANDER, circular.url) == ["unread"]
    assert told(office, "secret", RECEIVER, circular.url) == []
    assert secret.post(f"{circular.url}/@remind", json={"to": "persons"}).json() == {"reminded": 2}
    assert told(office, "secret", RECEIVER, circular.url) == told(office, "chief", RECEIVER, circular.url) == ["unread"]
    for name, agency in (("registrar", RECEIVER), ("director", RECEIVER), ("officer", RECEIVER), ("director", BYSTANDER)):
        assert told(office, name, agency, circular.url) == [], (name, agency)
        assert circular.word not in office.user(name, agency).get("/notices", headers=PAGE).text
    assert refusal(secret.post(f"{circular.url}/@remind", json={"to": "persons"})) == (409, "NobodyToRemind")
    given = office.ask(
        "SELECT DISTINCT n.person FROM notice n JOIN delivery d ON d.id = n.delivery_id WHERE d.letter_uid = ?", circular.uid
    )
    assert {person for (person,) in given} == {f"secret.{BYSTANDER}", f"secret.{RECEIVER}", f"chief.{RECEIVER}"}


def test_lists_count_it_for_its_readers_alone(office: SecretOffice) -> None:
    def unread(name: str, agency: str) -> str:
        page = office.user(name, agency).get("/circulars", headers=PAGE).text
        return page.partition('<p class="lead">')[2].partition("</p>")[0]

    watched = [("registrar", RECEIVER), ("director", RECEIVER), ("secret", BYSTANDER), ("registrar", OWNER)]
    before, mine = [unread(*one) for one in watched], unread("secret", RECEIVER)
    circular = office.sent("secret", circular=True)
    assert [unread(*one) for one in watched] == before
    assert unread("secret", RECEIVER) != mine
    assert listed(office, "secret", RECEIVER, circular.url)
    office.user("secret", RECEIVER).get(circular.url, headers=PAGE)
    assert unread("secret", RECEIVER) == mine
    assert office.user("secret").post(f"{circular.url}/@recall", json={"reason": "x"}).status_code == 200
    assert not listed(office, "secret", RECEIVER, circular.url)
    assert office.user("secret", RECEIVER).post(f"{circular.url}/@acknowledge", json={}).status_code == 404


# Change of level


@pytest.fixture
def normal(office: SecretOffice) -> Secret:
    """An ordinary circular that is to be published, and that an officer of the receiver has acknowledged."""
    word, registrar = "คำเวียน" + secrets.token_hex(5), office.user("registrar")
    data = {"@type": "Circular", "title": word, "body": word, "publish": "section-7"}
    made = registrar.post(f"/agencies/{OWNER}/circulars", json=data).json()
    sent = registrar.post(f"{made['@id']}/@dispatch", json={"recipients": [RECEIVER, UNREADY]}).json()["deliveries"]
    circular = Secret(word, made["@id"], made["UID"], "", "", [one["@id"] for one in sent])
    for agency in (RECEIVER, UNREADY):
        assert office.user("officer", agency).post(f"{circular.url}/@acknowledge", json={}).status_code == 204
    assert office.user("registrar", RECEIVER).post(f"{circular.delivery}/@open", json={}).status_code == 200
    return circular


def test_raised_it_is_gone_for_those_who_read_it(office: SecretOffice, normal: Secret) -> None:  # E30
    registrar, found = office.user("registrar"), "SELECT 1 FROM search_letter WHERE uid = ?"
    assert registrar.post(f"{normal.url}/@remind", json={"to": "persons"}).json()["reminded"] > 3
    read = {f"officer.{RECEIVER}", f"registrar.{RECEIVER}"}
    assert persons(readers(office, normal, "registrar")[RECEIVER], "persons") == read
    wait_until(lambda: office.ask(found, normal.uid), 60, "for the index")
    for name in ("registrar", "officer"):
        assert office.user(name, RECEIVER).post(f"{normal.url}/@classify", json=RAISE).status_code == 403
    assert 'value="confidential"' in registrar.get(f"{normal.url}/@@classify", headers=PAGE).text
    assert registrar.post(f"{normal.url}/@classify", json=RAISE).status_code == 200

    for name, agency in (("registrar", OWNER), ("officer", OWNER), ("officer", RECEIVER), ("registrar", RECEIVER)):
        user = office.user(name, agency)
        assert user.get(normal.url).status_code == 404, (name, agency)
        assert told(office, name, agency, normal.url) == []
        for address in ("/circulars?b_size=50", "/notices", "/desk", "/letters?tab=sent"):
            assert normal.word not in user.get(address, headers=PAGE).text, (name, agency, address)
    wait_until(lambda: not office.ask(found, normal.uid), 60, "for the index to forget")
    assert normal.word not in registrar.get(f"/@search?SearchableText={normal.word}").text

    secret, there = office.user("secret"), office.user("secret", RECEIVER)
    shown = secret.get(normal.url).json()
    assert (shown["title"], shown["publish"], "/ว " in shown["number"]) == (normal.word, "", True)
    assert told(office, "secret", RECEIVER, normal.url) == ["classified", "unread"]
    steps = [one for one in secret.get(f"{normal.url}/@movement").json()["items"] if one["what"] == "classified"]
    assert {step["to_unit"] for step in steps} == {None, RECEIVER, UNREADY}
    here = readers(office, normal)
    assert (here[RECEIVER]["staff"], persons(here[RECEIVER], "waiting")) == (1, {f"secret.{RECEIVER}"})
    assert persons(here[RECEIVER], "earlier") == read
    assert (here[UNREADY]["staff"], here[UNREADY]["persons"], here[UNREADY]["waiting"]) == (0, [], [])
    assert there.post(f"{normal.url}/@acknowledge", json={}).status_code == 204
    assert persons(readers(office, normal)[RECEIVER], "persons") == {f"secret.{RECEIVER}"}


def test_lowered_everybody_reads_it_again(office: SecretOffice, normal: Secret) -> None:
    assert office.user("registrar").post(f"{normal.url}/@classify", json=RAISE).status_code == 200
    assert office.user("secret", RECEIVER).post(f"{normal.url}/@classify", json=LOWER).status_code == 403
    assert office.user("secret").post(f"{normal.url}/@classify", json=LOWER).status_code == 200
    for name, agency in (("officer", RECEIVER), ("officer", UNREADY), ("registrar", OWNER), ("secret", RECEIVER)):
        assert office.user(name, agency).get(normal.url).json()["title"] == normal.word, (name, agency)
        assert name == "registrar" or listed(office, name, agency, normal.url)
    found = readers(office, normal, "registrar")[RECEIVER]
    assert persons(found, "persons") == {f"officer.{RECEIVER}", f"registrar.{RECEIVER}"}
    assert found["staff"] > 3
    assert "waiting" not in found


def test_between_levels(office: SecretOffice) -> None:
    circular = office.registered("secret", circular=True)
    data = {"secrecy": "confidential", "reason": "ลดชั้น"}
    assert office.user("secret", RECEIVER).post(f"{circular.url}/@classify", json=data).status_code == 403
    assert office.user("secret").post(f"{circular.url}/@classify", json=data).status_code == 200
    assert office.user("secret", RECEIVER).get(circular.url).json()["secrecy"] == "confidential"
    assert readers(office, circular)[RECEIVER]["staff"] == 1


def test_it_is_not_raised_where_nobody_could_read_it(office: SecretOffice) -> None:
    data = {"@type": "Circular", "title": "x"}
    made = office.user("registrar", UNREADY).post(f"/agencies/{UNREADY}/circulars", json=data).json()["@id"]
    assert refusal(office.user("registrar", UNREADY).post(f"{made}/@classify", json=RAISE)) == (400, "NobodyCleared")


def test_the_worker_waits_for_the_registrar_of_secret_information(office: SecretOffice, normal: Secret) -> None:
    """Who looked at it while it was not secret is nobody who has looked at it now."""
    engine = create_engine(f"sqlite:///file:{office.city.var}/database/main.sqlite3?mode=ro&uri=true")

    def seen() -> set[str]:
        with Session(engine) as session:
            return set(session.scalars(select(Delivery.unit).where(Delivery.letter_uid == normal.uid, looked_at())))

    assert seen() == {RECEIVER, UNREADY}
    assert office.user("registrar").post(f"{normal.url}/@classify", json=RAISE).status_code == 200
    assert seen() == set()
    assert office.user("secret", RECEIVER).post(f"{normal.url}/@open", json={}).status_code == 204
    assert seen() == {RECEIVER}
