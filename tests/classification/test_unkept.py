"""A letter is raised whose holder has nobody to keep it (E30): the holder is told so, and not of which letter (E28)."""

from __future__ import annotations

import secrets
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

import pytest
from tests.classification.conftest import OWNER, RECEIVER, SecretOffice

HOLDER, HEADLESS = "medical", "drainage"
"""Agencies without a registrar of secret information; the second loses its head for a test."""
RAISE = {"secrecy": "confidential", "reason": "เนื้อหาเป็นความลับ"}
PAGE = {"Accept": "text/html"}
ENGLISH = {**PAGE, "Cookie": "I18N_LANGUAGE=en"}
TOLD = {"id", "kind", "at", "read_at", "unit", "secrecy", "delivery", "letter"}


@dataclass
class Raised:
    """A letter all of whose texts hold the word, that lay open at its receivers."""

    word: str
    url: str
    number: str
    deliveries: dict[str, str]


def notices(office: SecretOffice, name: str, agency: str) -> list[dict[str, Any]]:
    """What a person is told of letters that nobody keeps."""
    items = office.user(name, agency).get("/@notices?b_size=1000").json()["items"]
    return [one for one in items if one["kind"] == "unkept"]


def normal(office: SecretOffice, *recipients: str) -> Raised:
    """A normal letter that was sent."""
    word, registrar = f"zqmark{secrets.token_hex(6)}", office.user("registrar")
    data = {**office.fields(word), "secrecy": "normal", "secrecy_reason": ""}
    url = registrar.post(f"/agencies/{OWNER}/letters", json=data).json()["@id"]
    made = registrar.post(f"{url}/@dispatch", json={"recipients": list(recipients)})
    assert made.status_code == 200, made.text
    return Raised(word, url, made.json()["number"], {one["unit"]: one["@id"] for one in made.json()["deliveries"]})


@pytest.fixture
def held(office: SecretOffice) -> Raised:
    """One that is in two agencies, and that the staff of HOLDER registered and read."""
    letter = normal(office, RECEIVER, HOLDER)
    assert office.user("registrar", HOLDER).post(f"{letter.deliveries[HOLDER]}/@register", json={}).status_code == 200
    return letter


def change(office: SecretOffice, letter: Raised, name: str = "registrar", **data: str) -> list[str]:
    """The level changes; who has nobody to keep it."""
    answer = office.user(name).post(f"{letter.url}/@classify", json={**RAISE, **data})
    assert answer.status_code == 200, answer.text
    return list(answer.json()["unkept"])


@contextmanager
def appointed(office: SecretOffice, person: str, function: str, agency: str) -> Iterator[None]:
    """A person of the agency in one more function."""
    admin, at = office.user("site-admin"), f"/agencies/{agency}"
    post = {
        "person": f"{person}.{agency}", "unit": agency, "function": function, "post_th": "ก", "order_number": "3/2569"
    }  # fmt: skip
    made = admin.post(f"{at}/@appointments", json=post)
    assert made.status_code == 201, made.text
    try:
        yield
    finally:
        assert admin.post(f"{at}/@end-appointment", json={"appointment": made.json()["id"]}).status_code == 200


@contextmanager
def vacant(office: SecretOffice, agency: str) -> Iterator[None]:
    """The agency without its head."""
    admin, at = office.user("site-admin"), f"/agencies/{agency}"
    posts = admin.get(f"{at}/@appointments?b_size=1000").json()["items"]
    head = next(one for one in posts if one["function"] == "head" and one["unit"] == agency)
    assert admin.post(f"{at}/@end-appointment", json={"appointment": head["id"]}).status_code == 200
    try:
        yield
    finally:
        again = {name: head[name] for name in ("person", "unit", "function", "post_th")}
        assert admin.post(f"{at}/@appointments", json=again).status_code == 201


