"""What people send is read in a time that grows with its length, not with its square: one text would hold up everybody."""

from __future__ import annotations

import time
from collections.abc import Callable
from contextlib import suppress
from typing import Any

import pytest

from saraban.letters import fields
from saraban.letters.browser.form import as_lines
from saraban.letters.browser.layout import official_digits
from saraban.thai import dates, numbers
from saraban.thai.folding import fold

SECONDS = 3
READERS: dict[str, Callable[[str], Any]] = {
    "body": fields.paragraphs, "lines": as_lines, "paper": official_digits, "date": dates.parse, "year": dates.parse_year,
    "fold": lambda text: fold(text[:10_000]), "number": lambda text: numbers.parse(text[: fields.LINE]),
}  # fmt: skip
TEXTS = {
    "tags without end": "<a ", "comments": "<!--", "less than": "<", "figures": "9", "spaces": "1 x ", "blanks": " ",
    "tones": "ำ่", "vowels": "่ิ", "tags": "<b>", "quotes": '"', "slashes": "1/", "brackets": "<p><!", "ampersands": "&",
}  # fmt: skip


@pytest.mark.parametrize("reader", READERS)
def test_a_long_text_holds_nobody_up(reader: str) -> None:
    for name, text in TEXTS.items():
        for end in ("", "!", "<p>"):
            begun = time.process_time()
            with suppress(ValueError):
                READERS[reader](text * (200_000 // len(text)) + end)
            assert time.process_time() - begun < SECONDS, (name, end)
