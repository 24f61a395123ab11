"""From the draft to the receiver through those who approve and sign it, each at their own page (L7, L36; B3)."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
import requests
from playwright.sync_api import Browser, Page, expect
from tests.browser.checks import sound, well_formed
from tests.browser.conftest import SIZES, OpenAs, log_in
from tests.browser.letters import draft, pick
from tests.conftest import PASSWORD, City

Picture = Callable[[Page, str], Path]
DESK = "district-thawi-watthana"
OFFICER, CHIEF, DIRECTOR, REGISTRAR = (f"{one}.{DESK}" for one in ("officer", "chief", "director", "registrar"))
BODY = "<p>ตามที่ได้รับมอบหมาย นั้น</p><p>จึงเรียนมาเพื่อโปรดพิจารณาอนุมัติ</p>"


def press(page: Page) -> None:
    """Presses the form's button."""
    page.click("form.form button[type=submit]")
    page.wait_for_load_state()


def new(city: City, subject: str = "ขออนุมัติจัดซื้อเครื่องสูบน้ำ") -> str:
    return draft(city, OFFICER, f"/agencies/{DESK}", title=subject, body=BODY, signatory=DIRECTOR)


def submit(city: City, letter: str, *signers: str) -> str:
    answer = city.client(OFFICER).post(f"{letter}/@submit", json={"signers": list(signers) or [DIRECTOR]})
    assert answer.status_code == 200, answer.text
    return letter


def figure(page: Page, words: str) -> int:
    """A figure on the desk."""
    page.goto("desk")
    found = page.locator(".figures li a", has_text=words)
    return int(found.locator("strong").inner_text()) if found.count() else 0


def test_from_the_draft_to_the_receiver(open_as: OpenAs, city: City, size: str, picture: Picture) -> None:
    subject = f"ขออนุมัติจัดซื้อเครื่องสูบน้ำขนาด {4 if size == 'pc' else 6} นิ้ว"
    letter = new(city, subject)
    officer = open_as(OFFICER, size)
    officer.goto(letter)
    sound(officer)
    officer.locator(".verbs .btn-primary", has_text="เสนอลงนาม").click()
    expect(officer.locator("#signers-1")).to_have_value(DIRECTOR)  # whom the letter names
    officer.select_option("#approvers-1", CHIEF)
    officer.locator("#field-approvers summary").click()
    sound(officer)
    picture(officer, f"submit-{size}")
    press(officer)
    expect(officer.locator("#global_statusmessage")).to_contain_text("เสนอลงนามแล้ว")
    expect(officer.locator(".panel.chain")).to_contain_text("รอเห็นชอบ")
    sound(officer)

    chief = open_as(CHIEF, size)
    chief.goto(letter)
    chief.locator(".verbs .btn-primary", has_text="เห็นชอบ").click()
    sound(chief)
    press(chief)
    expect(chief.locator("#global_statusmessage")).to_contain_text("เห็นชอบแล้ว")

    boss = open_as(DIRECTOR, size)
    before = figure(boss, "รอลงนาม")
    assert before >= 1
    boss.locator(".figures li a", has_text="รอลงนาม").click()
    sound(boss)
    expect(boss.locator(".tabs a[aria-current] .count")).to_have_text(str(before))
    boss.get_by_role("link", name=subject).click()
    expect(boss.locator(".document")).to_contain_text("จึงเรียนมาเพื่อโปรดพิจารณาอนุมัติ")
    sound(boss)
    picture(boss, f"sign-{size}")
    press(boss)
    expect(boss.locator("#global_statusmessage")).to_contain_text("ลงนามแล้ว")
    assert figure(boss, "รอลงนาม") == before - 1
    boss.goto(letter)
    expect(boss.locator(".panel.chain")).to_contain_text("ลงนามแล้ว")
    picture(boss, f"signed-{size}")

    clerk = open_as(REGISTRAR, size)
    assert figure(clerk, "ลงนามแล้ว รอส่ง") >= 1
    clerk.locator(".figures li a", has_text="ลงนามแล้ว รอส่ง").click()
    sound(clerk)
    clerk.get_by_role("link", name=subject).click()
    clerk.locator(".verbs .btn-primary", has_text="ส่ง").click()
    clerk.wait_for_url("**/@@dispatch")
    pick(clerk, "บางแค")
    clerk.click("button[name=check]")
    clerk.wait_for_selector("button[name=send]")
    clerk.click("button[name=send]")
    clerk.wait_for_selector(".made")
    assert city.client(REGISTRAR).get(letter).json()["state"] == "dispatched"
    clerk.goto(letter)
    for words in ("เสนอ", "ลงนาม", "เห็นชอบเพื่อเสนอลงนาม"):
        expect(clerk.locator(".timeline")).to_contain_text(words)
    sound(clerk)
    receiver = open_as("registrar.district-bang-khae", size)
    receiver.goto(letter)
    expect(receiver.locator(".panel.chain li")).to_have_count(1)  # who signed, and not who approved
    expect(receiver.locator(".timeline")).not_to_contain_text("เห็นชอบเพื่อเสนอลงนาม")


