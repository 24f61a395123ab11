"""A secret letter from its draft to a change of its level, as its people see it (E26-E30, `domain.md` 2.4)."""

from __future__ import annotations

import re
import secrets
from typing import Any

import pytest
from playwright.sync_api import Page, expect
from tests.browser.checks import sound
from tests.browser.conftest import OpenAs
from tests.browser.letters import beside, line_of, problem
from tests.conftest import City

OWNER, RECEIVER = "district-dusit", "permanent-secretary-secretariat"
SENDER, REGISTRAR, READER = f"secret.{OWNER}", f"secret.{RECEIVER}", f"chief.{RECEIVER}"
HEAD = f"director.{RECEIVER}"
PAGES = ("secret-desk", "secret-letters")
BOOKS = ("secret-receive", "secret-send", "secret-control")


def write(page: Page, subject: str, level: str, reason: str) -> None:
    """Fills the form of a letter above normal, and saves it."""
    page.goto("compose?kind=external")
    page.check(f"input[name=secrecy][value={level}]")
    page.fill("#field-secrecy_reason", reason)
    page.fill("#field-title", subject)
    page.fill("#field-to_text", "ปลัดกรุงเทพมหานคร")
    page.fill("#field-body", "ด้วยสำนักงานเขตขอส่งแผน\n" + "ข้อความของแผน " * 150 + "\nจึงเรียนมาเพื่อโปรดทราบ")


def clear(city: City, person: str, level: str, agency: str) -> dict[str, Any]:
    """A clearance by REST, by the head."""
    data = {"user": person, "level": level, "order_number": "9/2569", "order_date": "2026-01-05"}
    answer = city.client(f"director.{agency}").post(f"/agencies/{agency}/@clearances", json=data)
    assert answer.status_code == 201, answer.text
    return dict(answer.json())


def end(city: City, clearance: dict[str, Any], agency: str) -> None:
    """Its end."""
    address = f"/agencies/{agency}/@end-clearance"
    assert city.client(f"director.{agency}").post(address, json={"id": clearance["id"]}).status_code == 200


def submit(page: Page) -> None:
    """Presses the form's button."""
    page.click("form.form button[type=submit]")
    page.wait_for_load_state()


def test_a_secret_letter_end_to_end(open_as: OpenAs, city: City, size: str) -> None:
    cleared = [clear(city, READER, level, RECEIVER) for level in ("confidential", "secret")]
    subject = f"แผนถวายความปลอดภัย {secrets.randbelow(10**9)}"
    try:
        letter = drafted_and_sent(open_as(SENDER, size), subject)
        delivery = registered_and_shown(open_as(REGISTRAR, size), subject)
        let_in(open_as(REGISTRAR, size), city, letter, delivery)
        read_and_printed(open_as(READER, size), letter, subject)
        level_changed(open_as(SENDER, size), open_as(REGISTRAR, size), open_as(READER, size), letter, delivery, subject)
    finally:
        for one in cleared:
            end(city, one, RECEIVER)
    assert city.client(READER).get(letter).status_code == 404


def drafted_and_sent(page: Page, subject: str) -> str:
    """The address of a letter that was refused without its reason, written, and dispatched."""
    write(page, subject, "secret", "")
    sound(page)
    page.click("button[name=save]")
    expect(page.locator(".message.error")).to_contain_text("เหตุผลในการกำหนดชั้นความลับ")
    expect(page.locator("input[name=secrecy][value=secret]")).to_be_checked()
    page.fill("#field-secrecy_reason", "เกี่ยวกับการถวายความปลอดภัย")
    page.click("button[name=dispatch]")
    page.wait_for_load_state()
    letter = page.url.partition("/@@")[0]
    sound(page)
    assert page.locator("input[name=recipients]").count() == 2  # the two other agencies with a registrar who is cleared
    page.check(f"input[name=recipients][value={RECEIVER}]")
    page.click("button[name=check]")
    expect(page.locator("form.confirm dd .chip", has_text="ลับ")).to_be_visible()
    page.click("button[name=send]")
    expect(page.locator(".made .number")).to_contain_text(re.compile("^ลับมาก กท"))
    page.goto("secret-letters?tab=numbered")
    expect(page.get_by_role("link", name=subject)).to_be_visible()
    sound(page)
    return letter


