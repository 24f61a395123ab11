"""Whole ways through the pages, each person at their own page: from the counter to the end, to all and back (L14, L18, B9)."""

from __future__ import annotations

import re
from typing import Any

from playwright.sync_api import Page, expect
from tests.browser.arrivals import arrive, draft, register, state_of
from tests.browser.checks import sound
from tests.browser.conftest import OpenAs
from tests.browser.letters import file, pick
from tests.browser.test_pdf import drawn, pdf
from tests.conftest import City

DESK = "district-khlong-san"
PHRASE = "เห็นชอบ แจ้งฝ่ายทะเบียนดำเนินการ"
UNITS = (f"{DESK}.general", f"{DESK}.registration")
REGISTRAR, DIRECTOR, OFFICER, CHIEF = (f"{one}.{DESK}" for one in ("registrar", "director", "officer", "chief"))


def submit(page: Page) -> None:
    """Presses the form's button."""
    page.click("form.form button[type=submit]")
    page.wait_for_load_state()


def at_unit(city: City, person: str, unit: str) -> dict[str, Any]:
    """What lies on a unit's desk, newest first."""
    found = city.client(person).get(f"/agencies/{DESK}/@deliveries?unit={unit}").json()["items"]
    return dict(found[0])


def test_from_the_counter_to_the_end(open_as: OpenAs, city: City, size: str) -> None:
    clerk = open_as(REGISTRAR, size)
    clerk.goto("desk")
    clerk.get_by_role("link", name="รับหนังสือจากภายนอก").click()
    clerk.fill("#field-sender", f"มูลนิธิเพื่อชุมชน {size}")
    clerk.fill("#field-title", "ขอใช้สวนสาธารณะจัดกิจกรรม")
    clerk.set_input_files("#field-files", [file("คำขอ.pdf", pdf(3), "application/pdf")])
    clerk.click("button[name=save]")
    clerk.wait_for_selector(".made .number")
    delivery = str(city.client(REGISTRAR).get("/@inbox?state=registered&b_size=1").json()["items"][0]["@id"])

    # The director reads the PDF and orders: a phrase, two units, done. Four taps.
    city.client(DIRECTOR).post("/@phrases", json={"items": [PHRASE]})
    boss = open_as(DIRECTOR, size)
    boss.goto("desk")
    boss.locator(f"[data-row='{delivery.rpartition('/')[2]}']").wait_for()
    boss.goto(delivery)
    boss.locator("[data-pdf]").scroll_into_view_if_needed()
    drawn(boss, 1)
    sound(boss)
    boss.get_by_role("link", name=PHRASE).click()
    expect(boss.locator("#field-text")).to_have_value(PHRASE)
    for unit in UNITS:
        boss.locator(f"label:has(input[name=units][value='{unit}'])").click()
    sound(boss)
    submit(boss)
    expect(boss.locator("#global_statusmessage")).to_contain_text("บันทึกข้อสั่งการแล้ว")
    sound(boss)

    # The unit registers it in its own book, its chief gives it to the officer, who closes it.
    forwarded = str(at_unit(city, OFFICER, UNITS[0])["@id"])
    officer = open_as(OFFICER, size)
    officer.goto(forwarded)
    expect(officer.locator(".timeline")).to_contain_text(PHRASE)
    officer.click("button[value=register]")
    expect(officer.locator(".made .number")).to_have_text(re.compile(r"^\d+/\d{4}$"))
    chief = open_as(CHIEF, size)
    chief.goto(f"{forwarded}/@@do?verb=assign")
    chief.locator(f"label:has(input[value='{OFFICER}'])").click()
    chief.get_by_role("button", name="7 วัน").click()
    submit(chief)
    expect(chief.locator(".panel.now")).to_contain_text("กำหนด")
    officer.goto("desk?tab=tasks")
    officer.locator(f"[data-row='{forwarded.rpartition('/')[2]}'] a.subject:visible").click()
    officer.goto(forwarded)
    officer.get_by_role("link", name="ปิดเรื่อง", exact=True).click()
    officer.fill("#field-result", "ดำเนินการเรียบร้อยแล้ว")
    submit(officer)
    sound(officer)
    assert state_of(city, forwarded, DESK) == "closed"
    assert state_of(city, delivery, DESK) == "registered", "what became of a part does not close the whole"


