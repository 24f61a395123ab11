"""Writes down what was asked and answered, as `docs/api/` shows it, in words that do not change from run to run.

The clock stands: what is about now is of one moment, and days near today keep their distance to it. Ids are counted as they
appear, numbers of a series from the first one that appears. Nothing else is touched.
"""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Any
from urllib.parse import unquote

from tests.conftest import City

SITE = "https://saraban.example/saraban"
TODAY = date(2026, 2, 3)
NOW = "2026-02-03T09:30:00+07:00"
NEAR = timedelta(days=400)
"""What is farther away from today was written in a test, and stays as it is."""
_MOMENT = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(?:\.\d+)?(?:[+-]\d\d:\d\d|Z)")
_DAY = re.compile(r"(?<![\w-])20\d\d-\d\d-\d\d(?![\w-])")
_ID = re.compile(r"(?<![0-9a-f])(?:[0-9a-f]{32}|[0-9a-f]{20})(?![0-9a-f])")
_PART = re.compile(r"/(letters|circulars)/\d{4}/[0-9a-f]{1,2}/")
_ROW = re.compile(r"(@(?:synonyms|saved-searches)/)(\d+)")
_FILE = re.compile(r"(filename=\"[a-z]+-)\d+(\.pdf)")
"""Slips are named by their receive number."""
_RANGE = re.compile(r"\b(from_seq|to_seq)=\d+")
_SHOWN = ("Location", "Content-Disposition", "Retry-After", "Upload-Offset", "Upload-Length", "Tus-Resumable", "Tus-Version")
"""Headers of an answer that say something."""
_COUNTED = ("seq", "receive_number")


TABLES = {"move": "appointments", "appointment": "appointments", "clearance": "clearances"}
"""Services that speak of rows of another's."""


@dataclass
class Example:
    """One request and its answer."""

    about: str
    request: str
    answer: str


