"""Sending: the picker, the groups, the check before it goes, the number after it, what is refused."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import requests
from playwright.sync_api import Browser, Page, expect
from tests.browser.checks import sound
from tests.browser.conftest import SIZES, OpenAs, log_in
from tests.browser.letters import DUSIT, REGISTRAR, draft, pick, problem, write_memo
from tests.conftest import PASSWORD, City

Picture = Callable[[Page, str], Path]


def last_number(city: City, agency: str = DUSIT, user: str = REGISTRAR, series: str = "internal") -> int:
    """The last number of the send register."""
    asked = f"{agency}/@register-book?book=send&series={series}&b_size=1000"
    book = city.client(user).get(asked).json()
    return max((row["seq"] for row in book["items"]), default=0)


def test_a_memo_is_written_and_sent_to_two_units(city: City, open_as: OpenAs, size: str, picture: Picture) -> None:
    page = open_as(REGISTRAR, size)
    write_memo(page)
    page.click("button[name=dispatch]")
    page.wait_for_url("**/@@dispatch")
    sound(page)
    pick(page, "ระบายน้ำ")
    pick(page, "พระนคร")
    assert page.locator("[data-chip]").count() == 2
    assert page.locator("[data-picked-count]").inner_text() == "2"
    picture(page, f"picker-{size}")
    page.click("button[name=check]")
    page.wait_for_selector("button[name=send]")
    sound(page)
    words = page.locator("form.confirm h2").inner_text()
    assert "ส่งถึง 2 หน่วยงาน" in words
    assert "กท 9028/…" in words
    expected = last_number(city) + 1
    page.click("button[name=send]")
    page.wait_for_selector(".made")
    sound(page)
    picture(page, f"sent-{size}")
    assert page.locator(".made .number").inner_text() == f"กท 9028/{expected}"
    found = city.client(REGISTRAR).get(page.url.replace("@@dispatch", "@deliveries")).json()
    assert found["items_total"] == 2
    assert "district-phra-nakhon" in {item["unit"] for item in found["items"]}


def test_one_letter_goes_to_fifty_districts(city: City, open_as: OpenAs) -> None:
    registrar = "registrar.permanent-secretary-secretariat"
    address = draft(city, registrar, "/agencies/permanent-secretary-secretariat")
    page = open_as(registrar)
    page.goto(f"{address}/@@dispatch")
    page.get_by_label("ทุกสำนักงานเขต (50)").check()
    assert page.locator("[data-picked-count]").inner_text() == "50"
    page.click("button[name=check]")
    page.wait_for_selector("button[name=send]")
    assert "ส่งถึง 50 หน่วยงาน" in page.locator("form.confirm h2").inner_text()
    page.click("button[name=send]")
    page.wait_for_selector(".made")
    assert city.client(registrar).get(f"{address}/@deliveries").json()["items_total"] == 50


def test_chips_are_taken_off_again(city: City, open_as: OpenAs) -> None:
    page = open_as(REGISTRAR)
    page.goto(f"{draft(city)}/@@dispatch")
    pick(page, "ระบายน้ำ")
    pick(page, "พระนคร ทะเบียน")  # a part of an agency, on none of the lists
    page.fill("#picker-text", "ไม่มีหน่วยงานชื่อนี้")
    expect(page.locator("#picker-list")).to_contain_text("ไม่พบหน่วยงานนี้")
    assert page.locator("[data-chip]").count() == 2
    page.locator("[data-chip] button").last.click()
    assert page.locator("[data-chip]").count() == 1
    page.click("button[name=check]")
    page.wait_for_selector("button[name=send]")
    page.click("button[name=change]")
    page.wait_for_selector("#picker-text")
    assert page.locator("[data-chip]").count() == 1


def test_nobody_chosen_is_said_at_the_picker(city: City, open_as: OpenAs, size: str) -> None:
    page = open_as(REGISTRAR, size)
    page.goto(f"{draft(city)}/@@dispatch")
    page.click("button[name=check]")
    page.wait_for_selector(".message.error")
    sound(page)
    assert "ผู้รับ" in problem(page)
    assert page.locator(".has-error .error").count() == 1


def test_two_presses_send_once(city: City) -> None:
    address = draft(city)
    session = requests.Session()
    session.auth = (REGISTRAR, PASSWORD)
    form = session.get(f"{address}/@@dispatch", timeout=60).text
    token = form.split('name="_authenticator" value="')[1].split('"')[0]
    before = last_number(city)
    data = {"_authenticator": token, "recipients": "district-bang-rak", "key": "the-same-form", "send": "1"}
    answers = [session.post(f"{address}/@@dispatch", data=data, timeout=60, allow_redirects=False) for _press in range(2)]
    assert [answer.status_code for answer in answers] == [303, 303]
    assert answers[0].headers["Location"] == answers[1].headers["Location"]
    assert last_number(city) == before + 1
    late = session.post(f"{address}/@@dispatch", data={**data, "key": "another-form"}, timeout=60)
    assert late.status_code == 409
    assert last_number(city) == before + 1


def test_wrong_recipients_use_up_no_number(city: City) -> None:
    address = draft(city)
    session = requests.Session()
    session.auth = (REGISTRAR, PASSWORD)
    form = session.get(f"{address}/@@dispatch", timeout=60).text
    token = form.split('name="_authenticator" value="')[1].split('"')[0]
    before = last_number(city)
    for wrong in ("no-such-agency", "district-dusit", "<script>"):
        data = {"_authenticator": token, "recipients": ["district-bang-rak", wrong], "key": f"form-{wrong}", "send": "1"}
        answer = session.post(f"{address}/@@dispatch", data=data, timeout=60)
        assert answer.status_code == 400, wrong
        assert "<script>”" not in answer.text
    assert last_number(city) == before
    assert city.client(REGISTRAR).get(address).json()["state"] == "draft"


def test_without_a_script(city: City, chromium: Browser) -> None:
    context = chromium.new_context(**SIZES["phone"], java_script_enabled=False, base_url=city.url + "/")
    page = context.new_page()
    log_in(page, city.url, REGISTRAR)
    page.goto(f"{draft(city)}/@@dispatch")
    page.locator("details.unit-list summary").first.click()
    page.check("input[value=district-bang-rak]")
    page.click("button[name=check]")
    page.click("button[name=send]")
    assert "กท 9028/" in page.locator(".made .number").inner_text()
    context.close()


def test_who_may_not_send_gets_no_page(city: City) -> None:
    address = draft(city)
    for user, status in (("director.district-dusit", 403), ("registrar.district-bang-rak", 404)):
        assert requests.get(f"{address}/@@dispatch", auth=(user, PASSWORD), timeout=60).status_code == status
