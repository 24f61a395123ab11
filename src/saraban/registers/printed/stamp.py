"""The receive stamp (ตรารับหนังสือ, แบบ 12) at the upper right of the first page of a copy; the file itself never changes.

A frame of 5 by 2.5 cm: agency, receive number, date, time (regulation clause 37, `domain.md` 1.2). The copy is for reading and
printing: what signs the file stays with the file.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from io import BytesIO
from typing import BinaryIO

import pikepdf

from saraban.registers.errors import StampImpossible
from saraban.registers.printed import pdf
from saraban.registers.printed.pdf import Canvas
from saraban.registers.printed.type import EM, Run, lines
from saraban.thai import dates
from saraban.thai.digits import to_thai

CM = 72 / 2.54
WIDTH, HEIGHT = 5 * CM, 2.5 * CM
AWAY = 0.6 * CM
"""From the edges of the page."""
ROOM = WIDTH - 10
ONE_LINE, TWO_LINES = (11.0, 10.0, 9.0), (9.0, 8.0, 7.0)
SIZE, LEADING, CLOSE = 9.5, 15.0, 12.5


@dataclass(frozen=True)
class Stamp:
    """What the stamp says."""

    agency: str
    number: int
    at: datetime
    """UTC without zone."""
    thai_digits: bool = False

    def texts(self) -> tuple[str, ...]:
        """The lines below the agency's name."""
        said = (
            f"เลขรับ {self.number}",
            f"วันที่ {dates.medium(dates.day_of(self.at))}",
            f"เวลา {dates.time(self.at)}",
        )
        return tuple(to_thai(text) if self.thai_digits else text for text in said)

    def _name(self) -> tuple[float, tuple[Run, ...]]:
        """The agency's name, as large as it fits: on one line, else on two."""
        for most, sizes in ((1, ONE_LINE), (2, TWO_LINES)):
            for size in sizes:
                if len(found := lines(self.agency, size, ROOM, True)) <= most:
                    return size, found
        return TWO_LINES[-1], lines(self.agency, TWO_LINES[-1], ROOM, True, most=2)

    def page(self) -> bytes:
        """A PDF of the stamp's own size."""
        canvas = Canvas(["0.1 0.15 0.55 rg 0.1 0.15 0.55 RG"])
        canvas.box(1, 1, WIDTH - 2, HEIGHT - 2, 1.2)
        size, name = self._name()
        for index, run in enumerate(name):
            canvas.text(run, (WIDTH - run.length * size / EM) / 2, HEIGHT - 13.5 - index * 10.5, size, bold=True)
        leading = LEADING if len(name) == 1 else CLOSE
        for index, text in enumerate(reversed(self.texts())):
            canvas.say(text, 12, 8.5 + index * leading, SIZE)
        return pdf.document([canvas], "ตรารับหนังสือ", (WIDTH, HEIGHT))


def stamped(content: BinaryIO, stamp: Stamp, out: BinaryIO) -> None:
    """Writes a copy of a PDF, stamped. Raises StampImpossible."""
    try:
        with pikepdf.open(content) as copy, pikepdf.open(BytesIO(stamp.page())) as overlay:
            first = copy.pages[0]
            first.add_overlay(overlay.pages[0], _place(first))
            for name in ("/AcroForm", "/Perms", "/DSS"):
                if name in copy.Root:
                    del copy.Root[name]  # a copy is not signed: its reader is not told of a broken signature
            copy.save(out)
    except (pikepdf.PdfError, pikepdf.PasswordError, IndexError, ValueError) as error:
        raise StampImpossible() from error
    out.seek(0)


def _place(page: pikepdf.Page) -> pikepdf.Rectangle:
    """The upper right corner as the reader sees it, in the page's own measures; on a narrow page the stamp is smaller."""
    box = pikepdf.Rectangle(page.cropbox)
    turned = int(page.obj.get("/Rotate", 0)) % 360
    width, height = (HEIGHT, WIDTH) if turned in (90, 270) else (WIDTH, HEIGHT)
    scale = min(1.0, (box.width - 2 * AWAY) / width, (box.height - 2 * AWAY) / height)
    width, height = width * scale, height * scale
    left, below = box.llx + AWAY, box.lly + AWAY
    right, above = box.urx - AWAY - width, box.ury - AWAY - height
    x, y = {0: (right, above), 90: (left, above), 180: (left, below), 270: (right, below)}[turned]
    return pikepdf.Rectangle(x, y, x + width, y + height)
