"""Every service that is registered, asked with what it does not expect: a 4xx, never a 500 and never a broken connection."""

from __future__ import annotations

import html
import json
import re
from typing import Any

import pytest
from tests.conftest import City, Client
from tests.guards.test_strangers import asked

Registry = dict[str, dict[str, list[str]]]
BODIES: tuple[object, ...] = (
    {},
    [],
    "x",
    {
        "@type": "Letter", "users": 1, "text": [1], "title": {"a": 1}, "recipients": {"x": 1}, "filename": 3,
        "due_date": "2569-01-01", "units": "x", "on": "x", "level": 9,
    },
)  # fmt: skip
NOT_ASKED = ("@login", "@logout", "@close", "@users")
"""What ends a session or the matter that others are asked about, or belongs to accounts (`organisation/test_users.py`)."""


@pytest.mark.parametrize("user", ["registrar.permanent-secretary-secretariat", "registrar.district-dusit"])
def test_nothing_breaks(city: City, registry: Registry, places: dict[str, str], user: str) -> None:
    client, wrong, number = Client(city.url, user), [], 0
    for method, address, name in asked(registry["all"], places):
        if not method or method == "DELETE" or name.startswith(NOT_ASKED):
            continue
        for body in BODIES[:1] if method in ("GET", "HEAD", "OPTIONS") else BODIES:
            sent = None if method in ("GET", "HEAD", "OPTIONS") else body
            told = client.request(method, address, headers={"Accept": "application/json"}, json=sent, allow_redirects=False)
            number += 1
            if told.status_code >= 500:
                wrong.append((method, address, body, told.status_code))
    assert number > 500
    assert not wrong, "\n".join(map(str, wrong))


# Every field of every service, and every parameter, by the description of the services

NOT_TEXT = ("a\x00b", "\ud800", ["a\x0bb\x7f"], {"a": "\udcff"})
"""No database or no workbook holds them; each in words, before anything is done."""
STRANGE = (None, True, -1, 10**30, "x" * 100_000, "0001-01-01", [None], {"a": 1})
STRANGE_QUERIES = ("%s=-1", f"%s={'9' * 40}", f"%s={'x' * 5000}", "%s=0001-01-01", "%s=a&%s=b", "%s=", "%s=%%FF", "%s:int=x")
REFUSED_QUERIES = STRANGE_QUERIES[-2:]
QUIET, OTHER = "district-lat-krabang", "district-nong-chok"
"""Agencies that no other test asks."""
FILE = {"filename": "a.txt", "data": "aGVsbG8=", "encoding": "base64"}
RIGHT: dict[str, object] = {
    "user": f"officer.{QUIET}", "users": [f"officer.{QUIET}"], "units": [f"{QUIET}.general"], "level": "confidential",
    "order_number": "1", "order_date": "2026-01-05", "person": f"officer.{QUIET}", "unit": QUIET, "function": "officer",
    "post_th": "ก", "note": "ก", "text": "ก", "title": "ก", "series": "external", "name": "x", "book": "send", "purpose": "x",
    "query": "text=x", "sender": "ก", "file": FILE, "@type": "Letter",
}  # fmt: skip
"""What the other fields of a body say, so that the one that is asked about is looked at."""
ASKERS = {
    "director": ("@clearances", "@end-clearance", "@order", "@postpone", "@phrases"),
    "site-admin": ("@appointments", "@end-appointment", "@move", "series", "@settings", "@import-units", "@synonyms"),
}
THAI = re.compile("[\u0e00-\u0e7f]")


def asker(city: City, path: str) -> Client:
    """Who may ask a service."""
    name = next((one for one, services in ASKERS.items() if any(service in path for service in services)), "registrar")
    return city.client(name if name == "site-admin" else f"{name}.{QUIET}", "th")


@pytest.fixture(scope="module")
def description(city: City) -> dict[str, Any]:
    return dict(city.client("site-admin").get("/@openapi").json())


@pytest.fixture(scope="module")
def quiet(city: City) -> dict[str, str]:
    """One document of each kind, in an agency of its own: by how addresses name it."""

    def sent(agency: str, to: str, type_: str, folder: str) -> tuple[str, str]:
        user = city.client(f"registrar.{agency}")
        data = {"@type": type_, "title": "x", **({"kind": "external"} if type_ == "Letter" else {})}
        made = user.post(f"/agencies/{agency}/{folder}", json=data).json()["@id"]
        answer = user.post(f"{made}/@dispatch", json={"recipients": [to]})
        assert answer.status_code == 200, answer.text
        return made, answer.json()["deliveries"][0]["@id"]

    registrar = city.client(f"registrar.{QUIET}")
    draft = registrar.post(f"/agencies/{QUIET}/letters", json={"@type": "Letter", "title": "x", "kind": "external"}).json()[
        "@id"
    ]
    delivery = sent(OTHER, QUIET, "Letter", "letters")[1]
    assert registrar.post(f"{delivery}/@register", json={}).status_code == 200
    return {
        "letter": draft,
        "sent": sent(QUIET, OTHER, "Letter", "letters")[0],
        "circular": sent(OTHER, QUIET, "Circular", "circulars")[0],
        "delivery": delivery,
        "attachment": registrar.post(draft, json={"@type": "Attachment", "title": "a", "file": FILE}).json()["@id"],
    }


def address(path: str, quiet: dict[str, str]) -> str:
    """A path of the description, for the quiet agency."""
    for name in ("attachment", "delivery", "circular", "letter"):
        _before, found, rest = path.partition(f"{{{name}}}")
        if found:
            sent = name == "letter" and rest in ("/@recall", "/@send-copy", "/@correct", "/@movement")
            return quiet["sent" if sent else name] + rest.replace("{upload}", "x")
    return path.format(agency=QUIET, id="1", key="x")


