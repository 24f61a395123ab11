"""plone.restapi's own services, as far as people have them: none breaks, whatever it is asked."""

from __future__ import annotations

from typing import Any

import pytest
from tests.routing.conftest import RECEIVER, SENDER, Office

LETTERS = {"i": "portal_type", "o": "plone.app.querystring.operation.selection.any", "v": ["Letter"]}


@pytest.mark.parametrize("version", ["0", "999", "x"])
def test_a_letter_has_no_versions_of_plones(office: Office, refused: Any, version: str) -> None:
    letter = office.sent()[0]
    refused(office.user("registrar").get(f"{letter}/@history/{version}"), 404, "NotFound")


@pytest.mark.parametrize("query", ["x", 5, {"i": "x"}, ["x"], [{}], [{"i": 1, "o": "x"}], [{"i": "portal_type"}], [[]]])
def test_conditions_of_another_shape(office: Office, refused: Any, query: Any) -> None:
    user = office.user("registrar")
    refused(user.post("/@querystring-search", json={"query": query}), 400, "Invalid", "query")
    for place in ("", f"/agencies/{SENDER}"):
        answer = user.get(f"{place}/@querystring-search", params={"query": str(query)})
        assert answer.status_code == 400, answer.text


def test_conditions(office: Office) -> None:
    office.draft()
    user = office.user("registrar")
    found = user.post("/@querystring-search", json={"query": [LETTERS]})
    assert found.status_code == 200, found.text
    assert user.post("/@querystring-search", json={"query": []}).status_code == 400


@pytest.mark.parametrize("service", ["@copy", "@move"])
def test_nothing_is_copied_or_moved(office: Office, refused: Any, service: str) -> None:
    letter, agency = office.draft(), f"{office.city.url}/agencies/{RECEIVER}"
    refused(office.user("registrar").post(f"/{service}", json={"source": letter}), 404, "NotFound")
    admin = office.user("site-admin", "")
    assert admin.post(f"/{service}", json={"source": letter}).json() == []
    answer = admin.post(f"/agencies/{SENDER}/@copy", json={"source": agency})
    refused(answer, 400, "Invalid", "source")


@pytest.mark.parametrize("transition", ["dispatch", "cancel", "nothing"])
def test_verbs_alone_change_where_a_letter_stands(office: Office, refused: Any, transition: str) -> None:
    user, letter = office.user("registrar"), office.draft()
    refused(user.post(f"{letter}/@workflow/{transition}", json={}), 404, "NotFound")
    assert user.get(letter).json()["state"] == "draft"
    assert user.get(f"{letter}/@workflow").status_code == 200
