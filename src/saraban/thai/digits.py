"""Thai and Arabic digits."""

from __future__ import annotations

ARABIC = "0123456789"
THAI = "๐๑๒๓๔๕๖๗๘๙"
_TO_THAI = str.maketrans(ARABIC, THAI)
_TO_ARABIC = str.maketrans(THAI, ARABIC)


def to_thai(text: str | int) -> str:
    """The text with Thai digits: 2564 becomes ๒๕๖๔."""
    return str(text).translate(_TO_THAI)


def to_arabic(text: str) -> str:
    """The text with Arabic digits: ๒๕๖๔ becomes 2564."""
    return text.translate(_TO_ARABIC)
