"""What keeps the house in order: imports go downwards, every service asks a permission, every message has both languages."""

from __future__ import annotations

import ast
import re
from fnmatch import fnmatch
from pathlib import Path

import pytest

from saraban.admin.acts import ACTS

SOURCE = Path(__file__).resolve().parents[2] / "src" / "saraban"
TESTS = Path(__file__).resolve().parents[1]
FLOORS = (
    ("data", "errors", "interfaces", "lazy", "spreadsheets", "thai"),
    ("page",),
    ("ledger",),
    ("organisation",),
    ("classification",),
    ("letters",),
    ("routing",),
    ("circulars", "registers", "reports", "search", "signing"),
    ("theme",),
    ("admin", "setuphandlers"),
)
FLOOR = {room: number for number, rooms in enumerate(FLOORS) for room in rooms}
PROGRAMS = re.compile(r"^admin/")
PUBLIC = {
    *("@health", "@login"),  # `api.md`
    *("login", "logout", "sb-preferences", "sb-static"),
    *("main_template", "sb-frame", "sb", "sb-macros", "saraban-layout", "index.html"),  # the frame of pages and of refusals
}
"""Services and views that anybody may ask."""


def modules() -> list[Path]:
    return sorted(path for path in SOURCE.rglob("*.py") if path.name != "__init__.py" and "migrations" not in path.parts)


def imported(tree: ast.AST) -> set[str]:
    found = set()
    for node in ast.walk(tree):
        if isinstance(node, ast.ImportFrom) and node.module and node.module.startswith("saraban."):
            found.add(node.module.split(".")[1])
        elif isinstance(node, ast.Import):
            found |= {name.name.split(".")[1] for name in node.names if name.name.startswith("saraban.")}
    return found


def test_imports_go_downwards() -> None:  # docs/architecture.md, floors
    wrong = []
    for path in modules():
        room = path.relative_to(SOURCE).parts[0].removesuffix(".py")
        for other in imported(ast.parse(path.read_text())):
            if other != room and FLOOR[other] >= FLOOR[room]:
                wrong.append(f"{path.relative_to(SOURCE)} imports {other}")
    assert not wrong


def services() -> list[tuple[str, str]]:
    found = []
    for path in sorted(SOURCE.rglob("*.zcml")):
        for text in re.findall(r"<(?:plone:service|browser:page)\s(.*?)/?>", path.read_text(), re.S):
            found.append((str(path.relative_to(SOURCE)), text))
    return found


def test_every_view_and_service_names_a_permission() -> None:
    assert len(services()) > 40
    for path, text in services():
        assert re.search(r'permission="[\w.]+"', text), f"{path}: {text}"


def test_what_everybody_may_ask_is_what_is_meant() -> None:
    found = {
        str(re.search(r'name="([^"]+)"', text)[1])  # type: ignore[index]
        for _path, text in services()
        if re.search(r'permission="zope2?\.Public"', text)
    }
    assert found == PUBLIC


def test_every_act_of_the_audit_trail_has_a_name() -> None:
    acts = set()
    for path in modules():
        for node in ast.walk(ast.parse(path.read_text())):
            if isinstance(node, ast.Call) and getattr(node.func, "id", "") == "act" and len(node.args) > 2:
                parts = [part.value for part in ast.walk(node.args[2]) if isinstance(part, ast.Constant)]
                acts |= {part for part in parts if isinstance(part, str)}
    assert len(acts) > 40
    # Of `outbox-{verb}` the beginning is known here.
    named = {name for name in acts if any(known == name or (name[-1] == "-" and known.startswith(name)) for known in ACTS)}
    assert acts == named


def test_no_test_lies_where_pytest_does_not_look(pytestconfig: pytest.Config) -> None:
    unseen = pytestconfig.getini("norecursedirs")
    places = {path.parent.relative_to(TESTS) for path in TESTS.rglob("test_*.py")}
    assert len(places) > 10
    assert not [place for place in places for part in place.parts for pattern in unseen if fnmatch(part, pattern)]


def thai() -> dict[str, str]:
    text = (SOURCE / "locales/th/LC_MESSAGES/saraban.po").read_text()
    pairs = re.findall(r'^msgid ((?:".*"\n?)+)msgstr ((?:".*"\n?)+)', text, re.M)
    return {joined(name): joined(value) for name, value in pairs}


def joined(lines: str) -> str:
    return "".join(re.findall(r'"(.*)"', lines))


def spoken() -> dict[str, str]:
    """Message ids in code and templates, with where they stand."""
    found = {}
    for path in modules():
        for node in ast.walk(ast.parse(path.read_text())):
            if isinstance(node, ast.Call) and getattr(node.func, "id", "") == "_" and isinstance(node.args[0], ast.Constant):
                assert any(word.arg == "default" for word in node.keywords), f"{path}:{node.lineno} has no English"
                found[str(node.args[0].value)] = str(path.relative_to(SOURCE))
    for path in SOURCE.rglob("*.pt"):
        for name in re.findall(r'i18n:translate="([a-z][\w.-]*)"', path.read_text()):
            found[name] = str(path.relative_to(SOURCE))
    return found


def test_every_message_has_thai() -> None:  # L1
    translated = thai()
    assert {name: place for name, place in spoken().items() if not translated.get(name)} == {}
