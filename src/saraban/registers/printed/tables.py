"""A ruled table over many pages, as the forms of registers are: heading, columns, a line for each day, rows, page m of n."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from saraban.registers.printed import pdf
from saraban.registers.printed.pdf import Canvas
from saraban.registers.printed.type import EM, Run, face, lines
from saraban.thai.digits import to_thai

WIDTH, HEIGHT = pdf.A4
MARGIN = 30.0
SIZE, LEADING = 9.0, 13.5
"""Thai needs half as much again between its lines."""
PADDING = 3.0
HEAD_SIZE = 16.0
RULED = WIDTH - 2 * MARGIN
TOP = HEIGHT - MARGIN - 50
"""Where the table begins below the heading."""
MOST_LINES = int((TOP - MARGIN - 4 * LEADING - 4 * PADDING) / LEADING)
"""Lines of a cell that fit on a page below column titles and day."""
PAGE_AT = WIDTH - MARGIN - 95


@dataclass(frozen=True)
class Column:
    """A column of a form."""

    title: str
    share: float
    """Of the width; all together are 1."""


@dataclass(frozen=True)
class Row:
    """A line of a table, and the heading of its group (the day): said where it changes, and on top of every page."""

    cells: Sequence[str]
    group: str = ""


@dataclass(frozen=True)
class Form:
    """What stands on every page."""

    title: str
    place: str
    year: str
    columns: tuple[Column, ...]
    thai_digits: bool = False

    def digits(self, text: str) -> str:
        """Figures as the print has them."""
        return to_thai(text) if self.thai_digits else text

    def total(self, pages: int) -> Canvas:
        """The end of “หน้า m ของ n”."""
        canvas = Canvas()
        canvas.say(self.digits(f"{pages:,}"), 0, 0, SIZE)
        return canvas


@dataclass(frozen=True)
class Sheet:
    """A page that is full."""

    content: bytes
    rows: int
    """How many rows of the table stand on it."""


def sheets(form: Form, rows: Iterable[Row], first: int = 0) -> Iterator[Sheet]:
    """The pages of a table, each when it is full, the last when the rows end; `first` is the number of the first, from 0.

    A table without rows has one page, which says by its emptiness that there is nothing.
    """
    number = first
    page = _Page(form, number)
    for row in rows:
        cells = [
            lines(form.digits(text), SIZE, column.share * RULED - 2 * PADDING, most=MOST_LINES)
            for text, column in zip(row.cells, form.columns, strict=True)
        ]
        if page.rows and not page.has_room(cells, row.group):
            yield page.finished()
            number += 1
            page = _Page(form, number)
        page.add(cells, row.group)
    if page.rows or number == 0:
        yield page.finished()


class _Page:
    """A page that is being filled from the top."""

    def __init__(self, form: Form, number: int) -> None:
        self.form = form
        self.canvas = Canvas()
        self.rows = 0
        self.group = ""
        self.y = TOP
        self.edges = [MARGIN]
        for column in form.columns:
            self.edges.append(self.edges[-1] + column.share * RULED)
        self._head(number)

    def _head(self, number: int) -> None:
        form, canvas = self.form, self.canvas
        canvas.say(form.title, WIDTH / 2, HEIGHT - MARGIN - 16, HEAD_SIZE, bold=True, centred=True)
        canvas.say(form.digits(f"{form.place}  {form.year}"), WIDTH / 2, HEIGHT - MARGIN - 37, 12, centred=True)
        said = canvas.say(form.digits(f"หน้า {number + 1:,} ของ "), PAGE_AT, HEIGHT - MARGIN - 12, SIZE)
        canvas.total(PAGE_AT + said, HEIGHT - MARGIN - 12)
        canvas.line(MARGIN, TOP, WIDTH - MARGIN, TOP)
        self._cells([lines(column.title, SIZE, column.share * RULED - 2 * PADDING, True) for column in form.columns], True)

    def has_room(self, cells: Sequence[Sequence[Run]], group: str) -> bool:
        """Whether a row and, where it begins one, the heading of its group fit below."""
        return self.y - _height(cells) - (_LINE if group != self.group else 0) >= MARGIN

    def add(self, cells: Sequence[Sequence[Run]], group: str) -> None:
        """A row."""
        if group != self.group:
            self.group = group
            run = face(True).shape(self.form.digits(group))
            self.canvas.text(run, MARGIN + PADDING, self.y - PADDING - SIZE, SIZE, bold=True)
            self._rule(self.y - _LINE, sides_only=True)
        self._cells(cells)
        self.rows += 1

    def _cells(self, cells: Sequence[Sequence[Run]], titles: bool = False) -> None:
        for cell, left, right in zip(cells, self.edges, self.edges[1:], strict=False):
            for index, run in enumerate(cell):
                inset = (right - left - run.length * SIZE / EM) / 2 if titles else PADDING
                self.canvas.text(run, left + inset, self.y - PADDING - SIZE - index * LEADING, SIZE, titles)
        self._rule(self.y - _height(cells))

    def _rule(self, below: float, sides_only: bool = False) -> None:
        """The rules around what stands between here and `below`."""
        self.canvas.line(MARGIN, below, WIDTH - MARGIN, below)
        for x in (self.edges[0], self.edges[-1]) if sides_only else self.edges:
            self.canvas.line(x, self.y, x, below)
        self.y = below

    def finished(self) -> Sheet:
        """The page, full."""
        return Sheet(self.canvas.content(), self.rows)


def _height(cells: Sequence[Sequence[Run]]) -> float:
    return max(1, *(len(cell) for cell in cells)) * LEADING + PADDING


_LINE = LEADING + PADDING
