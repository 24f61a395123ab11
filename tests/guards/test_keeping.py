"""Nothing is lost: not even the administrator of the site takes away, moves or renames a letter or what letters lie in."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from tests.conftest import City, Client

KINDS = ("agency", "letters", "circulars", "deliveries", "year", "part", "letter", "circular", "attachment")
Way = Callable[[Client, str, str], Any]


def by_rest(admin: Client, parent: str, name: str) -> Any:
    return admin.delete(f"{parent}/{name}")


def by_moving(admin: Client, parent: str, name: str) -> Any:
    return admin.post("/agencies/@move", json={"source": f"{parent}/{name}"})


def by_another_id(admin: Client, parent: str, name: str) -> Any:
    return admin.patch(f"{parent}/{name}", json={"id": "other"})


def by_webdav(admin: Client, parent: str, name: str) -> Any:
    return admin.request("DELETE", f"{parent}/{name}", headers={"Accept": "*/*"})


def by_webdav_moved(admin: Client, parent: str, name: str) -> Any:
    return admin.request("MOVE", f"{parent}/{name}", headers={"Accept": "*/*", "Destination": f"{parent}/other"})


def by_zope(admin: Client, parent: str, name: str) -> Any:
    return admin.post(f"{parent}/manage_delObjects", data={"ids:list": name}, headers={"Accept": "text/html"})


def by_zope_renamed(admin: Client, parent: str, name: str) -> Any:
    data = {"id": name, "new_id": "other"}
    return admin.post(f"{parent}/manage_renameObject", data=data, headers={"Accept": "text/html"})


WAYS: tuple[Way, ...] = (by_rest, by_moving, by_another_id, by_webdav, by_webdav_moved, by_zope, by_zope_renamed)


@pytest.fixture
def kept(city: City, places: dict[str, str]) -> dict[str, str]:
    """Address from the site on of one of each kind that letters are or lie in."""
    found = {kind: place.removeprefix(city.url) for kind, place in places.items()}
    found["part"], _, _ = found["letter"].rpartition("/")
    found["year"], _, _ = found["part"].rpartition("/")
    found["agency"] = found["year"].rpartition("/letters/")[0]
    return {kind: found[kind] for kind in KINDS}


@pytest.mark.parametrize("way", WAYS)
def test_what_letters_lie_in_stays(city: City, kept: dict[str, str], places: dict[str, str], way: Way) -> None:
    admin, registrar = city.client("site-admin"), city.client("registrar.district-dusit")
    wrong: list[tuple[Any, ...]] = []
    for kind, address in kept.items():
        parent, _, name = address.rpartition("/")
        answer = way(admin, f"{city.url}{parent}", name)
        if answer.status_code >= 500:
            wrong.append((kind, answer.status_code, answer.text[:200]))
        left = (registrar.get(places["letter"]).status_code, registrar.get(places["attachment"]).status_code)
        if left != (200, 200):
            wrong.append((kind, "gone", left))
            break
        if registrar.get(f"{kept['agency']}/letters").status_code != 200:
            wrong.append((kind, "no letters"))
            break
    assert not wrong
