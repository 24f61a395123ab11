"""A unit that is renamed, merged or replaced: the old name on old letters, the open desk to the successor (E33)."""

from __future__ import annotations

import secrets
from collections.abc import Callable
from datetime import date, timedelta
from typing import Any

import pytest
from tests.conftest import City, Client, run
from tests.organisation.conftest import error_of

AGENCY = "district-bang-rak"
SENDER = "district-dusit"
YESTERDAY = (date.today() - timedelta(days=1)).isoformat()


class Merger:
    """Two units, each with a registrar, and a letter on the first one's desk."""

    def __init__(self, city: City, admin: Client, person: Callable[[], str], appoint: Callable[..., Any]) -> None:
        self.city, self.admin = city, admin
        self.words = secrets.token_hex(3)
        self.ids = [f"{AGENCY}.old-{self.words}", f"{AGENCY}.new-{self.words}", f"{AGENCY}.last-{self.words}"]
        self.old, self.new, self.last = self.ids
        rows = [{"id": one.partition(".")[2], "name_th": f"ฝ่าย {one[-9:]}"} for one in self.ids]
        self.import_units(*rows)
        self.people = [person() for _one in self.ids]
        for one, unit in zip(self.people, self.ids, strict=True):
            appoint(one, unit, "registrar")

    def import_units(self, *rows: dict[str, str]) -> Any:
        answer = self.admin.post(f"/agencies/{AGENCY}/@import-units", json={"items": list(rows)})
        assert answer.status_code == 200, answer.text
        return answer.json()

    def replace(self, unit: str, successor: str, **more: Any) -> Any:
        address = f"/agencies/{AGENCY}/{unit.partition('.')[2]}"
        return self.admin.patch(address, json={"valid_until": YESTERDAY, "successor": successor, **more})

    def send(self, unit: str) -> Any:
        sender = self.city.client(f"registrar.{SENDER}")
        letter = sender.post(f"/agencies/{SENDER}/letters", json={"@type": "Letter", "title": "เรื่องค้าง"}).json()["@id"]
        return sender.post(f"{letter}/@dispatch", json={"recipients": [unit]})

    def registrar(self, number: int) -> Client:
        return self.city.client(self.people[number])


@pytest.fixture
def merger(city: City, admin: Client, person: Callable[[], str], appoint: Callable[..., Any]) -> Merger:
    return Merger(city, admin, person, appoint)


def test_the_open_desk_passes_to_the_successor(merger: Merger) -> None:
    delivery = merger.send(merger.old).json()["deliveries"][0]["@id"]
    new = merger.registrar(1)
    assert new.get(delivery).status_code == 404
    assert merger.replace(merger.old, merger.new).status_code == 204
    desk = new.get(f"/agencies/{AGENCY}/@deliveries", params={"unit": merger.old}).json()["items"]
    assert [one["@id"] for one in desk] == [delivery]
    assert delivery in {one["@id"] for one in new.get("/@inbox").json()["items"]}
    letter = new.get(delivery).json()["letter"]["@id"]
    assert new.get(letter).status_code == 200
    assert new.post(f"{delivery}/@register", json={}).json()["receive_number"] == 1
    assert new.post(f"{delivery}/@close", json={"result": "ดำเนินการแล้ว"}).status_code == 200
    book = new.get(f"/agencies/{AGENCY}/@register-book", params={"unit": merger.old}).json()
    assert [line["by"] for line in book["items"]] == [merger.people[1]]
    assert merger.registrar(2).get(delivery).status_code == 404


def test_however_often_it_passes_on(merger: Merger) -> None:
    delivery = merger.send(merger.old).json()["deliveries"][0]["@id"]
    merger.replace(merger.old, merger.new)
    merger.replace(merger.new, merger.last)
    assert merger.registrar(2).get(delivery).status_code == 200
    refused = merger.send(merger.old)
    assert merger.last in error_of(refused)["fields"]["recipients"]


