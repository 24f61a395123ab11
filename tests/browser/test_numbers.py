"""Number series, reserved numbers, their report, and prints, as clerks use them at both widths."""

from __future__ import annotations

import re

import pytest
import requests
from playwright.sync_api import expect
from tests.browser.arrivals import PDF, attach, dispatch, draft, register
from tests.browser.checks import sound
from tests.browser.conftest import OpenAs
from tests.conftest import PASSWORD, City

from saraban.registers.browser import bookprint

OFFICE = "district-bang-kapi"
REGISTRAR = f"registrar.{OFFICE}"
PLACEHOLDERS = ("code", "seq", "year", "contract")


def test_an_administrator_adds_changes_and_ends_a_series(open_as: OpenAs, size: str) -> None:  # L24
    name = {"pc": "ฉบับหนึ่ง", "phone": "ฉบับสอง"}[size]
    page = open_as("site-admin", size)
    page.goto(f"agencies/{OFFICE}/@@series")
    sound(page, PLACEHOLDERS)
    page.fill("#field-title_th", f"หนังสือสัญญา{name}")
    page.fill("#field-id", f"contract-{size}")
    page.fill("#field-pattern", "สัญญา {seq}{year}")
    page.get_by_label("หนังสือภายใน").check()
    page.get_by_role("button", name="เพิ่ม", exact=True).click()
    expect(page.locator("#field-pattern-error")).to_be_visible()
    sound(page, PLACEHOLDERS)
    page.fill("#field-pattern", "สัญญา {seq}/{year}")
    page.get_by_role("button", name="เพิ่ม", exact=True).click()
    row = page.locator("tr", has_text=f"หนังสือสัญญา{name}")
    expect(row).to_contain_text("สัญญา 1/25")
    row.get_by_role("link", name="แก้ไข").click()
    page.fill("#field-title_th", f"สัญญาจ้าง{name}")
    page.get_by_role("button", name="บันทึก", exact=True).click()
    row = page.locator("tr", has_text=f"สัญญาจ้าง{name}")
    row.get_by_role("button", name=re.compile("^ยุติ")).click()
    expect(row).to_contain_text("ยุติแล้ว")


def test_a_number_is_reserved_offered_and_used(open_as: OpenAs, city: City, size: str) -> None:  # E11, E12
    page = open_as(REGISTRAR, size)
    page.goto("registers?book=send")
    page.get_by_role("link", name="จองเลข").click()
    page.locator("details.reserve summary").click()
    page.select_option("#field-series", "internal")
    page.fill("#field-purpose", "ประชุมด่วน")
    page.locator("details.reserve button[type=submit]").click()
    number = page.locator(".made .number").inner_text()
    assert number.startswith("กท ")
    sound(page)
    page.goto(f"{draft(city, OFFICE)}/@@dispatch")
    value = page.locator("#field-number option", has_text=number).get_attribute("value")
    page.select_option("#field-number", value)
    page.locator("details.unit-list summary").first.click()
    page.locator("input[value=district-sathon]").check()
    page.click("button[name=check]")
    expect(page.locator("form.confirm h2")).to_contain_text(number)
    sound(page)
    page.click("button[name=send]")
    expect(page.locator(".made .number")).to_have_text(number)


def test_a_number_is_given_up_with_a_reason(open_as: OpenAs, city: City) -> None:  # E10
    kept = city.client(REGISTRAR).post(f"/agencies/{OFFICE}/@reserve-number", json={"series": "internal", "purpose": "ไม่ใช้แล้ว"})
    page = open_as(REGISTRAR)
    page.goto(f"agencies/{OFFICE}/@@numbers?unused=1")
    row = page.locator("tr", has_text=kept.json()["number"])
    row.locator("summary").click()
    row.locator("input[name=reason]").fill("พิมพ์ผิด")
    row.get_by_role("button", name="ยกเลิกเลข").click()
    expect(page.locator("main")).to_contain_text(f"ยกเลิกเลขที่ {kept.json()['number']}")
    sound(page)
    assert page.locator("tr", has_text=kept.json()["number"]).count() == 0


def test_the_report_is_a_workbook_too_and_no_strangers(city: City) -> None:  # L17, L23
    address = f"{city.url}/agencies/{OFFICE}/@@numbers"
    book = requests.get(f"{address}-export", auth=(REGISTRAR, PASSWORD), timeout=60)
    assert book.content[:2] == b"PK"
    for page in (address, f"{address}-export"):
        assert requests.get(page, auth=("registrar.district-sathon", PASSWORD), timeout=60).status_code == 404
        assert requests.get(page, auth=("site-admin", PASSWORD), timeout=60).status_code == 403


def test_a_short_book_is_a_pdf_at_once(city: City, open_as: OpenAs) -> None:
    page = open_as(REGISTRAR)
    page.goto("registers?book=send")
    page.locator(".actions details.menu summary").click()
    for name in ("ทะเบียนทั้งเล่มตามแบบ (PDF)", "สมุดส่งหนังสือ (PDF)"):
        address = page.get_by_role("link", name=name).get_attribute("href") or ""
        answer = requests.get(address, auth=(REGISTRAR, PASSWORD), timeout=60)
        assert answer.headers["Content-Type"] == "application/pdf", name


def test_a_long_book_shows_its_progress(city: City, open_as: OpenAs, size: str) -> None:
    page = open_as(REGISTRAR, size)
    job = city.client(REGISTRAR).post(f"/agencies/{OFFICE}/@print-register", json={"book": "send"}).json()["@id"]
    page.goto(f"register-pdf?job={job.rsplit('=', 1)[1]}")
    expect(page.get_by_role("link", name="ดาวน์โหลด")).to_be_visible(timeout=30_000)
    sound(page)
    assert requests.get(page.url, auth=("registrar.district-sathon", PASSWORD), timeout=60).status_code == 404
    assert bookprint.AT_ONCE < 50_000


@pytest.fixture(scope="module")
def delivery(city: City) -> str:
    """A letter with a PDF that was registered."""
    letter = draft(city)
    attach(city, letter, "แผน.pdf", PDF)
    address = dispatch(city, letter, OFFICE)[0]
    register(city, address, OFFICE)
    return address


def test_a_registered_letter_offers_its_prints(city: City, open_as: OpenAs, delivery: str, size: str) -> None:  # แบบ 12, 17, 18
    page = open_as(REGISTRAR, size)
    page.goto(delivery)
    sound(page)
    for name in ("พร้อมตรารับหนังสือ", "ใบรับหนังสือ", "บัตรตรวจค้น"):
        address = page.get_by_role("link", name=name).get_attribute("href") or ""
        answer = requests.get(address, auth=(REGISTRAR, PASSWORD), timeout=60)
        assert (answer.status_code, answer.headers["Content-Type"]) == (200, "application/pdf"), name
