"""What could not be done is said in people's words, by what went wrong or else by what was to be done."""

from __future__ import annotations

import pytest

from saraban.admin.browser.troubles import explained


@pytest.mark.parametrize(
    ("kind", "error", "said"),
    [
        ("text", "reading it takes more than 60 s", "trouble_too_much"),
        ("text", "it unpacks to more than 512 MB", "trouble_too_much"),
        ("text", "Command Line Error: Incorrect password", "trouble_unreadable"),
        ("text", "BadZipFile: File is not a zip file", "trouble_unreadable"),
        ("text", "pdftotext is not installed (poppler-utils)", "trouble_not_installed"),
        ("print", "OSError: [Errno 28] No space left on device", "trouble_full"),
        ("print", "KeyError: 'x'", "trouble_print"),
        ("export", "ValueError: x", "trouble_export"),
        ("solr", "SolrRefused: 400 unknown field", "trouble_not_taken"),
        ("index", "AttributeError: x", "trouble_not_taken"),
        ("line", "ConnectionError: HTTPSConnectionPool", "trouble_away"),
        ("line", "ValueError: 400", "trouble_other"),
    ],
)
def test_a_trouble_is_explained(kind: str, error: str, said: str) -> None:
    assert explained(kind, error) == said
