"""Who may not, learns nothing: nobody gets past the gate, and another agency gets 404, at every view and service.

Most of our registrations ask for View and leave the verb's own permission to the operation, which judges after its locks; so
what a registration promises is not enough to know, and everything that is registered is asked.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from tests.conftest import City, Client
from tests.organisation.test_gate import browser

from saraban.organisation.gate import OPEN_NAMESPACES, OPEN_PAGES, OPEN_SERVICES

Registry = dict[str, dict[str, list[str]]]
STRANGER = "registrar.district-sathon"
INSIDE = ("agency", "unit", "letters", "circulars", "deliveries", "letter", "circular", "attachment", "delivery")
"""Kinds of objects that lie in an agency, and are nobody's business in another one."""


def asked(registered: dict[str, list[str]], places: dict[str, str]) -> Iterator[tuple[str, str, str]]:
    """Method, address and name of each registration; the method is empty for a page."""
    for kind, place in places.items():
        for name in registered[kind]:
            method, service, path = name.partition("_application_json_")
            yield (method, f"{place}/{path}", path) if service else ("", f"{place}/@@{name}", name)


def answer(client: Any, city: City, method: str, address: str) -> Any:
    """What the address says; a page is asked for as a browser does, a verb with an empty object."""
    address = address if address.startswith("http") else f"{city.url}{address}"
    if method:
        json: dict[str, str] | None = {} if method in ("POST", "PATCH", "PUT") else None
        return client.request(method, address, headers={"Accept": "application/json"}, json=json, allow_redirects=False)
    return client.get(address, headers={"Accept": "text/html"}, allow_redirects=False)


@pytest.mark.parametrize("whose", ["ours", "all"])
def test_nobody_gets_past_the_gate(city: City, registry: Registry, places: dict[str, str], whose: str) -> None:  # L5
    nobody, wrong, seen = browser(city), [], set()
    for method, address, name in asked(registry[whose], places):
        if whose == "all" and (method, name) in seen:
            continue  # Plone's own stand at every kind of object: the gate does not ask which
        seen.add((method, name))
        at_site = address == f"/{name}" or address == f"/@@{name}"
        if at_site and (name in OPEN_SERVICES if method else name in OPEN_PAGES or name.startswith(OPEN_NAMESPACES)):
            continue
        told = answer(nobody, city, method, address)
        to_login = told.status_code == 302 and "/login" in told.headers["Location"]
        if told.status_code != 401 if method else not to_login:
            wrong.append((method, address, told.status_code))
    assert len(seen) > 100
    assert not wrong


def test_another_agency_gets_404(city: City, registry: Registry, places: dict[str, str]) -> None:
    stranger = Client(city.url, STRANGER)
    inside = {kind: places[kind] for kind in INSIDE}
    wrong = []
    everything = list(asked(registry["ours"], inside))
    assert len(everything) > 100
    for method, address, _name in everything:
        told = answer(stranger, city, method, address)
        if told.status_code != 404:
            wrong.append((method, address, told.status_code))
    assert not wrong
