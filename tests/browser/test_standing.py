"""Where things stand: the figures on the desk, reports, and the movement of a letter (L7, L28, L29, B8)."""

from __future__ import annotations

from playwright.sync_api import expect
from tests.browser.arrivals import arrive, dispatch, draft, register
from tests.browser.checks import sound
from tests.browser.conftest import OpenAs
from tests.conftest import City

SENDER = "district-phra-nakhon"
OFFICE = "district-bang-rak"


def test_each_figure_opens_its_list(open_as: OpenAs, city: City, size: str) -> None:  # L7
    arrive(city, OFFICE, 2, kind="announcement")
    arrive(city, OFFICE)
    register(city, arrive(city, OFFICE)[0], OFFICE)
    page = open_as(f"director.{OFFICE}", size)
    page.goto("desk")
    sound(page)
    figure = page.locator(".figures li a", has_text="รอสั่งการ")
    count = int(figure.locator("strong").inner_text())
    figure.click()
    expect(page.locator(".desk-table tbody tr")).to_have_count(count)
    page.locator(".figures summary").click()
    kind = page.locator(".figures tbody tr", has_text="ประกาศ").locator("a").first
    count = int(kind.inner_text())
    kind.click()
    expect(page.locator(".desk-table tbody tr")).to_have_count(count)
    page.get_by_role("link", name="แสดงทุกชนิด").click()
    expect(page.locator(".desk-table tbody tr").nth(count)).to_be_visible()
    page.locator(".figures li a", has_text="ส่งแล้ว ยังไม่ลงรับ").click()
    expect(page.locator("h1")).to_have_text("หนังสือ")
    sound(page)


def test_a_report_says_what_it_found(open_as: OpenAs, city: City, size: str) -> None:  # B8
    register(city, arrive(city, OFFICE)[0], OFFICE)
    page = open_as(f"director.{OFFICE}", size)
    page.goto("reports")
    sound(page)
    expect(page.locator("#volume-heading")).to_contain_text("มีหนังสือเข้ามากที่สุด")
    expect(page.locator("#steps-heading")).to_contain_text("ลงรับภายใน")
    with page.expect_download() as download:
        page.get_by_role("link", name="บันทึกเป็นตาราง").click()
    assert download.value.suggested_filename.endswith(".xlsx")


def test_the_way_of_a_letter_is_drawn(open_as: OpenAs, city: City, size: str) -> None:  # L28, L29
    letter = draft(city)
    units = ["bang-rak", "sathon", "dusit", "pathum-wan", "yan-nawa", "bang-sue", "din-daeng", "watthana"]
    sent = dispatch(city, letter, *(f"district-{unit}" for unit in units))
    register(city, sent[0], OFFICE)
    answer = city.client(f"registrar.{OFFICE}").post(
        f"{sent[0]}/@forward", json={"units": [f"{OFFICE}.general"], "note": "ดำเนินการ"}
    )
    assert answer.status_code == 200, answer.text
    page = open_as(f"registrar.{SENDER}", size)
    page.goto(letter)
    page.get_by_role("link", name="ดูเส้นทางระหว่างหน่วยงาน").click()
    expect(page.locator("#route-heading")).to_be_visible()
    sound(page)
    cards = page.locator("svg.route .unit")
    expect(cards).to_have_count(4)  # the sender, who passed it on and to whom, and the seven others folded
    expect(page.locator("svg.route")).to_contain_text("7 หน่วยงาน")
    assert page.locator(".timeline > li").count() >= 4
    page.get_by_role("link", name="แสดงทุกหน่วยงานแยกกัน").click()
    expect(cards).to_have_count(10)
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")


def test_a_receiver_sees_the_own_way_alone(open_as: OpenAs, city: City) -> None:
    sent = dispatch(city, draft(city), OFFICE, "district-sathon")
    page = open_as(f"registrar.{OFFICE}")
    page.goto(f"{sent[0]}/@@movement")
    expect(page.locator("svg.route .unit")).to_have_count(2)
    expect(page.locator("main")).not_to_contain_text("สาทร")
    assert city.client(f"registrar.{OFFICE}").get(sent[0]).json()["state"] == "sent"  # looking at the way opens nothing
    other = page.goto(f"{sent[1]}/@@movement")
    assert other is not None
    assert other.status == 404
