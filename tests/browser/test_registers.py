"""Register books as the paper form, their exports and prints, and the list of own letters."""

from __future__ import annotations

import io

import pytest
import requests
from openpyxl import load_workbook
from playwright.sync_api import expect
from tests.browser.arrivals import arrive, dispatch, draft, register
from tests.browser.checks import sound
from tests.browser.conftest import OpenAs
from tests.conftest import PASSWORD, City, wait_until

OFFICE = "district-khlong-toei"
REGISTRAR = f"registrar.{OFFICE}"
COLUMNS = ["เลขทะเบียนรับ", "ที่", "ลงวันที่", "จาก", "ถึง", "เรื่อง", "การปฏิบัติ", "หมายเหตุ"]


@pytest.fixture(scope="module")
def last(city: City) -> int:
    """The last receive number of a book that has some lines."""
    return [register(city, one, OFFICE) for one in arrive(city, OFFICE, 4)][-1]


def test_receive_register_is_the_paper_form(open_as: OpenAs, city: City, last: int, size: str) -> None:
    page = open_as(REGISTRAR, size)
    page.goto("registers?book=receive")
    sound(page)
    assert page.locator(".book thead th").all_inner_texts() == COLUMNS
    numbers = [int(text) for text in page.locator(".book tbody th[scope=row]").all_inner_texts()]
    assert numbers == list(range(1, last + 1))
    page.locator(".book tbody a").first.click()
    expect(page.locator(".letter-page")).to_be_visible()


def test_send_register(open_as: OpenAs, city: City, size: str) -> None:
    dispatch(city, draft(city, OFFICE, kind="external"), "district-sathon", agency=OFFICE)
    page = open_as(REGISTRAR, size)
    page.goto("registers?book=send")
    sound(page)
    expect(page.locator("#field-series option")).to_have_count(2)
    page.select_option("#field-series", "external")
    page.get_by_role("button", name="แสดง", exact=True).click()
    expect(page.locator(".book tbody th[scope=row]").first).to_have_text("1")
    page.locator(".book tbody a").first.click()
    expect(page.locator("h1")).to_contain_text("ขอเชิญประชุม")


def test_go_to_a_number_or_a_date(open_as: OpenAs, last: int) -> None:
    page = open_as(REGISTRAR)
    page.goto("registers?book=receive")
    for typed in (str(last), "๑", "1 ม.ค. 2560"):
        page.fill("#field-goto", typed)
        page.keyboard.press("Enter")
        page.wait_for_load_state()
        expect(page.locator(".book tbody th[scope=row]").first).to_be_visible()
        expect(page.locator("[data-found]")).to_be_focused()
    page.fill("#field-goto", "พรุ่งนี้")
    page.keyboard.press("Enter")
    expect(page.locator("#field-goto-error")).to_be_visible()
    sound(page)


def test_print_has_the_heading_of_the_form(open_as: OpenAs, last: int) -> None:
    page = open_as(REGISTRAR)
    page.goto(f"register-print?book=receive&from_seq={last}&to_seq={last}")
    sound(page)
    assert page.locator(".book tbody th[scope=row]").all_inner_texts() == [str(last)]
    expect(page.locator(".sheet-head")).to_contain_text("สำนักงานเขตคลองเตย")


def test_exports_are_the_whole_book(city: City, last: int) -> None:
    address = f"{city.url}/register-export?book=receive&unit={OFFICE}"
    csv = requests.get(f"{address}&format=csv", auth=(REGISTRAR, PASSWORD), timeout=30)
    lines = csv.content.decode("utf-8-sig").splitlines()
    assert lines[0].split(",") == COLUMNS
    assert len(lines) == last + 1
    book = requests.get(f"{address}&format=xlsx", auth=(REGISTRAR, PASSWORD), timeout=30)
    sheet = load_workbook(io.BytesIO(book.content)).active
    assert sheet is not None
    assert sheet.max_row == last + 1


@pytest.mark.parametrize("page", ["registers", "register-print", "register-export"])
def test_another_agencys_book_is_not_shown(city: City, last: int, page: str) -> None:
    address = f"{city.url}/{page}?book=receive&unit={OFFICE}"
    answer = requests.get(address, auth=("registrar.district-sathon", PASSWORD), headers={"Accept": "text/html"}, timeout=30)
    assert "คลองเตย" not in answer.text
    assert answer.status_code == (404 if page == "register-export" else 200)


def test_who_reads_no_book_is_told_who_does(open_as: OpenAs) -> None:
    page = open_as(f"records.{OFFICE}")
    page.goto("registers")
    sound(page)
    expect(page.locator(".empty")).to_contain_text("นายทะเบียน")


def test_own_letters(open_as: OpenAs, city: City, size: str) -> None:
    title = f"ร่างที่กำลังเขียน {size.replace('pc', 'หนึ่ง').replace('phone', 'สอง')}"
    draft(city, OFFICE, title=title)
    many = f"ถึงสามเขต {title}"
    units = ("district-sathon", "district-bang-rak", "district-yan-nawa")
    dispatch(city, draft(city, OFFICE, title=many), *units, agency=OFFICE)
    page = open_as(REGISTRAR, size)

    def listed() -> bool:
        page.goto("letters")
        return page.get_by_role("link", name=title).count() == 1

    wait_until(listed, 20, "for the index")
    sound(page)
    page.get_by_role("link", name="ส่งแล้ว", exact=True).click()
    expect(page.locator("main")).to_contain_text("ลงรับแล้ว 0 จาก 3")
    sound(page)
    page.get_by_role("link", name="ส่งแล้ว ยังไม่ลงรับ").click()
    expect(page.locator("tbody tr", has_text=many)).to_have_count(1)
    expect(page.locator("tbody tr", has_text=many).locator("summary")).to_have_text("3 หน่วยงาน")
    sound(page)
