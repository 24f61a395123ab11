"""`bin/saraban check` on a city in which circulars went out and secret drafts were begun and given up."""

from __future__ import annotations

from tests.conftest import run
from tests.routing.conftest import BYSTANDER, RECEIVER, SENDER, Office


def test_circulars_and_given_up_secret_drafts_are_no_findings(office: Office) -> None:
    circular = (
        office.user("registrar").post(f"/agencies/{SENDER}/circulars", json={"@type": "Circular", "title": "x"}).json()["@id"]
    )
    deliveries = office.dispatch(circular, RECEIVER, BYSTANDER)["deliveries"]
    office.user("registrar", RECEIVER).post(f"{deliveries[0]['@id']}/@register", json={})
    office.user("registrar").post(f"{circular}/@cancel", json={"reason": "x"})
    secret = office.user("secret")
    data = {"@type": "Letter", "title": "x", "secrecy": "confidential", "secrecy_reason": "x"}
    drafts = [secret.post(f"/agencies/{SENDER}/letters", json=data).json()["@id"] for _one in range(2)]
    for draft in drafts:
        raised = secret.post(f"{draft}/@classify", json={"secrecy": "secret", "reason": "x"})
        assert raised.status_code == 200, raised.text
    assert secret.delete(drafts[0]).status_code == 204
    found = run(office.city, "saraban", "check")
    assert "is not there" not in found.stdout
    assert circular.rpartition("/")[2] not in found.stdout
