"""Search as a person uses it: type, narrow down, open, come back, keep, fetch the list; and what is said of nothing found."""

from __future__ import annotations

import random
import re
from collections.abc import Iterator

import pytest
from playwright.sync_api import Page, expect
from tests.browser.checks import sound
from tests.browser.conftest import OpenAs
from tests.browser.letters import draft
from tests.conftest import City, wait_until
from tests.search.conftest import solr_of

REGISTRAR = "registrar.district-dusit"
KINDS = ("internal", "internal", "external", "order")


@pytest.fixture(scope="module", autouse=True)
def solr(city: City) -> Iterator[None]:
    """Solr beside the city while these tests run."""
    node = solr_of(city)
    node.start()
    yield
    node.stop()


@pytest.fixture
def word(city: City, solr: None) -> str:
    """A word that stands in four letters of the registrar's."""
    chance = random.SystemRandom()
    found = "".join(chance.choice("กขคงจชซดตถทธนบปพฟภมยรลวสหอ") + chance.choice("าิีุู") for _ in range(8))
    for at, kind in enumerate(KINDS):
        draft(city, kind=kind, title=f"แผนงาน{found}ระยะที่ {at + 1}", body=f"<p>ตามที่ {found} ได้รับความเห็นชอบแล้ว</p>" * 3)
    me = city.client(REGISTRAR)

    def all_found() -> bool:
        answer = me.get("/@find", params={"text": found}).json()
        return bool(answer["items_total"] == len(KINDS) and answer["engine"] == "solr")

    wait_until(all_found, 30, "for the letters")
    return found


def hits(page: Page, number: int) -> None:
    expect(page.locator(".find-hits > li")).to_have_count(number)


def type_and_enter(page: Page, text: str) -> None:
    page.fill("#field-text", text)
    page.press("#field-text", "Enter")


def test_type_narrow_open_and_come_back(open_as: OpenAs, word: str, size: str) -> None:
    page = open_as(REGISTRAR, size)
    page.goto("find")
    type_and_enter(page, word[2:12])
    hits(page, 4)
    expect(page.locator(".find-hits mark").first).to_have_text(word[2:12])
    inside = page.locator("#facets").get_by_role("link", name=re.compile("^หนังสือภายใน"))
    if size == "phone":  # folded above the hits, not below the last of them
        expect(inside).to_be_hidden()
        summary = page.locator("#facets summary").first
        box, first = summary.bounding_box(), page.locator(".find-hits > li").first.bounding_box()
        assert box is not None
        assert first is not None
        assert box["y"] < first["y"]
        summary.click()
        sound(page)
    inside.click()
    hits(page, 2)
    expect(page.locator(".find-chips a")).to_have_count(1)
    sound(page)
    # Opened and back: the same question, at the same place.
    narrowed = page.url
    page.locator(".find-hits h2 a").last.scroll_into_view_if_needed()
    before = page.evaluate("window.scrollY")
    page.locator(".find-hits h2 a").last.click()
    expect(page.locator("h1")).to_contain_text(word)
    page.go_back()
    expect(page).to_have_url(narrowed)
    hits(page, 2)
    wait_until(lambda: abs(page.evaluate("window.scrollY") - before) < 5, 10, "for the place on the page")
    # A filter is taken off by its chip.
    page.locator(".find-chips a").click()
    hits(page, 4)
    expect(page.locator(".find-chips a")).to_have_count(0)


def test_keep_a_search_and_find_it_again(open_as: OpenAs, word: str, size: str) -> None:
    page = open_as(REGISTRAR, size)
    page.goto(f"find?text={word}&kind=order")
    hits(page, 1)
    page.get_by_text("บันทึกการค้นหานี้").click()
    page.fill("#field-name", f"คำสั่ง {word}")
    page.get_by_role("button", name="บันทึก", exact=True).click()
    expect(page.locator(".message").first).to_contain_text(f"คำสั่ง {word}")
    hits(page, 1)
    page.goto("find")
    sound(page)
    kept = page.locator(".find-saved li", has_text=word)
    kept.get_by_role("link").click()
    hits(page, 1)
    page.goto("find")
    kept.get_by_role("button").click()
    expect(kept).to_have_count(0)


def test_nothing_found_says_what_to_do(open_as: OpenAs, word: str, size: str) -> None:
    page = open_as(REGISTRAR, size)
    page.goto(f"find?text={word}&kind=minutes")
    hits(page, 0)
    sound(page)
    page.locator(".empty").get_by_role("link", name=re.compile("รายงานการประชุม")).click()
    hits(page, 4)
    # A wrong letter: what comes near is shown, and the word that was meant is offered.
    wrong = word[:7] + ("ก" if word[7] != "ก" else "ข") + word[8:]
    page.goto(f"find?text={wrong}")
    expect(page.locator(".find-total")).to_contain_text("ไม่พบ")
    page.locator(".find-meant a").click()
    hits(page, 4)


def test_fetch_the_list(open_as: OpenAs, word: str) -> None:
    page = open_as(REGISTRAR, "phone")
    page.goto(f"find?text={word}")
    page.get_by_role("button", name="ส่งออกเป็น XLSX").click()
    row = page.locator("tbody tr", has_text=word)
    fetch = row.get_by_role("link", name=re.compile("ดาวน์โหลด"))
    expect(fetch).to_be_visible(timeout=30_000)
    sound(page, ["kB"])
    with page.expect_download() as download:
        fetch.click()
    assert download.value.suggested_filename.endswith(".xlsx")


def test_the_administrator_keeps_the_words(open_as: OpenAs, word: str) -> None:
    page = open_as("site-admin")
    page.goto("administration")
    page.get_by_role("link", name="คำพ้องและคำย่อ").click()
    page.fill("#field-words", word)
    page.get_by_role("button", name="เพิ่ม", exact=True).click()
    expect(page.locator("#field-words-error")).to_be_visible()
    page.fill("#field-words", f"ฎฎฎ. = {word}")
    page.get_by_role("button", name="เพิ่ม", exact=True).click()
    page.fill("#synonym-text", word)
    page.get_by_role("button", name="แสดง", exact=True).click()
    line = page.locator("tbody tr", has_text=word)
    expect(line).to_have_count(1)
    sound(page)
    registrar = open_as(REGISTRAR)
    registrar.goto("find?text=ฎฎฎ.")
    hits(registrar, 4)
    line.get_by_role("button").click()
    expect(page.locator(".message").first).to_contain_text("ลบคำพ้องแล้ว")
