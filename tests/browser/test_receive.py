"""Entering what came on paper: by keyboard alone, pile by pile, known letters, bad dates."""

from __future__ import annotations

import time
from collections.abc import Callable
from pathlib import Path

import requests
from playwright.sync_api import Browser, Page
from tests.browser.checks import sound
from tests.browser.conftest import SIZES, OpenAs, log_in
from tests.browser.letters import DUSIT, REGISTRAR, beside, file, problem
from tests.conftest import PASSWORD, City

Picture = Callable[[Page, str], Path]
KEYS = ("Enter", "Ctrl")
"""Names of keys that stand on every keyboard here."""


def type_letter(page: Page, *fields: str) -> None:
    """From the first field on, Enter after each; the last Enter presses the button."""
    page.wait_for_selector("form [name=sender_number]:focus")
    for text in fields:
        page.keyboard.type(text)
        page.keyboard.press("Enter")
    page.keyboard.press("Enter")
    page.wait_for_selector(".made")


def test_a_paper_letter_by_keyboard_alone(city: City, open_as: OpenAs, size: str, picture: Picture) -> None:
    page = open_as(REGISTRAR, size)
    page.goto("receive")
    sound(page, KEYS)
    picture(page, f"receive-{size}")
    started = time.monotonic()
    number = f"มท 0201.2/{size} 1"
    type_letter(page, number, "13 ธ.ค. 68", "กระทรวงมหาดไทย", "การจัดพิมพ์หนังสือราชการ", "ผู้อำนวยการเขตดุสิต")
    assert time.monotonic() - started < 20
    sound(page, (size,))
    picture(page, f"received-{size}")
    assert page.locator(".made .number").inner_text().partition("/")[0].isdigit()
    page.keyboard.press("Enter")  # the way to the next one is focused
    page.wait_for_url("**/receive?sender=*")
    assert page.input_value("#field-sender") == "กระทรวงมหาดไทย"
    assert page.input_value("#field-sender_number") == ""
    assert page.locator("input[name=via]:checked").get_attribute("value") == "paper"


def test_all_that_is_known_of_a_letter(city: City, open_as: OpenAs) -> None:
    page = open_as(REGISTRAR)
    page.goto("receive")
    page.fill("#field-sender_number", "ศธ 04001/555")
    page.fill("#field-letter_date", "๑ ตุลาคม ๒๕๖๘")
    page.fill("#field-sender", "สำนักงานคณะกรรมการการศึกษาขั้นพื้นฐาน")
    page.fill("#field-title", "ขอความอนุเคราะห์สถานที่")
    page.get_by_label("ด่วนที่สุด").check()
    page.get_by_label("ไปรษณีย์", exact=True).check()
    page.fill("#field-due_days", "7")
    page.locator("#field-enclosures .cell-title input").fill("กำหนดการ")
    page.set_input_files("#field-files", [file("ต้นฉบับ.txt", "ต้นฉบับ")])
    page.keyboard.press("Control+Enter")
    page.wait_for_selector(".made")
    client = city.client(REGISTRAR)
    item = client.get(f"{DUSIT}/@deliveries", params={"b_size": 100}).json()["items"]
    found = next(one for one in item if one["letter"]["number"] == "ศธ 04001/555")
    assert found["state"] == "registered"
    letter = client.get(found["letter"]["@id"]).json()
    assert (letter["urgency"], letter["via"], letter["letter_date"]) == ("most-urgent", "post", "2025-10-01")
    assert letter["enclosures"] == [{"title": "กำหนดการ", "copies": 1}]
    assert [one["title"] for one in letter["items"]] == ["ต้นฉบับ.txt"]
    assert letter["due_date"]


def test_a_letter_that_comes_again_keeps_its_number(open_as: OpenAs, size: str, picture: Picture) -> None:
    page = open_as(REGISTRAR, size)
    numbers: list[str] = []
    for _time in range(2):
        page.goto("receive")
        type_letter(page, f"อว 99/{len(size)}", "2/1/2569", "มหาวิทยาลัยแห่งหนึ่ง", "ขอเชิญร่วมงาน", "")
        numbers.append(page.locator(".made .number").inner_text())
    sound(page)
    picture(page, f"again-{size}")
    assert numbers[0] == numbers[1]
    assert "ลงรับไว้แล้ว" in page.locator(".made").inner_text()


def test_what_cannot_be_read_or_is_missing(open_as: OpenAs, size: str) -> None:
    page = open_as(REGISTRAR, size)
    page.goto("receive")
    page.fill("#field-letter_date", "30 ก.พ. 2569")
    page.fill("#field-title", "ไม่มีผู้ส่ง")
    page.click("button[name=save]")
    page.wait_for_selector(".message.error")
    sound(page, KEYS)
    assert "ไม่มีวันที่นี้ในปฏิทิน" in beside(page, "letter_date")
    assert beside(page, "sender")
    assert "จาก" in problem(page)
    assert page.input_value("#field-title") == "ไม่มีผู้ส่ง"


def test_two_presses_register_once(city: City) -> None:
    session = requests.Session()
    session.auth = (REGISTRAR, PASSWORD)
    form = session.get(f"{city.url}/receive", timeout=60).text
    token = form.split('name="_authenticator" value="')[1].split('"')[0]
    data = {"_authenticator": token, "key": "one-form", "sender": "ประชาชน", "title": "ร้องเรียนเรื่องทางเท้า"}
    answers = [session.post(f"{city.url}/receive", data=data, timeout=60, allow_redirects=False) for _press in range(2)]
    assert [answer.status_code for answer in answers] == [303, 303]
    assert answers[0].headers["Location"] == answers[1].headers["Location"]
    other = session.post(f"{city.url}/receive", data={**data, "title": "เรื่องอื่น"}, timeout=60)
    assert other.status_code == 409


def test_without_a_script(city: City, chromium: Browser) -> None:
    context = chromium.new_context(**SIZES["pc"], java_script_enabled=False, base_url=city.url + "/")
    page = context.new_page()
    log_in(page, city.url, REGISTRAR)
    page.goto("receive")
    page.fill("#field-sender", "สำนักการโยธา")
    page.fill("#field-title", "ขอความร่วมมือ")
    page.click("button[name=save]")
    assert page.locator(".made .number").inner_text().partition("/")[0].isdigit()
    context.close()


def test_only_registrars_receive(city: City) -> None:
    for user in ("officer.district-dusit", "director.district-dusit", "site-admin", "auditor"):
        assert requests.get(f"{city.url}/receive", auth=(user, PASSWORD), timeout=60).status_code == 403, user


def test_what_another_registry_received_is_not_shown(city: City) -> None:
    made = city.client("registrar.district-bang-rak").post(
        "/agencies/district-bang-rak/@receive", json={"sender": "ประชาชน", "title": "ของเขตบางรัก"}
    )
    key = made.json()["delivery"]["@id"].rpartition("/")[2]
    page = requests.get(f"{city.url}/receive", params={"made": key}, auth=(REGISTRAR, PASSWORD), timeout=60).text
    assert "ของเขตบางรัก" not in page