def test_the_head_is_told_and_learns_nothing_of_the_letter(office: SecretOffice, held: Raised) -> None:
    before = [len(notices(office, "director", agency)) for agency in (HOLDER, RECEIVER, OWNER)]
    assert change(office, held) == [HOLDER]
    after = [notices(office, "director", agency) for agency in (HOLDER, RECEIVER, OWNER)]
    assert [len(told) - was for told, was in zip(after, before, strict=True)] == [1, 0, 0]
    first = after[0][0]
    assert set(first) == TOLD
    assert (first["unit"], first["secrecy"], first["delivery"], first["read_at"]) == (HOLDER, "confidential", None, None)

    director = office.user("director", HOLDER)
    rest, page = director.get("/@notices?b_size=1").text, director.get("/notices", headers=ENGLISH).text
    thai = office.user("director", HOLDER, language="th").get("/notices", headers=PAGE).text
    known = (
        held.word,
        held.number,
        held.url,
        held.url.rsplit("/", 1)[1],
        *(key.rsplit("/", 1)[1] for key in held.deliveries.values()),
    )
    for text in (rest, page, thai):
        assert [one for one in (*known, OWNER, "สำนักงานเขตดุสิต", "Dusit") if one in text] == []
    assert "nobody there was cleared" in page
    assert "นายทะเบียนข้อมูลข่าวสารลับ" in thai
    assert f"/agencies/{HOLDER}/@@clearances" in page
    for address in (held.url, held.deliveries[HOLDER], f"{held.deliveries[HOLDER]}/@@movement"):
        assert director.get(address, headers=PAGE).status_code == 404

    for name in ("registrar", "officer", "chief", "records"):  # of the rest of the agency nobody
        assert notices(office, name, HOLDER) == []
    assert notices(office, "secret", RECEIVER) == notices(office, "secret", OWNER) == []
    assert director.post("/@notices", json={"seen": [first["id"]]}).json() == {"seen": 1}


def test_it_waits_for_the_first_who_is_appointed(office: SecretOffice) -> None:
    letter = normal(office, HEADLESS)
    with vacant(office, HEADLESS):
        assert change(office, letter) == [HEADLESS]
        for name in ("registrar", "officer", "records"):
            assert notices(office, name, HEADLESS) == []
        with appointed(office, "records", "administrator", HEADLESS):
            told = notices(office, "records", HEADLESS)
            assert [one["unit"] for one in told] == [HEADLESS]
            page = office.user("records", HEADLESS).get("/notices", headers=PAGE).text
            assert f"/agencies/{HEADLESS}/@@people" in page
            assert letter.word not in page
            assert office.user("records", HEADLESS).post("/@notices", json={"seen": "all"}).json()["seen"] >= 1
            with appointed(office, "chief", "head", HEADLESS):
                first = notices(office, "chief", HEADLESS)
                assert [(one["id"], one["read_at"]) for one in first] == [
                    (told[0]["id"], None)
                ]  # who has seen it is each alone
                assert notices(office, "records", HEADLESS) == []  # there is a head
            assert notices(office, "records", HEADLESS)[0]["read_at"]
        assert notices(office, "chief", HEADLESS) == notices(office, "records", HEADLESS) == []
    assert [one["id"] for one in notices(office, "director", HEADLESS)] == [told[0]["id"]]


def test_it_passes_from_each_head_to_the_next(office: SecretOffice, held: Raised) -> None:
    chief, director = office.user("chief", HOLDER), office.user("director", HOLDER)
    change(office, held)
    told = notices(office, "director", HOLDER)
    with vacant(office, HOLDER), appointed(office, "chief", "head", HOLDER):
        assert director.post("/@notices", json={"seen": [told[0]["id"]]}).json() == {"seen": 0}  # is theirs no more
        assert [one["id"] for one in notices(office, "chief", HOLDER)] == [one["id"] for one in told]
        assert notices(office, "director", HOLDER) == []
        assert held.word not in chief.get("/notices", headers=PAGE).text
        unread = chief.get("/@notices").json()["unread"]
        assert chief.post("/@notices", json={"seen": [told[0]["id"]]}).json() == {"seen": 1}
        assert chief.post("/@notices", json={"seen": [told[0]["id"]]}).json() == {"seen": 0}
        assert chief.get("/@notices").json()["unread"] == unread - 1
    assert notices(office, "chief", HOLDER) == []
    assert notices(office, "director", HOLDER)[0]["read_at"] is None


