"""One object of each kind, for the guards that walk over everything that is registered."""

from __future__ import annotations

import pytest
from tests.conftest import City
from tests.routing.conftest import RECEIVER, SENDER, Office


@pytest.fixture(scope="session")
def places(city: City) -> dict[str, str]:
    """One object of each kind, all of which the receiver's registrar may see."""
    office = Office(city)
    sender, receiver = office.user("registrar"), office.user("registrar", RECEIVER)
    letter = office.draft(kind="external")
    file = {"filename": "a.txt", "data": "aGVsbG8=", "encoding": "base64"}
    attachment = sender.post(letter, json={"@type": "Attachment", "title": "a", "file": file}).json()["@id"]
    delivery = office.dispatch(letter, RECEIVER)["deliveries"][0]["@id"]
    circular = sender.post(f"/agencies/{SENDER}/circulars", json={"@type": "Circular", "title": "x"}).json()["@id"]
    circular_delivery = office.dispatch(circular, RECEIVER)["deliveries"][0]["@id"]
    for one in (delivery, circular_delivery):
        assert receiver.post(f"{one}/@register", json={}).status_code == 200
    given = {"users": [f"officer.{RECEIVER}"], "instruction": "x"}
    assert receiver.post(f"{delivery}/@assign", json=given).status_code == 200
    return {
        "site": "", "agencies": "/agencies", "agency": f"/agencies/{RECEIVER}", "unit": f"/agencies/{RECEIVER}/general",
        "letters": f"/agencies/{RECEIVER}/letters", "circulars": f"/agencies/{RECEIVER}/circulars",
        "deliveries": f"/agencies/{RECEIVER}/deliveries", "letter": letter, "circular": circular, "attachment": attachment,
        "delivery": delivery,
    }  # fmt: skip