def test_who_writes_to_the_old_unit_hears_of_its_successor(merger: Merger) -> None:
    merger.replace(merger.old, merger.new)
    refused = merger.send(merger.old)
    assert refused.status_code == 400
    error = error_of(refused)
    assert error["type"] == "WrongRecipients"
    assert merger.new in error["fields"]["recipients"]
    assert merger.send(merger.new).status_code == 200
    found = {one["id"]: one for one in merger.admin.get("/@units", params={"text": merger.words}).json()["items"]}
    assert (found[merger.old]["active"], found[merger.old]["successor"]) == (False, merger.new)
    assert found[merger.old]["valid_until"] == YESTERDAY
    assert found[merger.new]["successor"] is None


def test_nobody_writes_in_the_name_of_a_unit_that_is_over(merger: Merger) -> None:
    merger.replace(merger.old, merger.new)
    data = {"@type": "Letter", "title": "x", "owner_unit": merger.old}
    refused = merger.registrar(1).post(f"/agencies/{AGENCY}/letters", json=data)
    assert "owner_unit" in error_of(refused)["fields"]
    made = merger.registrar(1).post(f"/agencies/{AGENCY}/letters", json={**data, "owner_unit": merger.new})
    assert made.status_code == 201
    assert made.json()["owner_unit"] == merger.new


def test_old_letters_keep_the_old_name(merger: Merger) -> None:
    delivery = merger.send(merger.old).json()["deliveries"][0]["@id"]
    merger.registrar(0).post(f"{delivery}/@register", json={})
    line = merger.registrar(0).get(f"/agencies/{AGENCY}/@register-book", params={"unit": merger.old}).json()["items"][0]
    assert merger.replace(merger.old, merger.new, title="ฝ่ายชื่อใหม่").status_code == 204
    after = merger.registrar(1).get(f"/agencies/{AGENCY}/@register-book", params={"unit": merger.old}).json()["items"][0]
    assert after["to"] == line["to"] != "ฝ่ายชื่อใหม่"


def test_a_successor_must_be_there_and_lead_on(merger: Merger) -> None:
    for wrong in ("nowhere", merger.old):
        assert "successor" in error_of(merger.replace(merger.old, wrong))["fields"], wrong
    assert merger.replace(merger.old, merger.new).status_code == 204
    assert "successor" in error_of(merger.replace(merger.new, merger.old))["fields"]


def test_a_table_of_units_says_it_too(merger: Merger) -> None:
    name, successor = merger.old.partition(".")[2], merger.new.partition(".")[2]
    row = {"id": name, "name_th": "ฝ่ายเดิม", "valid_until": YESTERDAY, "successor": successor}
    assert merger.import_units(row) == {"added": 0, "changed": 1}
    assert merger.new in error_of(merger.send(merger.old))["fields"]["recipients"]
    for wrong in ({"valid_until": "2569-01-01"}, {"valid_until": "soon"}, {"successor": "nowhere"}, {"successor": name}):
        answer = merger.admin.post(f"/agencies/{AGENCY}/@import-units", json={"items": [{**row, **wrong}]})
        assert answer.status_code == 400, wrong
        assert next(iter(wrong)) in next(iter(error_of(answer)["fields"]))


def test_check_names_a_desk_that_nobody_took_over(merger: Merger) -> None:
    merger.send(merger.old)
    assert (
        merger.admin.patch(f"/agencies/{AGENCY}/{merger.old.partition('.')[2]}", json={"valid_until": YESTERDAY}).status_code
        == 204
    )
    (post,) = [
        one
        for one in merger.admin.get(f"/agencies/{AGENCY}/@appointments", params={"b_size": "1000"}).json()["items"]
        if one["unit"] == merger.old
    ]
    ended = merger.admin.post(f"/agencies/{AGENCY}/@end-appointment", json={"appointment": post["id"]})
    assert ended.status_code == 200, ended.text
    found = run(merger.city, "saraban", "check")
    assert "has no successor" in found.stdout
    assert merger.old.partition(".")[2] in found.stdout
    assert found.returncode == 1
    merger.replace(merger.old, merger.new)
    assert merger.old.partition(".")[2] not in run(merger.city, "saraban", "check").stdout
