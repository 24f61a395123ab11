"""Series that an agency adds (L24): numbers, refusals, and who may."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest
from tests.routing.conftest import BYSTANDER, RECEIVER, SENDER, Office

AT = f"/agencies/{SENDER}"
CONTRACT = {
    "id": "contract",
    "title_th": "หนังสือสัญญา",
    "title_en": "Contract",
    "pattern": "สัญญา {seq}/{year}",
    "kinds": ["external", "internal"],
}
YEAR = date.today().year + 543


@pytest.fixture(scope="module")
def contract(office: Office) -> dict[str, Any]:
    """A series that the sender added."""
    answer = office.user("site-admin", "").post(f"{AT}/@add-series", json=CONTRACT)
    assert answer.status_code == 201, answer.text
    return dict(answer.json())


def test_an_added_series_counts_by_itself(office: Office, contract: dict[str, Any]) -> None:  # L24
    registrar = office.user("registrar")
    ordinary = office.dispatch(office.draft())["entry"]["seq"]
    answers = [
        registrar.post(f"{office.draft()}/@dispatch", json={"recipients": [RECEIVER], "series": "contract"}).json()
        for _ in "12"
    ]
    assert [one["number"] for one in answers] == [f"สัญญา 1/{YEAR}", f"สัญญา 2/{YEAR}"]
    assert office.dispatch(office.draft())["entry"]["seq"] == ordinary + 1
    lines = office.book(SENDER, book="send", series="contract")
    assert [(line["seq"], line["number"]) for line in lines][:2] == [(1, f"สัญญา 1/{YEAR}"), (2, f"สัญญา 2/{YEAR}")]


def test_a_number_of_an_added_series_can_be_reserved_and_used(office: Office, contract: dict[str, Any]) -> None:  # L24, E11
    registrar = office.user("registrar")
    kept = registrar.post(f"{AT}/@reserve-number", json={"series": "contract", "purpose": "จ้างเหมา"}).json()
    assert kept["number"].startswith("สัญญา ")
    sent = registrar.post(f"{office.draft()}/@dispatch", json={"recipients": [RECEIVER], "reservation": kept["reservation"]})
    assert sent.json()["number"] == kept["number"]


def test_it_stands_among_the_series(office: Office, contract: dict[str, Any]) -> None:
    found = office.user("officer").get(f"{AT}/@series").json()["items"]
    assert [one["id"] for one in found if one["added"]] == ["contract"]
    assert found[0] == {
        "id": "external",
        "title": "External letter",
        "pattern": "{code}/{seq}",
        "kinds": ["external"],
        "active": True,
        "added": False,
    }


@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({"id": "Contract 2"}, "id"),
        ({"id": "order"}, "id"),
        ({"id": "secret"}, "id"),
        ({"id": 7}, "id"),
        ({"title_th": ""}, "title_th"),
        ({"title_th": "ก" * 201}, "title_th"),
        ({"pattern": "{seq}{year}"}, "pattern"),
        ({"pattern": None}, "pattern"),
        ({"kinds": []}, "kinds"),
        ({"kinds": ["poem"]}, "kinds"),
    ],
)
def test_what_is_wrong_is_said_at_its_field(office: Office, refused: Any, change: dict[str, Any], field: str) -> None:
    answer = office.user("site-admin", "").post(f"{AT}/@add-series", json={**CONTRACT, "id": "other", **change})
    refused(answer, 400, "Invalid", field)


def test_an_id_is_given_once_and_the_pattern_stays_while_it_counts(
    office: Office, refused: Any, contract: dict[str, Any]
) -> None:
    admin = office.user("site-admin", "")
    refused(admin.post(f"{AT}/@add-series", json=CONTRACT), 409, "SeriesExists", "id")
    office.user("registrar").post(f"{AT}/@reserve-number", json={"series": "contract", "purpose": "x"})
    refused(
        admin.post(f"{AT}/@change-series", json={"id": "contract", "pattern": "{seq}-{year}"}), 409, "SeriesInUse", "pattern"
    )
    changed = admin.post(f"{AT}/@change-series", json={"id": "contract", "title_en": "Contracts"})
    assert (changed.json()["title_en"], changed.json()["pattern"]) == ("Contracts", CONTRACT["pattern"])
    refused(admin.post(f"{AT}/@change-series", json={"id": "order", "title_en": "x"}), 400, "Invalid", "id")


def test_it_numbers_only_its_kinds_of_letters(office: Office, refused: Any, contract: dict[str, Any]) -> None:
    letter = office.draft(kind="order")
    registrar = office.user("registrar")
    for series in ("contract", "external", "nothing", 5):
        refused(
            registrar.post(f"{letter}/@dispatch", json={"recipients": [RECEIVER], "series": series}), 400, "Invalid", "series"
        )
    assert registrar.get(letter).json()["state"] == "draft"


def test_an_ended_series_gives_no_more_numbers(office: Office, refused: Any) -> None:
    admin, registrar = office.user("site-admin", ""), office.user("registrar")
    admin.post(f"{AT}/@add-series", json={**CONTRACT, "id": "short-lived"})
    assert admin.post(f"{AT}/@change-series", json={"id": "short-lived", "active": False}).json()["active"] is False
    refused(registrar.post(f"{AT}/@reserve-number", json={"series": "short-lived", "purpose": "x"}), 409, "SeriesEnded")
    answer = registrar.post(f"{office.draft()}/@dispatch", json={"recipients": [RECEIVER], "series": "short-lived"})
    refused(answer, 409, "SeriesEnded")


def test_only_the_agencys_administrator_adds_and_strangers_learn_nothing(
    office: Office, refused: Any, contract: dict[str, Any]
) -> None:
    for verb in ("@add-series", "@change-series"):
        for user in ("registrar", "director", "officer"):
            assert office.user(user).post(f"{AT}/{verb}", json=CONTRACT).status_code in (401, 403)
        assert office.user("registrar", BYSTANDER).post(f"{AT}/{verb}", json=CONTRACT).status_code == 404
    assert office.user("registrar", BYSTANDER).get(f"{AT}/@series").status_code == 404
    answer = office.user("registrar", BYSTANDER).post(
        f"/agencies/{BYSTANDER}/@reserve-number", json={"series": "contract", "purpose": "x"}
    )
    refused(answer, 400, "Invalid", "series")
