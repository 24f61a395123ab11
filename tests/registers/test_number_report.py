"""Numbers and the letter of each (L17, L23); reserved numbers: used, given up, expired, of another day (E10-E12, E15)."""

from __future__ import annotations

from datetime import date, timedelta
from io import BytesIO
from typing import Any

from openpyxl import load_workbook
from tests.classification.conftest import SecretOffice
from tests.conftest import City, run
from tests.routing.conftest import BYSTANDER, RECEIVER, SENDER, Office

AT = f"/agencies/{SENDER}"
REPORT = f"{AT}/@number-report"
GENERAL = f"{SENDER}.general"


def report(office: Office, user: str = "registrar", **query: Any) -> dict[str, Any]:
    answer = office.user(user).get(REPORT, params={"b_size": 1000, **query})
    assert answer.status_code == 200, answer.text
    return dict(answer.json())


def reserve(office: Office, **more: Any) -> dict[str, Any]:
    answer = office.user("registrar").post(f"{AT}/@reserve-number", json={"series": "internal", "purpose": "ประชุมด่วน", **more})
    assert answer.status_code == 200, answer.text
    return dict(answer.json())


def test_each_number_and_its_letter_unit_by_unit(office: Office) -> None:  # L17, L23
    officer = office.user("officer")
    letter = officer.post(f"{AT}/letters", json={"@type": "Letter", "kind": "internal", "title": "ขอซื้อวัสดุ"}).json()["@id"]
    made = office.dispatch(letter)
    found = report(office)
    line = next(one for one in found["items"] if one["number"] == made["number"])
    assert (line["subject"], line["state"], line["purpose"]) == ("ขอซื้อวัสดุ", "issued", "")
    units = office.user("officer", language="th").get("/@units", params={"parent": SENDER, "b_size": 100}).json()["items"]
    assert line["unit"] in [one["title"] for one in units]
    of_unit = report(office, unit=line["unit"])
    assert {one["unit"] for one in of_unit["items"]} == {line["unit"]}
    row = next(one for one in found["units"] if one["unit"] == line["unit"])
    assert row["total"] == row["issued"] + row["reserved"] + row["cancelled"] == of_unit["items_total"]
    assert sum(one["total"] for one in found["units"]) == found["items_total"]


def test_a_reserved_number_is_asked_for_by_a_unit(office: Office, refused: Any) -> None:  # E11
    kept = reserve(office, unit=GENERAL)
    line = next(one for one in report(office, unused=1)["items"] if one["reservation"] == kept["reservation"])
    assert (line["number"], line["purpose"], line["state"]) == (kept["number"], "ประชุมด่วน", "reserved")
    assert line["unit"] != "สำนักงานเขตดุสิต"
    assert line["expires"] == kept["expires"]
    for unit in (RECEIVER, "nowhere"):
        answer = office.user("registrar").post(
            f"{AT}/@reserve-number", json={"series": "internal", "purpose": "x", "unit": unit}
        )
        refused(answer, 400, "Invalid", "unit")


def test_unused_is_what_was_neither_used_nor_given_up(office: Office) -> None:  # year-end report
    registrar = office.user("registrar")
    used, given_up, open_ = (reserve(office) for _ in range(3))
    registrar.post(f"{office.draft()}/@dispatch", json={"recipients": [RECEIVER], "reservation": used["reservation"]})
    registrar.post(f"{AT}/@cancel-number", json={"reservation": given_up["reservation"], "reason": "ไม่ใช้"})
    numbers = {one["number"]: one["state"] for one in report(office, unused=1)["items"]}
    assert numbers[open_["number"]] == "reserved"
    assert not {used["number"], given_up["number"]} & set(numbers)
    every = {one["number"]: one for one in report(office, series="internal")["items"]}
    assert (every[used["number"]]["state"], every[used["number"]]["purpose"]) == ("issued", "ประชุมด่วน")
    assert every[given_up["number"]]["state"] == "cancelled"


