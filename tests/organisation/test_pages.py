"""The pages of the agency's administrator, as a browser without script sends them."""

from __future__ import annotations

import html
import re
from collections.abc import Callable
from typing import Any

import pytest
import requests
from tests.conftest import PASSWORD, City

HERE = "/agencies/district-bang-bon"
Person = Callable[[], str]
Appoint = Callable[..., dict[str, Any]]
Ledger = Callable[..., list[dict[str, Any]]]


class Visitor(requests.Session):
    """A person with a browser."""

    def __init__(self, city: City, user: str, language: str = "th") -> None:
        super().__init__()
        self.site = city.url
        self.auth = (user, PASSWORD)
        self.headers.update({"Accept": "text/html", "Accept-Language": language})

    def page(self, path: str) -> requests.Response:
        return self.get(self.site + path, timeout=60)

    def submit(self, path: str, data: dict[str, str], **options: Any) -> requests.Response:
        token = re.search(r'name="_authenticator"[^>]*value="(\w+)"', self.page(path).text)
        assert token
        fields = {**data, "_authenticator": token[1]}
        return self.post(self.site + path, data=fields, timeout=60, allow_redirects=False, **options)


@pytest.fixture
def boss(city: City, person: Person, appoint: Appoint) -> Visitor:
    name = person()
    appoint(name, "district-bang-bon", "administrator")
    return Visitor(city, name)


@pytest.mark.parametrize(
    "path", [HERE, f"{HERE}/general", f"{HERE}/@@people", f"{HERE}/@@units", f"{HERE}/general/edit", "/agencies"]
)
def test_pages_have_a_heading_and_a_title(boss: Visitor, path: str) -> None:
    page = boss.page(path)
    assert page.status_code == 200, page.text[:500]
    assert page.text.count("<h1") == 1
    assert re.search(r"<title>[^<]+</title>", page.text)


def test_appoint_move_and_end_by_form(boss: Visitor, person: Person, ledger: Ledger) -> None:
    somchai = person()
    path = f"{HERE}/@@people"
    form = {
        "verb": "appoint",
        "person": somchai,
        "unit": "district-bang-bon.finance",
        "function": "officer",
        "post_th": "นักวิชาการเงินและบัญชี",
        "capacity": "own",
        "valid_from": "1 ม.ค. 2569",
    }
    sent = boss.submit(path, form)
    assert sent.status_code == 303, sent.text
    (row,) = ledger("SELECT * FROM appointment WHERE person = ?", somchai)
    assert row["valid_from"] == "2026-01-01"
    assert f">{somchai}</small>" in boss.page(path).text
    moved = {
        "verb": "move",
        "appointment": str(row["id"]),
        "unit": "district-bang-bon.education",
        "post_th": "",
        "order_number": "1/2569",
    }
    assert boss.submit(path, moved).status_code == 303
    rows = ledger("SELECT * FROM appointment WHERE person = ? ORDER BY id", somchai)
    assert [found["unit"] for found in rows] == ["district-bang-bon.finance", "district-bang-bon.education"]
    assert boss.submit(path, {"verb": "end", "appointment": str(rows[1]["id"]), "last_day": ""}).status_code == 303
    assert f">{somchai}</small>" not in boss.page(path).text


