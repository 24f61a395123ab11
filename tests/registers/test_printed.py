"""Prints of registers without a city: Thai type, pages, the file (`domain.md` 2.1)."""

from __future__ import annotations

import subprocess
import tracemalloc
from collections.abc import Iterator
from io import BytesIO
from pathlib import Path

import pikepdf
import pytest

from saraban.registers.printed import book, pdf, tables
from saraban.registers.printed.tables import Column, Form, Row
from saraban.registers.printed.type import Run, face, lines

SUBJECT = "ขอความอนุเคราะห์ตรวจสอบข้อมูลการดำเนินงานโครงการพัฒนาระบบสารบรรณของกรุงเทพมหานคร ปีที่ {0} น้ำ ป้า ปั๊ม ญี่ปุ่น"
FORM = Form(
    "ทะเบียนหนังสือรับ",
    "สำนักงานเขตดุสิต",
    "พ.ศ. 2570",
    (Column("เลขทะเบียนรับ", 0.1), Column("เรื่อง", 0.5), Column("หมายเหตุ", 0.4)),
)


@pytest.mark.parametrize("first", ["เลขทะเบียนรับ", "เลขทะเบียนส่ง"])
def test_no_heading_is_broken_within_its_word(first: str) -> None:  # แบบ 13, 14
    titles = (first, "ที่", "ลงวันที่", "จาก", "ถึง", "เรื่อง", "การปฏิบัติ", "หมายเหตุ")
    assert sum(book.REGISTER) == pytest.approx(1)
    for title, share in zip(titles, book.REGISTER, strict=True):
        assert len(lines(title, tables.SIZE, share * tables.RULED - 2 * tables.PADDING, True)) == 1, title


def rows(number: int) -> Iterator[Row]:
    for seq in range(1, number + 1):
        yield Row([str(seq), SUBJECT.format(seq), ""], f"วันที่ {seq // 40 + 1} เดือน มกราคม พ.ศ. 2570")


