"""Register books as files: PDF of แบบ 13, 14 and 16, prints of the worker, CSV and workbook; and who gets none."""

from __future__ import annotations

import re
import subprocess
from io import BytesIO
from pathlib import Path
from typing import Any

import pikepdf
import pytest
from openpyxl import load_workbook
from tests.conftest import wait_until
from tests.routing.conftest import BYSTANDER, RECEIVER, SENDER, Office

RECEIVE = ["เลขทะเบียนรับ", "ที่", "ลงวันที่", "จาก", "ถึง", "เรื่อง", "การปฏิบัติ", "หมายเหตุ"]
SEND = ["เลขทะเบียนส่ง", *RECEIVE[1:]]
DELIVERIES = ["เลขทะเบียน", "จาก", "ถึง", "หน่วยรับ", "ผู้รับ", "วันและเวลา", "หมายเหตุ"]


def text_of(data: bytes, tmp_path: Path) -> str:
    place = tmp_path / "book.pdf"
    place.write_bytes(data)
    return subprocess.run(["pdftotext", "-raw", str(place), "-"], capture_output=True, check=True, text=True).stdout


@pytest.fixture(scope="module")
def number(office: Office) -> str:
    """The number of a letter that was sent and registered."""
    letter, _delivery = office.registered(title="ขอส่งสำเนาคำสั่ง")
    return str(office.user("registrar").get(letter).json()["number"])


@pytest.mark.parametrize(
    ("agency", "book", "title", "columns"),
    [
        (RECEIVER, "receive", "ทะเบียนหนังสือรับ", RECEIVE),
        (SENDER, "send", "ทะเบียนหนังสือส่ง", SEND),
        (SENDER, "deliveries", "สมุดส่งหนังสือ", DELIVERIES),
    ],
)
def test_a_book_on_paper(
    office: Office, number: str, tmp_path: Path, agency: str, book: str, title: str, columns: list[str]
) -> None:  # domain.md 2.1
    query = {"book": book, "format": "pdf"}
    answer = office.user("registrar", agency).get(f"/agencies/{agency}/@register-book", params=query)
    assert answer.status_code == 200, answer.text
    assert answer.headers["Content-Type"] == "application/pdf"
    said = text_of(answer.content, tmp_path).replace("\n", " ")
    assert title in said
    assert "หน้า 1 ของ" in said
    assert number in said
    heading = said[said.index("พ.ศ.") :].replace(" ", "")
    place = 0
    for column in columns:
        place = heading.index(column, place) + len(column)
    assert office.user("registrar", BYSTANDER).get(f"/agencies/{agency}/@register-book", params=query).status_code == 404


