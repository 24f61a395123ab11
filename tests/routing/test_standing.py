"""The dashboard (L7, B8): each figure is the length of the list that it names, and nobody counts what they may not see."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import pytest
from tests.routing.conftest import RECEIVER, SENDER, Office

LEAVE = {"secrecy": "confidential", "secrecy_reason": "สอบสวน"}


def figures(office: Office, function: str, agency: str = RECEIVER, **query: Any) -> dict[str, int]:
    answer = office.user(function, agency).get("/@dashboard", params=query)
    assert answer.status_code == 200, answer.text
    return {one["name"]: one["count"] for one in answer.json()["items"]}


def kinds(office: Office, function: str, **query: Any) -> dict[str, dict[str, int]]:
    return {one.pop("kind"): one for one in office.user(function, RECEIVER).get("/@dashboard", params=query).json()["kinds"]}


@pytest.fixture(scope="module")
def busy(office: Office) -> str:
    """A desk with something of everything; the delivery that waits for an order."""
    today = date.today()
    office.sent(due_date=(today + timedelta(days=2)).isoformat())
    office.registered(due_date=(today - timedelta(days=1)).isoformat(), kind="order")
    _letter, given = office.registered(due_date=(today + timedelta(days=30)).isoformat())
    work = {"users": [f"officer.{RECEIVER}"], "instruction": "ดำเนินการ", "due_date": (today + timedelta(days=1)).isoformat()}
    answer = office.user("registrar", RECEIVER).post(f"{given}/@assign", json=work)
    assert answer.status_code == 200, answer.text
    _letter, waiting = office.registered()
    return waiting


@pytest.mark.parametrize("function", ["registrar", "director", "officer", "chief", "secret"])
def test_each_figure_is_the_length_of_its_list(office: Office, busy: str, function: str) -> None:
    for secret in ("0", "1"):
        answer = office.user(function, RECEIVER).get("/@dashboard", params={"secret": secret})
        for figure in answer.json()["items"]:
            listed = office.user(function, RECEIVER).get(figure["list"])
            assert listed.json()["items_total"] == figure["count"], figure


def test_each_function_has_its_own_figures(office: Office, busy: str) -> None:
    desk = {"in-progress", "overdue", "due-soon", "away", "tasks"}
    assert set(figures(office, "registrar")) - {"tasks-overdue", "tasks-due-soon"} == {"to-register", "signed", *desk}
    assert set(figures(office, "director")) - {"tasks-overdue", "tasks-due-soon"} == {"to-order", "to-sign", *desk}
    assert "tasks" in figures(office, "officer")
    assert figures(office, "records") == {"tasks": 0}


def test_an_order_takes_it_from_what_waits(office: Office, busy: str) -> None:
    before, waiting = figures(office, "director"), kinds(office, "director")
    order = {"text": "ทราบ", "users": [f"chief.{RECEIVER}"], "units": []}
    answer = office.user("director", RECEIVER).post(f"{busy}/@order", json=order)
    assert answer.status_code == 200, answer.text
    after = figures(office, "director")
    assert after["to-order"] == before["to-order"] - 1
    assert after["in-progress"] == before["in-progress"]
    assert figures(office, "chief")["tasks"] >= 1
    office.user("registrar", RECEIVER).post(f"{busy}/@close", json={"result": "จบ"})
    assert kinds(office, "director")["internal"]["in_progress"] == waiting["internal"]["in_progress"] - 1


def test_the_sender_sees_what_is_not_registered(office: Office) -> None:
    before = figures(office, "registrar", SENDER)["away"]
    _letter, delivery = office.sent(RECEIVER)
    assert figures(office, "registrar", SENDER)["away"] == before + 1
    total = office.user("registrar").get("/@sent", params={"b_size": 1}).json()["items_total"]
    items = office.user("registrar").get("/@sent", params={"b_size": 100, "b_start": max(0, total - 100)}).json()["items"]
    assert items[-1]["@id"] == delivery
    assert [one["sent_at"] for one in items] == sorted(one["sent_at"] for one in items)
    theirs = office.user("officer").get("/@sent", params={"b_size": 1000}).json()["items"]
    assert delivery not in [one["@id"] for one in theirs]
    office.user("registrar", RECEIVER).post(f"{delivery}/@register", json={})
    assert figures(office, "registrar", SENDER)["away"] == before


def test_work_counts_by_its_own_date(office: Office, busy: str) -> None:
    assert figures(office, "officer")["tasks-due-soon"] >= 1
    soon = office.user("officer", RECEIVER).get("/@inbox", params={"assigned": "1", "due_soon": "1"}).json()["items"]
    assert all(one["assigned"] for one in soon)


def test_secret_letters_count_only_on_their_own_desk(office: Office) -> None:
    before = {one: figures(office, one) for one in ("registrar", "director")}
    own = figures(office, "secret", secret="1")["to-register"]
    letter = office.user("secret").post(
        f"/agencies/{SENDER}/letters", json={"@type": "Letter", "kind": "internal", "title": "เรื่องลับ", **LEAVE}
    )
    sent = office.user("secret").post(f"{letter.json()['@id']}/@dispatch", json={"recipients": [RECEIVER]})
    assert sent.status_code == 200, sent.text
    assert {one: figures(office, one) for one in before} == before
    assert figures(office, "secret", secret="1")["to-register"] == own + 1
    for one in before:
        assert not any(figures(office, one, secret="1").values())


def test_strangers_learn_nothing(office: Office) -> None:
    assert office.city.client().get("/@dashboard").status_code == 401
    assert office.city.client().get("/@sent").status_code == 401
    assert office.user("registrar").get("/@dashboard", params={"unit": RECEIVER}).status_code == 404
    elsewhere = office.user("registrar").get("/@inbox", params={"unit": RECEIVER, "assigned": "0"})
    assert elsewhere.json()["items_total"] == 0
    assert figures(office, "site-admin", "") == {"tasks": 0}
