"""Terms, notices, phrases and what an agency sets for itself (L12, L21, L31, B4; E35)."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import date, timedelta
from typing import Any

import pytest
from tests.conftest import wait_until
from tests.routing.conftest import BYSTANDER, RECEIVER, SENDER, Office

from saraban.thai.workdays import is_working, working_days_after

OWN = "district-bang-rak"
"""An agency whose settings no other test reads."""
SETTINGS = f"/agencies/{OWN}/@settings"
TODAY = date.today


@pytest.fixture
def set_up(office: Office) -> Iterator[Callable[..., dict[str, Any]]]:
    """Changes settings of an agency; they are as they were at the end."""
    admin = office.user("site-admin", "")
    before = admin.get(SETTINGS).json()

    def change(**values: Any) -> dict[str, Any]:
        answer = admin.patch(SETTINGS, json=values)
        assert answer.status_code == 200, answer.text
        return dict(answer.json())

    yield change
    change(**{name: before[name] for name in ("due_days", "holidays", "categories", "ways")})


def test_a_term_is_counted_as_the_agency_counts(office: Office, set_up: Callable[..., Any]) -> None:  # L12, E35
    registrar = office.user("registrar", OWN)
    draft = {"@type": "Letter", "kind": "internal", "title": "กำหนดเวลา", "due_days": 5}
    made = registrar.post(f"/agencies/{OWN}/letters", json=draft).json()
    assert made["due_date"] == (TODAY() + timedelta(days=5)).isoformat()

    closed = next(day for day in (TODAY() + timedelta(days=days) for days in range(1, 20)) if is_working(day))
    set_up(due_days="working", holidays=[{"date": closed.isoformat(), "title": "วันหยุดพิเศษตามมติคณะรัฐมนตรี"}])
    expected = working_days_after(TODAY(), 5, (closed,)).isoformat()
    assert registrar.post(f"/agencies/{OWN}/letters", json=draft).json()["due_date"] == expected
    _letter, delivery = office.sent(OWN)
    registrar.post(f"{delivery}/@register", json={})
    given = registrar.post(f"{delivery}/@assign", json={"users": [f"officer.{OWN}"], "due_days": 5})
    assert given.json()["assignments"][0]["due_date"] == expected
    head = office.user("director", OWN).post(
        f"{delivery}/@order", json={"text": "ดำเนินการ", "users": [f"chief.{OWN}"], "due_days": 0}
    )
    assert head.json()["assignments"][0]["due_date"] == TODAY().isoformat()
    later = registrar.post(f"{delivery}/@postpone", json={"due_days": 5, "reason": "รอข้อมูล"})
    assert later.json()["due_date"] == expected


def test_a_holiday_of_the_city_is_every_agencys(office: Office, set_up: Callable[..., Any]) -> None:  # E35
    admin = office.user("site-admin", "")
    closed = next(day for day in (TODAY() + timedelta(days=days) for days in range(1, 20)) if is_working(day))
    set_up(due_days="working", holidays=[])
    changed = admin.patch("/agencies/@settings", json={"holidays": [{"date": closed.isoformat(), "title": "มติ ครม."}]})
    try:
        assert changed.status_code == 200, changed.text
        assert admin.get(SETTINGS).json()["city_holidays"] == [{"date": closed.isoformat(), "title": "มติ ครม."}]
        draft = {"@type": "Letter", "kind": "internal", "title": "กำหนดเวลา", "due_days": 1}
        made = office.user("registrar", OWN).post(f"/agencies/{OWN}/letters", json=draft).json()
        assert made["due_date"] == working_days_after(TODAY(), 1, (closed,)).isoformat()
        assert admin.patch("/agencies/@settings", json={"due_days": "working"}).status_code == 400
    finally:
        assert admin.patch("/agencies/@settings", json={"holidays": []}).status_code == 200


def test_categories_and_ways_are_those_of_the_agency(office: Office, set_up: Callable[..., Any], refused: Any) -> None:  # L21
    registrar = office.user("registrar", OWN)
    draft = {"@type": "Letter", "kind": "internal", "title": "หมวดหมู่", "category": "การเงิน"}
    assert registrar.post(f"/agencies/{OWN}/letters", json=draft).status_code == 201  # free where none is defined
    set_up(categories=["บุคคล", "งบประมาณ"], ways=["สายตรวจ"])
    refused(registrar.post(f"/agencies/{OWN}/letters", json=draft), 400, "Invalid", "category")
    made = registrar.post(f"/agencies/{OWN}/letters", json={**draft, "category": "บุคคล"})
    assert made.json()["category"] == "บุคคล"
    refused(registrar.patch(made.json()["@id"], json={"category": "การเงิน"}), 400, "Invalid", "category")
    outside = {"title": "คำร้อง", "sender": "นายสมชาย ใจดี", "via": "สายตรวจ"}
    received = registrar.post(f"/agencies/{OWN}/@receive", json=outside)
    assert received.status_code == 201, received.text
    assert registrar.get(received.json()["letter"]["@id"]).json()["via"] == "สายตรวจ"
    refused(registrar.post(f"/agencies/{OWN}/@receive", json={**outside, "via": "นกพิราบ"}), 400, "Invalid", "via")
    refused(office.user("registrar").post(f"/agencies/{SENDER}/@receive", json=outside), 400, "Invalid", "via")
    page = registrar.get("/compose?kind=internal", headers={"Accept": "text/html"}).text
    assert "งบประมาณ" in page
    assert "สายตรวจ" in registrar.get("/receive", headers={"Accept": "text/html"}).text


@pytest.mark.parametrize(
    ("wrong", "field"),
    [
        ({"due_days": "lunar"}, "due_days"),
        ({"holidays": [{"date": "2569-04-10", "title": "x"}]}, "holidays"),
        ({"holidays": [{"date": "2026-04-10"}]}, "holidays"),
        ({"categories": "การเงิน"}, "categories"),
        ({"categories": [""]}, "categories"),
        ({"ways": ["x" * 101]}, "ways"),
        ({"colour": "green"}, "colour"),
    ],
)
def test_a_wrong_setting_is_named(office: Office, refused: Any, wrong: dict[str, Any], field: str) -> None:
    refused(office.user("site-admin", "").patch(SETTINGS, json=wrong), 400, "Invalid", field)


def test_settings_are_the_administrators(office: Office) -> None:
    assert office.user("registrar", OWN).get(SETTINGS).status_code == 200
    assert office.user("registrar", OWN).patch(SETTINGS, json={"ways": []}).status_code == 403
    assert office.user("registrar", SENDER).get(SETTINGS).status_code == 404
    assert office.user("registrar", SENDER).patch(SETTINGS, json={"ways": []}).status_code == 404
    assert office.user("registrar", OWN).patch("/agencies/@settings", json={"holidays": []}).status_code in (403, 404)
    page = {"Accept": "text/html"}
    assert office.user("site-admin", "").get(f"/agencies/{OWN}/@@settings", headers=page).status_code == 200
    assert office.user("registrar", OWN).get(f"/agencies/{OWN}/@@settings", headers=page).status_code in (403, 404)


def notices(office: Office, user: str, agency: str) -> list[dict[str, Any]]:
    return list(office.user(user, agency).get("/@notices", params={"b_size": 1000}).json()["items"])


def about(office: Office, user: str, agency: str, delivery: str) -> list[str]:
    return sorted(
        one["kind"] for one in notices(office, user, agency) if one["delivery"] and one["delivery"]["@id"] == delivery
    )


def test_what_falls_due_is_told_once_for_each_date(office: Office) -> None:  # E35: escalation
    yesterday = (TODAY() - timedelta(days=1)).isoformat()
    _letter, late = office.sent(due_date=yesterday)
    _letter, soon = office.sent(due_date=(TODAY() + timedelta(days=2)).isoformat())
    _letter, far = office.sent(due_date=(TODAY() + timedelta(days=20)).isoformat())
    _letter, urgent = office.sent(urgent_by="2021-04-09T09:00:00+07:00")
    wait_until(lambda: about(office, "director", RECEIVER, urgent), 60, "for the notice")
    wait_until(lambda: about(office, "director", RECEIVER, soon), 60, "for the notice")
    told = {name: about(office, "director", RECEIVER, one) for name, one in (("late", late), ("far", far))}
    assert told == {"late": ["overdue"], "far": []}
    assert about(office, "director", RECEIVER, soon) == ["due-soon"]
    assert about(office, "director", BYSTANDER, late) == about(office, "registrar", RECEIVER, late) == []
    # Work on it is told to who has it; a new date is told anew.
    receiver = office.user("registrar", RECEIVER)
    receiver.post(f"{late}/@register", json={})
    receiver.post(f"{late}/@assign", json={"users": [f"officer.{RECEIVER}"]})
    tomorrow = (TODAY() + timedelta(days=1)).isoformat()
    assert receiver.post(f"{late}/@postpone", json={"due_date": tomorrow, "reason": "รอข้อมูล"}).status_code == 200
    wait_until(lambda: about(office, "officer", RECEIVER, late), 60, "for the notice")
    assert about(office, "officer", RECEIVER, late) == ["due-soon"]
    assert about(office, "director", RECEIVER, late) == ["due-soon", "overdue"]

    director = office.user("director", RECEIVER)
    assert director.get("/@notices").json()["unread"] >= 4
    first = notices(office, "director", RECEIVER)[0]["id"]
    assert director.post("/@notices", json={"seen": [first]}).json() == {"seen": 1}
    director.post("/@notices", json={"seen": "all"})
    assert director.get("/@notices").json()["unread"] == 0
    assert director.post("/@notices", json={"seen": "some"}).status_code == 400
    assert director.get("/notices", headers={"Accept": "text/html"}).status_code == 200


def test_what_is_due_soon_is_a_list_of_its_own(office: Office) -> None:  # L12
    user = office.user("registrar", RECEIVER)
    _letter, soon = office.sent(due_date=(TODAY() + timedelta(days=3)).isoformat())
    _letter, far = office.sent(due_date=(TODAY() + timedelta(days=4)).isoformat())
    listed = user.get(f"/agencies/{RECEIVER}/@deliveries", params={"due_soon": "true", "b_size": 1000}).json()["items"]
    found = {one["@id"] for one in listed}
    assert soon in found
    assert far not in found


def test_an_executive_keeps_phrases(office: Office, refused: Any) -> None:  # B4
    director = office.user("director", RECEIVER)
    kept = director.post("/@phrases", json={"items": ["เห็นชอบ แจ้งฝ่ายทะเบียนดำเนินการ", "ทราบ  แล้ว", "ทราบ แล้ว"]})
    assert kept.json()["items"] == ["เห็นชอบ แจ้งฝ่ายทะเบียนดำเนินการ", "ทราบ แล้ว"]
    assert director.get("/@phrases").json()["items"] == kept.json()["items"]
    assert office.user("director", BYSTANDER).get("/@phrases").json()["items"] == []
    assert office.user("officer", RECEIVER).get("/@phrases").status_code == 403
    assert office.user("officer", RECEIVER).post("/@phrases", json={"items": []}).status_code == 403
    refused(director.post("/@phrases", json={"items": [""]}), 400, "Invalid", "items")
    refused(director.post("/@phrases", json={}), 400, "Invalid", "items")
    _letter, delivery = office.registered()
    form = director.get(f"{delivery}/@@do?verb=order", headers={"Accept": "text/html"}).text
    assert form.index("เห็นชอบ แจ้งฝ่ายทะเบียนดำเนินการ") < form.index("เห็นชอบ ดำเนินการตามเสนอ")
