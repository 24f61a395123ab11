"""Which language an answer has.

A page answers in the language that the person chose, Thai first: an English browser on a Thai desk says nothing about
its reader. REST answers in the language that the caller asks for with `Accept-Language`.
"""

from __future__ import annotations

import re
from typing import Any

from plone.i18n.interfaces import INegotiateLanguage
from zope.interface import implementer

from saraban.theme.preferences import LANGUAGE_COOKIE, LANGUAGES

DEFAULT = "th"
_OF_A_SERVICE = re.compile(r"/(\+\+api\+\+|@(?!@))")


@implementer(INegotiateLanguage)
class Negotiation:
    """Plone's question for the language of a request, which it asks before the request is known to be ours."""

    def __init__(self, site: Any, request: Any) -> None:
        chosen = request.cookies.get(LANGUAGE_COOKIE)
        if is_for_programs(request):
            chosen = accepted(request.getHeader("Accept-Language") or "") or chosen
        self.language = chosen if chosen in LANGUAGES else DEFAULT
        self.default_language = DEFAULT
        self.language_list = [name for name in LANGUAGES if name != self.language]


def is_for_programs(request: Any) -> bool:
    """Whether the answer is read by a program: plone.restapi's marks, or the name of a service in the address."""
    address = request.environ.get("PATH_INFO", "")
    return "application/json" in (request.getHeader("Accept") or "") or _OF_A_SERVICE.search(address) is not None


def accepted(header: str) -> str:
    """The first of our languages in an `Accept-Language` header, by weight; empty where none is there."""
    wanted: list[tuple[float, int, str]] = []
    for position, part in enumerate(header.split(",")):
        name, _separator, weight = part.strip().partition(";")
        try:
            quality = float(weight.strip().removeprefix("q=")) if weight else 1.0
        except ValueError:
            continue
        wanted.append((-quality, position, name.strip().lower().partition("-")[0]))
    return next((name for _quality, _position, name in sorted(wanted) if name in LANGUAGES and _quality < 0), "")
