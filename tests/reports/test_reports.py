"""Who reads which report (L7, B8; `api.md`: register books, reports), and what its page and workbook say."""

from __future__ import annotations

import io
import json
from typing import Any

import pytest
import requests
from openpyxl import load_workbook
from tests.conftest import HOME, PASSWORD, run, wait_until
from tests.routing.conftest import BYSTANDER, RECEIVER, SENDER, Office

from saraban.ledger import clock
from saraban.ledger.audit import LATE

LEAVE = {"secrecy": "confidential", "secrecy_reason": "สอบสวน"}


def ask(office: Office, function: str, agency: str = RECEIVER, of: str = RECEIVER, **query: Any) -> requests.Response:
    answer: requests.Response = office.user(function, agency).get(f"/agencies/{of}/@reports", params=query)
    return answer


def now(office: Office, function: str, agency: str = RECEIVER, of: str = RECEIVER, **query: Any) -> dict[str, Any]:
    """The report once it holds all that was done until now: within a minute."""
    asked = clock.iso(clock.now())

    def told() -> dict[str, Any] | None:
        found = ask(office, function, agency, of, **query).json()
        return dict(found) if asked and found["as_of"] >= asked else None

    return dict(wait_until(told, 60, "for the figures"))


def test_letters_run_through_the_figures_and_secret_ones_apart(office: Office) -> None:
    before, secret = now(office, "registrar"), ask(office, "secret", secret="1").json()
    _letter, delivery = office.registered()
    answer = office.user("registrar", RECEIVER).post(f"{delivery}/@close", json={"result": "จบ"})
    assert answer.status_code == 200, answer.text
    data = {"@type": "Letter", "kind": "internal", "title": "เรื่องลับ", **LEAVE}
    letter = office.user("secret").post(f"/agencies/{SENDER}/letters", json=data).json()["@id"]
    answer = office.user("secret").post(f"{letter}/@dispatch", json={"recipients": [RECEIVER]})
    assert answer.status_code == 200, answer.text
    after, secret_after = now(office, "registrar"), ask(office, "secret", secret="1").json()
    for name in ("received", "registered", "closed"):
        assert after["total"][name] == before["total"][name] + 1
        assert after["months"][-1][name] == before["months"][-1][name] + 1
    assert {one["step"] for one in after["times"]} >= {"registered", "closed", "whole"}
    assert after["units"][0]["unit"] == RECEIVER
    assert sum(one["received"] for one in after["units"]) == after["total"]["received"]
    assert ask(office, "registrar", SENDER, SENDER).json()["total"]["sent"] >= 1
    for name, more in (("received", 1), ("registered", 0), ("open", 1)):
        assert secret_after["total"][name] == secret["total"][name] + more


def test_what_is_kept_of_all_that_was_done_in_this_city_is_what_its_ledger_says(office: Office) -> None:
    """In a whole run these are the letters of every test before this one."""

    def compared() -> dict[str, Any] | None:
        done = run(office.city, "py", str(HOME / "tests" / "reports" / "compare.py"))
        assert done.returncode == 0, done.stderr
        found: dict[str, Any] = json.loads(done.stdout.strip().splitlines()[-1])
        return found if found["as_of"] else None

    now(office, "registrar")
    found = wait_until(compared, 3 * LATE.total_seconds(), "for the first count")
    assert found["differ"] == []
    assert found["months"] > 0 < found["sent"]


@pytest.mark.parametrize(
    ("function", "agency", "query", "status"),
    [
        ("registrar", RECEIVER, {}, 200),
        ("director", RECEIVER, {"unit": f"{RECEIVER}.general"}, 200),
        ("officer", RECEIVER, {}, 200),
        ("chief", RECEIVER, {"unit": f"{RECEIVER}.general"}, 200),
        ("officer", RECEIVER, {"unit": RECEIVER}, 403),
        ("records", RECEIVER, {}, 403),
        ("secret", RECEIVER, {}, 403),
        ("secret", RECEIVER, {"secret": "1"}, 200),
        ("registrar", RECEIVER, {"secret": "1"}, 403),
        ("registrar", RECEIVER, {"unit": SENDER}, 404),
        ("registrar", RECEIVER, {"unit": "nowhere"}, 404),
        ("registrar", RECEIVER, {"period": "yesterday"}, 400),
        ("registrar", RECEIVER, {"format": "doc"}, 400),
        ("registrar", SENDER, {}, 404),
        ("director", SENDER, {"secret": "1"}, 404),
    ],
)
def test_who_may_read_what(office: Office, function: str, agency: str, query: dict[str, str], status: int) -> None:
    assert ask(office, function, agency, **query).status_code == status


def test_a_stranger_and_whoever_runs_the_site_read_none(office: Office) -> None:
    assert office.city.client().get(f"/agencies/{RECEIVER}/@reports").status_code == 401
    assert office.user("site-admin", "").get(f"/agencies/{RECEIVER}/@reports").status_code in (403, 404)


def test_officers_get_their_own_unit_alone(office: Office) -> None:
    assert [one["unit"] for one in ask(office, "officer").json()["units"]] == [f"{RECEIVER}.general"]
    whole = [one["unit"] for one in ask(office, "director").json()["units"]]
    assert f"{RECEIVER}.general" in whole
    assert len(whole) > 1


def test_workbook(office: Office) -> None:
    answer = ask(office, "director", format="xlsx")
    book = load_workbook(io.BytesIO(answer.content))
    assert book.sheetnames == ["By month", "By unit", "Times", "Backlog", "About"]
    months = list(book["By month"].values)
    assert len(months) == 13
    found = ask(office, "director").json()
    assert sum(row[1] for row in months[1:]) == found["total"]["received"]
    heading, line = book["About"].values
    assert heading[0] == "Figures as of"
    assert f"{line[0]:%Y-%m-%dT%H:%M:%S}" <= found["as_of"]


def test_page_and_its_workbook(office: Office) -> None:
    def page(user: str, address: str) -> requests.Response:
        return requests.get(f"{office.city.url}/{address}", auth=(user, PASSWORD), timeout=60)

    office.registered()
    now(office, "registrar")
    shown = page(f"director.{RECEIVER}", "reports")
    assert shown.status_code == 200
    assert 'data-chart="months"' in shown.text
    assert "หนังสือเข้ามากที่สุด" in shown.text
    assert "ข้อมูล ณ" in shown.text
    other = page(f"officer.{BYSTANDER}", f"reports?unit={RECEIVER}")
    assert f'value="{RECEIVER}"' not in other.text
    assert page(f"director.{RECEIVER}", "reports-export?period=2569").content[:2] == b"PK"
    assert "ไม่มีรายงาน" in page(f"records.{RECEIVER}", "reports").text
    assert page(f"records.{RECEIVER}", "reports-export").status_code == 404
    assert "/reports" not in page(f"records.{RECEIVER}", "desk").text.partition("<main")[0]
