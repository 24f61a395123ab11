"""What is sent by mistake is refused where it stands: nothing is done, no number is used up (issue 3, bad input)."""

from __future__ import annotations

import http.client
import json
from typing import Any
from urllib.parse import urlsplit

import pytest
from tests.routing.conftest import RECEIVER, SENDER, Office

LETTERS = f"/agencies/{SENDER}/letters"
NO_TEXT: tuple[Any, ...] = (0, 1, False, True, [], {}, ["x"], {"a": 1})
LETTER = {"@type": "Letter", "kind": "internal", "title": "x"}


@pytest.mark.parametrize("name", ["reservation", "series"])
def test_a_number_is_named_by_text_or_not_at_all(office: Office, refused: Any, name: str) -> None:
    user, letter = office.user("registrar"), office.draft()
    for value in NO_TEXT:
        refused(user.post(f"{letter}/@dispatch", json={"recipients": [RECEIVER], name: value}), 400, "Invalid", name)
    assert user.get(letter).json()["number"] is None
    assert user.post(f"{letter}/@dispatch", json={"recipients": [RECEIVER], name: None}).status_code == 200


def test_a_reserved_number_of_other_letters(office: Office, refused: Any) -> None:
    user, letter = office.user("registrar"), office.draft()
    made = user.post(f"/agencies/{SENDER}/@reserve-number", json={"series": "minutes", "purpose": "x"}).json()
    answer = user.post(f"{letter}/@dispatch", json={"recipients": [RECEIVER], "reservation": made["reservation"]})
    refused(answer, 400, "Invalid", "reservation")


@pytest.mark.parametrize("unit", [0, False, [], {}, "nowhere", RECEIVER])
def test_who_asks_for_a_number_is_of_the_agency(office: Office, refused: Any, unit: Any) -> None:
    data = {"series": "minutes", "purpose": "x", "unit": unit}
    refused(office.user("registrar").post(f"/agencies/{SENDER}/@reserve-number", json=data), 400, "Invalid", "unit")


@pytest.mark.parametrize("data", [{"reservation": "nope"}, {"number": "nope"}, {"number": 7}, {}])
def test_a_number_that_nobody_reserved(office: Office, refused: Any, data: dict[str, Any]) -> None:
    answer = office.user("registrar").post(f"/agencies/{SENDER}/@cancel-number", json={**data, "reason": "x"})
    refused(answer, 400, "ReservationUnknown", "reservation")


def test_an_order_goes_to_lists(office: Office, refused: Any) -> None:
    director, delivery = office.user("director", RECEIVER), office.registered()[1]
    for value in (*NO_TEXT[:3], {}, "x"):
        refused(director.post(f"{delivery}/@order", json={"text": "x", "users": value}), 400, "Invalid", "users")
        refused(director.post(f"{delivery}/@order", json={"text": "x", "units": value}), 400, "WrongRecipients", "units")
    assert director.post(f"{delivery}/@order", json={"text": "x", "users": None, "units": None}).status_code == 200


@pytest.mark.parametrize("unit", ["nowhere", RECEIVER, f"{RECEIVER}.general"])
def test_a_letter_from_outside_belongs_to_a_unit_here(office: Office, refused: Any, unit: str) -> None:
    user, address = office.user("registrar"), f"/agencies/{SENDER}/@receive"
    data = {"title": "x", "sender": "กรมที่ดิน", "owner_unit": unit}
    refused(user.post(address, json=data), 400, "Invalid", "owner_unit")
    made = user.post(address, json={**data, "owner_unit": f"{SENDER}.general"})
    assert user.get(made.json()["letter"]["@id"]).json()["owner_unit"] == f"{SENDER}.general"


@pytest.mark.parametrize(
    "value", [20261201, "2026-W50-1", "20261201", "2026-12-01 noon", 1.5, ["2026-12-01"], "2569-12-01T10:00"]
)
def test_a_moment_is_a_date_and_a_time(office: Office, refused: Any, value: Any) -> None:
    refused(
        office.user("registrar").post(LETTERS, json={**LETTER, "urgent_by": value}),
        400,
        "Invalid",
        "urgent_by",
    )


@pytest.mark.parametrize("title", ["\u200b", " \ufeff\u00a0\u2003 ", "\u2060\u200d"])
def test_a_subject_that_nobody_sees_is_none(office: Office, refused: Any, title: str) -> None:
    refused(office.user("registrar").post(LETTERS, json={**LETTER, "title": title}), 400, "Invalid", "title")


@pytest.mark.parametrize("body", [{}, {"a": 1}, {"data": 1}, 0, ["x"]])
def test_a_text_of_another_shape(office: Office, refused: Any, body: Any) -> None:
    refused(office.user("registrar").post(LETTERS, json={**LETTER, "body": body}), 400, "Invalid", "body")


def test_a_term_is_a_date_or_a_number_of_days(office: Office, refused: Any) -> None:  # L12
    user, address = office.user("registrar"), LETTERS
    refused(user.post(address, json={**LETTER, "due_date": "2030-01-01", "due_days": 3}), 400, "Invalid", "due_days")
    assert user.post(address, json={**LETTER, "due_date": None, "due_days": 3}).json()["due_date"]


@pytest.mark.parametrize(("language", "word"), [("th", "มากเกินไป"), ("en", "too much")])
def test_a_body_that_is_not_even_read_is_refused_in_words(office: Office, language: str, word: str) -> None:
    where = urlsplit(office.city.url)
    line = http.client.HTTPConnection(where.netloc, timeout=60)
    line.putrequest("POST", f"{where.path}/@inbox")
    for name, value in (("Accept", "application/json"), ("Accept-Language", language), ("Content-Length", str(2**30))):
        line.putheader(name, value)
    line.endheaders(b"{")
    answer = line.getresponse()
    assert (answer.status, answer.headers["Content-Type"]) == (413, "application/json")
    error = json.loads(answer.read())["error"]
    assert error["type"] == "RequestTooLarge"
    assert word in error["message"]


def test_a_copy_to_all_goes_to_those_who_have_none(office: Office, refused: Any) -> None:  # E20
    user, (letter, _delivery) = office.user("registrar"), office.sent()
    sent = user.post(f"{letter}/@send-copy", json={"recipients": "all-agencies"})
    assert sent.status_code == 200, sent.text
    units = {one["unit"] for one in sent.json()["deliveries"]}
    assert len(units) > 70
    assert RECEIVER not in units
    refused(user.post(f"{letter}/@send-copy", json={"recipients": ["all-agencies"]}), 400, "WrongRecipients", "recipients")


def test_too_many_persons_is_said_so(office: Office, refused: Any) -> None:
    data = {"users": [f"person{number}" for number in range(101)]}
    error = refused(
        office.user("registrar", RECEIVER).post(f"{office.registered()[1]}/@assign", json=data), 400, "Invalid", "users"
    )
    assert "100" in error["fields"]["users"]