def test_a_person_is_appointed_by_a_part_of_the_name(boss: Visitor, ledger: Ledger) -> None:
    path, target = f"{HERE}/@@people", "registrar.district-bang-na"
    name = boss.get(f"{boss.site}/@users/{target}", headers={"Accept": "application/json"}).json().get("fullname") or ""
    name = name or boss.page(f"{HERE}/@@found-accounts?text={target}").json()["items"][0]["name"]
    part = name.split()[-1][:4]
    form = {"verb": "appoint", "person": part, "unit": "district-bang-bon.finance", "function": "officer",
            "post_th": "นักวิชาการ", "capacity": "own"}  # fmt: skip
    asked = boss.submit(path, form)  # without a script
    assert asked.status_code == 400
    assert "โปรดเลือกว่าหมายถึงผู้ใด" in html.unescape(asked.text)
    assert f'name="chosen" value="{target}"' in asked.text
    assert 'value="นักวิชาการ"' in html.unescape(asked.text)
    assert boss.submit(path, {**form, "searched": part, "chosen": target}).status_code == 303
    (row,) = ledger("SELECT * FROM appointment WHERE person = ? AND unit = 'district-bang-bon.finance'", target)
    assert boss.submit(path, {"verb": "end", "appointment": str(row["id"]), "last_day": ""}).status_code == 303
    # What is typed after the choice counts, and an account is taken as it is written in the field.
    other = {**form, "person": "ไม่มีใคร", "searched": part, "chosen": target}
    assert "ไม่พบผู้มีบัญชีชื่อนี้" in html.unescape(boss.submit(path, other).text)
    assert boss.submit(path, {**form, "person": f"{name} ({target})"}).status_code == 303


def test_accounts_are_found_as_one_types(boss: Visitor, city: City) -> None:
    def found(text: str) -> list[dict[str, str]]:
        items: list[dict[str, str]] = boss.get(f"{boss.site}{HERE}/@@found-accounts", params={"text": text}).json()["items"]
        return items

    (one,) = found("registrar.district-bang-na")
    assert one["written"] == f"{one['name']} (registrar.district-bang-na)"
    assert "สำนักงานเขตบางนา" in one["post"]
    first, last = one["name"].split()
    assert one in found(f"{last[:5]} {first[-4:]}")
    assert found("") == found("   ") == found("ไม่มีใครชื่อนี้") == []
    assert len(found("น")) == 12
    for other in ("director.district-bang-bon", "registrar.district-dusit"):
        assert Visitor(city, other).page(f"{HERE}/@@found-accounts?text=a").status_code in (403, 404)


def test_a_refusal_stands_on_the_page_and_in_the_trail(boss: Visitor, ledger: Ledger) -> None:
    path = f"{HERE}/@@people"
    form = {"verb": "appoint", "person": "nobody.here", "unit": "district-bang-bon", "function": "head", "post_th": "หัวหน้า<b>"}
    page = boss.submit(path, form)
    assert page.status_code == 400
    assert 'value="nobody.here"' in page.text
    assert "หัวหน้า&lt;b&gt;" in page.text
    own = boss.submit(path, {**form, "person": boss.auth[0]})  # type: ignore[index]
    assert own.status_code == 403
    last = ledger("SELECT * FROM audit ORDER BY id DESC LIMIT 1")[0]
    assert (last["act"], last["outcome"]) == ("people", "SelfAppointment")


def test_a_form_without_a_token_does_nothing(boss: Visitor, person: Person, ledger: Ledger) -> None:
    somchai = person()
    form = {"verb": "appoint", "person": somchai, "unit": "district-bang-bon", "function": "head", "post_th": "หัวหน้า"}
    answer = boss.post(f"{boss.site}{HERE}/@@people", data=form, timeout=60, allow_redirects=False)
    assert answer.status_code == 403
    assert ledger("SELECT * FROM appointment WHERE person = ?", somchai) == []


def test_units_by_form_and_by_file(boss: Visitor, ledger: Ledger) -> None:
    path = f"{HERE}/@@units"
    sent = boss.submit(
        path,
        {"verb": "add", "name_th": "กลุ่มงานแบบฟอร์ม", "name_en": "Form Group", "id": "", "parent": "finance", "kind": "group"},
    )
    assert sent.status_code == 303, sent.text
    (row,) = ledger("SELECT * FROM unit WHERE unit = 'district-bang-bon.form-group'")
    assert row["parent"] == "district-bang-bon.finance"
    table = "id,name_th\nfile-a,กลุ่มแฟ้ม\n".encode("cp874")
    assert boss.submit(path, {"verb": "import"}, files={"file": ("units.csv", table)}).status_code == 303
    assert ledger("SELECT title_th FROM unit WHERE unit = 'district-bang-bon.file-a'") == [{"title_th": "กลุ่มแฟ้ม"}]
    wrong = boss.submit(path, {"verb": "import"}, files={"file": ("units.csv", "id,name_th\nfile-b,ดี\nNo,ไม่ดี\n".encode())})
    assert wrong.status_code == 400
    assert ledger("SELECT * FROM unit WHERE unit = 'district-bang-bon.file-b'") == []


