"""Appointments: what they give, from when to when, and who may make them."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, timedelta
from typing import Any

import pytest
from tests.conftest import PASSWORD, City, Client
from tests.organisation.conftest import error_of

HERE = "/agencies/district-bang-bon"
OTHER = "/agencies/district-thung-khru"
UNIT = "district-bang-bon.finance"
Ledger = Callable[..., list[dict[str, Any]]]
Person = Callable[[], str]
Appoint = Callable[..., dict[str, Any]]


def groups(client: Client) -> set[str]:
    found = client.get(f"/@users/{client.user}").json()["groups"]["items"]
    return {item["id"] for item in found}


def test_a_post_gives_groups_and_sight(city: City, person: Person, appoint: Appoint) -> None:
    somchai = person()
    client = city.client(somchai)
    assert client.get(HERE).status_code == 404
    assert client.get("/@units").status_code == 403
    made = appoint(somchai, UNIT, valid_until="2090-01-01")
    assert made["valid_until"] == "2090-01-01"
    assert client.get(HERE).status_code == 200
    assert client.get("/@units").status_code == 200
    assert {f"{UNIT}:officer", "district-bang-bon:staff", f"{UNIT}/{somchai}"} <= groups(client)


def test_who_moves_loses_the_old_unit_the_same_day(city: City, admin: Client, person: Person, appoint: Appoint) -> None:
    somchai = person()
    client = city.client(somchai)
    made = appoint(somchai, UNIT)
    moved = admin.post(f"{HERE}/@move", json={"appointment": made["id"], "unit": "district-bang-bon.education"})
    assert moved.status_code == 200, moved.text
    found = groups(client)
    assert "district-bang-bon.education:officer" in found
    assert not any(group.startswith((f"{UNIT}:", f"{UNIT}/")) for group in found)
    ended = admin.post(f"{HERE}/@end-appointment", json={"appointment": moved.json()["id"]})
    assert ended.status_code == 200
    assert client.get(HERE).status_code == 404
    again = admin.post(f"{HERE}/@end-appointment", json={"appointment": moved.json()["id"]})
    assert (again.status_code, error_of(again)["type"]) == (409, "AppointmentEnded")
    rows = [item for item in admin.get(f"{HERE}/@appointments?all=1&b_size=1000").json()["items"] if item["person"] == somchai]
    assert [row["unit"] for row in rows] == ["district-bang-bon.education", UNIT]


def test_a_post_to_come_gives_nothing_yet(city: City, person: Person, appoint: Appoint) -> None:
    somchai = person()
    appoint(somchai, UNIT, valid_from=(date.today() + timedelta(days=3)).isoformat())
    assert city.client(somchai).get(HERE).status_code == 404


@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({"person": "nobody.at.all"}, "person"),
        ({"unit": "district-thung-khru.finance"}, "unit"),
        ({"unit": "district-bang-bon.moon"}, "unit"),
        ({"function": "king"}, "function"),
        ({"post_th": "  "}, "post_th"),
        ({"post_th": "x" * 201}, "post_th"),
        ({"capacity": "spy"}, "capacity"),
        ({"capacity": "acting"}, "acting_for"),
        ({"function": "secret-registrar"}, "order_number"),
        ({"valid_from": "2569-01-01"}, "valid_from"),
        ({"valid_from": "tomorrow"}, "valid_from"),
        ({"valid_from": "2026-05-01", "valid_until": "2026-04-01"}, "valid_until"),
        ({"person": 7}, "person"),
    ],
)
def test_bad_appointments(admin: Client, ledger: Ledger, change: dict[str, Any], field: str) -> None:
    before = ledger("SELECT count(*) AS n FROM appointment")[0]["n"]
    data = {"person": "officer.district-bang-bon", "unit": UNIT, "function": "officer", "post_th": "x", **change}
    answer = admin.post(f"{HERE}/@appointments", json=data)
    assert answer.status_code == 400, answer.text
    assert field in error_of(answer)["fields"]
    assert ledger("SELECT count(*) AS n FROM appointment")[0]["n"] == before


def test_twice_the_same_is_409(admin: Client, person: Person, appoint: Appoint) -> None:
    somchai = person()
    made = appoint(somchai, UNIT)
    data = {"person": somchai, "unit": UNIT, "function": "officer", "post_th": "x"}
    answer = admin.post(f"{HERE}/@appointments", json=data)
    assert (answer.status_code, error_of(answer)["type"]) == (409, "AlreadyAppointed")
    assert appoint(somchai, UNIT, "registrar")["id"] != made["id"]


def test_nobody_appoints_themselves(admin: Client) -> None:
    data = {"person": "site-admin", "unit": UNIT, "function": "registrar", "post_th": "x"}
    answer = admin.post(f"{HERE}/@appointments", json=data)
    assert (answer.status_code, error_of(answer)["type"]) == (403, "SelfAppointment")


def test_the_administrator_of_one_agency_and_no_other(city: City, person: Person, appoint: Appoint) -> None:
    boss, somchai = person(), person()
    appoint(boss, "district-bang-bon", "administrator")
    client = city.client(boss)
    made = client.post(f"{HERE}/@appointments", json={"person": somchai, "unit": UNIT, "function": "head", "post_th": "x"})
    assert made.status_code == 201, made.text
    for method, service in (("GET", "@appointments"), ("POST", "@appointments"), ("POST", "@end-appointment")):
        assert client.request(method, f"{OTHER}/{service}", json={}).status_code == 404
    elsewhere = appoint(somchai, "district-thung-khru.finance")
    stranger = client.post(f"{HERE}/@end-appointment", json={"appointment": elsewhere["id"]})
    assert stranger.status_code == 404
    assert client.get(f"{HERE}/@appointments").json()["items_total"] > 5


def test_a_name_that_is_given_again_comes_without_the_posts(
    city: City, admin: Client, person: Person, appoint: Appoint
) -> None:
    somchai = person()
    appoint(somchai, UNIT, "head")
    assert city.client(somchai).get(HERE).status_code == 200
    assert admin.delete(f"/@users/{somchai}").status_code == 204
    made = admin.post("/@users", json={"username": somchai, "email": "x@bangkok.example", "password": PASSWORD})
    assert made.status_code == 201
    assert city.client(somchai).get(HERE).status_code == 404


def test_an_appointment_is_in_the_audit_trail(person: Person, appoint: Appoint, ledger: Ledger) -> None:
    somchai = person()
    made = appoint(somchai, UNIT)
    row = ledger("SELECT * FROM audit WHERE act = 'appoint' ORDER BY id DESC LIMIT 1")[0]
    assert row["person"] == "site-admin"
    assert row["outcome"] == "done"
    assert f'"appointment": {made["id"]}' in row["detail"]


def test_demo_accounts_have_the_posts_of_the_contract(city: City, ledger: Ledger) -> None:
    rows = ledger("SELECT person, unit, function FROM appointment WHERE created_by = 'system'")
    posts = {(row["person"], row["unit"], row["function"]) for row in rows}
    for expected in (
        ("registrar.district-dusit", "district-dusit", "registrar"),
        ("officer.district-dusit", "district-dusit.general", "officer"),
        ("officer.district-dusit", "district-dusit.general", "registrar"),
        ("chief.district-dusit", "district-dusit.general", "head"),
        ("director.district-dusit", "district-dusit", "head"),
        ("records.district-dusit", "district-dusit", "records"),
        ("registration.district-dusit", "district-dusit.registration", "registration"),
        ("secret.district-dusit", "district-dusit", "secret-registrar"),
        ("secret.permanent-secretary-secretariat", "permanent-secretary-secretariat", "secret-registrar"),
    ):
        assert expected in posts
    assert not [post for post in posts if post[0] in ("site-admin", "auditor")]
    assert city.client("auditor").get("/agencies/district-dusit").status_code == 200
    assert city.client("auditor").patch("/agencies/district-dusit", json={"title": "x"}).status_code == 403