def test_it_stands_while_nobody_keeps_the_letter(office: SecretOffice, held: Raised) -> None:
    before = len(notices(office, "director", HOLDER))
    change(office, held)
    told = len(notices(office, "director", HOLDER))
    with appointed(office, "records", "secret-registrar", HOLDER):
        clearance = office.clear("records", "confidential", HOLDER)
        kept = len(notices(office, "director", HOLDER))
        office.end(clearance, HOLDER)
        assert len(notices(office, "director", HOLDER)) == told
    assert kept <= before == told - 1


def test_the_sender_sees_with_whom_to_speak_until_somebody_is_appointed(office: SecretOffice, held: Raised) -> None:
    form = office.user("registrar").get(f"{held.url}/@@classify", headers=ENGLISH).text
    assert form.count("nobody cleared for") == 1  # of two holders
    told = office.user("registrar").get(f"{held.url}/@movement").json()
    assert told["unkept"] == []
    change(office, held)
    sender, there = office.user("secret"), office.user("secret", RECEIVER)
    assert sender.get(f"{held.url}/@movement").json()["unkept"] == [HOLDER]
    assert "Nobody is cleared to keep" in sender.get(f"{held.url}/@@movement", headers=ENGLISH).text
    assert there.get(f"{held.url}/@movement").json()["unkept"] == []
    for address in (held.url, held.deliveries[RECEIVER]):
        answer = there.get(f"{address}/@@movement", headers=ENGLISH)
        assert (answer.status_code, "Nobody is cleared to keep" in answer.text) == (200, False)

    records = office.user("records", HOLDER)
    with appointed(office, "records", "secret-registrar", HOLDER):
        assert records.get(held.url).status_code == 404  # appointed, not cleared
        other = office.clear("records", "secret", HOLDER)  # each level is given by itself
        assert records.get(held.url).status_code == 404
        assert sender.get(f"{held.url}/@movement").json()["unkept"] == [HOLDER]
        clearance = office.clear("records", "confidential", HOLDER)
        try:
            assert held.word in records.get(held.url).json()["title"]
            assert records.get(held.deliveries[HOLDER]).json()["letter"]["number"] == held.number
            assert held.word in records.get("/secret-desk?tab=waiting", headers=PAGE).text
            steps = records.get(f"{held.url}/@movement").json()["items"]
            assert any(step["what"] == "classified" and RAISE["reason"] in step["note"] for step in steps)
            assert sender.get(f"{held.url}/@movement").json()["unkept"] == []
            assert "Nobody is cleared to keep" not in sender.get(f"{held.url}/@@movement", headers=ENGLISH).text
        finally:
            office.end(clearance, HOLDER)
            office.end(other, HOLDER)
    assert records.get(held.url).status_code == 404


def test_a_further_change_takes_the_place_of_what_was_told(office: SecretOffice, held: Raised) -> None:
    before = len(notices(office, "director", HOLDER))
    change(office, held)
    assert change(office, held, "secret", secrecy="secret") == [HOLDER]
    told = notices(office, "director", HOLDER)
    assert (len(told) - before, told[0]["secrecy"]) == (1, "secret")
    assert change(office, held, "secret", secrecy="normal") == []
    assert len(notices(office, "director", HOLDER)) == before
    items = office.user("director", HOLDER).get("/@notices?b_size=1").json()["items"]
    assert (items[0]["kind"], items[0]["delivery"]["letter"]["title"]) == ("classified", f"เรื่อง {held.word}")


def test_nobody_is_told_of_what_is_held_no_more_or_refused(office: SecretOffice) -> None:
    letter = normal(office, RECEIVER, HOLDER)
    before = len(notices(office, "director", HOLDER))
    for data in ({"secrecy": "top-secret", "reason": "x"}, {"secrecy": "confidential"}):
        assert office.user("registrar").post(f"{letter.url}/@classify", json=data).status_code == 400
    assert office.user("registrar", HOLDER).post(f"{letter.url}/@classify", json=RAISE).status_code == 403
    recalled = office.user("registrar").post(f"{letter.url}/@recall", json={"recipients": [HOLDER]})
    assert recalled.json()["recalled"] == [HOLDER]
    assert change(office, letter) == []
    assert len(notices(office, "director", HOLDER)) == before
