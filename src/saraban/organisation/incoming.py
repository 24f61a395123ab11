"""What comes in is looked at once, before anybody reads it: what is no text is refused (400), wherever it stands.

Control characters and half a pair of surrogates pass for text in Python, and break where they are written: PostgreSQL keeps no
NUL, a workbook none of the others, and UTF-8 has no half pairs.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping
from typing import Any

from ZPublisher.HTTPRequest import FileUpload, record
from ZPublisher.utils import basic_auth_decode

from saraban import _
from saraban.errors import TEXT, Invalid

UPLOAD = "/@tus-upload/"
UNREADABLE = "saraban.unreadable"
"""In the environment of a request whose query or form Zope could not read."""

NO_TEXT = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\ud800-\udfff]")
"""What cannot be shown; tabs and line breaks can."""
_DELETE = b"\x7f"
_ESCAPED = re.compile(rb"\\(?:u(?:00[017]|[dD][89a-fA-F])|[bf])")
"""So the others can stand in a body of JSON, which is UTF-8; what else looks so is looked at, too. A whole pair is text."""
_COUNT = re.compile(r"[0-9]{1,3}")
"""z3c.form makes as many lines of a table as a form says in the field `….count`: a thousand at most."""
_WRONG = _("error_field_control", default="This holds characters that cannot be shown.")


def check(request: Any) -> None:
    """Raises Invalid with the names of what is no text in the form, the query or the JSON of a request."""
    if request.environ.get(UNREADABLE):
        raise Invalid(fields={"query": _("error_query", default="What was sent cannot be read.")})
    wrong = [*_wrong(request.form), *_wrong(_json(request))]
    if wrong:
        raise Invalid(fields=dict.fromkeys(wrong, _WRONG))
    endless = [name for name, value in request.form.items() if name.endswith(".count") and not _is_count(value)]
    if endless:
        raise Invalid(fields=dict.fromkeys(endless, _("error_query", default="What was sent cannot be read.")))


def check_types(request: Any) -> None:
    """Raises Invalid with the names of what is neither text nor a file nor a list of them.

    Zope makes other types by the names of fields (`size:int`, `a.b:record`): Plone's own pages ask for them, ours never.
    """
    typed = [name for name, value in request.form.items() if not _is_plain(value)]
    if typed:
        raise Invalid(fields=dict.fromkeys(typed, TEXT))


def forget_broken_credentials(request: Any) -> None:
    """Basic credentials that cannot be read name nobody."""
    try:
        found = basic_auth_decode(request._auth)
    except ValueError:
        found = ("\0",)
    if any(map(NO_TEXT.search, found or ())):
        request._auth = None


def _is_plain(value: Any) -> bool:
    values = value if isinstance(value, (list, tuple)) else [value]
    return all(isinstance(one, (str, FileUpload)) for one in values)


def _is_count(value: Any) -> bool:
    return isinstance(value, str) and _COUNT.fullmatch(value) is not None


def _json(request: Any) -> dict[str, Any]:
    if UPLOAD in request.get("PATH_INFO", ""):  # a part of a file
        return {}
    raw = request.get("BODY")
    if not isinstance(raw, bytes) or not (_DELETE in raw or _ESCAPED.search(raw)):  # text: a parameter of that name
        return {}
    try:
        found = json.loads(raw)
    except (ValueError, RecursionError):
        return {}  # whoever reads it says so
    return found if isinstance(found, dict) else {}


def _wrong(values: Mapping[str, Any]) -> Iterator[str]:
    """The names under which something is no text; a name that is none itself is not repeated."""
    for name, value in values.items():
        if NO_TEXT.search(name):
            yield "body"
        elif any(map(NO_TEXT.search, _texts(value))):
            yield name


def _texts(value: Any) -> Iterator[str]:
    """All texts in a value, however deep: nested JSON has no more depth than the parser bore."""
    waiting = [value]
    while waiting:
        one = waiting.pop()
        if isinstance(one, str):
            yield one
        elif isinstance(one, Mapping):
            waiting.extend((*one.keys(), *one.values()))
        elif isinstance(one, (list, tuple)):
            waiting.extend(one)
        elif isinstance(one, record):
            waiting.append(vars(one))
        elif isinstance(one, FileUpload):
            waiting.append(one.filename)
