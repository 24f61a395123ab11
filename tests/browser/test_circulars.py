"""A circular to all, in a real browser: written, sent, unread at first, read, acknowledged, counted (B9, E20)."""

from __future__ import annotations

from playwright.sync_api import expect
from tests.browser.checks import sound
from tests.browser.conftest import OpenAs
from tests.browser.letters import line_of
from tests.conftest import City

REGISTRAR = "registrar.district-thung-khru"
READER = "officer.district-bang-bon"
WORDS = {"pc": "ครั้งที่หนึ่ง", "phone": "ครั้งที่สอง"}


def test_a_circular_to_all_with_receipts(open_as: OpenAs, city: City, size: str) -> None:
    subject = f"ขอเชิญร่วมงานวันกรุงเทพมหานคร {WORDS[size]}"
    page = open_as(REGISTRAR, size)
    page.goto("circulars")
    sound(page)
    page.get_by_role("link", name="เขียนหนังสือเวียน").click()
    sound(page)
    page.fill("#field-title", subject)
    page.fill("#field-body", "ด้วยกรุงเทพมหานครกำหนดจัดงาน\nจึงเรียนมาเพื่อโปรดทราบ")
    page.click("button[name=save]")
    page.wait_for_load_state()
    circular = page.url
    assert "/circulars/" in circular
    sent = city.client(REGISTRAR).post(
        f"{circular.partition('?')[0].replace('/@@dispatch', '')}/@dispatch", json={"recipients": "all-agencies"}
    )
    assert sent.status_code == 200, sent.text
    assert "/ว " in sent.json()["number"]

    reader = open_as(READER, size)
    reader.goto("circulars")
    row = reader.locator("tr.unread", has_text=subject)
    expect(row).to_contain_text("ใหม่")
    sound(reader)
    row.get_by_role("link", name=subject).click()
    reader.get_by_role("button", name="รับทราบ").click()
    expect(reader.locator("#receipt-heading + p")).to_contain_text("ท่านรับทราบแล้ว")
    sound(reader)
    expect(line_of(reader, "circulars", subject)).to_contain_text("รับทราบแล้ว")

    page.goto(circular.partition("?")[0].replace("/@@dispatch", ""))
    expect(page.locator("section:has(#readers-heading)")).to_contain_text(
        "รับทราบแล้ว ๑ คน" if "๑" in page.content() else "รับทราบแล้ว 1 คน"
    )
    sound(page)


def test_a_filter_that_is_not_known_shows_everything(open_as: OpenAs, size: str) -> None:
    page = open_as(READER, size)
    page.goto("circulars?year=9999&issuer=nobody&b_start=x")
    sound(page)