def test_it_is_sent_back_and_corrected(open_as: OpenAs, city: City, size: str) -> None:
    letter = submit(city, new(city))
    boss = open_as(DIRECTOR, size)
    boss.goto(f"{letter}/@@sign")
    boss.get_by_role("link", name="ส่งกลับแก้ไข").click()
    press(boss)
    expect(boss.locator("#field-note-error")).to_be_visible()
    sound(boss)
    boss.get_by_role("button", name="ข้อความยังไม่ครบถ้วน").click()
    press(boss)
    expect(boss.locator("#global_statusmessage")).to_contain_text("หนังสือกลับเป็นร่างแล้ว")
    officer = open_as(OFFICER, size)
    officer.goto("notices")
    sound(officer)
    officer.locator("tbody tr", has_text="ส่งกลับแก้ไข").first.locator("a").click()
    expect(officer.locator(".timeline")).to_contain_text("ข้อความยังไม่ครบถ้วน")
    expect(officer.locator(".panel.chain")).to_have_count(0)
    expect(officer.locator(".verbs")).to_contain_text("แก้ไข")


def test_the_author_takes_it_back(open_as: OpenAs, city: City) -> None:
    letter = submit(city, new(city))
    page = open_as(OFFICER)
    page.goto(letter)
    page.get_by_role("link", name="ดึงกลับมาแก้ไข").click()
    expect(page.locator("h1")).to_have_text("ดึงกลับมาแก้ไข")
    sound(page)
    page.fill("#field-note", "ลืมแนบแผนที่")
    press(page)
    assert city.client(OFFICER).get(letter).json()["state"] == "draft"


def test_what_is_wrong_is_said_beside_the_list(open_as: OpenAs, city: City, size: str) -> None:
    page = open_as(OFFICER, size)
    page.goto(f"{new(city)}/@@submit")
    page.select_option("#signers-1", "")
    page.select_option("#approvers-1", CHIEF)
    press(page)
    expect(page.locator("#field-signers .error")).to_be_visible()
    expect(page.locator(".message.error")).to_contain_text("ผู้ลงนาม")
    expect(page.locator("#approvers-1")).to_have_value(CHIEF)
    sound(page)


def test_a_second_click_is_told_so(open_as: OpenAs, city: City) -> None:
    letter = submit(city, new(city))
    first, second = open_as(DIRECTOR), open_as(DIRECTOR)
    for page in (first, second):
        page.goto(f"{letter}/@@sign")
    press(first)
    press(second)
    expect(second.locator("main")).to_contain_text("ท่านได้ลงนามหนังสือฉบับนี้แล้ว")
    well_formed(second)


def test_the_lists_in_english(open_as: OpenAs, city: City) -> None:
    submit(city, new(city))
    page = open_as(DIRECTOR, language="en")
    for tab in ("mine", "pending", "signed"):
        page.goto(f"signing?tab={tab}")
        well_formed(page)
    expect(page.locator("h1")).to_have_text("Signing")


def test_without_a_script(city: City, chromium: Browser) -> None:
    context = chromium.new_context(**SIZES["phone"], java_script_enabled=False, base_url=city.url + "/")
    page = context.new_page()
    log_in(page, city.url, OFFICER)
    letter = new(city)
    page.goto(f"{letter}/@@submit")
    press(page)
    assert city.client(OFFICER).get(letter).json()["state"] == "pending"
    context.close()


@pytest.mark.parametrize("name", ["submit", "sign", "send-back"])
def test_who_may_not_gets_no_form(city: City, name: str) -> None:
    letter = submit(city, new(city))
    wanted = {"submit": (409, 409), "sign": (403, 403), "send-back": (200, 403)}[name]
    for person, status in (
        (REGISTRAR, wanted[0]),
        (CHIEF, wanted[1]),
        (f"director.{DESK}x", 302),
        ("registrar.district-dusit", 404),
    ):
        answer = requests.get(f"{letter}/@@{name}", auth=(person, PASSWORD), timeout=60, allow_redirects=False)
        assert answer.status_code == status, (name, person)