def registered_and_shown(page: Page, subject: str) -> str:
    """The address of the delivery, registered from the secret desk; each secret book has its line."""
    page.goto("desk")
    assert page.url.endswith("/secret-desk")
    page.get_by_role("link", name=subject).locator("visible=true").click()
    page.wait_for_load_state()
    sound(page)
    page.locator("button[value=register]:visible").first.click()
    expect(page.locator(".made .number")).to_have_text(re.compile(r"^\d+/\d{4}$"))
    page.locator(".made a", has_text=subject).or_(page.locator("h1", has_text=subject)).first.click()
    page.wait_for_load_state()
    delivery = page.url.partition("?")[0]
    expect(page.locator(".facts").first).to_contain_text("ชุดที่ 1 ของ 1 ชุด")
    sound(page)
    for book in BOOKS:
        page.goto(f"registers?book={book}")
        sound(page)
    page.goto("registers?book=secret-receive")
    page.fill("#field-words", subject)
    page.locator("form.filters button").first.click()
    page.wait_for_load_state()
    assert subject not in page.url
    assert page.locator("table.book tbody tr:not(.day)").count() == 1
    sound(page)
    page.goto(page.get_by_role("link", name=subject).get_attribute("href") or "")
    assert page.url == delivery
    return delivery


def let_in(page: Page, city: City, letter: str, delivery: str) -> None:
    """One named person, who did not find it before."""
    assert city.client(READER).get(letter).status_code == 404
    page.goto(delivery)
    page.locator(".verbs details summary").click()
    page.get_by_role("link", name="ผู้มีสิทธิรู้").click()
    expect(page.locator("h1")).to_have_text("ผู้มีสิทธิรู้")
    sound(page)
    submit(page)
    assert beside(page, "reason")
    page.select_option("#field-user", READER)
    page.fill("#field-reason", "ผู้รับผิดชอบการจราจร")
    submit(page)
    expect(page.locator("#global_statusmessage")).to_contain_text("อ่านหนังสือฉบับนี้ได้แล้ว")
    expect(page.locator("table")).to_contain_text("ผู้รับผิดชอบการจราจร")
    sound(page)


def read_and_printed(page: Page, letter: str, subject: str) -> None:
    """The person reads it, and finds it on the one list that it is on."""
    page.goto(letter)
    expect(page.locator("h1")).to_have_text(subject)
    expect(page.locator(".secrecy-mark").first).to_have_text("ลับมาก")
    sound(page)
    page.goto(f"{letter}/@@print")
    sound(page)


def level_changed(sender: Page, registrar: Page, reader: Page, letter: str, delivery: str, subject: str) -> None:
    """By the originator, and by nobody else; everybody who holds it sees that and why."""
    sender.goto(f"{letter}/@@classify")
    sound(sender)
    expect(sender.locator("main")).to_contain_text("หน่วยงานที่ถือหนังสือ 1 แห่ง")
    sender.check("input[value=confidential]")
    submit(sender)
    assert beside(sender, "reason")
    sender.fill("#field-reason", "เสร็จสิ้นพระราชพิธีแล้ว")
    submit(sender)
    expect(sender.locator("#global_statusmessage")).to_contain_text("ปรับชั้นความลับแล้ว")
    for page, address in ((sender, letter), (registrar, delivery), (reader, letter)):
        page.goto(address)
        expect(page.locator(".timeline")).to_contain_text("เสร็จสิ้นพระราชพิธีแล้ว")
        expect(page.locator(".secrecy-mark").first).to_have_text("ลับ")
    expect(line_of(registrar, "notices", subject).first).to_contain_text("ปรับชั้นความลับ")
    assert registrar.goto(f"{letter}/@@classify").status == 403  # type: ignore[union-attr]


