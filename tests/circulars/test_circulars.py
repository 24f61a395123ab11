"""Circulars: one number for all, receipts of units and persons, reminders, publication (B9; E06, E20, E21)."""

from __future__ import annotations

from typing import Any

import pytest
from tests.conftest import wait_until
from tests.routing.conftest import BYSTANDER, RECEIVER, SENDER, Office, office, refused

__all__ = ["office", "refused"]


@pytest.fixture
def circular(office: Office) -> tuple[str, dict[str, str]]:
    """One that went to two agencies; its deliveries by unit."""
    return sent(office, [RECEIVER, BYSTANDER])


def sent(office: Office, recipients: Any, **fields: Any) -> tuple[str, dict[str, str]]:
    user = office.user("registrar")
    data = {"@type": "Circular", "title": "แนวทางปฏิบัติ", **fields}
    made = user.post(f"/agencies/{SENDER}/circulars", json=data)
    assert made.status_code == 201, made.text
    answer = user.post(f"{made.json()['@id']}/@dispatch", json={"recipients": recipients})
    assert answer.status_code == 200, answer.text
    return made.json()["@id"], {one["unit"]: one["@id"] for one in answer.json()["deliveries"]}


def test_one_number_for_all_agencies_each_with_its_own(office: Office) -> None:  # E20
    circular, deliveries = sent(office, "all-agencies")
    assert len(deliveries) == 76  # the sender is not among them
    assert SENDER not in deliveries
    lines = office.book(SENDER, book="send", series="circular")
    number = office.user("registrar").get(circular).json()["number"]
    assert [line["number"] for line in lines].count(number) == 1
    for unit in (RECEIVER, BYSTANDER):
        assert office.user("registrar", unit).post(f"{deliveries[unit]}/@register", json={}).status_code == 200
    items = office.user("registrar").get(f"{circular}/@deliveries", params={"b_size": 100}).json()["items"]
    states = {one["unit"]: (one["state"], bool(one["receive_number"])) for one in items}
    assert states[RECEIVER] == states[BYSTANDER] == ("registered", True)
    assert set(states.values()) == {("registered", True), ("sent", False)}


def test_the_series_of_circulars_is_its_own(office: Office) -> None:  # E21
    ordinary = office.dispatch(office.draft())["entry"]["seq"]
    first, _deliveries = sent(office, [RECEIVER])
    second, _deliveries = sent(office, [RECEIVER])
    numbers = [office.user("registrar").get(one).json()["number"] for one in (first, second)]
    sequence = [int(number.rpartition("ว ")[2]) for number in numbers]
    assert sequence[1] == sequence[0] + 1
    assert office.dispatch(office.draft())["entry"]["seq"] == ordinary + 1


def test_a_recall_takes_it_from_those_who_have_not_registered(office: Office, circular: Any) -> None:  # E06
    address, deliveries = circular
    office.user("registrar", RECEIVER).post(f"{deliveries[RECEIVER]}/@register", json={})
    office.user("registrar", BYSTANDER).post(f"{deliveries[BYSTANDER]}/@open", json={})
    answer = office.user("registrar").post(f"{address}/@recall", json={"reason": "ข้อความผิด"}).json()
    assert answer == {"recalled": [BYSTANDER], "refused": [{"unit": RECEIVER, "reason": "AlreadyRegistered"}]}
    assert office.user("officer", RECEIVER).get(address).status_code == 200
    assert office.user("officer", BYSTANDER).get(address).status_code == 404


def test_a_circular_to_every_unit_of_the_city(office: Office) -> None:  # the shape of a dispatch to 850 units
    units = office.user("registrar").get("/@units", params={"b_size": 1000, "active": "1"}).json()
    everyone = [one["id"] for one in units["items"] if one["agency"] != SENDER]
    assert len(everyone) > 500
    circular, deliveries = sent(office, everyone)
    assert set(deliveries) == set(everyone)
    readers = office.user("registrar").get(f"{circular}/@readers", params={"b_size": 1000}).json()
    assert readers["items_total"] == len(everyone)
    assert all(one["staff"] for one in readers["items"])


def told(office: Office, function: str, agency: str, circular: str) -> list[str]:
    items = office.user(function, agency).get("/@notices", params={"b_size": 1000}).json()["items"]
    return [one["kind"] for one in items if one["delivery"] and one["delivery"]["letter"]["@id"] == circular]