def test_a_back_dated_number_comes_only_from_a_reserve_of_that_day(office: Office, refused: Any) -> None:  # E12, E15
    registrar = office.user("registrar")
    kept = reserve(office)
    letter = office.draft()
    sent = registrar.post(
        f"{letter}/@dispatch", json={"recipients": [RECEIVER], "reservation": kept["reservation"], "letter_date": "2020-01-01"}
    )
    assert (sent.json()["number"], sent.json()["letter_date"]) == (kept["number"], kept["date"])
    answer = registrar.post(f"{office.draft()}/@dispatch", json={"recipients": [RECEIVER], "reservation": kept["reservation"]})
    refused(answer, 409, "ReservationSpent")
    back_dated = registrar.post(
        f"{AT}/@reserve-number", json={"series": "internal", "purpose": "ย้อนหลัง", "date": "2020-01-01"}
    ).json()
    assert back_dated["date"] == date.today().isoformat()


EXPIRE = """
from sqlalchemy import update
from saraban.admin import boot
from saraban.ledger.connection import alone
from saraban.routing.tables import Reservation
from datetime import timedelta
from saraban.ledger import clock
with boot.site() as site, alone(site) as session:
    session.execute(update(Reservation).where(Reservation.key == {key!r}).values(expires=clock.today() - timedelta(days=1)))
"""


SWEEP = """
from saraban.admin import boot
from saraban.routing.reservations import ExpiryRound
with boot.site() as site:
    look = ExpiryRound()
    while look.round(site):
        pass
"""


def test_an_expired_reservation_is_not_used_but_stays_in_the_report(city: City, office: Office, refused: Any) -> None:  # E11
    kept, other = reserve(office), reserve(office)
    registrar, yesterday, ledger = office.user("registrar"), date.today() - timedelta(days=1), SecretOffice(city).ask

    def use() -> None:
        data = {"recipients": [RECEIVER], "reservation": kept["reservation"]}
        error = refused(registrar.post(f"{office.draft()}/@dispatch", json=data), 409, "ReservationExpired")
        assert kept["number"] in error["message"]

    def unused() -> dict[str, Any]:
        return next(one for one in report(office, unused=1)["items"] if one["number"] == kept["number"])

    done = run(city, "testpy", "-c", EXPIRE.format(key=kept["reservation"]))
    assert done.returncode == 0, done.stderr
    use()  # whether the worker has looked or not
    assert (unused()["state"], unused()["expires"]) == ("expired", yesterday.isoformat())
    done = run(city, "testpy", "-c", SWEEP)
    assert done.returncode == 0, done.stderr
    states = dict(ledger("SELECT key, state FROM reservation WHERE key IN (?, ?)", kept["reservation"], other["reservation"]))
    assert states == {kept["reservation"]: "expired", other["reservation"]: "open"}
    assert any(kept["number"] in row[0] for row in ledger("SELECT detail FROM audit WHERE act = 'expire-numbers'"))
    use()
    assert (unused()["state"], unused()["reservation"]) == ("expired", kept["reservation"])
    line = next(one for one in office.book(SENDER, book="send") if one["number"] == kept["number"])
    assert line["state"] == "reserved"
    assert line["remark"].startswith("หมดกำหนดใช้")
    gone = registrar.post(f"{AT}/@cancel-number", json={"number": kept["number"], "reason": "หมดกำหนด"})
    assert gone.json()["state"] == "cancelled"
    assert kept["number"] not in {one["number"] for one in report(office, unused=1)["items"]}


def test_the_workbook_holds_the_same(office: Office) -> None:
    answer = office.user("registrar", language="th").get(REPORT, params={"format": "xlsx"})
    sheet = load_workbook(BytesIO(answer.content)).active
    assert sheet is not None
    rows = list(sheet.values)
    assert rows[0][:3] == ("ที่", "ลงวันที่", "หน่วยงานที่ขอเลข")
    assert [row[0] for row in rows[1:]] == [one["number"] for one in report(office)["items"]]


def test_an_officer_sees_the_own_units_numbers_and_strangers_none(office: Office, refused: Any) -> None:  # table of api.md
    own = report(office, "officer")
    names = {one["unit"] for one in own["items"]}
    assert len(names) == 1
    assert {one["unit"] for one in own["units"]} == names
    assert own["items_total"] < report(office)["items_total"]
    assert report(office, "director")["items_total"] == report(office)["items_total"]
    refused(office.user("site-admin", "").get(REPORT), 403, "Forbidden")
    refused(office.user("records").get(REPORT), 403, "Forbidden")
    assert office.user("registrar", BYSTANDER).get(REPORT).status_code == 404
