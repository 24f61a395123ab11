"""The chart: units are added, renamed, ended; what is in use stays."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from tests.conftest import City, Client
from tests.organisation.conftest import error_of

HERE = "/agencies/district-bang-bon"
Ledger = Callable[..., list[dict[str, Any]]]
Person = Callable[[], str]
Appoint = Callable[..., dict[str, Any]]


def add(admin: Client, where: str = HERE, **values: Any) -> dict[str, Any]:
    answer = admin.post(where, json={"@type": "Unit", "title": "กลุ่มงานทดสอบ", **values})
    assert answer.status_code == 201, answer.text
    found: dict[str, Any] = answer.json()
    return found


def row(ledger: Ledger, unit: str) -> dict[str, Any]:
    found = ledger("SELECT * FROM unit WHERE unit = ?", unit)
    assert len(found) == 1
    return found[0]


def test_units_nest_to_any_depth_and_keep_short_ids(city: City, admin: Client, ledger: Ledger) -> None:
    where = HERE
    for depth in range(8):
        made = add(admin, where, id=f"deep-{depth}", title_en=f"Deep {depth}")
        assert made["unit_id"] == f"district-bang-bon.deep-{depth}"
        where = made["@id"]
    assert row(ledger, "district-bang-bon.deep-7")["parent"] == "district-bang-bon.deep-6"
    found = city.client("registrar.district-dusit").get("/@units?text=deep&parent=district-bang-bon.deep-6").json()
    assert found["items_total"] == 1
    item = found["items"][0]
    assert item["@type"] == "Unit"
    assert item["id"] == "district-bang-bon.deep-7"
    assert item["agency"] == "district-bang-bon"
    assert item["active"] is True


def test_an_id_stands_once_in_an_agency(admin: Client) -> None:
    add(admin, id="twice")
    below = admin.post(f"{HERE}/finance", json={"@type": "Unit", "id": "twice", "title": "x"})
    assert below.status_code == 400
    assert "id" in error_of(below)["fields"]


def test_ids_come_from_english_names(admin: Client) -> None:
    first, second = add(admin, title_en="Water & Lights"), add(admin, f"{HERE}/finance", title_en="Water & Lights")
    assert first["unit_id"] == "district-bang-bon.water-lights"
    assert second["unit_id"] == "district-bang-bon.water-lights-2"
    assert add(admin)["unit_id"].startswith("district-bang-bon.unit")


@pytest.mark.parametrize(
    ("values", "field"),
    [
        ({"id": "Big_Name"}, "id"),
        ({"id": "x" * 41}, "id"),
        ({"id": "archive"}, "id"),
        ({"title": ""}, "title"),
        ({"valid_from": "2569-01-01"}, "valid_from"),
        ({"valid_from": "soon"}, "valid_from"),
        ({"valid_from": "2026-02-01", "valid_until": "2026-01-01"}, "body"),
        ({"kind": "kingdom"}, "kind"),
        ({"letter_code": "กท 0403"}, "letter_code"),
    ],
)
def test_bad_units(admin: Client, ledger: Ledger, values: dict[str, Any], field: str) -> None:
    before = ledger("SELECT count(*) AS n FROM unit")[0]["n"]
    answer = admin.post(HERE, json={"@type": "Unit", "id": "bad", "title": "x", **values})
    assert answer.status_code == 400, answer.text
    assert field in error_of(answer)["fields"]
    assert ledger("SELECT count(*) AS n FROM unit")[0]["n"] == before


def test_a_new_name_keeps_the_old_one(admin: Client, ledger: Ledger) -> None:
    made = add(admin, id="renamed", title="กองกลาง", title_en="Central Division")
    assert admin.patch(made["@id"], json={"title": "สำนักงานเลขานุการ"}).status_code == 204
    assert row(ledger, made["unit_id"])["title_th"] == "สำนักงานเลขานุการ"
    names = ledger("SELECT * FROM unit_name WHERE unit = ?", made["unit_id"])
    assert [(name["title_th"], name["title_en"]) for name in names] == [("กองกลาง", "Central Division")]


def test_a_unit_in_use_is_ended_not_deleted(admin: Client, person: Person, appoint: Appoint, ledger: Ledger) -> None:
    made = add(admin, id="in-use")
    appoint(person(), made["unit_id"])
    refused = admin.delete(made["@id"])
    assert (refused.status_code, error_of(refused)["type"]) == (409, "UnitInUse")
    assert admin.patch(made["@id"], json={"valid_until": "2026-01-31"}).status_code == 204
    assert row(ledger, made["unit_id"])["valid_until"] == "2026-01-31"
    assert admin.get(f"/@units?text={made['unit_id']}").json()["items"][0]["active"] is False
    assert admin.get(f"/@units?text={made['unit_id']}&active=1").json()["items_total"] == 0


def test_an_unused_unit_may_go(admin: Client, ledger: Ledger) -> None:
    made = add(admin, id="mistake")
    assert admin.delete(made["@id"]).status_code == 204
    assert ledger("SELECT * FROM unit WHERE unit = ?", made["unit_id"]) == []


def test_an_agency_of_the_city_is_not_deleted(admin: Client) -> None:
    refused = admin.delete("/agencies/district-thung-khru")
    assert (refused.status_code, error_of(refused)["type"]) == (409, "UnitInUse")


def test_a_unit_keeps_its_id_and_its_agency(admin: Client) -> None:
    made = add(admin, id="steady")
    renamed = admin.patch(made["@id"], json={"id": "other"})
    assert renamed.status_code in (204, 400, 409)
    moved = admin.post("/agencies/district-thung-khru/@move-content", json={"source": made["@id"]})
    assert moved.status_code >= 400
    assert admin.get(made["@id"]).json()["unit_id"] == "district-bang-bon.steady"


def test_staff_may_not_change_the_chart(city: City) -> None:
    client = city.client("director.district-bang-bon")
    assert client.post(HERE, json={"@type": "Unit", "id": "mine", "title": "x"}).status_code == 403
    assert client.patch(f"{HERE}/finance", json={"title": "x"}).status_code == 403
    assert client.delete(f"{HERE}/finance").status_code == 403


def test_import_of_a_table(admin: Client, ledger: Ledger) -> None:
    items = [
        {"id": "imp-a", "name_th": "กลุ่ม ก", "name_en": "Group A"},
        {"id": "imp-b", "name_th": "กลุ่ม ข", "parent": "imp-a"},
        {"id": "finance", "name_th": "ฝ่ายการคลัง", "abbreviation": "ฝคง."},
    ]
    answer = admin.post(f"{HERE}/@import-units", json={"items": items})
    assert answer.json() == {"added": 2, "changed": 1}
    assert row(ledger, "district-bang-bon.imp-b")["parent"] == "district-bang-bon.imp-a"
    assert row(ledger, "district-bang-bon.finance")["abbreviation"] == "ฝคง."
    assert admin.post(f"{HERE}/@import-units", json={"items": items}).json() == {"added": 0, "changed": 3}


def test_a_wrong_line_stops_the_whole_table(admin: Client, ledger: Ledger) -> None:
    before = ledger("SELECT count(*) AS n FROM unit")[0]["n"]
    items = [
        {"id": "good-one", "name_th": "ดี"},
        {"id": "Bad One", "name_th": "ไม่ดี"},
        {"id": "good-one", "name_th": "ซ้ำ"},
        {"id": "orphan", "name_th": "กำพร้า", "parent": "nowhere"},
        {"id": "nameless"},
    ]
    answer = admin.post(f"{HERE}/@import-units", json={"items": items})
    assert answer.status_code == 400
    assert set(error_of(answer)["fields"]) == {"line 3, id", "line 4, id", "line 5, parent", "line 6, name_th"}
    assert ledger("SELECT count(*) AS n FROM unit")[0]["n"] == before


def test_the_picker_finds_by_abbreviation_and_code(city: City) -> None:
    client = city.client("registrar.district-dusit")
    for text in ("สลป", "กท 0403", "กท ๐๔๐๓", "Secretariat of the Permanent"):
        items = client.get("/@units", params={"text": text}).json()["items"]
        assert items[0]["id"] == "permanent-secretary-secretariat", text
    offices = client.get("/@units?parent=permanent-secretary&b_size=100").json()
    assert offices["items_total"] == 10
    page = client.get("/@units?b_size=10&b_start=10").json()
    assert len(page["items"]) == 10
    assert page["items_total"] > 600
    assert set(page["batching"]) >= {"next", "prev", "first", "last"}