def test_who_has_not_read_it_is_reminded(office: Office, circular: Any, refused: Any) -> None:  # B9
    address, _deliveries = circular
    sender = office.user("registrar")
    office.user("officer", RECEIVER).post(f"{address}/@acknowledge", json={})
    # The registrars and the head of the one that did not look: other tests may have appointed a second registrar there.
    assert sender.post(f"{address}/@remind", json={}).json()["reminded"] in (2, 3)
    assert told(office, "registrar", BYSTANDER, address) == told(office, "director", BYSTANDER, address) == ["unread"]
    assert told(office, "registrar", RECEIVER, address) == told(office, "officer", BYSTANDER, address) == []
    refused(sender.post(f"{address}/@remind", json={}), 409, "NobodyToRemind")
    assert sender.post(f"{address}/@remind", json={"to": "persons"}).json()["reminded"] > 4
    assert told(office, "officer", BYSTANDER, address) == told(office, "registrar", RECEIVER, address) == ["unread"]
    assert told(office, "officer", RECEIVER, address) == []  # said that they know it
    refused(sender.post(f"{address}/@remind", json={"to": "nobody"}), 400, "Invalid", "to")
    assert office.user("registrar", RECEIVER).post(f"{address}/@remind", json={}).status_code == 403
    assert office.user("registrar", "district-bang-rak").post(f"{address}/@remind", json={}).status_code == 404
    steps = [one["what"] for one in sender.get(f"{address}/@movement").json()["items"]]
    assert steps.count("reminded") == 2


def test_acknowledged_by_unit_and_person(office: Office, circular: Any) -> None:  # B9
    address, _deliveries = circular
    for function in ("officer", "chief"):
        office.user(function, RECEIVER).post(f"{address}/@acknowledge", json={})
    office.user("director", RECEIVER).post(f"{address}/@open", json={})
    items = office.user("registrar").get(f"{address}/@readers").json()["items"]
    (here,) = [one for one in items if one["unit"] == RECEIVER]
    known = {one["person"]: bool(one["acknowledged_at"]) for one in here["persons"]}
    expected = {f"officer.{RECEIVER}": True, f"chief.{RECEIVER}": True, f"director.{RECEIVER}": False}
    assert known == expected
    assert here["acknowledged_at"]
    assert here["staff"] > 3


@pytest.mark.parametrize("publish", ["section-7", "section-9", ""])
def test_a_circular_is_marked_for_publication(office: Office, publish: str) -> None:  # Official Information Act, 7 (4)
    circular, _deliveries = sent(office, [RECEIVER], publish=publish)
    reader = office.user("officer", RECEIVER)
    assert reader.get(circular).json()["publish"] == publish
    page = reader.get(circular, headers={"Accept": "text/html"}).text
    assert ("ราชกิจจานุเบกษา" in page) == (publish == "section-7")


def test_a_wrong_mark_is_refused(office: Office, refused: Any) -> None:
    data = {"@type": "Circular", "title": "x", "publish": "section-15"}
    refused(office.user("registrar").post(f"/agencies/{SENDER}/circulars", json=data), 400, "Invalid", "publish")


def test_the_worker_reminds_of_nothing_that_is_new(office: Office, circular: Any) -> None:
    address, _deliveries = circular
    late = office.sent(due_date="2021-04-09")[1]
    wait_until(  # the worker has been round
        lambda: [
            one
            for one in office.user("director", RECEIVER).get("/@notices").json()["items"]
            if one["delivery"] and one["delivery"]["@id"] == late
        ],
        60,
        "for the worker",
    )
    assert told(office, "director", RECEIVER, address) == []


def persons(office: Office, circular: str, unit: str = RECEIVER) -> list[str]:
    items = office.user("registrar").get(f"{circular}/@readers").json()["items"]
    return [person["person"] for one in items if one["unit"] == unit for person in one["persons"]]


