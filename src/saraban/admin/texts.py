"""The domain's sentences for somebody who reads a terminal."""

from __future__ import annotations

import os

from zope.i18n import translate

from saraban.errors import DomainError


def plain(error: DomainError) -> str:
    """The sentence of a refusal, with the fields that it is about, in the terminal's language: Thai or English."""
    language = "th" if os.environ.get("LC_ALL", os.environ.get("LANG", "")).startswith("th") else "en"
    if error.fields:
        return "; ".join(f"{name}: {translate(text, target_language=language)}" for name, text in error.fields.items())
    return str(translate(error.message, target_language=language))