def test_the_head_gives_and_ends_a_clearance_in_writing(open_as: OpenAs, city: City, size: str) -> None:
    page = open_as(HEAD, size)
    page.goto("registers")
    page.get_by_role("link", name="ผู้ได้รับอนุญาตเข้าถึงชั้นความลับ").click()
    sound(page)
    page.select_option("#field-user", f"officer.{RECEIVER}")
    submit(page)
    assert "คำสั่ง" in problem(page)
    page.fill("#field-order_number", "15/2569")
    page.fill("#field-order_date", "5 ม.ค. 69")
    submit(page)
    row = page.locator("tbody tr", has_text="15/2569").first
    expect(row).to_contain_text("5 ม.ค. 69")
    sound(page)
    assert city.client(f"officer.{RECEIVER}").get("/secret-desk", headers={"Accept": "text/html"}).status_code == 200
    row.get_by_role("button").click()
    page.wait_for_load_state()
    expect(page.locator("tbody tr", has_text="15/2569").first).to_contain_text("สิ้นสุดแล้ว")
    assert city.client(f"officer.{RECEIVER}").get("/secret-desk", headers={"Accept": "text/html"}).status_code == 404


def test_a_secret_letter_from_outside(open_as: OpenAs, size: str) -> None:
    subject = f"รายงานลับ {secrets.randbelow(10**9)}"
    page = open_as(SENDER, size)
    page.goto("receive")
    sound(page, allow=("Enter", "Ctrl"))
    page.fill("#field-sender", "กองทัพบก")
    page.fill("#field-title", subject)
    page.click(".form-end button")
    assert beside(page, "secrecy")
    page.check("input[name=secrecy][value=confidential]")
    page.fill("#field-secrecy_reason", "ตามตราที่ประทับ")
    page.click(".form-end button")
    expect(page.locator(".made .number")).to_have_text(re.compile(r"^\d+/\d{4}$"))
    expect(page.locator("dl.facts")).to_contain_text(subject)
    assert "กองทัพบก" not in (page.locator("#next-letter").get_attribute("href") or "")
    sound(page)


def test_top_secret_is_not_offered_and_is_refused(open_as: OpenAs) -> None:
    page = open_as(SENDER)
    page.goto("compose?kind=internal")
    expect(page.locator("#field-secrecy")).to_contain_text("ห้ามจัดทำหรือรับส่งหนังสือลับที่สุดในระบบนี้")
    page.fill("#field-title", "ทดสอบ")
    page.evaluate("document.querySelector('input[name=secrecy][value=secret]').value = 'top-secret'")
    page.check("input[name=secrecy][value=top-secret]")
    page.click("button[name=save]")
    assert "ห้ามจัดทำหรือรับส่งหนังสือลับที่สุดในระบบนี้" in problem(page)
    expect(page.locator("#field-title")).to_have_value("ทดสอบ")


@pytest.mark.parametrize("person", ["registrar", "officer", "director"])
def test_who_is_not_cleared_is_offered_nothing(city: City, person: str) -> None:
    user, html = city.client(f"{person}.{OWNER}", "th"), {"Accept": "text/html"}
    for page in PAGES:
        assert user.get(f"/{page}", headers=html).status_code == 404
    form = user.get("/compose?kind=internal", headers=html)
    assert form.status_code == 200
    assert 'name="secrecy"' not in form.text
    shown = user.get("/registers?book=secret-receive", headers=html).text
    assert "ทขล" not in shown


def test_the_site_administrator_has_no_page_of_secrecy(city: City) -> None:
    user, html = city.client("site-admin"), {"Accept": "text/html"}
    for page in (*PAGES, f"agencies/{OWNER}/@@clearances", *(f"registers?book={book}" for book in BOOKS)):
        answer = user.get(f"/{page}", headers=html)
        assert answer.status_code in (403, 404) or "ทขล" not in answer.text, page
