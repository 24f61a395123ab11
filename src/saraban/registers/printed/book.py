"""Register books on paper: แบบ 13 (receive), 14 (send), 16 (delivery book) and the secret ones, in Thai, of the Buddhist era.

A book is made sheet by sheet; a year of 50,000 lines needs no more memory than a day's.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from tempfile import TemporaryFile
from typing import IO

from sqlalchemy.orm import Session
from zope.i18n import translate

from saraban.organisation import chart
from saraban.registers import queries
from saraban.registers.printed import pdf
from saraban.registers.printed.tables import Column, Form, Row, Sheet, sheets
from saraban.registers.queries import DELIVERIES, Asked
from saraban.routing.books import SECRET_CONTROL
from saraban.thai.dates import MONTHS, buddhist_year

REGISTER = (0.08, 0.115, 0.075, 0.14, 0.14, 0.23, 0.13, 0.09)
SHARES = {
    DELIVERIES: (0.12, 0.16, 0.18, 0.19, 0.14, 0.12, 0.09),
    SECRET_CONTROL: (0.08, 0.075, 0.115, 0.075, 0.13, 0.13, 0.205, 0.11, 0.08),
}
"""How wide the columns are; all registers of letters are alike."""


def form(asked: Asked, thai_digits: bool = False) -> Form:
    """What stands on each page of a book."""
    info = chart.unit(asked.unit)
    shares = SHARES.get(asked.book, REGISTER)
    columns = tuple(
        Column(_thai(title), share) for (_name, title), share in zip(queries.COLUMNS[asked.book], shares, strict=True)
    )
    return Form(
        title=_thai(queries.TITLES[asked.book]),
        place=info.title_th if info is not None else asked.unit,
        year=f"พ.ศ. {asked.year}",
        columns=columns,
        thai_digits=thai_digits,
    )


def pages(session: Session, asked: Asked, form: Form, start: int = 0, first: int = 0) -> Iterator[Sheet]:
    """The sheets of a book from a line on, the first of them numbered `first` (from 0)."""
    lines = (Row([str(cell) for cell in cells], _day(day)) for day, cells in queries.rows(session, asked, start))
    return sheets(form, lines, first)


def write(session: Session, asked: Asked, thai_digits: bool = False) -> IO[bytes]:
    """A whole book as a file, to be read from its beginning."""
    out = TemporaryFile()  # noqa: SIM115 - the answer closes it
    out.write(pdf.head())
    sizes: list[int] = []
    shown = form(asked, thai_digits)
    for number, sheet in enumerate(pages(session, asked, shown)):
        for written in pdf.page(number, sheet.content):
            sizes.append(out.write(written))
    out.write(end(shown, sizes))
    out.seek(0)
    return out


def end(form: Form, sizes: list[int]) -> bytes:
    """What ends the file of a book."""
    return pdf.tail(sizes, f"{form.title} {form.place} {form.year}", pdf.A4, form.total(len(sizes) // 2))


def _day(day: date) -> str:
    """The heading of the form: วันที่ 9 เดือน เมษายน พ.ศ. 2570."""
    return f"วันที่ {day.day} เดือน {MONTHS[day.month - 1]} พ.ศ. {buddhist_year(day)}"


def _thai(message: str) -> str:
    return str(translate(message, target_language="th"))