def file_of(form: Form, number: int) -> bytes:
    sizes: list[int] = []
    data = pdf.head()
    for at, sheet in enumerate(tables.sheets(form, rows(number))):
        for written in pdf.page(at, sheet.content):
            sizes.append(len(written))
            data += written
    return data + pdf.tail(sizes, form.title, pdf.A4, form.total(len(sizes) // 2))


def text_of(data: bytes, tmp_path: Path, page: int) -> str:
    place = tmp_path / "print.pdf"
    place.write_bytes(data)
    shown = subprocess.run(
        ["pdftotext", "-layout", "-f", str(page), "-l", str(page), str(place), "-"], capture_output=True, check=True, text=True
    )
    return shown.stdout


def said(run: Run) -> str:
    return "".join(face().texts[glyph.code] for glyph in run.glyphs)


def test_thai_is_shaped_and_can_be_found_again() -> None:
    assert said(face().shape("สำนักงาน น้ำ ที่ ผู้ ปั๊ม กท 0403/ว 41 PDF")) == "สำนักงาน น้ำ ที่ ผู้ ปั๊ม กท 0403/ว 41 PDF"
    # ญ and ฐ lose their foot above a vowel below, and ป carries its mark further left
    assert [glyph.code for glyph in face().shape("ญู").glyphs] != [glyph.code for glyph in face().shape("ญ").glyphs] * 2
    assert any(glyph.dx or glyph.dy for glyph in face().shape("ที่").glyphs) or len(face().shape("ที่").glyphs) == 3


@pytest.mark.parametrize("width", [40, 90, 180])
def test_lines_break_at_words_and_lose_nothing(width: float) -> None:  # Thai has no spaces between words
    text = SUBJECT.format(12)
    found = lines(text, 9, width)
    assert "".join(said(run) for run in found).replace(" ", "") == text.replace(" ", "")
    assert all(run.length * 9 / 1000 <= width for run in found)
    marks = "ะัาำิีึืฺุู็่้๊๋์ํ"
    assert not any(said(run)[0] in marks for run in found)
    if width == 180:
        assert said(found[0]).endswith(("ตรวจสอบ", "ข้อมูล", "การ", "ดำเนิน", "งาน"))


def test_words_of_every_day_are_not_torn() -> None:
    for width in range(75, 130, 5):
        for run in lines("ตามที่ขอจัดสรรของบประมาณของสำนักงานเลขานุการปลัดกรุงเทพมหานคร", 9, width):
            assert not said(run).startswith(("บประมาณ", "มหานคร", "หานคร", "คร", "ประมาณ"))


def test_what_no_page_can_hold_is_cut_and_says_so() -> None:
    found = lines("ก" * 1000, 9, 40, most=5)
    assert len(found) == 5
    assert said(found[-1]).endswith("ก…")
    assert all(run.length * 9 / 1000 <= 40 for run in found)
    assert lines("  ", 9, 40) == ()


def test_the_pages_of_a_book(tmp_path: Path) -> None:  # page headers, page m of n
    data = file_of(FORM, 200)
    pages = len(pikepdf.open(BytesIO(data)).pages)
    first, last = text_of(data, tmp_path, 1), text_of(data, tmp_path, pages)
    assert "ทะเบียนหนังสือรับ" in first
    assert "สำนักงานเขตดุสิต" in first
    assert f"หน้า 1 ของ {pages}" in first
    assert f"หน้า {pages} ของ {pages}" in last
    for words in ("เลขทะเบียนรับ", "เรื่อง", "หมายเหตุ", "วันที่ 1 เดือน มกราคม พ.ศ. 2570"):
        assert words in first
    assert "วันที่ 6 เดือน มกราคม พ.ศ. 2570" in last


def test_thai_figures_where_they_are_wanted(tmp_path: Path) -> None:
    form = Form(FORM.title, FORM.place, FORM.year, FORM.columns, thai_digits=True)
    assert "หน้า ๑ ของ ๑" in text_of(file_of(form, 3), tmp_path, 1)


def test_an_empty_book_is_one_page_with_its_heading(tmp_path: Path) -> None:
    data = file_of(FORM, 0)
    assert len(pikepdf.open(BytesIO(data)).pages) == 1
    assert "หน้า 1 ของ 1" in text_of(data, tmp_path, 1)


def test_a_print_goes_on_where_it_stopped() -> None:
    whole = [sheet.content for sheet in tables.sheets(FORM, rows(120))]
    first = next(tables.sheets(FORM, rows(120)))
    rest = [sheet.content for sheet in tables.sheets(FORM, list(rows(120))[first.rows :], first=1)]
    assert [first.content, *rest] == whole


def test_memory_does_not_grow_with_the_book() -> None:  # a year of 50,000 entries prints in bounded memory
    alike = [Row(row.cells, "") for row in rows(20)]

    def most(number: int) -> int:
        tracemalloc.start()
        for at, sheet in enumerate(tables.sheets(FORM, (alike[seq % 20] for seq in range(number)))):
            pdf.page(at, sheet.content)
        peak = tracemalloc.get_traced_memory()[1]
        tracemalloc.stop()
        return peak

    most(40)  # fonts and models are loaded once
    assert most(600) < most(100) * 1.3


def test_a_short_document_at_once() -> None:
    canvas = pdf.Canvas()
    canvas.say("ใบรับหนังสือ", 100, 100, 16, bold=True, centred=True)
    canvas.box(10, 10, 50, 50)
    found = pikepdf.open(BytesIO(pdf.document([canvas], "ใบรับหนังสือ", pdf.A5)))
    assert found.check_pdf_syntax() == []
    assert str(found.docinfo["/Title"]) == "ใบรับหนังสือ"
    assert [float(number) for number in found.pages[0].mediabox][2:] == [pytest.approx(595.28), pytest.approx(419.53)]
