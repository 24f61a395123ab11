"""Looking changes nothing: no GET writes the ZODB, whoever looks, at every view and service that is registered."""

from __future__ import annotations

import sqlite3
import time
from collections.abc import Iterator
from typing import Any

import pytest
from tests.conftest import City
from tests.routing.conftest import RECEIVER, Office

Registry = dict[str, dict[str, list[str]]]
LOOKERS = (
    *(f"{one}.{RECEIVER}" for one in ("registrar", "director", "secret")),
    "site-admin",
    "auditor",
)
COMMANDS = {"images-clear", "plone-upgrade", "install-intids.html", "plone.protect.autocsrf", "logout", "manage_doLogout"}
"""Plone's own that are no looks: they carry something out."""


def last_write(city: City) -> int:
    """The id of the last ZODB transaction."""
    path = next((city.var / "database").glob("*.sqlite3"))
    connection = sqlite3.connect(f"file:{path}?mode=ro", uri=True)
    try:
        return int(connection.execute("SELECT max(tid) FROM object_state").fetchone()[0])
    finally:
        connection.close()


def quiet(city: City) -> int:
    """Waits until the worker has done its work; the last transaction then."""
    end = time.monotonic() + 120
    before, since = last_write(city), time.monotonic()
    while time.monotonic() - since < 1:
        assert time.monotonic() < end, "the city does not come to rest"
        time.sleep(0.1)
        now = last_write(city)
        if now != before:
            before, since = now, time.monotonic()
    return before


def looks(registered: dict[str, list[str]], places: dict[str, str], once: bool = False) -> Iterator[tuple[str, dict[str, str]]]:
    """Addresses with their headers; with `once` each name at one kind of object only."""
    seen: set[str] = set()
    for kind, place in places.items():
        yield place, {"Accept": "text/html"}
        for name in registered[kind]:
            method, service, path = name.partition("_application_json_")
            if name in COMMANDS or (once and name in seen) or (service and method != "GET"):
                continue
            seen.add(name)
            yield (
                (f"{place}/{path}", {"Accept": "application/json"})
                if service
                else (f"{place}/@@{name}", {"Accept": "text/html"})
            )


def writes(city: City, user: str, wanted: Iterator[tuple[str, dict[str, str]]]) -> list[str]:
    """The addresses that wrote when the person looked at them, twice."""
    client = city.client(user)

    def look(address: str, headers: dict[str, str]) -> Any:
        answer = client.get(address or "/", headers=headers, allow_redirects=False)
        assert "_ZopeId" not in answer.cookies, address  # a session of the server's
        return answer

    before, found = quiet(city), []
    for address, headers in wanted:
        look(address, headers)
        if (after := last_write(city)) != before:
            before = quiet(city)  # the worker's own, or this look's: the second time says it
            look(address, headers)
            if last_write(city) != before:
                found.append(address)
            before = max(after, quiet(city))
    return found


@pytest.mark.parametrize("user", LOOKERS)
def test_no_look_at_ours_writes(city: City, registry: Registry, places: dict[str, str], user: str) -> None:
    everywhere = user == f"registrar.{RECEIVER}"
    assert writes(city, user, looks(registry["ours"], places, once=not everywhere)) == []


def test_no_look_at_plones_writes(city: City, registry: Registry, places: dict[str, str]) -> None:
    ours = registry["ours"]
    plones = {kind: [name for name in names if name not in ours[kind]] for kind, names in registry["all"].items()}
    assert writes(city, f"registrar.{RECEIVER}", looks(plones, places, once=True)) == []


def test_the_guard_would_see_it(city: City) -> None:
    before = quiet(city)
    Office(city).draft()
    assert last_write(city) != before
