"""`api.md`, Numbers and registers; Circulars."""

from __future__ import annotations

import csv
import io
from datetime import date
from typing import Any

import pytest
from tests.contract.conftest import is_day, is_moment
from tests.routing.conftest import BYSTANDER, RECEIVER, SENDER, Office

from saraban.thai.dates import short

LINE = {
    "seq",
    "number",
    "date",
    "letter_number",
    "letter_date",
    "from",
    "to",
    "subject",
    "action",
    "remark",
    "state",
    "by",
    "at",
}
SERIES = ("external", "internal", "stamped", "circular", "order", "announcement", "certificate")
BOOK = f"/agencies/{SENDER}/@register-book"


@pytest.mark.parametrize("series", SERIES)
def test_a_number_of_every_series_can_be_reserved_and_cancelled(office: Office, refused: Any, series: str) -> None:
    # B13, E10, E11
    user = office.user("registrar")
    made = user.post(f"/agencies/{SENDER}/@reserve-number", json={"series": series, "purpose": "ทดสอบ"}).json()
    assert is_day(made["date"])
    held = office.book(SENDER, book="send", series=series, from_seq=made["entry"]["seq"], to_seq=made["entry"]["seq"])[0]
    until = short(date.fromisoformat(made["expires"]))
    assert (held["state"], held["remark"]) == ("reserved", f"ใช้ได้ถึง {until} ทดสอบ")  # with expiry and purpose
    by = {"number": made["number"]} if series == "external" else {"reservation": made["reservation"]}
    refused(user.post(f"/agencies/{SENDER}/@cancel-number", json=by), 400, "ReasonRequired", "reason")
    gone = user.post(f"/agencies/{SENDER}/@cancel-number", json={**by, "reason": "ไม่ใช้"})
    assert gone.status_code == 200, gone.text
    seq = made["entry"]["seq"]
    line = office.book(SENDER, book="send", series=series, from_seq=seq, to_seq=seq)[0]
    assert set(line) >= LINE
    assert (line["state"], line["remark"], line["number"]) == ("cancelled", "ไม่ใช้", made["number"])
    assert is_moment(line["at"])
    assert line["by"] == f"registrar.{SENDER}"
    assert is_moment(line["cancelled_at"])  # E10: with reason, user and time
    assert line["cancelled_by"] == f"registrar.{SENDER}"


def test_the_number_of_a_letter_is_cancelled_with_the_letter(office: Office, refused: Any) -> None:  # E10
    user, address = office.user("registrar"), f"/agencies/{SENDER}/@cancel-number"
    number = user.post(f"{office.draft()}/@dispatch", json={"recipients": [RECEIVER]}).json()["number"]
    refused(user.post(address, json={"number": number, "reason": "ผิด"}), 409, "NumberOfALetter")
    refused(user.post(address, json={"number": "กท 9999/1", "reason": "ผิด"}), 400, "ReservationUnknown", "reservation")


def test_of_two_series_with_one_number_the_reserved_one_is_given_up(office: Office) -> None:
    """External letters, memos and stamped letters have counters of their own, and write their numbers alike."""
    user, address = office.user("registrar"), f"/agencies/{SENDER}"

    def reserve(series: str) -> Any:
        return user.post(f"{address}/@reserve-number", json={"series": series, "purpose": "ทดสอบ"}).json()

    first, second = reserve("external"), reserve("stamped")
    while first["entry"]["seq"] != second["entry"]["seq"]:
        behind = "external" if first["entry"]["seq"] < second["entry"]["seq"] else "stamped"
        first, second = (reserve(behind), second) if behind == "external" else (first, reserve(behind))
    assert first["number"] == second["number"]
    for _each in range(2):
        gone = user.post(f"{address}/@cancel-number", json={"number": first["number"], "reason": "ไม่ใช้"})
        assert gone.status_code == 200, gone.text


