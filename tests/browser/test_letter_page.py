"""A delivery and a letter as pages: open, register, order, assign, close (L14, L15, L20, L28); files; the sender's view."""

from __future__ import annotations

import re

import pytest
import requests
from playwright.sync_api import Page, expect
from tests.browser.arrivals import PDF, SENDER, arrive, attach, dispatch, draft, register, state_of
from tests.browser.checks import sound
from tests.browser.conftest import OpenAs
from tests.conftest import PASSWORD, City

DESK = "district-sathon"
REGISTRAR = f"registrar.{DESK}"
DIRECTOR = f"director.{DESK}"
OFFICER = f"officer.{DESK}"


def submit(page: Page) -> None:
    """Presses the form's button."""
    page.click("form.form button[type=submit]")
    page.wait_for_load_state()


def test_open_register_order_assign_close(open_as: OpenAs, city: City, size: str) -> None:
    (delivery,) = arrive(city, DESK)
    arrive(city, DESK)
    page = open_as(REGISTRAR, size)
    page.goto(delivery)
    assert state_of(city, delivery, DESK) == "opened"
    expect(page.locator(".panel.now")).to_contain_text("เปิดอ่านแล้ว")
    expect(page.locator(".timeline li").first).to_contain_text("เปิดอ่าน")
    sound(page)

    page.click("button[value=register]")
    expect(page.locator(".made .number")).to_have_text(re.compile(r"^\d+/\d{4}$"))
    expect(page.get_by_role("link", name="ลงรับฉบับถัดไป")).to_be_visible()
    sound(page)

    boss = open_as(DIRECTOR, size)
    boss.goto(delivery)
    boss.get_by_role("link", name="สั่งการ", exact=True).click()
    sound(boss)
    boss.get_by_role("button", name="เห็นชอบ ดำเนินการตามเสนอ").click()
    boss.check(f"input[value='{OFFICER}']")
    submit(boss)
    expect(boss.locator("#global_statusmessage")).to_contain_text("บันทึกข้อสั่งการแล้ว")
    expect(boss.locator(".timeline")).to_contain_text("เห็นชอบ ดำเนินการตามเสนอ")
    sound(boss)

    clerk = open_as(OFFICER, size)
    clerk.goto("desk?tab=tasks")
    clerk.locator(f"[data-row='{delivery.rpartition('/')[2]}'] a.subject:visible").click()
    clerk.goto(delivery)
    clerk.get_by_role("link", name="ปิดเรื่อง", exact=True).click()
    sound(clerk)
    clerk.fill("#field-result", "ดำเนินการเรียบร้อยแล้ว")
    submit(clerk)
    assert state_of(city, delivery, DESK) == "closed"
    sound(clerk)


def test_what_is_wrong_stands_at_the_field_and_nothing_is_lost(open_as: OpenAs, city: City) -> None:
    (delivery,) = arrive(city, DESK)
    register(city, delivery, DESK)
    page = open_as(REGISTRAR)
    page.goto(f"{delivery}/@@do?verb=assign")
    page.check(f"input[value='{OFFICER}']")
    page.fill("#field-instruction", "โปรดตรวจสอบ")
    page.fill("#field-due_date", "31 ก.พ. 2570")
    submit(page)
    expect(page.locator("[role=alert]")).to_be_visible()
    expect(page.locator("#field-due_date-error")).to_contain_text("ไม่มีวัน")
    expect(page.locator("#field-due_date")).to_have_value("31 ก.พ. 2570")
    expect(page.locator("#field-instruction")).to_have_value("โปรดตรวจสอบ")
    expect(page.locator(f"input[value='{OFFICER}']")).to_be_checked()
    sound(page)
    page.fill("#field-due_date", "๙ มกราคม ๒๕๘๐")
    submit(page)
    expect(page.locator(".panel.now")).to_contain_text("9 ม.ค. 80")


def test_nobody_is_assigned_without_a_choice(open_as: OpenAs, city: City) -> None:
    (delivery,) = arrive(city, DESK)
    register(city, delivery, DESK)
    page = open_as(REGISTRAR)
    page.goto(f"{delivery}/@@do?verb=assign")
    submit(page)
    expect(page.locator("#field-users .error")).to_have_text("จำเป็นต้องกรอก")


def test_return_with_a_note(open_as: OpenAs, city: City) -> None:
    (delivery,) = arrive(city, DESK, body="เนื้อความที่ผู้รับอ่านไม่ได้อีก")
    page = open_as(REGISTRAR)
    page.goto(delivery)
    page.get_by_role("link", name="ตีกลับ").click()
    page.get_by_role("button", name="ส่งผิดหน่วยงาน").click()
    submit(page)
    assert state_of(city, delivery, DESK) == "returned"
    expect(page.locator("main")).to_contain_text("ส่งผิดหน่วยงาน")
    expect(page.locator(".paper")).to_have_count(0)
    expect(page.locator(".verbs")).to_have_count(0)
    sound(page)


def test_register_with_a_note_of_what_is_missing(open_as: OpenAs, city: City) -> None:  # E45
    (delivery,) = arrive(city, DESK)
    page = open_as(REGISTRAR)
    page.goto(delivery)
    page.locator(".verbs summary").click()
    page.get_by_role("link", name="ลงรับพร้อมบันทึกข้อบกพร่อง").click()
    submit(page)
    expect(page.locator(".has-error .error")).to_contain_text("จำเป็นต้องกรอก")
    page.get_by_role("button", name="เอกสารแนบไม่ครบถ้วน").click()
    sound(page)
    submit(page)
    assert state_of(city, delivery, DESK) == "registered"
    expect(page.locator(".made .number")).to_have_text(re.compile(r"^\d+/\d{4}$"))
    expect(page.locator(".timeline")).to_contain_text("เอกสารแนบไม่ครบถ้วน")


