"""What waits for a signature, and what is signed: lists and figures, each of which counts its list (L7, B8)."""

from __future__ import annotations

from typing import Any

from tests.signing.conftest import RECEIVER, STRANGER, SigningOffice


def addresses(office: SigningOffice, by: str, **query: Any) -> list[str]:
    return [one["@id"] for one in office.waiting(by, **query)]


def figures(office: SigningOffice, by: str) -> dict[str, dict[str, Any]]:
    return {one["name"]: one for one in office.user(by).get("/@dashboard").json()["items"]}


def kinds(office: SigningOffice, by: str) -> dict[str, dict[str, Any]]:
    return {one["kind"]: one for one in office.user(by).get("/@dashboard").json()["kinds"]}


def test_a_letter_goes_from_list_to_list(office: SigningOffice) -> None:
    letter = office.submitted("director", approvers=("chief",))
    assert letter in addresses(office, "chief")
    assert letter not in addresses(office, "director")
    for desk in ("registrar", "director", "officer", "chief"):  # of the agency, and of the officer's unit
        assert letter in addresses(office, desk, list="pending")
    line = next(one for one in office.waiting("registrar", list="pending") if one["@id"] == letter)
    assert (line["state"], line["submitted_by"], line["kind"]) == ("pending", office.id("officer"), "internal")
    assert (line["waits_for"]["user"], line["waits_for"]["role"]) == (office.id("chief"), "approver")
    office.sign(letter, "chief")
    assert letter not in addresses(office, "chief")
    assert letter in addresses(office, "director")
    office.sign(letter, "director")
    assert letter not in addresses(office, "director")
    assert letter not in addresses(office, "registrar", list="pending")
    assert letter in addresses(office, "registrar", list="signed")
    office.dispatch(letter)
    assert letter not in addresses(office, "registrar", list="signed")


def test_what_is_sent_back_is_in_no_list(office: SigningOffice) -> None:
    letter = office.submitted()
    office.back(letter)
    for name in ("mine", "pending", "signed"):
        assert letter not in addresses(office, "director", list=name)


def test_a_unit_sees_its_own_letters_alone(office: SigningOffice) -> None:
    letter = office.draft("registrar")
    assert office.submit(letter, "director", by="registrar").status_code == 200
    assert letter in addresses(office, "director", list="pending")
    assert letter not in addresses(office, "chief", list="pending")


def test_each_figure_is_the_length_of_its_list(office: SigningOffice) -> None:
    office.submitted(kind="order")
    office.signed(kind="order")
    for who in ("director", "registrar", "chief", "officer"):
        found = figures(office, who)
        for name in {"to-sign", "signed"} & set(found):
            listed = office.user(who).get(found[name]["list"]).json()["items_total"]
            assert listed == found[name]["count"], (who, name)
        for kind, line in kinds(office, who).items():
            assert line["to_sign"] == len(office.waiting(who, list="pending", kind=kind)), (who, kind)
            assert line["signed"] == len(office.waiting(who, list="signed", kind=kind)), (who, kind)
    assert figures(office, "director")["to-sign"]["count"] >= 1
    assert figures(office, "registrar")["signed"]["count"] >= 1
    assert "signed" not in figures(office, "director")
    assert kinds(office, "registrar")["order"]["to_sign"] >= 1


def test_pages_of_a_list_hold_each_letter_once(office: SigningOffice) -> None:
    for _number in range(3):
        office.submitted(kind="announcement")
    asked = {"kind": "announcement", "b_size": 2}
    total = office.user("director").get("/@waiting", params=asked).json()["items_total"]
    pages = [
        office.user("director").get("/@waiting", params={**asked, "b_start": start}).json()["items"]
        for start in range(0, total, 2)
    ]
    found = [one["@id"] for page in pages for one in page]
    assert len(found) == len(set(found)) == total >= 3
    times = [one["waits_for"]["since"] for page in pages for one in page]
    assert times == sorted(times)


def test_strangers_learn_nothing(office: SigningOffice, refused: Any) -> None:
    letter = office.submitted()
    for name in ("mine", "pending", "signed"):
        for stranger in (office.user("director", STRANGER), office.user("site-admin", ""), office.user("auditor", "")):
            items = stranger.get("/@waiting", params={"list": name, "b_size": 1000}).json()["items"]
            assert letter not in [one["@id"] for one in items]
    assert office.city.client().get("/@waiting").status_code == 401
    assert office.user("registrar", RECEIVER).get("/@waiting", params={"list": "signed", "unit": "x"}).json()["items"] == []
    refused(office.user("director").get("/@waiting", params={"list": "all"}), 400, "Invalid", "list")
    refused(office.user("director").get("/@waiting", params={"kind": "x"}), 400, "Invalid", "kind")