def test_an_unknown_series_is_400(office: Office, refused: Any) -> None:
    user, address = office.user("registrar"), f"/agencies/{SENDER}/@reserve-number"
    refused(user.post(address, json={"series": "poems", "purpose": "x"}), 400, "Invalid", "series")
    refused(user.post(address, json={"purpose": "x"}), 400, "Invalid", "series")


def test_the_books_of_another_unit_and_year(office: Office) -> None:
    user = office.user("registrar")
    assert user.get(BOOK, params={"unit": f"{SENDER}.general"}).status_code == 403
    assert user.get(BOOK, params={"unit": BYSTANDER}).status_code == 404
    assert user.get(BOOK, params={"year": 2560}).json()["items_total"] == 0
    for wrong in ({"year": 2026}, {"book": "other"}, {"format": "doc"}, {"from_seq": "x"}):
        assert user.get(BOOK, params=wrong).status_code == 400, wrong
    own = office.user("officer").get(BOOK, params={"unit": f"{SENDER}.general"})
    assert own.status_code == 200
    assert office.user("officer").get(BOOK).status_code == 403
    assert office.user("chief").get(BOOK, params={"unit": f"{SENDER}.general"}).status_code == 200
    assert office.user("director").get(BOOK).status_code == 200


@pytest.mark.parametrize("book", ["secret-send", "secret-receive", "secret-control"])
def test_the_secret_books_are_the_secret_registrars(office: Office, book: str) -> None:
    assert office.user("secret").get(BOOK, params={"book": book}).status_code == 200
    for function in ("registrar", "officer", "chief", "director", "records"):
        assert office.user(function).get(BOOK, params={"book": book}).status_code == 403, function


@pytest.mark.parametrize(
    ("format_", "kind", "begin"),
    [
        ("csv", "text/csv", b"\xef\xbb\xbf"),
        ("xlsx", "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet", b"PK"),
    ],
)
def test_a_book_as_a_file(office: Office, format_: str, kind: str, begin: bytes) -> None:
    letter, _delivery = office.sent(title="ในทะเบียน")
    answer = office.user("registrar").get(BOOK, params={"book": "send", "series": "internal", "format": format_})
    assert answer.status_code == 200, answer.text[:300]
    assert answer.headers["Content-Type"].startswith(kind)
    assert "attachment" in answer.headers["Content-Disposition"]
    assert answer.content.startswith(begin)
    if format_ == "csv":
        number = office.user("registrar").get(letter).json()["number"]
        rows = list(csv.reader(io.StringIO(answer.content.decode("utf-8-sig"))))
        assert any(number in row and "ในทะเบียน" in row for row in rows)


def test_a_circular_and_its_readers(office: Office, refused: Any) -> None:  # B9
    user = office.user("registrar")
    made = user.post(f"/agencies/{SENDER}/circulars", json={"@type": "Circular", "title": "แนวทางปฏิบัติ"})
    assert made.status_code == 201, made.text
    circular = made.json()["@id"]
    sent = office.dispatch(circular, RECEIVER, BYSTANDER)
    assert sent["number"] == f"กท 9028/ว {sent['entry']['seq']}"
    delivery = sent["deliveries"][0]["@id"]
    reader = office.user("registrar", RECEIVER)
    assert reader.post(f"{delivery}/@register", json={}).status_code == 200
    assert reader.post(f"{circular}/@acknowledge", json={}).status_code in (200, 204)
    found = user.get(f"{circular}/@readers").json()["items"]
    assert {one["unit"] for one in found} == {RECEIVER, BYSTANDER}
    for one in found:
        assert set(one) >= {"unit", "sent_at", "opened_at", "registered_at", "acknowledged_at"}
    assert [item["letter"]["kind"] for item in (reader.get(delivery).json(),)] == ["circular"]
    assert reader.get(f"{circular}/@readers").status_code == 403
    assert user.get(f"{circular}/@movement").status_code == 200
    refused(user.post(f"{circular}/@acknowledge", json={}), 409, "NotReceived")
