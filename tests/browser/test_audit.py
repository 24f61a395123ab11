"""The audit trail as the auditor reads it: where the day begins, who did what, what was refused; nobody else reads it."""

from __future__ import annotations

import pytest
import requests
from playwright.sync_api import expect
from tests.browser.arrivals import arrive, register
from tests.browser.checks import sound
from tests.browser.conftest import OpenAs
from tests.conftest import PASSWORD, City

DESK = "district-bang-kapi"
REGISTRAR = f"registrar.{DESK}"


def test_the_auditor_begins_with_the_trail_and_narrows_it(open_as: OpenAs, city: City, size: str) -> None:
    (delivery,) = arrive(city, DESK)
    register(city, delivery, DESK)
    key = delivery.rpartition("/")[2]
    page = open_as("auditor", size)
    page.goto("")
    expect(page).to_have_url(f"{city.url}/audit")
    sound(page)
    page.fill("#field-person", REGISTRAR)
    page.select_option("#field-act", "register")
    page.get_by_role("button", name="แสดง", exact=True).click()
    row = page.locator("tbody tr", has=page.locator(f"a[href$='uid={key}']"))
    expect(row).to_have_count(1)
    expect(row).to_contain_text("ลงรับ")
    page.goto(f"audit?uid={key}")
    expect(page.locator("tbody tr").first).to_contain_text("ลงรับ")


def test_refusals_and_days(open_as: OpenAs, city: City) -> None:
    assert city.client(REGISTRAR).get("/agencies/district-dusit/@deliveries").status_code == 404
    page = open_as("auditor")
    page.goto(f"audit?person={REGISTRAR}&refused=1")
    expect(page.locator("tbody tr").first).to_contain_text("ไม่มี หรือไม่มีสิทธิดู")
    assert page.locator("tbody .chip.act").count() == 0
    page.goto(f"audit?person={REGISTRAR}&until=1/1/2569")
    expect(page.locator(".empty h2")).to_be_visible()
    page.goto("audit?since=32/1/2569")
    expect(page.locator("#field-since-error")).to_contain_text("ไม่มีวันที่นี้")
    page.goto("audit?since=1/1/2569")
    page.locator("a[rel=next]").click()
    expect(page.locator("tbody tr").first).to_be_visible()


def test_the_service_leads_from_page_to_page(city: City) -> None:
    auditor = city.client("auditor")
    newest = auditor.get("/@audit?b_size=2").json()
    older = auditor.get(newest["next"]).json()
    ids = [row["id"] for row in (*newest["items"], *older["items"])]
    assert ids == sorted(ids, reverse=True)
    assert len(ids) == 4
    for wrong in ("from=2569-01-01", "to=x", "before=-1", "b_size=0", "refused=perhaps"):
        assert auditor.get(f"/@audit?{wrong}").status_code == 400, wrong


@pytest.mark.parametrize("person", [REGISTRAR, f"director.{DESK}", "secret.district-dusit", "site-admin"])
def test_nobody_else_reads_it(city: City, person: str) -> None:
    for address in ("audit", "@audit"):
        assert requests.get(f"{city.url}/{address}", auth=(person, PASSWORD), timeout=60).status_code == 403
