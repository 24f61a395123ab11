"""A PDF is read in the page (`pages.md`, Letter): drawn by PDF.js, on a phone too, loaded only where there is one."""

from __future__ import annotations

import pytest
from playwright.sync_api import Browser, Page, expect
from tests.browser.arrivals import SENDER, arrive, attach, dispatch, draft
from tests.browser.checks import sound
from tests.browser.conftest import SIZES, OpenAs
from tests.conftest import City, wait_until

DESK = "district-sathon"
REGISTRAR = f"registrar.{DESK}"
INK = "canvas => canvas.getContext('2d').getImageData(0, 0, canvas.width, canvas.height).data.some(one => one && one < 128)"


def pdf(pages: int) -> bytes:
    """So many pages, each with its number in letters."""
    parts = [b"<</Type/Catalog/Pages 2 0 R>>", b"", b"<</Type/Font/Subtype/Type1/BaseFont/Helvetica>>"]
    kids = []
    for number in range(1, pages + 1):
        words = f"BT /F 40 Tf 60 700 Td (Page number {number}) Tj ET".encode()
        parts.append(b"<</Length %d>>stream\n%s\nendstream" % (len(words), words))
        kids.append(len(parts) + 1)
        parts.append(
            b"<</Type/Page/Parent 2 0 R/MediaBox[0 0 595 842]/Resources<</Font<</F 3 0 R>>>>/Contents %d 0 R>>" % len(parts)
        )
    parts[1] = b"<</Type/Pages/Count %d/Kids[%s]>>" % (pages, b" ".join(b"%d 0 R" % kid for kid in kids))
    text, places = b"%PDF-1.4\n", []
    for number, part in enumerate(parts, 1):
        places.append(len(text))
        text += b"%d 0 obj%s endobj\n" % (number, part)
    table = b"".join(b"%010d 00000 n \n" % place for place in places)
    head = b"xref\n0 %d\n0000000000 65535 f \n" % (len(parts) + 1)
    return text + head + table + b"trailer<</Size %d/Root 1 0 R>>\nstartxref\n%d\n%%%%EOF\n" % (len(parts) + 1, len(text))


@pytest.fixture(scope="module")
def with_pdf(city: City) -> tuple[str, str]:
    """A letter of twelve PDF pages, and its delivery."""
    letter = draft(city)
    attach(city, letter, "คำสั่ง.pdf", pdf(12))
    return letter, dispatch(city, letter, DESK)[0]


def drawn(page: Page, number: int) -> None:
    """Waits until a page stands there in ink."""
    canvas = page.locator(f".pdf-page[data-page='{number}'] canvas")
    wait_until(lambda: canvas.evaluate(INK), 10, "for ink")


def test_pages_are_drawn_when_they_come_near(open_as: OpenAs, with_pdf: tuple[str, str], size: str) -> None:
    page = open_as(REGISTRAR, size)
    page.goto(with_pdf[1])
    page.locator("[data-pdf]").scroll_into_view_if_needed()
    drawn(page, 1)
    expect(page.locator(".pdf-bar")).to_contain_text("/ 12")
    expect(page.locator(".pdf-page")).to_have_count(12)
    assert page.locator(".pdf-page canvas").count() < 8
    expect(page.locator(".pdf-page[data-page='1'] .pdf-text")).to_have_text("Page number 1")
    sheet, holder = (page.locator(name).first.bounding_box() for name in (".pdf-page", ".pdf-pages"))
    assert sheet is not None
    assert holder is not None
    assert holder["width"] * 0.85 < sheet["width"] <= holder["width"]
    sound(page)

    page.locator(".pdf-bar input").fill("๑๑")
    page.locator(".pdf-bar input").press("Enter")
    drawn(page, 11)
    assert page.locator(".pdf-page[data-page='1'] canvas").count() == 0, "what is far away gives its memory back"
    page.get_by_role("button", name="เต็มจอ").click()
    page.get_by_role("button", name="ขยาย").click()
    page.get_by_role("button", name="หมุน").click()
    drawn(page, 11)
    expect(page.locator(".pdf-bar input")).to_have_value("11")
    page.keyboard.press("Escape")
    expect(page.locator(".is-whole")).to_have_count(0)


def test_keys_turn_pages_and_do_not_leave_for_the_desk(open_as: OpenAs, with_pdf: tuple[str, str]) -> None:
    page = open_as(REGISTRAR)
    page.goto(f"desk?show={with_pdf[1].rpartition('/')[2]}")
    page.locator("[data-pdf]").scroll_into_view_if_needed()
    drawn(page, 1)
    page.locator(".pdf-pages").focus()
    page.keyboard.press("ArrowRight")
    expect(page.locator(".pdf-bar input")).to_have_value("2")
    page.keyboard.press("ArrowLeft")
    expect(page.locator(".pdf-bar input")).to_have_value("1")
    page.keyboard.press("ArrowDown")
    assert page.evaluate("document.activeElement.className") == "pdf-pages"


def test_its_sender_reads_it_too(open_as: OpenAs, with_pdf: tuple[str, str]) -> None:
    page = open_as(f"registrar.{SENDER}")
    page.goto(f"{with_pdf[0]}#file-1")
    drawn(page, 1)


def test_nothing_of_the_reader_is_loaded_where_there_is_no_pdf(open_as: OpenAs, city: City) -> None:
    (delivery,) = arrive(city, DESK)
    page = open_as(REGISTRAR)
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    page.goto(delivery)
    assert not [url for url in asked if "viewer" in url or "pdfjs" in url]


def test_a_broken_file_says_so(open_as: OpenAs, city: City) -> None:
    letter = draft(city, body="")
    attach(city, letter, "เสีย.pdf", b"%PDF-1.4\nnothing of a document\n%%EOF\n")
    (delivery,) = dispatch(city, letter, DESK)
    page = open_as(REGISTRAR)
    page.goto(delivery)
    expect(page.locator(".pdf-note")).to_contain_text("แสดงไฟล์นี้ในหน้านี้ไม่ได้")
    expect(page.get_by_role("link", name="ดาวน์โหลด")).to_be_visible()


def test_without_a_script_it_is_a_link(
    city: City, chromium: Browser, logins: dict[str, object], open_as: OpenAs, with_pdf: tuple[str, str]
) -> None:
    open_as(REGISTRAR)
    context = chromium.new_context(**SIZES["phone"], java_script_enabled=False, storage_state=logins[REGISTRAR])  # type: ignore[arg-type]
    page = context.new_page()
    page.goto(with_pdf[1])
    expect(page.locator(".pdf-bar")).to_be_hidden()
    address = page.get_by_role("link", name="เปิดไฟล์").get_attribute("href")
    assert address
    assert context.request.get(address).body().startswith(b"%PDF")
    context.close()