def test_a_late_press_says_why(open_as: OpenAs, city: City) -> None:
    (delivery,) = arrive(city, DESK)
    page = open_as(REGISTRAR)
    page.goto(delivery)
    register(city, delivery, DESK)
    page.click("button[value=register]")
    expect(page.locator("[role=alert]")).to_contain_text("ลงรับแล้ว")


def test_looking_is_noted_once_and_writes_no_letter(city: City) -> None:
    letter = draft(city)
    (delivery,) = dispatch(city, letter, DESK)
    before = city.client(f"registrar.{SENDER}").get(letter).json()["modified"]
    session = requests.Session()
    session.auth = (REGISTRAR, PASSWORD)
    for _ in range(2):
        assert session.get(delivery, headers={"Accept": "text/html"}).status_code == 200
    steps = city.client(f"registrar.{SENDER}").get(f"{letter}/@movement").json()["items"]
    assert [step["what"] for step in steps].count("opened") == 1
    assert city.client(f"registrar.{SENDER}").get(letter).json()["modified"] == before


def test_the_sender_sees_where_it_went_and_recalls(open_as: OpenAs, city: City, size: str) -> None:
    letter = draft(city)
    kept, _taken = dispatch(city, letter, DESK, "district-bang-kho-laem")
    register(city, kept, DESK)
    page = open_as(f"registrar.{SENDER}", size)
    page.goto(letter)
    sound(page)
    expect(page.locator(".sent-to")).to_contain_text("สำนักงานเขตบางคอแหลม")
    expect(page.locator(".sent-to")).to_contain_text("ยังไม่เปิดอ่าน")
    page.get_by_role("link", name="เรียกคืน").click()
    expect(page.locator("#field-recipients label")).to_have_count(1)
    sound(page)
    submit(page)
    expect(page.locator(".sent-to")).to_contain_text("เรียกคืน")
    expect(page.locator("#global_statusmessage")).to_contain_text("เรียกคืนแล้วจาก สำนักงานเขตบางคอแหลม")
    # Nobody is left from whom it can be recalled: the verb is not shown.
    assert page.get_by_role("link", name="เรียกคืน").count() == 0


def test_who_registers_while_it_is_recalled_keeps_it_and_the_sender_is_told(open_as: OpenAs, city: City) -> None:  # E06
    letter = draft(city)
    kept, _taken = dispatch(city, letter, DESK, "district-bang-kho-laem")
    page = open_as(f"registrar.{SENDER}")
    page.goto(f"{letter}/@@do?verb=recall")
    expect(page.locator("#field-recipients label")).to_have_count(2)
    register(city, kept, DESK)
    submit(page)
    told = page.locator("#global_statusmessage")
    expect(told).to_contain_text("เรียกคืนแล้วจาก สำนักงานเขตบางคอแหลม")
    expect(told.locator(".warning")).to_contain_text("สำนักงานเขตสาทร")
    page.goto(f"{letter}/@@do?verb=cancel")
    page.fill("#field-reason", "ออกเลขผิด")
    submit(page)
    number = city.client(f"registrar.{SENDER}").get(letter).json()["number"]
    expect(told).to_contain_text(f"ยกเลิกเลขที่ {number} แล้ว")


def test_a_receiver_sees_no_other_receivers(city: City) -> None:
    letter = draft(city)
    dispatch(city, letter, DESK, "district-bang-kho-laem")
    page = requests.get(letter, headers={"Accept": "text/html"}, auth=(REGISTRAR, PASSWORD), timeout=30)
    assert page.status_code == 200
    assert "บางคอแหลม" not in page.text
    assert "สำนักงานเขตสาทร" in page.text


@pytest.mark.parametrize(("name", "content", "inline"), [("คำสั่ง.pdf", PDF, True), ("บันทึก.txt", b"<b>abc</b> text", False)])
def test_files_are_downloads_and_only_what_is_harmless_is_shown(city: City, name: str, content: bytes, inline: bool) -> None:
    letter = draft(city)
    file = attach(city, letter, name, content)
    dispatch(city, letter, DESK)
    for view, kind in (("@@download/file", "attachment"), ("@@display", "inline" if inline else "attachment")):
        answer = requests.get(f"{file['@id']}/{view}", auth=(REGISTRAR, PASSWORD), timeout=30)
        assert answer.status_code == 200, answer.text
        assert answer.content == content
        assert answer.headers["X-Content-Type-Options"] == "nosniff"
        assert answer.headers["Content-Disposition"].startswith(kind)
    stranger = requests.get(f"{file['@id']}/@@display", auth=("registrar.district-dusit", PASSWORD), timeout=30)
    assert stranger.status_code == 404


def test_what_people_write_is_text(open_as: OpenAs, city: City) -> None:
    evil = "<script>document.title='x'</script><img src=x onerror=\"document.title='x'\">"
    (delivery,) = arrive(city, DESK, title=f"เรื่อง {evil}", body=f"<p>ข้อความ</p>{evil}")
    page = open_as(REGISTRAR)
    for address in (delivery, f"desk?show={delivery.rpartition('/')[2]}"):
        page.goto(address)
        assert page.title() != "x"
        assert page.locator("main script, main [onerror]").count() == 0


def test_the_letter_beside_a_form_is_looked_at_too(city: City) -> None:  # L14
    (delivery,) = arrive(city, DESK, body="เนื้อความข้างแบบ")
    answer = requests.get(f"{delivery}/@@do?verb=return", auth=(REGISTRAR, PASSWORD), timeout=30)
    assert "เนื้อความข้างแบบ" in answer.text
    assert state_of(city, delivery, DESK) == "opened"
