"""What an office sets for itself and mends afterwards: settings, an executive's phrases, series to choose from, corrections."""

from __future__ import annotations

import re

from playwright.sync_api import Page, expect
from tests.browser.arrivals import dispatch, draft
from tests.browser.checks import sound
from tests.browser.conftest import OpenAs
from tests.conftest import City

OFFICE, RECEIVER = "district-din-daeng", "district-sathon"
SETTINGS = f"agencies/{OFFICE}/@@settings"


def words_of(page: Page, heading: str) -> list[str]:
    """A list of the settings, in its order."""
    return page.locator("section", has=page.get_by_role("heading", name=heading)).locator("li strong").all_inner_texts()


def test_an_administrator_defines_categories_and_puts_them_in_order(open_as: OpenAs, size: str) -> None:  # L21
    page = open_as("site-admin", size)
    page.goto(SETTINGS)
    added = [f"งบประมาณ{size}", f"ร้องเรียน{size}"]
    for word in added:
        field = page.locator("#field-categories")
        field.fill(word)
        field.press("Enter")
    assert words_of(page, "หมวดหมู่เอกสาร")[-2:] == added
    page.get_by_role("button", name=f"ขึ้น {added[1]}").click()
    assert words_of(page, "หมวดหมู่เอกสาร")[-2:] == added[::-1]
    sound(page, [size])
    # The registrar finds them where letters are searched by every detail.
    registrar = open_as(f"registrar.{OFFICE}", size)
    registrar.goto(f"find?category={added[0]}")
    expect(registrar.locator("#field-category option:checked")).to_have_text(added[0])
    expect(registrar.locator(".find-chips")).to_contain_text(added[0])
    for word in added:
        page.get_by_role("button", name=f"นำออก {word}").click()
    assert not set(words_of(page, "หมวดหมู่เอกสาร")) & set(added)


def test_an_executive_keeps_phrases(open_as: OpenAs, size: str) -> None:  # B4
    page = open_as(f"director.{OFFICE}", size)
    page.goto("phrases")
    for phrase in ("ทราบ ดำเนินการต่อไป", "เสนอรองผู้อำนวยการ"):
        page.fill("#field-phrase", phrase)
        page.get_by_role("button", name="เพิ่ม", exact=True).click()
    lines = page.locator("ol.plain-list li > span")
    expect(lines).to_have_text(["ทราบ ดำเนินการต่อไป", "เสนอรองผู้อำนวยการ"])
    page.get_by_role("button", name="ขึ้น เสนอรองผู้อำนวยการ").click()
    expect(lines).to_have_text(["เสนอรองผู้อำนวยการ", "ทราบ ดำเนินการต่อไป"])
    sound(page)
    for left in (1, 0):
        page.locator("button[name=remove]").first.click()
        expect(lines).to_have_count(left)


def test_a_registrar_chooses_the_series(open_as: OpenAs, city: City, size: str) -> None:  # L24
    series = {"id": f"invite-{size}", "title_th": f"หนังสือเชิญ {size}", "pattern": "{code}/ช {seq}", "kinds": ["internal"]}
    admin = city.client("site-admin")
    assert admin.post(f"/agencies/{OFFICE}/@add-series", json=series).status_code == 201
    page = open_as(f"registrar.{OFFICE}", size)
    page.goto(f"{draft(city, OFFICE)}/@@dispatch")
    first = page.locator("#field-number optgroup").first.locator("option")
    expect(first).to_have_count(2)
    expect(first.first).to_contain_text("หนังสือภายใน")
    page.select_option("#field-number", f"series:invite-{size}")
    page.locator("details.unit-list summary").first.click()
    page.locator(f"input[value={RECEIVER}]").check()
    sound(page, [size])
    page.click("button[name=check]")
    expect(page.locator("form.confirm dl")).to_contain_text(f"หนังสือเชิญ {size}")
    sound(page, [size])
    page.click("button[name=send]")
    expect(page.locator(".made .number")).to_contain_text("/ช 1")
    assert admin.post(f"/agencies/{OFFICE}/@change-series", json={"id": series["id"], "active": False}).status_code == 200


def test_a_letter_is_corrected_and_its_receiver_sees_both(open_as: OpenAs, city: City, size: str) -> None:
    letter = draft(city, OFFICE)
    delivery = dispatch(city, letter, RECEIVER, agency=OFFICE)[0]
    page = open_as(f"registrar.{OFFICE}", size)
    page.goto(f"{letter}/@@correct")
    sound(page)
    expect(page.locator(".lead")).to_contain_text("มีผู้ถือ 1 หน่วยงาน")
    page.fill("#field-title", "ขอเลื่อนการประชุมเป็นวันศุกร์")
    page.locator("form[action$='@@correct'] button[type=submit]").last.click()
    expect(page.locator("#field-reason-error")).to_be_visible()
    page.fill("#field-reason", "ระบุวันผิด")
    page.locator("form[action$='@@correct'] button[type=submit]").last.click()
    expect(page.locator("h1")).to_contain_text("ขอเลื่อนการประชุมเป็นวันศุกร์")
    receiver = open_as(f"registrar.{RECEIVER}", size)
    receiver.goto(delivery)
    expect(receiver.locator("main")).to_contain_text("ระบุวันผิด")
    sound(receiver)
    receiver.goto(f"{letter}/@@versions")
    expect(receiver.locator("main")).to_contain_text("ระบุวันผิด")
    expect(receiver.locator("main ins")).to_have_text("ขอเลื่อนการประชุมเป็นวันศุกร์")
    expect(receiver.locator("main del")).to_have_count(1)
    sound(receiver)
    # Corrected once more: each version says what was changed after it.
    again = {"body": "ด้วยเหตุขัดข้อง", "reason": "เพิ่มข้อความ"}
    assert city.client(f"registrar.{OFFICE}").post(f"{letter}/@correct", json=again).status_code == 200
    receiver.reload()
    expect(receiver.locator("section .plain-list").first).to_have_text("ข้อความ")
    expect(receiver.locator("main ins")).to_have_text("ขอเลื่อนการประชุมเป็นวันศุกร์")


def test_a_postponement_says_what_is_postponed_and_what_is_missing(open_as: OpenAs, city: City) -> None:
    letter = draft(city, OFFICE, due_date="2031-02-09")
    delivery = dispatch(city, letter, RECEIVER, agency=OFFICE)[0]
    assert city.client(f"registrar.{RECEIVER}").post(f"{delivery}/@register", json={}).status_code == 200
    page = open_as(f"registrar.{RECEIVER}")
    page.goto(f"{delivery}/@@do?verb=postpone")
    expect(page.locator("form.form")).to_contain_text("กำหนดเดิม: 9 กุมภาพันธ์ 2574")
    page.fill("#field-due_days", "30")
    page.locator("form.form button[type=submit]").click()
    expect(page.locator(".message.error li")).to_have_text(re.compile(r"^เหตุผล: "))


def test_a_wide_table_of_a_report_keeps_its_first_column(open_as: OpenAs) -> None:
    page = open_as(f"director.{OFFICE}", "phone")
    page.goto("reports")
    place = page.locator(".report .table-wrap").first
    head = place.locator("tbody th").first
    before = head.bounding_box()
    place.evaluate("one => { one.scrollLeft = 120; }")
    after = head.bounding_box()
    assert before is not None
    assert after is not None
    assert abs(before["x"] - after["x"]) < 2
    sound(page)
