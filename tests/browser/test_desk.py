"""The desk: new apart from seen (L19), ten arrivals by keyboard alone, several at once, what is shown beside the list."""

from __future__ import annotations

import pytest
import requests
from playwright.sync_api import expect
from tests.browser.arrivals import arrive, register, state_of
from tests.browser.checks import sound
from tests.browser.conftest import OpenAs
from tests.conftest import PASSWORD, City

DESK = "district-bang-rak"
REGISTRAR = f"registrar.{DESK}"
OFFICER = f"officer.{DESK}"


def test_an_empty_desk_says_what_would_be_here(open_as: OpenAs, size: str) -> None:
    page = open_as("records.district-yan-nawa", size)
    page.goto("desk")
    sound(page)
    expect(page.locator(".empty h2")).to_have_text("ไม่มีงานค้าง")


def test_desk_is_sound(open_as: OpenAs, city: City, size: str) -> None:
    arrive(city, DESK, 2, urgency="most-urgent", due_days=2)
    page = open_as(REGISTRAR, size)
    for tab in ("incoming", "tasks", "waiting", "overdue"):
        page.goto(f"desk?tab={tab}")
        sound(page)
        expect(page.locator(".tabs a[aria-current]")).to_have_attribute("href", f"{city.url}/desk?tab={tab}")


def test_ten_arrivals_by_keyboard_alone(open_as: OpenAs, city: City) -> None:
    deliveries = arrive(city, DESK, 10)
    page = open_as(REGISTRAR)
    page.goto("desk")
    numbers: list[str] = []
    page.keyboard.press("ArrowDown")
    for _ in deliveries:
        page.keyboard.press("r")
        number = page.locator(".made .number")
        expect(number).to_be_visible()
        if numbers:
            expect(number).not_to_have_text(numbers[-1])
        numbers.append(number.inner_text())
    seen = [int(number.split("/")[0]) for number in numbers]
    assert seen == list(range(seen[0], seen[0] + 10))
    assert {state_of(city, one, DESK) for one in deliveries} == {"registered"}
    sound(page)


def test_the_list_goes_on_where_a_line_was_registered(open_as: OpenAs, city: City) -> None:
    arrive(city, DESK, 4)
    page = open_as(REGISTRAR)
    page.goto("desk")
    page.keyboard.press("?")
    page.keyboard.press("Escape")  # the help is closed: the keys go through the list again
    for _ in range(3):
        page.keyboard.press("ArrowDown")
    after = page.locator("[data-row]").nth(3).get_attribute("data-row")
    page.keyboard.press("r")
    expect(page.locator(".made")).to_be_visible()
    expect(page.locator(f"[data-row='{after}'] a.wide-only")).to_be_focused()


def test_several_at_once_with_one_refusal(open_as: OpenAs, city: City) -> None:
    first, second, third = arrive(city, DESK, 3)
    page = open_as(REGISTRAR)
    page.goto("desk")
    for one in (first, second, third):
        page.check(f"input[name=keys][value='{one.rpartition('/')[2]}']")
    taken = register(city, second, DESK)
    page.keyboard.press("r")
    page.wait_for_url("**/register-many")
    expect(page.locator("h1")).to_have_text("ลงรับแล้ว 2 จาก 3 ฉบับ")
    expect(page.locator(".refused")).to_have_text("หนังสือฉบับนี้ลงรับแล้ว")
    sound(page)
    numbers = sorted(int(text.split("/")[0]) for text in page.locator("strong.large").all_inner_texts())
    assert numbers == [taken + 1, taken + 2]


def test_looking_beside_the_list_opens(open_as: OpenAs, city: City) -> None:
    (delivery,) = arrive(city, DESK)
    page = open_as(REGISTRAR)
    page.goto("desk")
    row = page.locator(f"[data-row='{delivery.rpartition('/')[2]}']")
    expect(row).to_have_class("unread ")
    assert state_of(city, delivery, DESK) == "sent"
    page.keyboard.press("ArrowDown")
    page.keyboard.press("Enter")
    page.wait_for_url("**/desk?*show=*")
    expect(page.locator(".desk-letter .paper")).to_be_visible()
    assert state_of(city, delivery, DESK) == "opened"
    sound(page)
    page.goto("desk")
    headings = page.locator(".desk-heading").all_inner_texts()
    assert any("เปิดอ่านแล้ว ยังไม่ลงรับ" in heading for heading in headings)