def test_a_circular_is_written_sent_to_all_and_counted(open_as: OpenAs, city: City, size: str) -> None:
    subject = f"ขอความร่วมมือประหยัดพลังงาน {'๑' if size == 'pc' else '๒'}"
    page = open_as(REGISTRAR, size)
    page.goto("circulars")
    page.get_by_role("link", name="เขียนหนังสือเวียน").click()
    page.fill("#field-title", subject)
    page.fill("#field-body", "จึงเรียนมาเพื่อโปรดทราบ")
    page.click("button[name=dispatch]")
    page.wait_for_url("**/@@dispatch")
    expect(page.locator(".rail [aria-current]").first).to_contain_text("หนังสือเวียน")
    page.get_by_label("ทุกหน่วยงาน").first.check()
    page.click("button[name=check]")
    page.wait_for_selector("button[name=send]")
    expect(page.locator("form.confirm h2")).to_contain_text("ส่งถึง 76 หน่วยงาน")
    sound(page)
    page.click("button[name=send]")
    expect(page.locator(".made .number")).to_contain_text("/ว ")
    circular = page.url.partition("/@@")[0]

    reader = open_as("officer.district-bang-bon", size)
    reader.goto("circulars")
    reader.locator("tr.unread", has_text=subject).get_by_role("link", name=subject).click()
    reader.get_by_role("button", name="รับทราบ").click()
    page.goto(circular)
    expect(page.locator("section:has(#readers-heading)")).to_contain_text("รับทราบแล้ว 1 คน")
    sound(page)


def test_what_went_to_the_wrong_desk_comes_back_with_a_note(open_as: OpenAs, city: City, size: str) -> None:
    sender = open_as(REGISTRAR, size)
    address = draft(city, DESK)
    sender.goto(f"{address}/@@dispatch")
    pick(sender, "บางบอน")
    pick(sender, "บางรัก")
    sender.click("button[name=check]")
    sender.click("button[name=send]")
    sender.wait_for_selector(".made")
    sender.goto(address)
    sender.get_by_role("link", name="เรียกคืน", exact=True).click()
    sender.locator("label:has(input[value='district-bang-bon'])").click()  # this one may keep it
    submit(sender)
    expect(sender.locator(".sent-to tr", has_text="บางรัก")).to_contain_text("เรียกคืน")

    items = city.client("registrar.district-bang-bon").get("/agencies/district-bang-bon/@deliveries").json()["items"]
    receiver = open_as("registrar.district-bang-bon", size)
    receiver.goto(items[0]["@id"])
    receiver.get_by_role("link", name="ตีกลับ").click()
    receiver.fill("#field-note", "เรื่องนี้เป็นของสำนักการระบายน้ำ")
    submit(receiver)
    sound(receiver)
    sender.goto(address)
    expect(sender.locator(".sent-to tr", has_text="บางบอน")).to_contain_text("เรื่องนี้เป็นของสำนักการระบายน้ำ")
    sound(sender)


def test_several_are_given_to_one_person_at_once(open_as: OpenAs, city: City, size: str) -> None:
    deliveries = arrive(city, DESK, 2)
    for one in deliveries:
        register(city, one, DESK)
    page = open_as(REGISTRAR, size)
    page.goto("desk?tab=waiting")
    for one in deliveries:
        page.check(f"input[name=keys][value='{one.rpartition('/')[2]}']")
    page.keyboard.press("a")
    page.wait_for_url("**/assign-many?*")
    assert "_authenticator" not in page.url
    sound(page)
    submit(page)
    expect(page.locator("#field-users .error")).to_have_text("จำเป็นต้องกรอก")
    page.locator(f"label:has(input[value='{OFFICER}'])").click()
    submit(page)
    expect(page.locator("h1")).to_have_text("มอบหมายแล้ว 2 จาก 2 ฉบับ")
    expect(page.locator(".lead")).to_contain_text("มอบหมายให้")
    expect(page.locator(".lead strong")).to_contain_text(re.compile("นา[ยง]"))
    sound(page)
    mine = city.client(OFFICER).get("/@inbox?b_size=100").json()["items"]
    assert {one["@id"] for one in mine if one.get("assigned")} >= set(deliveries)


def test_a_unit_finds_what_it_sent_by_what_it_is_not_by_its_name(open_as: OpenAs, city: City) -> None:
    titles = {UNITS[0]: "เรื่องของฝ่ายปกครอง", DESK: "เรื่องของสารบรรณกลาง"}
    for unit in titles:
        letter = draft(city, DESK, owner_unit=unit, title=titles[unit])
        sent = city.client(REGISTRAR).post(f"{letter}/@dispatch", json={"recipients": ["district-bang-bon"]})
        assert sent.status_code == 200, sent.text
    page = open_as(OFFICER)
    page.goto("letters?tab=sent")
    expect(page.locator("main")).to_contain_text(titles[UNITS[0]])
    expect(page.locator("main")).not_to_contain_text(titles[DESK])
    whole = open_as(REGISTRAR)
    whole.goto("letters?tab=sent")
    for title in titles.values():
        expect(whole.locator("main")).to_contain_text(title)