@dataclass
class Recorder:
    """Asks the city, and keeps what was said, by service."""

    city: City
    templates: Mapping[str, Mapping[str, Any]]
    """The paths of the OpenAPI description."""
    examples: dict[str, list[Example]] = field(default_factory=dict)
    seen: set[tuple[str, str]] = field(default_factory=set)
    answers: list[tuple[str, str, int, Any]] = field(default_factory=list)
    """Method, path, status and body as they were, for the test of the description."""
    _ids: dict[str, str] = field(default_factory=dict)
    _first: dict[tuple[str, str], int] = field(default_factory=dict)
    _numbers: dict[str, str] = field(default_factory=dict)
    _unit: str = ""
    _table: str = ""

    def __call__(
        self,
        user: str | None,
        method: str,
        address: str,
        data: Any = None,
        *,
        about: str = "",
        headers: Mapping[str, str] | None = None,
        only: tuple[str, ...] = (),
        settle: Mapping[str, Any] | None = None,
    ) -> Any:
        """Asks as the person, keeps the example, answers with the answer.

        `only` names the keys of the answer that are shown; `settle` says how values are written that depend on the machine.
        """
        options: dict[str, Any] = {"data": data} if isinstance(data, bytes) else {"json": data} if data is not None else {}
        answer = self.city.client(user).request(method, address, headers=headers, **options)
        path = address.removeprefix(self.city.url).partition("?")[0]
        template = self._template(path, method)
        self._unit = path.split("/")[2] if path.startswith("/agencies/") else ""
        name = file_of(template).removeprefix("agency-").removeprefix("end-")
        self._table = TABLES.get(name, name)
        content = self._content(answer, only, settle or {})
        lines = [f"{method} /saraban{self._say(unquote(address.removeprefix(self.city.url)))} HTTP/1.1"]
        lines += [f"{name}: {self._say(value)}" for name, value in (headers or {}).items()]
        if isinstance(data, bytes):
            lines += ["", f"({len(data):,} bytes)"]
        elif data is not None:
            lines += ["Content-Type: application/json", "", _json(self._settled(data))]
        said = [f"HTTP/1.1 {answer.status_code} {answer.reason}"]
        said += [f"{name}: {self._say(answer.headers[name])}" for name in _SHOWN if name in answer.headers]
        if content:
            said += [f"Content-Type: {answer.headers['Content-Type']}", "", content]
        example = Example(about, "\n".join(lines), "\n".join(said))
        self.examples.setdefault(file_of(template), []).append(example)
        self.seen.add((method, template))
        self.answers.append((method, template, answer.status_code, answer))
        return answer

    def _template(self, path: str, method: str) -> str:
        for template, methods in self.templates.items():
            pattern = re.sub(r"\{year\}", r"\\d{4}", re.escape(template).replace(r"\{", "{").replace(r"\}", "}"))
            pattern = re.sub(r"\{\w+\}", "[^/@]+", pattern)
            if method.lower() in methods and re.fullmatch(pattern, path or "/"):
                return template
        raise AssertionError(f"{method} {path} is not described")

    def _content(self, answer: Any, only: tuple[str, ...], settle: Mapping[str, Any]) -> str:
        if not answer.content:
            return ""
        if not answer.headers["Content-Type"].startswith("application/json"):
            return f"({answer.headers['Content-Type'].partition(';')[0]}: the file)"
        found = answer.json()
        self._learn(found, self._unit)
        if only:
            found = {name: found[name] for name in only}
        told = self._settled({name: value for name, value in found.items() if name not in settle})
        return _json(dict(sorted({**told, **settle}.items())))

    # Numbers

    def _learn(self, value: Any, unit: str) -> None:
        """The numbers of an answer, as they will be written."""
        if isinstance(value, list):
            for one in value:
                self._learn(one, unit)
        elif isinstance(value, dict):
            unit = value.get("unit") or unit
            entry = value["entry"] if isinstance(value.get("entry"), dict) else value
            number = value.get("number")
            if isinstance(entry.get("seq"), int) and isinstance(number, str) and number not in self._numbers:
                counted = self._counted(
                    entry["seq"], f"{entry.get('book', 'send')} {entry.get('series')}", entry.get("unit") or unit
                )
                self._numbers[number] = re.sub(rf"(?<!\d){entry['seq']}(?!\d)", str(counted), number, count=1)
            for name in value:
                self._learn(value[name], unit)

    def _counted(self, value: int, kind: str, unit: str) -> int:
        return value - self._first.setdefault((kind, unit), value) + 1

    def name(self, number: str, written: str) -> None:
        """A number of the outside world that must be new in each run, and how it is written."""
        self._numbers[number] = written

    # Words

    def _settled(self, value: Any, unit: str = "") -> Any:
        if isinstance(value, list | tuple):
            return [self._settled(one, unit) for one in value]
        if isinstance(value, dict):
            unit = value.get("unit") or unit or self._unit
            found = {self._say(name): self._settled(one, unit) for name, one in value.items()}
            for name in _COUNTED:
                if isinstance(value.get(name), int):
                    kind = (
                        "receive letters" if name == "receive_number" else f"{value.get('book', 'send')} {value.get('series')}"
                    )
                    found[name] = self._counted(value[name], kind, unit)
            if isinstance(value.get("seconds_since_previous"), int):
                found["seconds_since_previous"] = 60
            for name in ("year", "receive_year"):
                if isinstance(value.get(name), int):
                    found[name] = value[name] - date.today().year + TODAY.year
            for name in ("id", "appointment"):
                if isinstance(value.get(name), int):
                    found[name] = int(self._counted_row(self._table, str(value[name])))
            if isinstance(value.get("seen"), list):
                found["seen"] = [int(self._counted_row(self._table, str(one))) for one in value["seen"]]
            return found
        return self._say(value) if isinstance(value, str) else value

    def _counted_row(self, table: str, value: str) -> str:
        begin = f"row {table} "
        return self._ids.setdefault(begin + value, str(1 + sum(name.startswith(begin) for name in self._ids)))

    def _say(self, text: str) -> str:
        text = text.replace(self.city.url, SITE)
        for number in sorted(self._numbers, key=len, reverse=True):
            text = re.sub(rf"(?<!\w){re.escape(number)}(?!\w)", self._numbers[number], text)
        text = _MOMENT.sub(lambda found: NOW if _is_near(found[0][:10]) else found[0], text)
        text = _DAY.sub(lambda found: _shifted(found[0]), text)
        text = _ROW.sub(lambda found: found[1] + self._counted_row(found[1].strip("@/"), found[2]), text)
        text = _FILE.sub(r"\g<1>1\2", text)
        text = _RANGE.sub(r"\1=1", text)
        text = _PART.sub(rf"/\1/{TODAY.year + 543}/a/", text)
        return _ID.sub(lambda found: self._ids.setdefault(found[0], self._next_id(len(found[0]))), text)

    def _next_id(self, length: int) -> str:
        count = sum(not name.startswith("row ") for name in self._ids)
        return f"{count + 1:x}".rjust(3, "0").ljust(length, "0")


def _is_near(day: str) -> bool:
    return abs(date.fromisoformat(day) - date.today()) < NEAR


def _shifted(day: str) -> str:
    return (date.fromisoformat(day) - date.today() + TODAY).isoformat() if _is_near(day) else day


def _json(value: Any) -> str:
    return json.dumps(value, ensure_ascii=False, indent=2)


def file_of(template: str) -> str:
    """The file of `docs/api/` in which a path is shown: `letter-dispatch`, `letter`, `find`."""
    parts = [part for part in template.split("/") if part]
    name = next((part for part in parts if part.startswith("@")), "")
    if not name:
        return parts[-1].strip("{}")
    owner = next((part.strip("{}") for part in reversed(parts[: parts.index(name)]) if part.startswith("{")), "")
    return f"{owner}-{name.lstrip('@')}" if owner else name.lstrip("@")