def test_help_and_search_have_keys(open_as: OpenAs) -> None:
    page = open_as(REGISTRAR)
    page.goto("desk")
    page.keyboard.press("?")
    expect(page.locator(".keys")).to_be_visible()
    page.keyboard.press("Escape")
    expect(page.locator(".keys")).to_be_hidden()
    page.keyboard.press("/")
    expect(page.locator("#search-text")).to_be_focused()


def test_the_day_of_a_head_begins_with_what_waits_for_an_order(open_as: OpenAs, city: City) -> None:
    (delivery,) = arrive(city, DESK)
    register(city, delivery, DESK)
    line = f"[data-row='{delivery.rpartition('/')[2]}']"
    page = open_as(f"director.{DESK}", "phone")
    page.goto("desk")
    expect(page.locator(line)).to_be_visible()
    order = {"text": "ทราบ", "units": [f"{DESK}.general"]}
    assert city.client(f"director.{DESK}").post(f"{delivery}/@order", json=order).status_code == 200
    page.reload()
    expect(page.locator(line)).to_have_count(0)
    page.locator(".choice", has_text="ทั้งหมด").click()
    expect(page.locator(line)).to_be_visible()
    page.goto(f"{delivery}/@@do?verb=order")
    expect(page.locator(f"input[value='{DESK}.general']")).to_be_disabled()


def test_what_is_due_first_stands_first_among_tasks(open_as: OpenAs, city: City) -> None:
    registrar = city.client(REGISTRAR)
    for days in (9, 2, 5):
        (delivery,) = arrive(city, DESK, title=f"งานที่ครบกำหนดใน {days} วัน")
        register(city, delivery, DESK)
        registrar.post(f"{delivery}/@assign", json={"users": [OFFICER], "instruction": "โปรดดำเนินการ", "due_days": days})
    page = open_as(OFFICER)
    page.goto("desk?tab=tasks")
    subjects = [text for text in page.locator("a.subject:visible").all_inner_texts() if text.startswith("งานที่ครบกำหนด")]
    assert subjects == [f"งานที่ครบกำหนดใน {days} วัน" for days in (2, 5, 9)]
    expect(page.locator(".instruction").first).to_have_text("โปรดดำเนินการ")
    sound(page)


def test_works_without_a_script(city: City, open_as: OpenAs) -> None:
    (delivery,) = arrive(city, DESK)
    session = requests.Session()
    session.auth = (REGISTRAR, PASSWORD)
    page = session.get(f"{city.url}/desk", headers={"Accept": "text/html"}).text
    token = page.split('name="_authenticator" value="')[1].split('"')[0]
    key = delivery.rpartition("/")[2]
    answer = session.post(f"{city.url}/register-many", data={"keys": key, "_authenticator": token})
    assert answer.status_code == 200
    assert state_of(city, delivery, DESK) == "registered"


@pytest.mark.parametrize("address", ["/register-many", "delivery"])
def test_a_foreign_form_is_refused(city: City, address: str) -> None:
    (delivery,) = arrive(city, DESK)
    where = f"{delivery}/@@do" if address == "delivery" else city.url + address
    data = {"keys": delivery.rpartition("/")[2], "verb": "register"}
    answer = requests.post(where, data=data, auth=(REGISTRAR, PASSWORD), timeout=30)
    assert answer.status_code == 403
    assert state_of(city, delivery, DESK) == "sent"


def test_another_agencys_delivery_is_nowhere(city: City) -> None:
    (delivery,) = arrive(city, DESK)
    session = requests.Session()
    session.auth = ("registrar.district-sathon", PASSWORD)
    key = delivery.rpartition("/")[2]
    title = city.client(REGISTRAR).get(delivery).json()["letter"]["title"]
    for where in (f"desk?show={key}", f"desk?made={key}", "desk"):
        answer = session.get(f"{city.url}/{where}", headers={"Accept": "text/html"})
        assert answer.status_code == 200
        assert title not in answer.text
    assert session.get(delivery, headers={"Accept": "text/html"}).status_code == 404
