"""What a receiver prints of one delivery: receive stamp (แบบ 12), receipt slip (แบบ 17), index card (แบบ 18)."""

from __future__ import annotations

import base64
import hashlib
import subprocess
from datetime import datetime
from io import BytesIO
from pathlib import Path
from typing import Any

import pikepdf
import pytest
from tests.routing.conftest import BYSTANDER, RECEIVER, SENDER, Office

from saraban.registers.errors import StampImpossible
from saraban.registers.printed import pdf
from saraban.registers.printed.stamp import Stamp, stamped

STAMP = Stamp("สำนักงานเขตดุสิต", 123, datetime(2027, 4, 9, 2, 30), thai_digits=True)


def page_of(words: str, turn: int = 0, more: bool = False) -> bytes:
    """A letter as a PDF of one or two pages."""
    canvas = pdf.Canvas()
    canvas.say(words, 60, 300, 16)
    made = pikepdf.open(BytesIO(pdf.document([canvas, canvas] if more else [canvas], words, (595.28, 841.89))))
    if turn:
        made.pages[0].rotate(turn, relative=False)
    out = BytesIO()
    made.save(out)
    return out.getvalue()


def words_of(data: bytes, tmp_path: Path) -> list[tuple[str, float, float]]:
    """The words of the first page with their places in per cent from the upper left."""
    place = tmp_path / "copy.pdf"
    place.write_bytes(data)
    shown = subprocess.run(["pdftotext", "-l", "1", "-tsv", str(place), "-"], capture_output=True, check=True, text=True).stdout
    rows = [line.split("\t") for line in shown.splitlines()[1:]]
    width, height = next((float(row[8]), float(row[9])) for row in rows if row[0] == "1")
    return [(row[11], float(row[6]) / width * 100, float(row[7]) / height * 100) for row in rows if row[0] == "5"]


@pytest.mark.parametrize("turn", [0, 90, 180, 270])
def test_the_stamp_stands_at_the_upper_right_of_the_first_page(tmp_path: Path, turn: int) -> None:  # domain.md 1.2
    out = BytesIO()
    stamped(BytesIO(page_of("หนังสือ", turn, more=True)), STAMP, out)
    found = words_of(out.getvalue(), tmp_path)
    said = " ".join(word for word, _x, _y in found)
    assert "สำนักงานเขตดุสิต" in said
    assert "เลขรับ ๑๒๓" in said
    assert "๙ เมษายน ๒๕๗๐" in said
    assert "๐๙.๓๐ น." in said
    assert all(x > 50 and y < 50 for word, x, y in found if word in ("เลขรับ", "๑๒๓", "๒๕๗๐"))
    second = pikepdf.open(out).pages[1]
    assert "/XObject" not in second.obj.get("/Resources", {}) or "Fx" not in str(second.obj.Resources.XObject.keys())


def test_a_copy_of_a_signed_file_does_not_pretend_to_be_signed() -> None:  # domain.md 5.2
    made = pikepdf.open(BytesIO(page_of("ลงนาม")))
    made.Root.AcroForm = made.make_indirect(pikepdf.Dictionary(Fields=[], SigFlags=3))
    signed, out = BytesIO(), BytesIO()
    made.save(signed)
    before = signed.getvalue()
    stamped(signed, STAMP, out)
    assert "/AcroForm" not in pikepdf.open(out).Root
    assert signed.getvalue() == before


def test_what_is_no_readable_pdf_gets_no_stamp() -> None:
    locked, out = BytesIO(), BytesIO()
    pikepdf.open(BytesIO(page_of("x"))).save(locked, encryption=pikepdf.Encryption(user="word", owner="word"))
    for content in (locked, BytesIO(b"%PDF-1.7 broken"), BytesIO(b"")):
        with pytest.raises(StampImpossible):
            stamped(content, STAMP, out)