def test_pages_of_a_book_are_slices_of_it(office: Office) -> None:  # the later half is read from the book's end
    for _number in range(3):
        office.sent()
    address, registrar = f"/agencies/{SENDER}/@register-book", office.user("registrar")

    def seqs(**window: int) -> list[int]:
        found = registrar.get(address, params={"book": "send", "series": "internal", **window}).json()
        return [line["seq"] for line in found["items"]]

    whole = seqs(b_size=1000)
    assert whole == sorted(whole)
    size = len(whole)
    for start in (0, 1, size // 2 - 1, size // 2, size // 2 + 1, size - 2, size - 1, size, size + 1):
        assert seqs(b_start=start, b_size=2) == whole[start : start + 2]


def test_lines_of_several_series_have_names_of_their_own(office: Office) -> None:
    user, made = office.user("registrar"), []
    for series in ("external", "stamped"):
        data = {"series": series, "purpose": "x"}
        entry = user.post(f"/agencies/{SENDER}/@reserve-number", json=data).json()["entry"]
        made.append(f"{series}-{entry['seq']}")
    page = user.get("/registers?book=send", headers={"Accept": "text/html"})
    names = re.findall(r'<tr[^>]* id="([^"]+)"', page.text)
    assert set(made) <= set(names), page.status_code
    assert len(names) == len(set(names))


def test_a_cancelled_number_says_so_on_paper(office: Office, tmp_path: Path) -> None:  # E10
    letter, _delivery = office.sent()
    office.user("registrar").post(f"{letter}/@cancel", json={"reason": "พิมพ์ผิด"})
    answer = office.user("registrar").get(f"/agencies/{SENDER}/@register-book", params={"book": "send", "format": "pdf"})
    shown = text_of(answer.content, tmp_path)
    assert "ยกเลิก: พิมพ์ผิด" in shown
    page = office.user("registrar").get("/registers?book=send&goto=99999999", headers={"Accept": "text/html"}).text
    line = next(one for one in page.split("<tr")[::-1] if "พิมพ์ผิด" in one)
    assert re.search(r"พิมพ์ผิด.*\(.*น\.\)", line, re.DOTALL)  # who, and when


def test_the_delivery_book_names_who_took_it(office: Office, number: str) -> None:  # แบบ 16
    address = f"/agencies/{SENDER}/@register-book"
    registrar = office.user("registrar")
    book = {"book": "deliveries", "b_size": 1000}
    total = registrar.get(address, params={**book, "b_size": 1}).json()["items_total"]
    lines = registrar.get(address, params={**book, "b_start": max(total - 1000, 0)}).json()["items"]
    line = next(one for one in lines if one["number"] == number)
    assert (line["unit"], line["registered_by"], line["state"]) == (RECEIVER, f"registrar.{RECEIVER}", "registered")
    answer = registrar.get(address, params={"book": "deliveries", "format": "xlsx"}, headers={"Accept-Language": "th"})
    sheet = load_workbook(BytesIO(answer.content)).active
    assert sheet is not None
    table = list(sheet.values)
    assert list(table[0]) == DELIVERIES
    row = next(row for row in table if row[0] == number)
    assert "ปลัด" in str(row[3])
    assert row[4]
    assert "น." in str(row[5])


def test_the_worker_prints_a_long_book(office: Office, number: str, refused: Any, tmp_path: Path) -> None:
    registrar = office.user("registrar")
    asked = registrar.post(f"/agencies/{SENDER}/@print-register", json={"book": "send"})
    assert asked.status_code == 202, asked.text
    job = asked.json()["@id"]
    done = wait_until(lambda: (found := registrar.get(job).json())["state"] == "done" and found, 30, "for the print")
    assert done["lines"] == done["lines_total"] == len(office.book(SENDER, book="send"))
    file = registrar.get(done["download"])
    assert int(file.headers["Content-Length"]) == len(file.content)
    assert number in text_of(file.content, tmp_path)
    with pikepdf.open(BytesIO(file.content)) as book:
        assert len(book.pages) == done["pages"]
        assert book.check_pdf_syntax() == []
    for other in (office.user("director"), office.user("registrar", BYSTANDER)):
        assert other.get(job).status_code == 404
        assert other.get(done["download"]).status_code == 404
    refused(registrar.get(f"/agencies/{SENDER}/@print-register?job=nothing"), 404, "NotFound")


def test_who_reads_no_book_prints_none(office: Office, refused: Any) -> None:  # table of api.md
    for user in ("records", "site-admin"):
        person = office.user(user, "" if user == "site-admin" else SENDER)
        assert person.post(f"/agencies/{SENDER}/@print-register", json={"book": "send"}).status_code == 403
        answer = person.get(f"/agencies/{SENDER}/@register-book", params={"book": "send", "format": "pdf"})
        refused(answer, 403, "Forbidden")
    stranger = office.user("registrar", BYSTANDER)
    assert stranger.post(f"/agencies/{SENDER}/@print-register", json={"book": "send"}).status_code == 404


def test_secret_books_are_printed_at_once_only(office: Office) -> None:  # nothing of them lies open in the database
    secret = office.user("secret")
    address = f"/agencies/{SENDER}"
    answer = secret.get(f"{address}/@register-book", params={"book": "secret-send", "format": "pdf"})
    assert answer.headers["Content-Type"] == "application/pdf"
    assert secret.post(f"{address}/@print-register", json={"book": "secret-send"}).status_code == 404
    registrar = office.user("registrar")
    assert registrar.get(f"{address}/@register-book", params={"book": "secret-send", "format": "pdf"}).status_code in (403, 404)
