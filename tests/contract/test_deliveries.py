"""`api.md`, Deliveries: the desk's filters and sorts, the inbox, the verbs of the receiver."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import pytest
from tests.contract.conftest import DELIVERY, LETTER_OF_DELIVERY, is_day, is_moment
from tests.routing.conftest import BYSTANDER, RECEIVER, Office

DESK = f"/agencies/{RECEIVER}/@deliveries"


def items(office: Office, user: str = "registrar", address: str = DESK, **query: Any) -> list[dict[str, Any]]:
    answer = office.user(user, RECEIVER).get(address, params={"b_size": 1000, **query})
    assert answer.status_code == 200, answer.text
    return list(answer.json()["items"])


def test_an_item_has_these_fields(office: Office) -> None:
    _letter, delivery = office.registered(due_days=5)
    item = office.user("registrar", RECEIVER).get(delivery).json()
    assert set(item) >= DELIVERY
    assert set(item["letter"]) >= LETTER_OF_DELIVERY
    assert item["@type"] == "Delivery"
    assert (item["state"], item["unit"], item["follow_up"]) == ("registered", RECEIVER, False)
    assert all(is_moment(item[name]) for name in ("sent_at", "opened_at", "registered_at"))
    assert item["closed_at"] is None
    assert item["due_date"] == (date.today() + timedelta(days=5)).isoformat()
    assert is_day(item["letter"]["letter_date"])
    listed = next(one for one in items(office, state="registered") if one["@id"] == delivery)
    assert listed == item


@pytest.mark.parametrize("state", ["sent", "opened", "registered", "closed", "returned"])
def test_the_desk_by_state(office: Office, state: str) -> None:
    user = office.user("registrar", RECEIVER)
    _letter, delivery = office.sent()
    verbs = {
        "sent": (),
        "opened": ("open",),
        "registered": ("register",),
        "closed": ("register", "close"),
        "returned": ("return",),
    }
    for verb in verbs[state]:
        answer = user.post(f"{delivery}/@{verb}", json={"note": "ผิดหน่วย", "result": "จบ"})
        assert answer.status_code == 200, answer.text
    found = items(office, state=state)
    assert delivery in {one["@id"] for one in found}
    assert {one["state"] for one in found} == {state}
    both = items(office, state=["sent", state])
    assert {one["state"] for one in both} <= {"sent", state}


def test_the_desk_by_kind_urgency_follow_up_and_overdue(office: Office) -> None:  # L30
    user = office.user("registrar", RECEIVER)
    yesterday = (date.today() - timedelta(days=1)).isoformat()
    _letter, late = office.registered(kind="order", urgency="urgent", due_date=yesterday)
    _letter, plain = office.registered()
    assert user.post(f"{late}/@follow-up", json={"on": True}).status_code == 200
    for query, test in (
        ({"kind": "order"}, lambda one: one["letter"]["kind"] == "order"),
        ({"urgency": "urgent"}, lambda one: one["letter"]["urgency"] == "urgent"),
        ({"follow_up": "true"}, lambda one: one["follow_up"] is True),
        ({"follow_up": "1"}, lambda one: one["follow_up"] is True),
        ({"overdue": "true"}, lambda one: one["due_date"] < date.today().isoformat()),
    ):
        found = items(office, **query)
        assert late in {one["@id"] for one in found}, query
        assert plain not in {one["@id"] for one in found}, query
        assert all(test(one) for one in found), query
    for query in ({"follow_up": "false"}, {"overdue": "false"}):
        found = items(office, **query)
        assert plain in {one["@id"] for one in found}, query
        assert late not in {one["@id"] for one in found}, query
    assert user.post(f"{late}/@follow-up", json={"on": False}).json()["follow_up"] is False


@pytest.mark.parametrize("name", ["sent_at", "registered_at", "receive_number", "due_date", "letter_date"])
@pytest.mark.parametrize("order", ["ascending", "descending"])
def test_the_desk_in_every_order(office: Office, name: str, order: str) -> None:
    office.registered(due_days=1)
    office.registered(due_days=9)
    found = items(office, state="registered", sort_on=name, sort_order=order)
    values = [one["letter"]["letter_date"] if name == "letter_date" else one[name] for one in found]
    there = [value for value in values if value is not None]
    assert there == sorted(there, reverse=order == "descending")
    pages = [items(office, state="registered", sort_on=name, sort_order=order, b_size=2, b_start=start) for start in (0, 2)]
    assert [one["@id"] for page in pages for one in page] == [one["@id"] for one in found[:4]]


def test_what_was_recalled_is_asked_for_in_vain(office: Office) -> None:
    letter, _delivery = office.sent()
    other, _delivery = office.sent()
    office.user("registrar").post(f"{letter}/@recall", json={"reason": "ส่งผิด"})
    assert items(office, state="recalled") == []
    seen = {one["letter"]["@id"] for one in items(office, state=["recalled", "sent"], b_size=1000)}
    assert other in seen
    assert letter not in seen


@pytest.mark.parametrize("query", ["sort_on=title", "sort_order=up", "state=gone", "overdue=maybe", "kind=x"])
def test_an_unknown_filter_is_400(office: Office, query: str) -> None:
    for address in (DESK, "/@inbox"):
        answer = office.user("registrar", RECEIVER).get(f"{address}?{query}")
        assert answer.status_code == 400, answer.text
        assert query.partition("=")[0] in answer.json()["error"]["fields"]


def test_whose_desk(office: Office) -> None:
    unit = f"{RECEIVER}.general"
    _letter, delivery = office.sent(unit)
    assert delivery in {one["@id"] for one in items(office, "officer", unit=unit)}
    assert {one["unit"] for one in items(office, "chief", unit=unit)} == {unit}
    assert office.user("registrar", RECEIVER).get(DESK, params={"unit": unit}).status_code == 403
    assert office.user("officer", RECEIVER).get(DESK, params={"unit": RECEIVER}).status_code == 403
    assert office.user("registrar", RECEIVER).get(DESK, params={"unit": BYSTANDER}).status_code == 404
    assert office.user("registrar", RECEIVER).get(DESK, params={"unit": "nowhere"}).status_code == 404
    assert office.user("records", RECEIVER).get(DESK).status_code == 403
    assert office.user("registrar", BYSTANDER).get(DESK).status_code == 404


def test_the_inbox_shows_what_was_given_to_me(office: Office) -> None:
    _letter, delivery = office.registered()
    registrar = office.user("registrar", RECEIVER)
    given = {"users": [f"officer.{RECEIVER}"], "instruction": "ร่างหนังสือตอบ", "due_date": "2030-05-06"}
    assert registrar.post(f"{delivery}/@assign", json=given).status_code == 200
    mine = next(one for one in items(office, "officer", "/@inbox") if one["@id"] == delivery)
    assert (mine["assigned"], mine["instruction"], mine["due_date"]) == (True, "ร่างหนังสือตอบ", "2030-05-06")
    others = next(one for one in items(office, "registrar", "/@inbox") if one["@id"] == delivery)
    assert not others.get("assigned")
    _letter, ordered = office.registered()
    order = {"text": "ให้ดำเนินการ", "users": [f"officer.{RECEIVER}"], "units": [f"{RECEIVER}.general"]}
    answer = office.user("director", RECEIVER).post(f"{ordered}/@order", json=order)
    assert answer.status_code == 200, answer.text
    mine = next(one for one in items(office, "officer", "/@inbox") if one["@id"] == ordered)
    assert (mine["assigned"], mine["instruction"]) == (True, "ให้ดำเนินการ")
    assert {one["unit"] for one in answer.json()["deliveries"]} == {f"{RECEIVER}.general"}


def test_a_returned_one_stays_on_the_list_without_the_letter(office: Office, refused: Any) -> None:  # L19
    letter, delivery = office.sent()
    user = office.user("registrar", RECEIVER)
    refused(user.post(f"{delivery}/@return", json={}), 400, "NoteRequired", "note")
    assert user.post(f"{delivery}/@return", json={"note": "ไม่เกี่ยวข้อง"}).status_code == 200
    assert user.get(letter).status_code == 404
    assert delivery in {one["@id"] for one in items(office, state="returned")}
    for verb, data in (
        ("open", {}),
        ("register", {}),
        ("return", {"note": "x"}),
        ("forward", {"units": [BYSTANDER]}),
        ("assign", {"users": [f"officer.{RECEIVER}"]}),
        ("postpone", {"due_date": "2030-01-01", "reason": "x"}),
        ("follow-up", {"on": True}),
        ("close", {"result": "x"}),
    ):
        answer = user.post(f"{delivery}/@{verb}", json=data)
        assert answer.status_code == 409, (verb, answer.text)
    assert office.user("director", RECEIVER).post(f"{delivery}/@order", json={"text": "x"}).status_code == 409


def test_forwarding_leaves_the_parent_as_it_is(office: Office, refused: Any) -> None:
    _letter, delivery = office.registered()
    user = office.user("registrar", RECEIVER)
    made = user.post(f"{delivery}/@forward", json={"units": [f"{RECEIVER}.general"], "note": "เพื่อดำเนินการ"})
    assert made.status_code == 200, made.text
    child = made.json()["deliveries"][0]
    assert (child["unit"], child["state"]) == (f"{RECEIVER}.general", "sent")
    assert user.get(delivery).json()["state"] == "registered"
    own = office.user("officer", RECEIVER).post(f"{child['@id']}/@register", json={})
    assert own.status_code == 200, own.text
    _letter, fresh = office.sent()
    refused(user.post(f"{fresh}/@forward", json={"units": [BYSTANDER]}), 409, "NotRegistered")


def test_who_may_not_learns_nothing_of_the_state(office: Office) -> None:
    """Whether one may is judged before whether the state allows it (403 before 409), and before what was sent (400)."""
    _letter, delivery = office.registered()
    registrar = office.user("registrar", RECEIVER)
    registrar.post(f"{delivery}/@assign", json={"users": [f"officer.{RECEIVER}"], "instruction": "x"})
    registrar.post(f"{delivery}/@close", json={"result": "x"})
    officer = office.user("officer", RECEIVER)
    for verb, data in (
        ("register", {}),
        ("return", {}),
        ("forward", {}),
        ("order", {}),
        ("assign", {}),
        ("follow-up", {"on": "x"}),
    ):
        answer = officer.post(f"{delivery}/@{verb}", json=data)
        assert answer.status_code == 403, (verb, answer.text)
    assert registrar.post(f"{delivery}/@order", json={}).status_code == 403
    letter = office.sent()[0]
    mine = office.user("officer")
    drafted = mine.post("/agencies/district-dusit/letters", json={"@type": "Letter", "kind": "internal", "title": "x"}).json()
    for verb in ("dispatch", "send-copy", "recall", "cancel"):
        assert mine.post(f"{drafted['@id']}/@{verb}", json={}).status_code == 403, verb
        assert registrar.post(f"{letter}/@{verb}", json={}).status_code == 403, verb


@pytest.mark.parametrize("publish", [None, "section-7", "section-9", "section-8"])
def test_closing_for_publication(office: Office, publish: str | None) -> None:
    _letter, delivery = office.registered()
    answer = office.user("registrar", RECEIVER).post(f"{delivery}/@close", json={"result": "จบ", "publish": publish})
    assert answer.status_code == (400 if publish == "section-8" else 200), answer.text