def test_the_table_of_units_goes_out_and_comes_back(boss: Visitor, ledger: Ledger) -> None:
    path = f"{HERE}/@@units"
    table = boss.get(f"{boss.site}{HERE}/@@units-table")
    assert table.headers["Content-Type"].startswith("text/csv")
    lines = table.content.decode("utf-8-sig").splitlines()
    assert lines[0] == "id,name_th,name_en,parent,kind,abbreviation,letter_code,valid_until,successor"
    units = (
        "SELECT unit, parent, title_th, title_en, kind, valid_until FROM unit WHERE agency = 'district-bang-bon' ORDER BY unit"
    )
    before = ledger(units)
    assert boss.submit(path, {"verb": "import"}, files={"file": ("units.csv", table.content)}).status_code == 303
    assert ledger(units) == before
    more = "id;name_th\nchecked-a;กลุ่มตรวจ\n".encode()
    checked = boss.submit(path, {"verb": "import", "check": "1"}, files={"file": ("units.csv", more)})
    assert checked.status_code == 303
    assert "ยังไม่ได้บันทึก" in html.unescape(boss.page(path).text)
    assert ledger(units) == before
    assert boss.submit(path, {"verb": "import"}, files={"file": ("units.csv", more)}).status_code == 303
    assert len(ledger(units)) == len(before) + 1


@pytest.mark.parametrize(
    ("name", "typed", "said"),
    [
        ("title", "", "จำเป็นต้องกรอก"),
        ("title", "ก" * 301, "300"),
        ("title", "ก\x01", "อักขระ"),
        ("valid_until", "30/2/2569", "วันที่ไม่ถูกต้อง"),
        ("position", "หนึ่ง", "จำนวนเต็ม"),
        ("successor", "district-atlantis", "ไม่มีหน่วยงานนี้"),
        ("kind", "poem", "ใช้ค่านี้ไม่ได้"),
        ("active", "perhaps", "ใช้ค่านี้ไม่ได้"),
        ("letter_code", "กท 9028", "มีหน่วยงานอื่นใช้"),
    ],
)
def test_a_unit_is_not_changed_to_what_it_cannot_be(boss: Visitor, ledger: Ledger, name: str, typed: str, said: str) -> None:
    before = ledger("SELECT * FROM unit WHERE unit = 'district-bang-bon.revenue'")
    told = boss.submit(f"{HERE}/revenue/edit", {"title_en": "Never", name: typed})
    assert told.status_code == 400
    assert said in html.unescape(told.text)
    assert ledger("SELECT * FROM unit WHERE unit = 'district-bang-bon.revenue'") == before


def test_a_unit_is_changed_by_form(boss: Visitor, ledger: Ledger) -> None:
    form = {"title_en": "Revenue and Taxes", "valid_until": "๓๑ ธ.ค. ๒๕๘๐", "active": "yes", "planning_code": "7"}
    assert boss.submit(f"{HERE}/revenue/edit", form).status_code == 303
    (row,) = ledger("SELECT title_en, valid_until, active FROM unit WHERE unit = 'district-bang-bon.revenue'")
    assert (row["title_en"], str(row["valid_until"])[:10], bool(row["active"])) == ("Revenue and Taxes", "2037-12-31", True)
    page = html.unescape(boss.page(f"{HERE}/revenue/edit").text)
    assert 'value="Revenue and Taxes"' in page
    # Codes are given by the city.
    assert 'name="letter_code"' not in boss.page(f"{HERE}/edit").text


def test_others_are_not_let_in(city: City) -> None:
    assert Visitor(city, "director.district-bang-bon").page(f"{HERE}/@@people").status_code == 403
    assert Visitor(city, "registrar.district-dusit").page(f"{HERE}/@@people").status_code == 404
