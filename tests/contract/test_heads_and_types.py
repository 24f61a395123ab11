"""HEAD says what GET would say, and does nothing; `@types` says what can be made."""

from __future__ import annotations

from typing import Any

import pytest
from tests.routing.conftest import RECEIVER, SENDER, Office


@pytest.mark.parametrize("accept", ["application/json", "*/*", "text/html"])
def test_head_answers_as_get_at_every_address(office: Office, accept: str) -> None:
    letter, delivery = office.sent()
    circular = office.user("registrar").post(f"/agencies/{SENDER}/circulars", json={"@type": "Circular", "title": "x"}).json()
    asked: dict[str, Any] = {"headers": {"Accept": accept}, "allow_redirects": False}
    places = ("", "/agencies", f"/agencies/{SENDER}", f"/agencies/{SENDER}/letters", "/desk", letter, circular["@id"])
    for user, addresses in (("registrar", places), ("site-admin", ("", f"/agencies/{SENDER}"))):
        for address in addresses:
            person = office.user(user, SENDER if user == "registrar" else "")
            seen, told = person.get(address or office.city.url, **asked), person.head(address or office.city.url, **asked)
            assert told.status_code == seen.status_code, (user, address)
            assert told.headers.get("Content-Type") == seen.headers.get("Content-Type"), (user, address)
            assert not told.content
    assert office.user("registrar", RECEIVER).head(delivery, **asked).status_code == 200


def test_who_only_asks_for_headers_has_not_looked(office: Office) -> None:  # L14
    circular = office.user("registrar").post(f"/agencies/{SENDER}/circulars", json={"@type": "Circular", "title": "x"}).json()
    sent = office.dispatch(circular["@id"])["deliveries"][0]["@id"]
    receiver, html = office.user("registrar", RECEIVER), {"Accept": "text/html"}
    for address in (sent, office.sent()[1]):
        for place in (address, f"{address}/@@do?verb=register"):
            assert receiver.head(place, headers=html).status_code == 200
        assert receiver.get(address).json()["state"] == "sent"
    assert receiver.head(circular["@id"], headers=html).status_code == 200
    (line,) = office.user("registrar").get(f"{circular['@id']}/@readers").json()["items"]
    assert line["opened_at"] is None
    assert not line["persons"]


def addable(user: Any, address: str) -> list[str]:
    return [one["id"] for one in user.get(f"{address}/@types").json() if one["addable"]]


@pytest.mark.parametrize(("folder", "made"), [("letters", "Letter"), ("circulars", "Circular")])
def test_who_drafts_is_told_so(office: Office, folder: str, made: str) -> None:
    address = f"/agencies/{SENDER}/{folder}"
    for function in ("registrar", "officer", "chief", "director"):
        assert addable(office.user(function), address) == [made], function
    assert addable(office.user("site-admin", ""), address) == []
    draft = office.user("officer").post(address, json={"@type": made, "title": "x", "kind": "internal"}).json()["@id"]
    assert addable(office.user("officer"), draft) == ["Attachment"]
    office.dispatch(draft)
    assert addable(office.user("registrar"), draft) == []