@pytest.fixture(scope="module")
def registered(office: Office) -> dict[str, Any]:
    """A letter with a PDF and a picture, which the receiver registered."""
    letter = office.draft(title="ขอส่งแบบแปลน")
    content = page_of("แบบแปลน")
    names = {}
    picture = base64.b64decode(
        "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNkYPhfDwAChwGA60e6kgAAAABJRU5ErkJggg=="
    )
    for name, data in (("plan.pdf", content), ("picture.png", picture)):
        body = {"data": base64.b64encode(data).decode(), "encoding": "base64", "filename": name}
        answer = office.user("registrar").post(letter, json={"@type": "Attachment", "file": body})
        assert answer.status_code == 201, answer.text
        names[name] = answer.json()["@id"].rsplit("/", 1)[1]
    delivery = office.dispatch(letter)["deliveries"][0]["@id"]
    return {"letter": letter, "delivery": delivery, "content": content, **names}


def test_only_what_is_registered_is_stamped(office: Office, refused: Any, registered: dict[str, Any], tmp_path: Path) -> None:
    receiver, delivery = office.user("registrar", RECEIVER), registered["delivery"]
    plan = {"file": registered["plan.pdf"]}
    refused(receiver.get(f"{delivery}/@stamped", params=plan), 409, "NotRegistered")
    refused(receiver.get(f"{delivery}/@index-card"), 409, "NotRegistered")
    number = receiver.post(f"{delivery}/@register", json={}).json()["receive_number"]
    copy = receiver.get(f"{delivery}/@stamped", params=plan)
    assert copy.headers["Content-Type"] == "application/pdf"
    assert f"เลขรับ {number}" in " ".join(word for word, _x, _y in words_of(copy.content, tmp_path))
    kept = receiver.get(f"{registered['letter']}/{registered['plan.pdf']}/@@download/file")
    assert hashlib.sha256(kept.content).digest() == hashlib.sha256(registered["content"]).digest()
    refused(receiver.get(f"{delivery}/@stamped", params={"file": registered["picture.png"]}), 409, "StampImpossible")
    for wrong in ("nothing", "", "../x"):
        refused(receiver.get(f"{delivery}/@stamped", params={"file": wrong}), 404, "NotFound")


def test_slip_and_card_have_the_fields_of_the_form(office: Office, tmp_path: Path) -> None:  # domain.md 2.1
    letter, delivery = office.registered(title="ขอเชิญอบรม")
    receiver = office.user("registrar", RECEIVER)
    receiver.post(f"{delivery}/@postpone", json={"due_date": "2031-02-09", "reason": "รอข้อมูล"})
    receiver.post(f"{delivery}/@close", json={"result": "เข้าร่วมแล้ว"})
    number = office.user("registrar").get(letter).json()["number"]
    slip = " ".join(word for word, _x, _y in words_of(receiver.get(f"{delivery}/@receipt").content, tmp_path))
    place = 0
    for word in ("ใบรับหนังสือ", "ที่", number, "ถึง", "เรื่อง", "ขอเชิญอบรม", "รับวันที่", "เวลา", "ผู้รับ"):
        place = slip.index(word, place)
    card = " ".join(word for word, _x, _y in words_of(receiver.get(f"{delivery}/@index-card").content, tmp_path))
    for word in ("บัตรตรวจค้น", "เลขทะเบียน รับ", "ลงวันที่", "รายการ", "การปฏิบัติ", "ขอเชิญอบรม", "สำนักงานเขตดุสิต", "ปิดเรื่อง"):
        assert word in card
    assert "เลื่อนกำหนดเป็น 9 ก.พ. 74 รอข้อมูล" in card.replace("เลื่อนกำหนด เป็น", "เลื่อนกำหนดเป็น")
    assert "2031" not in card


def test_prints_are_for_those_who_read_the_letter(office: Office, registered: dict[str, Any]) -> None:
    for stranger in (office.user("registrar", BYSTANDER), office.user("officer", RECEIVER), office.user("registrar", SENDER)):
        for verb in (f"@stamped?file={registered['plan.pdf']}", "@receipt", "@index-card"):
            assert stranger.get(f"{registered['delivery']}/{verb}").status_code == 404


def test_a_returned_letter_is_not_printed(office: Office) -> None:
    _letter, delivery = office.sent()
    receiver = office.user("registrar", RECEIVER)
    receiver.post(f"{delivery}/@return", json={"note": "ส่งผิด"})
    assert receiver.get(f"{delivery}/@receipt").status_code == 404
