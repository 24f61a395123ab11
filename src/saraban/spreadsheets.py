"""Tables for spreadsheets: CSV and workbooks, written line by line, in which no cell is taken for a formula."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Sequence
from tempfile import TemporaryFile
from typing import IO, Any

from openpyxl import Workbook

CSV = "text/csv; charset=utf-8"
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
_FORMULA_SIGNS = ("=", "+", "-", "@", "\t", "\r")


def harmless(value: Any) -> Any:
    """A cell that no spreadsheet takes for a formula."""
    return f"'{value}" if isinstance(value, str) and value.startswith(_FORMULA_SIGNS) else value


def write_csv(heads: Sequence[str], lines: Iterable[Iterable[Any]]) -> IO[bytes]:
    """A table in UTF-8 with a mark that spreadsheets understand; to be read from its beginning, and closed."""
    out = TemporaryFile()  # noqa: SIM115 - the answer closes it
    text = io.TextIOWrapper(out, encoding="utf-8-sig", newline="", write_through=True)
    writer = csv.writer(text)
    writer.writerow(heads)
    for line in lines:
        writer.writerow([harmless(cell) for cell in line])
    text.detach()
    out.seek(0)
    return out


def write_xlsx(name: str, heads: Sequence[str], lines: Iterable[Iterable[Any]]) -> IO[bytes]:
    """A workbook of one sheet of this name; to be read from its beginning, and closed."""
    workbook = Workbook(write_only=True)
    sheet = workbook.create_sheet(name)
    sheet.append(list(heads))
    for line in lines:
        sheet.append([harmless(cell) for cell in line])
    return saved(workbook)


def saved(workbook: Workbook) -> IO[bytes]:
    """A workbook as a file; to be read from its beginning, and closed."""
    out = TemporaryFile()  # noqa: SIM115 - the answer closes it
    workbook.save(out)
    out.seek(0)
    return out
