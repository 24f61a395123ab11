"""One spelling for what looks the same on the screen (E23).

The rules are those that Solr applies before it cuts text into words: change both together. What Solr leaves to its
analyser (case, white space, a mark typed twice) is done here as well, because here the result itself is compared.
"""

from __future__ import annotations

import re
import unicodedata

from saraban.thai.digits import to_arabic

NIKHAHIT = "\u0e4d"
SARA_AA = "\u0e32"
SARA_AM = "\u0e33"
SARA_E = "\u0e40"
SARA_AE = "\u0e41"
TONES = "\u0e48-\u0e4b"
VOWELS_WITH_TONE = "\u0e31\u0e34-\u0e39"
MARKS = f"{VOWELS_WITH_TONE}\u0e3a\u0e47-\u0e4e"

_INVISIBLE = dict.fromkeys(map(ord, "\u200b\u200c\u200d\u200e\u200f\u2060\ufeff\u00ad\u202a\u202b\u202c\u202d\u202e"))
_RULES = (
    # SARA AM extracted from a PDF as NIKHAHIT and SARA AA, the tone between them or before both.
    (re.compile(f"{NIKHAHIT}([{TONES}]?){SARA_AA}"), rf"\1{SARA_AM}"),
    (re.compile(f"{SARA_AM}([{TONES}])"), rf"\1{SARA_AM}"),
    (re.compile(f"{SARA_E}{SARA_E}"), SARA_AE),
    # A tone, or the mark of a silent letter, typed before the vowel that it stands above.
    (re.compile(f"([{TONES}\u0e4c])([{VOWELS_WITH_TONE}])"), r"\2\1"),
    (re.compile(f"([{MARKS}])\\1+"), r"\1"),
)


PASSES = 100
"""A pass moves a sign by one place: a word needs two or three, and a text made of signs alone as many as it has."""


def fold(text: str) -> str:
    """The text in its one spelling, for comparing; folding twice changes nothing."""
    found = text
    for _pass in range(PASSES):
        previous = found
        found = unicodedata.normalize("NFC", to_arabic(found).casefold()).translate(_INVISIBLE)
        for pattern, replacement in _RULES:
            found = pattern.sub(replacement, found)
        if found == previous:
            break
    return " ".join(found.split())
