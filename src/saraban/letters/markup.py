"""HTML of a body, reduced to what a letter may hold: words, lists, tables, and pictures that lie in it."""

from __future__ import annotations

import re

from lxml.html import HtmlElement, fromstring, tostring
from lxml_html_clean import Cleaner

ATTRIBUTES = frozenset(
    ("abbr", "align", "alt", "border", "cellpadding", "cellspacing", "char", "charoff", "cite", "color", "cols", "colspan",
     "compact", "datetime", "dir", "headers", "height", "href", "hreflang", "hspace", "lang", "noshade", "nowrap", "rowspan",
     "rules", "scope", "size", "span", "src", "start", "summary", "title", "type", "valign", "value", "vspace", "width")
)  # fmt: skip
"""No `class`, `id`, `name` or `role`: a letter cannot look like a part of the page on which it is read."""
_PICTURE = re.compile(r"data:image/(?:png|jpeg|gif|webp);base64,[A-Za-z0-9+/=\s]+")
_cleaner = Cleaner(
    scripts=True,
    javascript=True,
    style=True,
    forms=True,
    embedded=True,
    frames=True,
    meta=True,
    page_structure=True,
    links=True,
    safe_attrs_only=True,
    safe_attrs=ATTRIBUTES,
    remove_unknown_tags=True,
    kill_tags=("audio", "video", "source", "track", "svg", "math"),
)


def clean(html: str) -> str:
    """Nothing that runs, nothing that looks like a page of ours, and nothing that is fetched when the letter is read.

    A picture from elsewhere would tell its host who reads an official letter, and when: its words (`alt`) stay in its place.
    """
    root = fromstring(f"<div>{html}</div>")
    _cleaner(root)
    for picture in list(root.iter("img")):
        if not _PICTURE.fullmatch(picture.get("src", "")):
            _replace_by_words(picture)
    return str(tostring(root, encoding="unicode")).removeprefix("<div>").removesuffix("</div>")


def _replace_by_words(picture: HtmlElement) -> None:
    picture.text = picture.get("alt", "").strip() or None
    picture.drop_tag()