@pytest.mark.parametrize("way", ["", "/@@do?verb=forward", "@open"])
def test_whoever_reads_it_where_it_came_has_read_it(office: Office, circular: Any, way: str) -> None:
    address, deliveries = circular
    first, second = (office.user(function, RECEIVER) for function in ("registrar", "director"))

    def look(user: Any) -> None:
        answer = (
            user.post(f"{deliveries[RECEIVER]}/@open", json={})
            if way == "@open"
            else user.get(f"{deliveries[RECEIVER]}{way}", headers={"Accept": "text/html"})
        )
        assert answer.ok, answer.text

    look(first)
    assert persons(office, address) == [f"registrar.{RECEIVER}"]
    for _time in range(2):
        look(second)
        assert persons(office, address) == [f"registrar.{RECEIVER}", f"director.{RECEIVER}"]
    assert second.get(address, headers={"Accept": "text/html"}).ok
    assert persons(office, address) == [f"registrar.{RECEIVER}", f"director.{RECEIVER}"]
    assert [one["what"] for one in office.user("registrar").get(f"{address}/@movement").json()["items"]].count("opened") == 1


def test_the_desk_that_reads_it_on_its_own_page_has_opened_it(office: Office, circular: Any) -> None:  # L14
    address, deliveries = circular

    def states() -> dict[str, str]:
        items = office.user("registrar").get(f"{address}/@deliveries").json()["items"]
        return {one["unit"]: one["state"] for one in items}

    assert office.user("officer", RECEIVER).post(f"{address}/@open").status_code == 204
    assert states() == {RECEIVER: "sent", BYSTANDER: "sent"}
    page = office.user("registrar", RECEIVER).get(address, headers={"Accept": "text/html"})
    assert page.status_code == 200
    assert office.user("director", BYSTANDER).post(f"{address}/@acknowledge").status_code == 204
    assert states() == {RECEIVER: "opened", BYSTANDER: "opened"}
    readers = {one["unit"]: one for one in office.user("registrar").get(f"{address}/@readers").json()["items"]}
    assert all(readers[unit]["opened_at"] for unit in deliveries)
    assert [step["what"] for step in office.user("registrar").get(f"{address}/@movement").json()["items"]].count("opened") == 2
    assert office.user("registrar", RECEIVER).post(f"{deliveries[RECEIVER]}/@register", json={}).status_code == 200


def test_who_looks_without_having_got_it_has_not_read_it(office: Office, circular: Any) -> None:
    address, deliveries = circular
    office.user("registrar", RECEIVER).post(f"{deliveries[RECEIVER]}/@open", json={})
    for user in (office.user("registrar"), office.city.client("auditor")):
        user.get(deliveries[RECEIVER], headers={"Accept": "text/html"})
    assert persons(office, address) == [f"registrar.{RECEIVER}"]


def test_what_came_by_rest(office: Office, circular: Any, refused: Any) -> None:
    address, deliveries = circular
    reader = office.user("officer", RECEIVER)
    asked = {"issuer": SENDER, "b_size": 1}
    before = reader.get("/@circulars", params=asked).json()
    (line,) = before["items"]
    assert line["@id"] == address
    assert line["issuer"] == SENDER
    assert (line["read"], line["acknowledged"]) == (False, False)
    assert reader.post(f"{address}/@acknowledge", json={}).ok
    after = reader.get("/@circulars", params={**asked, "b_size": 1000}).json()
    assert (after["items_total"], after["unread"]) == (before["items_total"], before["unread"] - 1)
    read = [one["read"] for one in after["items"]]
    assert read == sorted(read)
    (line,) = (one for one in after["items"] if one["@id"] == address)
    assert (line["read"], line["acknowledged"]) == (True, True)
    assert reader.get("/@circulars", params={**asked, "year": 2500}).json()["items_total"] == 0
    refused(reader.get("/@circulars", params={"year": "x"}), 400, "Invalid", "year")
    assert office.city.client(None).get("/@circulars").status_code == 401
    assert address not in office.user("officer", "district-bang-rak").get("/@circulars", params={"b_size": 1000}).text
    forwarded = office.user("registrar", RECEIVER)
    assert forwarded.post(f"{deliveries[RECEIVER]}/@register", json={}).ok
    assert forwarded.post(f"{deliveries[RECEIVER]}/@forward", json={"units": [f"{RECEIVER}.general"]}).ok
    assert reader.get("/@circulars", params=asked).json()["items_total"] == before["items_total"]  # once for all units
    assert office.user("registrar").post(f"{address}/@recall", json={"reason": "ข้อความผิด"}).ok
    assert address not in office.user("officer", BYSTANDER).get("/@circulars", params={"b_size": 1000}).text
