"""Reading attached files in a child process: every kind says its text, and no file does harm."""

from __future__ import annotations

import os
import re
import time
from pathlib import Path
from tempfile import TemporaryFile

import pytest
from tests.search import files

from saraban.search import documents, extract, filetexts, reading

THAI = "กำหนดการฝึกซ้อมดับเพลิง ๒๕๖๙"


def read(kind: str, data: bytes) -> str:
    """What the worker's child says of a file."""
    content = TemporaryFile()  # noqa: SIM115 - the child closes it
    content.write(data)
    content.seek(0)
    child = reading.Child(kind, content)
    assert child.finished(30)
    return child.text()


@pytest.mark.parametrize(
    ("kind", "data"),
    [
        ("docx", files.docx(THAI)),
        ("xlsx", files.xlsx(THAI)),
        ("pptx", files.pptx(THAI)),
        ("odf", files.odf(THAI)),
        ("rtf", files.rtf(THAI)),
        ("txt", THAI.encode()),
        ("txt", THAI.encode("utf-8-sig")),
        ("txt", THAI.encode("cp874")),
        ("txt", THAI.encode("utf-16")),
    ],
)
def test_every_kind_says_its_text(kind: str, data: bytes) -> None:
    assert read(kind, data).strip() == THAI


def test_a_file_that_is_closed_meanwhile_harms_nobody() -> None:
    """ZODB does so when its letter changes its level; the worker goes on."""
    content = TemporaryFile()  # noqa: SIM115 - closed below
    content.write(THAI.encode())
    content.seek(0)
    child = reading.Child("txt", content)
    content.close()
    assert child.finished(30)
    assert child.text().strip() == THAI


def test_pdf_says_its_text() -> None:
    assert read("pdf", files.pdf("Annual fire drill")).strip() == "Annual fire drill"


def test_slides_in_their_order() -> None:
    slides = {f"ppt__slides__slide{at}": f'<p xmlns:a="a"><a:p><a:t>{at}</a:t></a:p></p>' for at in (10, 2, 1)}
    assert read("pptx", files.package(**slides)).split() == ["1", "2", "10"]


@pytest.mark.parametrize(
    ("kind", "data", "said"),
    [
        ("docx", files.unpacking_bomb(), "unpacks to more than"),
        ("docx", files.entity_bomb(), "document type"),
        ("docx", b"PK\x03\x04 broken", "BadZipFile"),
        ("odf", files.package(content="<a><b></a>"), "ExpatError"),
        ("pdf", b"%PDF-1.4 nothing more", "ended with 1"),
    ],
)
def test_a_bomb_meets_a_limit(kind: str, data: bytes, said: str) -> None:
    with pytest.raises(reading.Unreadable, match=said):
        read(kind, data)


def test_one_that_never_ends_is_ended(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(reading, "SECONDS", 0.5)
    began = time.monotonic()

    never, kept_open = os.pipe()
    child = reading.Child("txt", os.fdopen(never, "rb"))
    limits = ""
    while not child.finished(0.05):
        limits = Path(f"/proc/{child.process.pid}/limits").read_text()
        assert time.monotonic() - began < 10
    os.close(kept_open)
    for what, most in (("Max address space", extract.MEMORY), ("Max cpu time", extract.CPU_SECONDS)):
        assert re.search(rf"{what} +{most} ", limits)
    with pytest.raises(reading.Unreadable, match="more than"):
        child.text()


def test_long_texts_are_cut_and_no_failure() -> None:
    assert read("txt", ("ก" * 10 * filetexts.LONGEST).encode()) == "ก" * filetexts.LONGEST
    assert len(read("docx", files.docx("ก" * 2 * filetexts.LONGEST))) == filetexts.LONGEST


def test_nothing_of_the_content_is_said() -> None:
    with pytest.raises(reading.Unreadable) as refusal:
        read("odf", files.package(content=f"<a>{THAI}<{THAI}></a>"))
    assert THAI not in str(refusal.value)


def test_long_text_without_a_space_gets_breaks_between_letters() -> None:
    text = documents.with_breaks("กี่" * 10_000)
    assert text.replace("\n", "") == "กี่" * 10_000
    assert max(map(len, text.split("\n"))) < 310
    assert not any(line.startswith(("ี", "่")) for line in text.split("\n"))
    assert documents.with_breaks("ปกติ " * 200) == "ปกติ " * 200
