"""Writing: the cards, the form of each kind, the preview, what is refused, files, editing."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
import requests
from playwright.sync_api import Browser, Page, expect
from tests.browser.checks import sound, well_formed
from tests.browser.conftest import SIZES, OpenAs, log_in
from tests.browser.letters import DUSIT, REGISTRAR, SUBJECT, beside, draft, file, problem, write_memo
from tests.conftest import PASSWORD, City

Picture = Callable[[Page, str], Path]
KINDS = (
    "external", "internal", "stamped", "order", "rule", "bylaw", "announcement", "communique", "news", "certificate", "minutes",
    "note", "other",
)  # fmt: skip


def test_cards_lead_to_every_kind(open_as: OpenAs, size: str, picture: Picture) -> None:
    page = open_as(REGISTRAR, size)
    page.goto("compose")
    sound(page)
    picture(page, f"cards-{size}")
    links = page.locator(".kind-card")
    assert [str(link.get_attribute("href")).rpartition("=")[2] for link in links.all()] == list(KINDS)


@pytest.mark.parametrize("kind", ["internal", "external", "order", "minutes"])
def test_the_form_of_a_kind_is_sound(open_as: OpenAs, size: str, kind: str, picture: Picture) -> None:
    page = open_as(REGISTRAR, size)
    page.goto(f"compose?kind={kind}")
    sound(page)
    picture(page, f"compose-{kind}-{size}")


def test_the_form_in_english(open_as: OpenAs) -> None:
    page = open_as(REGISTRAR, language="en")
    page.goto("compose?kind=external")
    well_formed(page)
    assert "Write:" in page.locator("h1").inner_text()


def test_each_kind_shows_its_own_fields(open_as: OpenAs) -> None:
    page = open_as(REGISTRAR)
    page.goto("compose?kind=internal")
    assert page.locator("#field-salutation").count() == 1
    assert page.locator("#field-closing").count() == 0  # a memo has no คำลงท้าย
    page.goto("compose?kind=stamped")
    assert page.locator("#field-title").count() == 0  # nor a stamped letter a subject
    page.goto("compose?kind=order")
    assert page.locator("#field-to_text").count() == 0


def test_a_memo_is_saved_with_its_tables_and_files(city: City, open_as: OpenAs, size: str) -> None:
    page = open_as(REGISTRAR, size)
    write_memo(page)
    grid = page.locator("#field-references")
    grid.locator(".cell-number input").fill("กท 0403/ว 41")
    grid.locator(".cell-date input").fill("๙ เมษายน ๒๕๖๔")
    grid.get_by_role("button", name="เพิ่มรายการ").click()
    grid.locator(".cell-number input").nth(1).fill("กท 0403/42")
    page.locator("#field-enclosures .cell-title input").fill("ระเบียบวาระการประชุม")
    page.locator("#field-enclosures .cell-copies input").fill("๓")
    page.fill("#field-due_date", "29 ก.พ. 2571")
    page.set_input_files(
        "#field-files",
        [file("วาระ.txt", "วาระที่หนึ่ง"), file("รายชื่อ.csv", "ชื่อ,ตำแหน่ง", "text/csv")],
    )
    page.click("button[name=save]")
    page.wait_for_url("**/letters/**")
    letter = city.client(REGISTRAR).get(page.url).json()
    assert letter["title"] == SUBJECT
    assert letter["state"] == "draft"
    assert [(row["number"], row["date"]) for row in letter["references"]] == [
        ("กท 0403/ว 41", "2021-04-09"),
        ("กท 0403/42", None),
    ]
    assert letter["enclosures"] == [{"title": "ระเบียบวาระการประชุม", "copies": 3}]
    assert letter["due_date"] == "2028-02-29"
    assert sorted(one["title"] for one in letter["items"]) == ["รายชื่อ.csv", "วาระ.txt"]


def test_the_preview_follows(open_as: OpenAs) -> None:
    page = open_as(REGISTRAR)
    write_memo(page)
    paper = page.locator("#preview")
    expect(paper).to_contain_text("ระบายน้ำ")
    expect(paper).to_contain_text("โทร. ๐ ๒๒๔๑ ๑๒๓๔")
    words = paper.inner_text()
    assert "บันทึกข้อความ" in words
    places = [words.index(word) for word in ("ส่วนราชการ", "ที่", "เรื่อง", "เรียน", "จึงเรียนมา")]
    assert places == sorted(places)
    page.goto("compose?kind=external")
    page.fill("#field-salutation", "กราบเรียน")
    page.press("#field-salutation", "Tab")
    assert page.input_value("#field-closing") == "ขอแสดงความนับถืออย่างยิ่ง"
    expect(paper).to_contain_text("ขอแสดงความนับถืออย่างยิ่ง")


@pytest.mark.parametrize(
    ("typed", "said"),
    [
        ("31 ก.พ. 69", "ไม่มีวันที่นี้ในปฏิทิน"),
        ("29 ก.พ. 2566", "ไม่มีวันที่นี้ในปฏิทิน"),
        ("9 เม.ย.", "ยังไม่ได้ระบุปี"),
        ("9/4/264", "ไม่ชัดเจนว่าเป็นปีใด"),
        ("วันจันทร์หน้า", "อ่านวันที่นี้ไม่ได้"),
    ],
)
def test_bad_dates_are_said_in_thai_and_nothing_is_lost(open_as: OpenAs, typed: str, said: str) -> None:
    page = open_as(REGISTRAR)
    write_memo(page)
    page.fill("#field-due_date", typed)
    page.click("button[name=save]")
    page.wait_for_selector(".message.error")
    assert said in problem(page)
    assert said in beside(page, "due_date")
    assert page.input_value("#field-due_date") == typed
    assert page.input_value("#field-title") == SUBJECT


def test_what_is_missing_is_said_at_the_field_and_at_the_top(open_as: OpenAs, size: str) -> None:
    page = open_as(REGISTRAR, size)
    page.goto("compose?kind=internal")
    page.fill("#field-due_days", "สามวัน")
    page.click("button[name=save]")
    page.wait_for_selector(".message.error")
    sound(page)
    assert "เรื่อง" in problem(page)
    assert beside(page, "title")
    assert beside(page, "due_days")
    page.locator(".message.error a").first.click()
    assert page.evaluate("location.hash").startswith("#field-")


def test_what_cannot_be_read_in_a_table_names_the_line(open_as: OpenAs) -> None:
    page = open_as(REGISTRAR)
    write_memo(page)
    page.locator("#field-references .cell-number input").fill("กท 0403/42")
    page.locator("#field-references .cell-date input").fill("30 ก.พ. 64")
    page.locator("#field-enclosures .cell-title input").fill("แผนที่")
    page.locator("#field-enclosures .cell-copies input").fill("สาม")
    page.click("button[name=save]")
    page.wait_for_selector(".message.error")
    assert "รายการที่ 1: ไม่มีวันที่นี้ในปฏิทิน" in page.locator("#field-references").inner_text()
    assert "รายการที่ 1: โปรดกรอกเป็นจำนวนเต็ม" in page.locator("#field-enclosures").inner_text()
    assert page.locator("#field-references .cell-date input").first.input_value() == "30 ก.พ. 64"
    assert page.locator("#field-enclosures .cell-copies input").first.input_value() == "สาม"


def test_a_program_is_not_taken_as_a_file(city: City, open_as: OpenAs) -> None:
    page = open_as(REGISTRAR)
    write_memo(page, "ไฟล์ที่รับไม่ได้")
    page.set_input_files("#field-files", [file("ร่าง.pdf", b"MZ\x90\x00" * 200, "application/pdf")])
    page.click("button[name=save]")
    page.wait_for_selector(".message.error")
    assert "ร่าง.pdf" in beside(page, "files")
    found = city.client("site-admin").get("/@search", params={"Title": "ไฟล์ที่รับไม่ได้"}).json()
    assert found["items_total"] == 0


def test_a_draft_is_edited(city: City, open_as: OpenAs) -> None:
    address = draft(city, enclosures=[{"title": "แผนที่", "copies": 2}], references=[{"number": "1", "date": "2021-04-09"}])
    page = open_as(REGISTRAR)
    page.goto(f"{address}/@@edit")
    sound(page)
    assert page.locator("#field-references .cell-date input").first.input_value() == "9 เม.ย. 64"
    assert page.locator("#field-enclosures .cell-title input").first.input_value() == "แผนที่"
    page.fill("#field-title", "เรื่องที่แก้แล้ว")
    page.set_input_files("#field-files", [file("ก.txt", "ก")])
    page.click("button[name=save]")
    page.wait_for_url(address)
    letter = city.client(REGISTRAR).get(address).json()
    assert letter["title"] == "เรื่องที่แก้แล้ว"
    assert letter["enclosures"] == [{"title": "แผนที่", "copies": 2}]
    assert letter["references"][0]["date"] == "2021-04-09"
    page.goto(f"{address}/@@edit")
    page.check("input[name=remove]")
    page.click("button[name=save]")
    page.wait_for_url(address)
    assert city.client(REGISTRAR).get(address).json()["items"] == []


def test_paragraphs_of_html_are_edited_as_lines(city: City, open_as: OpenAs) -> None:
    page = open_as(REGISTRAR)
    page.goto(f"{draft(city, body='<p>หนึ่ง &amp; สอง</p><p>สาม<br>สี่</p>')}/@@edit")
    assert page.input_value("#field-body") == "หนึ่ง & สอง\nสาม\nสี่"
    page.goto(f"{draft(city, body='<p>ตาราง</p><table><tr><td>ก</td></tr></table>')}/@@edit")
    assert "<table>" in page.input_value("#field-body")
    assert page.locator("#preview table").count() == 1


def test_the_preview_shows_no_markup_that_was_not_cleaned(open_as: OpenAs) -> None:
    page = open_as(REGISTRAR)
    page.goto("compose?kind=internal")
    for body in ("<p>ก</p><img src=x onerror=document.title='hit'>", "<img src=x onerror=document.title='hit'>\x01"):
        page.evaluate("body => { document.getElementById('field-body').value = body; }", body)
        page.evaluate("document.getElementById('letter-form').requestSubmit(document.querySelector('button[name=preview]'))")
        page.wait_for_load_state()
        page.wait_for_timeout(300)
        assert page.title() != "hit"
        assert page.locator("#preview img[onerror]").count() == 0


def test_an_officer_writes_for_the_own_unit_only(open_as: OpenAs) -> None:
    page = open_as("officer.district-dusit")
    page.goto("compose?kind=internal")
    units = page.locator("#field-owner_unit option").evaluate_all("options => options.map((one) => one.value)")
    assert units == ["district-dusit.general"]
    assert page.locator("button[name=dispatch]").count() == 0  # who may not send is not offered it


def test_without_a_script(city: City, chromium: Browser) -> None:
    context = chromium.new_context(**SIZES["pc"], java_script_enabled=False, base_url=city.url + "/")
    page = context.new_page()
    log_in(page, city.url, REGISTRAR)
    page.goto("compose?kind=internal")
    page.fill("#field-title", "เขียนโดยไม่มีสคริปต์")
    rows = page.locator("#field-enclosures .cell-title input")
    assert rows.count() == 2
    rows.nth(1).fill("แผนที่")
    page.click("button[name=preview]")
    assert "เขียนโดยไม่มีสคริปต์" in page.locator("#preview").inner_text()
    page.click("button[name=save]")
    letter = city.client(REGISTRAR).get(page.url).json()
    assert letter["enclosures"] == [{"title": "แผนที่", "copies": 1}]
    context.close()


def test_a_form_that_is_not_ours_is_refused(city: City) -> None:
    answer = requests.post(
        f"{city.url}/compose?kind=internal", data={"title": "ปลอม", "save": "1"}, auth=(REGISTRAR, PASSWORD), timeout=60
    )
    assert answer.status_code == 403


def test_a_stranger_neither_writes_nor_edits(city: City) -> None:
    address = draft(city)
    stranger = ("registrar.district-bang-rak", PASSWORD)
    assert requests.get(f"{address}/@@edit", auth=stranger, timeout=60).status_code == 404
    assert requests.get(f"{city.url}/compose", auth=("auditor", PASSWORD), timeout=60).status_code == 403
    page = requests.get(f"{city.url}/compose?kind=internal", auth=stranger, timeout=60).text
    token = page.split('name="_authenticator" value="')[1].split('"')[0]
    data = {"title": "ปลอม", "owner_unit": "district-dusit", "_authenticator": token, "save": "1"}
    answer = requests.post(f"{city.url}/compose?kind=internal", data=data, auth=stranger, timeout=60)
    assert answer.status_code == 400
    assert "field-owner_unit-error" in answer.text
    assert DUSIT not in answer.text
    twice = [("title", "ก"), ("title", "ข"), ("owner_unit", "%"), ("owner_unit", "district-dusit"), ("preview", "1")]
    odd = requests.post(
        f"{city.url}/compose?kind=internal", data=[*twice, ("_authenticator", token)], auth=stranger, timeout=60
    )
    assert odd.status_code == 400
    assert "field-title-error" in odd.text
    assert "field-owner_unit-error" in odd.text
