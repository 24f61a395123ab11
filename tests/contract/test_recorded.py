"""`docs/api/` is what the system answers: a file for each service, written by a scene that is played against the city.

`SARABAN_WRITE_DOCS=1 bin/pytest tests/contract/test_recorded.py` writes the files anew.
"""

from __future__ import annotations

import os
from pathlib import Path
from typing import Any

import pytest
from jsonschema import Draft202012Validator
from tests.conftest import HOME, City
from tests.contract import duty_scenes, finding_scenes, office_scenes, scenes, signing_scenes
from tests.contract.people import REGISTRAR
from tests.contract.recording import Recorder, file_of

DOCS = HOME / "docs" / "api"
WRITE = "SARABAN_WRITE_DOCS"
METHODS = ("GET", "HEAD", "POST", "PATCH", "DELETE")
PLACES = (
    ("The site", ""),
    ("An agency", "agency-"),
    ("Letters", "letter"),
    ("Attachments", "attachment"),
    ("Deliveries", "delivery"),
    ("Circulars", "circular"),
)
"""Headings of the index, and how the names of their files begin."""

INTRODUCTION = """# The REST services, by example

Each request below was sent and each answer given while these files were written, by the scenes of `tests/contract`; a test
compares them with what the system answers today. Chosen are the shortest ways; times, ids and numbers are settled, so that
the files change only when the system does. The same services as OpenAPI: `GET /@openapi`.
"""


@pytest.fixture(scope="module")
def description(city: City) -> dict[str, Any]:
    """The OpenAPI description."""
    found: dict[str, Any] = city.client(REGISTRAR).get("/@openapi").json()
    return found


@pytest.fixture(scope="module")
def record(city: City, description: dict[str, Any]) -> Recorder:
    """All scenes, played once."""
    recorder = Recorder(city, description["paths"])
    scenes.whole(recorder)
    office_scenes.whole(recorder)
    duty_scenes.whole(recorder)
    finding_scenes.whole(recorder)
    signing_scenes.whole(recorder)
    return recorder


def operations(description: dict[str, Any]) -> dict[tuple[str, str], dict[str, Any]]:
    return {(method.upper(), path): one for path, methods in description["paths"].items() for method, one in methods.items()}


def test_every_service_is_shown(record: Recorder, description: dict[str, Any]) -> None:
    assert sorted(set(operations(description)) - record.seen) == []


def pages(record: Recorder, description: dict[str, Any]) -> dict[str, str]:
    """The text of each file, the index among them."""
    services: dict[str, list[tuple[str, str, dict[str, Any]]]] = {}
    for (method, path), operation in operations(description).items():
        services.setdefault(file_of(path), []).append((method, path, operation))
    found = {"README": index(services)}
    for name, shown in services.items():
        lines = [f"# {name}", ""]
        for method, path, operation in sorted(shown, key=lambda one: METHODS.index(one[0])):
            lines += [f"`{method} {path}`: {operation['summary']}", ""]
            lines += [operation["description"], ""] if "description" in operation else []
        for example in record.examples.get(name, ()):
            lines += [example.about, "", "```http", example.request, "```", "", "```http", example.answer, "```", ""]
        found[name] = "\n".join(lines)
    return found


def index(services: dict[str, list[tuple[str, str, dict[str, Any]]]]) -> str:
    lines = INTRODUCTION.splitlines()
    left = dict(sorted(services.items()))
    rooms: list[list[str]] = []
    for title, begin in reversed(PLACES):
        mine = {name: left.pop(name) for name in list(left) if name.startswith(begin)}
        rooms.insert(
            0, ["", f"## {title}", "", *(f"- [{name}]({name}.md): {shown[-1][2]['summary']}" for name, shown in mine.items())]
        )
    return "\n".join([*lines, *(line for room in rooms for line in room)]) + "\n"


def test_the_documentation_is_what_is_answered(record: Recorder, description: dict[str, Any]) -> None:
    written = pages(record, description)
    if os.environ.get(WRITE) == "1":
        DOCS.mkdir(exist_ok=True)
        for old in DOCS.glob("*.md"):
            old.unlink()
        for name, text in written.items():
            (DOCS / f"{name}.md").write_text(text, encoding="utf-8")
    assert {path.stem for path in DOCS.glob("*.md")} == set(written)
    for name, text in written.items():
        assert text == Path(DOCS / f"{name}.md").read_text(encoding="utf-8"), f"{name}: {WRITE}=1 writes it anew"


def test_every_answer_is_as_described(record: Recorder, description: dict[str, Any]) -> None:
    known = operations(description)
    for method, path, status, answer in record.answers:
        responses = known[method, path]["responses"]
        if status >= 400 and status != 503:
            schema = description["components"]["responses"]["Refusal"]["content"]["application/json"]["schema"]
        else:
            assert str(status) in responses, (method, path, status)
            schema = responses[str(status)].get("content", {}).get("application/json", {}).get("schema")
        if schema is None or not answer.headers.get("Content-Type", "").startswith("application/json"):
            assert not answer.content or not answer.headers["Content-Type"].startswith("application/json"), (method, path)
            continue
        validator = Draft202012Validator({**schema, "components": description["components"]})
        errors = [f"{list(error.absolute_path)}: {error.message}" for error in validator.iter_errors(answer.json())]
        assert not errors, (method, path, errors[:3])


def test_every_answer_has_a_schema_of_its_own(description: dict[str, Any]) -> None:
    bare = []
    for (method, path), operation in operations(description).items():
        for status, response in operation["responses"].items():
            for content in response.get("content", {}).values():
                if content.get("schema") == {"type": "object"}:
                    bare.append((method, path, status))
        body = operation.get("requestBody", {}).get("content", {}).get("application/json", {}).get("schema")
        if body == {"type": "object"}:
            bare.append((method, path, "body"))
    assert bare == []
