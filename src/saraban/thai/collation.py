"""Thai dictionary order: a vowel written before its consonant sorts after it; tones decide only between equals."""

from __future__ import annotations

import re

from saraban.thai.folding import fold

_LEADING_VOWEL = re.compile("([\u0e40-\u0e44])([\u0e01-\u0e2e])")
_SECONDARY = re.compile("[\u0e47-\u0e4e]")


def sort_key(text: str) -> tuple[str, str]:
    """A key by which names sort as in a Thai dictionary: กา, เกา, ขา."""
    moved = _LEADING_VOWEL.sub(r"\2\1", fold(text))
    return _SECONDARY.sub("", moved), moved
