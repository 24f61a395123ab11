"""Pages that are registered for anything, asked by a registrar: Saraban's answer, Plone's own are not there, and none breaks.

What Plone brings along (a dashboard of its own, a form for sending pages by mail, a search for members, parts of pages) is in
no menu of ours and in no Thai; whoever knew its address had it, or an error.
"""

from __future__ import annotations

import re

import pytest
from tests.conftest import City, Client
from tests.guards.test_strangers import answer
from tests.organisation.test_gate import browser

from saraban.organisation.gate import OPEN_NAMESPACES, OPEN_PAGES

Registry = dict[str, dict[str, list[str]]]
READER = "registrar.permanent-secretary-secretariat"
OTHERS = [
    "@@dashboard",
    "@@sendto_form",
    "@@member-search",
    "@@personal-information",
    "@@sb-macros",
    "@@saraban-parts",
    "sitemap",
]


def pages(registered: list[str]) -> list[str]:
    return [name for name in registered if not re.match(r"(GET|HEAD|POST|PATCH|PUT|DELETE|OPTIONS)_", name)]


def test_no_page_breaks_and_none_is_plones(city: City, registry: Registry, places: dict[str, str]) -> None:
    reader, wrong, seen, asked = browser(city, READER), [], set(), 0
    for kind, place in places.items():
        for name in pages(registry["all"][kind]):
            ours = name in registry["ours"][kind]
            if name == "logout" or (not ours and name in seen):
                continue  # Plone's own stand at every kind of object
            seen.add(name)
            told = answer(reader, city, "", f"{place}/@@{name}")
            asked += 1
            refused = 400 <= told.status_code < 500
            if told.status_code >= 500 or not (ours or is_open(name) or refused):
                wrong.append((place, name, told.status_code))
    assert asked > 200
    assert not wrong, "\n".join(map(str, wrong))


def is_open(name: str) -> bool:
    return name in OPEN_PAGES or name.startswith(OPEN_NAMESPACES)


@pytest.mark.parametrize("name", OTHERS)
def test_a_page_of_plones_looks_like_none(city: City, name: str) -> None:
    reader = browser(city, READER)
    there, nowhere = (reader.get(f"{city.url}/{one}", headers={"Accept-Language": "th"}) for one in (name, "@@nothing-at-all"))
    assert there.status_code == nowhere.status_code == 404
    # But for the token of the form for the language, which is never the same twice.
    texts = (re.sub(r'"[0-9a-f]{40}"', "", one.text) for one in (there, nowhere))
    assert next(texts).replace(name, "") == next(texts).replace("@@nothing-at-all", "")


def test_a_method_of_a_document_is_no_page(city: City, places: dict[str, str]) -> None:
    reader = browser(city, READER)
    letter = places["letter"] if places["letter"].startswith("http") else f"{city.url}{places['letter']}"
    assert reader.get(letter).status_code == 200
    for name in ("Title", "getId", "absolute_url", "title"):
        assert reader.get(f"{letter}/{name}").status_code == 404, name


SERVICES = [
    "@linkintegrity",
    "@userschema",
    "@relations",
    "@transactions",
    "@vocabularies/plone.app.vocabularies.Users",
]


@pytest.mark.parametrize("name", SERVICES)
def test_a_service_of_plones_is_not_there(city: City, name: str) -> None:
    answer = Client(city.url, READER).get(f"/{name}")
    assert (answer.status_code, answer.json()["error"]["type"]) == (404, "NotFound")


def test_nobody_gives_a_document_another_address(city: City, places: dict[str, str]) -> None:
    registrar = Client(city.url, "registrar.district-dusit")
    assert registrar.get(places["letter"]).status_code == 200
    assert registrar.post(f"{places['letter']}/@aliases", json={"items": [{"path": "/desk-of-mine"}]}).status_code == 404


@pytest.mark.parametrize(
    "name", ["@types/Letter", "@vocabularies/saraban.kinds", "@actions", "@breadcrumbs", "@search?Title=x"]
)
def test_what_every_client_of_plone_uses_is_there(city: City, name: str) -> None:
    assert Client(city.url, READER).get(f"/{name}").status_code == 200


def test_the_administrator_of_the_site_keeps_plones_pages(city: City) -> None:
    manager = Client(city.url, "site-admin")
    manager.headers["Accept"] = "text/html"
    assert manager.get("/@@overview-controlpanel").status_code == 200
    assert manager.get("/@@personal-preferences").status_code == 200
    for way in ("+", "+rule"):  # leads to the forms for adding and is none itself
        assert manager.get(f"/@@{way}").status_code == 404
    assert Client(city.url, "site-admin").get("/@vocabularies/plone.app.vocabularies.Users").status_code == 200


@pytest.mark.parametrize("host", ['x"><b>', "x y", "x/y", "x@y"])
def test_a_host_that_is_no_name_is_refused(city: City, host: str) -> None:
    """Every address on a page begins with it."""
    told = browser(city, READER).get(f"{city.url}/login", headers={"Host": host})
    assert told.status_code == 400
    assert host not in told.text


@pytest.mark.parametrize("name", ["saraban/desk?PARENT_REQUEST=x", "++skin++x/desk", "@@site-logo/x", "desk?ajax_load=1"])
def test_what_zope_reads_in_an_address_breaks_no_page(city: City, name: str) -> None:
    assert browser(city, READER).get(f"{city.url}/{name}").status_code < 500


@pytest.mark.parametrize("path", ["x/VirtualHostRoot/desk", "agencies/VirtualHostRoot/x", "a/_vh_x/VirtualHostRoot/y"])
def test_no_root_of_a_virtual_host_leads_past_the_gate(city: City, path: str) -> None:
    told = browser(city).get(f"{city.url}/{path}", allow_redirects=False)
    assert (told.status_code, "/login" in told.headers.get("Location", "")) == (302, True)
    at_root = browser(city).get(f"{city.url}/VirtualHostRoot/desk", allow_redirects=False)
    assert (at_root.status_code, "/login" in at_root.headers["Location"]) == (302, True)
