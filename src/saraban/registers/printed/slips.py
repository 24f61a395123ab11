"""What goes with one letter on paper: the receipt slip (ใบรับหนังสือ, แบบ 17) and the index card (บัตรตรวจค้น, แบบ 18)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from saraban.registers.printed import pdf
from saraban.registers.printed.pdf import Canvas
from saraban.registers.printed.type import EM, lines
from saraban.thai import dates
from saraban.thai.digits import to_thai

WIDTH, HEIGHT = pdf.A5
MARGIN = 42.0
SIZE, LEADING = 12.0, 18.0
SMALL, CLOSE = 10.0, 15.0
DOTS = "." * 60
CARD = (("เลขทะเบียนรับ", 0.13), ("ที่", 0.2), ("ลงวันที่", 0.12), ("รายการ", 0.3), ("การปฏิบัติ", 0.25))
HEAD = 36.0
"""Height of the titles of its columns."""
MOST_LINES = 13
"""Of a cell of the card: what is done later goes on a further card."""


@dataclass(frozen=True)
class Letter:
    """A letter in one unit, as slip and card show it."""

    number: str
    dated: str
    sender: str
    to: str
    """The receiving unit."""
    subject: str
    receive_number: str
    registered_at: datetime | None
    registered_by: str
    code: str
    """What the card is filed under besides the subject."""
    done: Sequence[str]
    """การปฏิบัติ: where it was sent, what was done, when."""


def receipt(letter: Letter, thai_digits: bool = False) -> bytes:
    """แบบ 17: ที่ ถึง เรื่อง รับวันที่ เวลา ผู้รับ; what is not known yet is left to be written."""
    said = to_thai if thai_digits else str
    at = letter.registered_at
    canvas = Canvas()
    canvas.say("ใบรับหนังสือ", WIDTH / 2, HEIGHT - MARGIN - 14, 18, bold=True, centred=True)
    y = HEIGHT - MARGIN - 58
    for label, value in (
        ("ที่", letter.number),
        ("ถึง", letter.to),
        ("เรื่อง", letter.subject),
        ("รับวันที่", dates.medium(dates.day_of(at)) if at else ""),
        ("เวลา", dates.time(at) if at else ""),
        ("ผู้รับ", letter.registered_by),
    ):
        canvas.say(label, MARGIN, y, SIZE, bold=True)
        runs = lines(said(value or DOTS), SIZE, WIDTH - 2 * MARGIN - 80, most=5)
        for run in runs:
            canvas.text(run, MARGIN + 80, y, SIZE)
            y -= LEADING
        y -= LEADING * 0.6
    canvas.say(f"ลงชื่อ{DOTS}ผู้รับ", WIDTH - MARGIN - 260, MARGIN + 12, SIZE)
    return pdf.document([canvas], f"ใบรับหนังสือ {letter.number}", pdf.A5)


def card(letter: Letter, thai_digits: bool = False) -> bytes:
    """แบบ 18: เรื่อง/รหัส, then เลขทะเบียนรับ ที่ ลงวันที่ รายการ การปฏิบัติ."""
    said = to_thai if thai_digits else str
    canvas = Canvas()
    canvas.say("บัตรตรวจค้น", WIDTH / 2, HEIGHT - MARGIN - 10, 16, bold=True, centred=True)
    y = HEIGHT - MARGIN - 42
    canvas.say("เรื่อง", MARGIN, y, SIZE, bold=True)
    for run in lines(said(letter.subject), SIZE, WIDTH - 2 * MARGIN - 45, most=2):
        canvas.text(run, MARGIN + 45, y, SIZE)
        y -= LEADING
    canvas.say("รหัส", MARGIN, y, SIZE, bold=True)
    canvas.say(said(letter.code), MARGIN + 45, y, SIZE)
    top = y - LEADING * 0.7
    room = WIDTH - 2 * MARGIN
    cells = (
        (letter.receive_number,),
        (letter.number,),
        (letter.dated,),
        (f"จาก {letter.sender}", f"ถึง {letter.to}"),
        tuple(letter.done),
    )
    x = MARGIN
    for (title, share), texts in zip(CARD, cells, strict=True):
        width = share * room
        canvas.line(x, top, x, MARGIN)
        for index, run in enumerate(lines(title, SMALL, width - 8, True)):
            canvas.text(run, x + (width - run.length * SMALL / EM) / 2, top - 14 - index * CLOSE, SMALL, bold=True)
        runs = [run for text in texts for run in lines(said(text), SMALL, width - 8)]
        for index, run in enumerate(runs[:MOST_LINES]):
            canvas.text(run, x + 4, top - HEAD - 14 - index * CLOSE, SMALL)
        x += width
    canvas.line(x, top, x, MARGIN)
    for height in (top, top - HEAD, MARGIN):
        canvas.line(MARGIN, height, WIDTH - MARGIN, height)
    return pdf.document([canvas], f"บัตรตรวจค้น {letter.subject}", pdf.A5)
