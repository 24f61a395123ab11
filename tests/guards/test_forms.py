"""Every page of ours and every form on them, asked with what they do not expect: a refusal in Thai, and nothing is done.

The forms and parameters are those that the pages themselves show, so a new page is asked as well.
"""

from __future__ import annotations

import html
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import parse_qsl, quote, urlsplit

import lxml.html
import pytest
import requests
from tests.conftest import City
from tests.guards.test_pages import Registry, pages
from tests.organisation.test_gate import browser
from tests.routing.conftest import RECEIVER, Office

from saraban.routing.browser.verbforms import DELIVERY_FORMS, LETTER_FORMS

READERS = (f"registrar.{RECEIVER}", "registrar.district-dusit", "site-admin")
VALUES = ("9" * 40, "²", "31/12/9999", "%FF", '../\r\nX: "\'><b zz="1">${x}%s', "ก" * 600)
TYPES = (":int=1", ":date=2026-01-01", ".x:record=x", ":tuple:int=1")
MARKED = re.compile(r"<b zz=")
UNSPOKEN = re.compile(r"<(script|style|textarea|option|code)\b.*?</\1>|<[^>]*>", re.DOTALL)
THAI, ENGLISH = re.compile("[\u0e00-\u0e7f]"), re.compile(r"\b[A-Za-z]{2,} [a-z]{2,} [a-z]{2,}\b")
FRAME = ("/sb-preferences", "/logout")


@dataclass
class Form:
    """A form as a page shows it."""

    action: str
    fields: list[tuple[str, str]] = field(default_factory=list)

    @property
    def names(self) -> list[str]:
        """What it asks for."""
        return list(dict.fromkeys(name for name, _value in self.fields if name != "_authenticator"))


@dataclass
class Shown:
    """A page as somebody sees it."""

    reader: str
    address: str
    parameters: list[str]
    forms: list[Form]


def read(reader: str, told: requests.Response) -> Shown:
    """What a page shows: its forms, and the parameters that it gives to itself."""
    document = lxml.html.fromstring(told.text)
    document.make_links_absolute(told.url)
    here, found, forms = urlsplit(told.url), [], []
    for _element, _attribute, link, _at in document.iterlinks():
        there = urlsplit(link)
        if there.path.rpartition("/")[2].lstrip("@") == here.path.rpartition("/")[2].lstrip("@"):
            found += [name for name, _value in parse_qsl(there.query)]
    for form in document.forms:
        pairs = [
            (str(one.get("name")), str(one.get("value") or one.text or ""))
            for one in form.iter("input", "select", "textarea", "button")
            if one.get("name")
        ]
        if str(form.get("method")).lower() == "post":
            forms.append(Form(str(form.get("action")), pairs))
        else:
            found += [name for name, _value in pairs]
    found += [name for name, _value in parse_qsl(here.query)]
    names = list(dict.fromkeys((*found, "b_start", "b_size", "show", "unit", "ajax_load", "PARENT_REQUEST")))
    return Shown(reader, told.url, [name for name in names if name != "verb" and not name.startswith(("form.", "_"))], forms)


def addresses(registry: Registry, places: dict[str, str]) -> Iterator[str]:
    """Every page of ours, and the form of every verb."""
    for kind, place in places.items():
        for name in pages(registry["ours"][kind]):
            if name not in ("logout", "do"):
                yield f"{place}/@@{name}"
    for place, verbs in ((places["delivery"], DELIVERY_FORMS), (places["letter"], LETTER_FORMS)):
        yield from (f"{place}/@@do?verb={verb}" for verb in verbs)


@pytest.fixture(scope="module")
def shown(city: City, registry: Registry, places: dict[str, str]) -> list[Shown]:
    """All pages, as the first of the readers sees them who may."""
    found = []
    draft = Office(city).draft()
    for path in (*addresses(registry, places), f"{draft}/@@edit", f"{draft}/@@dispatch", "/compose?kind=external"):
        for reader in READERS:
            at = path if path.startswith("http") else city.url + path
            told = browser(city, reader).get(at, timeout=60)
            as_page = told.headers.get("Content-Type", "").startswith("text/html") and told.text.strip()
            if told.status_code == 200 and as_page and "<html" in told.text:
                found.append(read(reader, told))
                break
    return found


def faults(told: requests.Response, refused: bool) -> str:
    """What is wrong with an answer: nothing, or words for it."""
    if told.status_code >= 500 or (refused and not 400 <= told.status_code < 500):
        return str(told.status_code)
    if MARKED.search(told.text):
        return "what was typed is markup"
    if told.status_code >= 400:
        words = html.unescape(UNSPOKEN.sub(" ", told.text))
        english = ENGLISH.search(words)
        if english or not THAI.search(words):
            return f"{told.status_code}, {english[0] if english else 'no Thai'}"
    return ""


def test_no_parameter_breaks_a_page(city: City, shown: list[Shown]) -> None:
    """All parameters of a page at once: which of them it was, is soon found."""
    wrong, number = [], 0
    for page in shown:
        asked = page.parameters
        queries = [*("&".join(f"{name}={value if value == '%FF' else quote(value)}" for name in asked) for value in VALUES)]
        queries += ["&".join(f"{name}=a&{name}=b" for name in asked), "ajax_load=1"]
        types = ["&".join(f"{name}{kind}" for name, kind in zip(asked * len(TYPES), TYPES, strict=False))]
        for query in (*queries, *types):
            address = f"{page.address}{'&' if '?' in page.address else '?'}{query}"
            told = browser(city, page.reader).get(address, timeout=60, allow_redirects=False)
            number += 1
            if fault := faults(told, query in types):
                wrong.append((page.reader, page.address, query[:80], fault))
    assert number > 400
    assert not wrong, "\n".join(map(str, wrong))


def misfits(form: Form) -> Iterator[tuple[str, dict[str, Any]]]:
    """The form, filled in by nobody's browser: all of it is refused."""
    token = [pair for pair in form.fields if pair[0] == "_authenticator"]
    names = form.names
    yield "without its token", {"data": [(name, value) for name, value in form.fields if name != "_authenticator"]}
    yield "everything twice", {"data": [*form.fields, *((name, "x") for name in names)]}
    files = [(name, ("x.txt", b"x")) for name in names]
    yield "files", {"data": token, "files": files}
    yield "types", {"data": [*token, *((f"{name}:int", "1") for name in names)]}
    yield "no text", {"data": [*form.fields, ("more", "a\0b")]}


def test_no_form_is_acted_on_by_halves(city: City, shown: list[Shown]) -> None:
    wrong, seen = [], set()
    for page in shown:
        for form in page.forms:
            what = (re.sub(r"[0-9a-f]{20,32}", "", form.action), tuple(form.names))
            if what in seen or form.action.endswith(FRAME) or not form.names:
                continue
            seen.add(what)
            for how, sent in misfits(form):
                told = browser(city, page.reader).post(form.action, timeout=60, allow_redirects=False, **sent)
                if fault := faults(told, refused=True):
                    wrong.append((page.reader, form.action, form.names, how, fault))
    assert len(seen) > 30
    assert not wrong, "\n".join(map(str, wrong))