def fields_of(schema: dict[str, Any], description: dict[str, Any]) -> tuple[list[str], list[str]]:
    """The fields of a body, and those that it must have."""
    found: dict[str, Any] = schema
    if "$ref" in schema:
        found = description["components"]["schemas"][schema["$ref"].rpartition("/")[2]]
    parts = [fields_of(one, description) for one in found.get("allOf", ())]
    names = [*found.get("properties", ()), *(name for part in parts for name in part[0])]
    return names, [*found.get("required", ()), *(name for part in parts for name in part[1])]


def judge(told: Any, refused: bool) -> str:
    """What is wrong with an answer: nothing, or words for it."""
    if told.status_code >= 500 or (refused and not 400 <= told.status_code < 500):
        return str(told.status_code)
    if told.status_code < 400:
        return ""
    error = told.json()["error"]
    return next((text for text in (error["message"], *error.get("fields", {}).values()) if not THAI.search(text)), "")


def test_no_field_breaks_a_service(city: City, description: dict[str, Any], quiet: dict[str, str]) -> None:
    wrong, number = [], 0
    for path, operations in description["paths"].items():
        for method, operation in operations.items():
            content = operation.get("requestBody", {}).get("content", {}).get("application/json")
            if content is None or "/@close" in path:
                continue
            names, required = fields_of(content["schema"], description)
            body = {name: RIGHT[name] for name in required if name in RIGHT}
            if path.endswith("{letter}") and method == "post":
                body["@type"] = "Attachment"
            user, at = asker(city, path), address(path, quiet)
            for name in names:
                for value in (*NOT_TEXT, *STRANGE):
                    sent = json.dumps({**body, name: value})
                    told = user.request(method, at, data=sent, headers={"Content-Type": "application/json"})
                    number += 1
                    if fault := judge(told, value in NOT_TEXT):
                        wrong.append((method, path, name, str(value)[:20], fault))
    assert number > 1500
    assert not wrong, "\n".join(map(str, wrong))


def test_no_parameter_breaks_a_service(city: City, description: dict[str, Any], quiet: dict[str, str]) -> None:
    wrong, number = [], 0
    for path, operations in description["paths"].items():
        parameters = operations.get("get", {}).get("parameters", ())
        names = [one["name"] for one in parameters if one.get("in") == "query"]
        for name in [*names, "unknown"] if "get" in operations else ():
            for query in STRANGE_QUERIES:
                told = asker(city, path).get(f"{address(path, quiet)}?{query.replace('%s', name).replace('%%', '%')}")
                number += 1
                if fault := judge(told, query in REFUSED_QUERIES and path != "/@health"):
                    wrong.append((path, query[:20], name, fault))
    assert number > 800
    assert not wrong, "\n".join(map(str, wrong))


@pytest.mark.parametrize(
    ("method", "path", "headers", "body", "status"),
    [
        ("PROPFIND", "/desk", {}, None, 404),
        ("TRACE", "/@inbox", {}, None, 404),
        ("FOO", "/agencies", {}, None, 404),
        ("GET", "/%FF", {}, None, 404),
        ("GET", "/agencies/%ED%A0%80/x", {}, None, 404),
        ("GET", "/@exports/%00", {}, None, 404),
        ("GET", "/@inbox?BODY=x&b_size=-1", {}, None, 400),
        ("GET", "/@inbox", {"Authorization": "Basic !"}, None, 401),
        ("GET", "/@inbox", {"Authorization": "Basic /2I6eA=="}, None, 401),
        ("POST", "/@login", {}, '{"login": "\\ud800", "password": "x"}', 400),
        ("POST", "/@login", {}, "[]", 400),
        ("POST", "/@login", {}, '{"login": "nobody", "password": "x"}', 401),
        ("POST", "/@notices", {"Content-Type": "multipart/form-data"}, "x", 400),
        ("POST", "/@notices", {"Content-Type": "multipart/form-data; boundary=x"}, "x", 400),
        ("POST", "/@notices", {"Content-Type": "application/x-www-form-urlencoded; charset=none"}, "x=1", 400),
    ],
)  # fmt: skip
def test_what_is_no_request_is_refused(
    city: City, method: str, path: str, headers: dict[str, str], body: str | None, status: int
) -> None:
    user = Client(city.url, None if path == "/@login" or "Authorization" in headers else "registrar.district-dusit", "th")
    for accepted in ("application/json", "text/html")[: 1 if path.startswith("/@") else 2]:
        told = user.request(method, path, headers={"Accept": accepted, **headers}, data=body, allow_redirects=False)
        assert told.status_code == status, told.text
        as_json = told.headers.get("Content-Type", "").startswith("application/json")
        assert method == "TRACE" or THAI.search(str(told.json()) if as_json else html.unescape(told.text))


@pytest.mark.parametrize("count", ["9" * 20, "1000", "-1", "x", "1.5", ""])
def test_a_form_does_not_ask_for_lines_without_end(city: City, count: str) -> None:
    """z3c.form would make them one by one, and for hours."""
    user = city.client(f"registrar.{QUIET}", "th")
    page = f"/agencies/{QUIET}/letters/@@compose"
    form = {"kind": "external", "title": "x", "references.count": count}
    told = user.post(page, data=form, headers={"Accept": "text/html"}, timeout=20)
    assert told.status_code == 400
    assert THAI.search(told.text)
