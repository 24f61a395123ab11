"""Edge cases of `domain.md` 8: letters that come again, recalls, returns, ends of years, people who move."""

from __future__ import annotations

import secrets
from datetime import date, timedelta
from typing import Any

from tests.conftest import City, run
from tests.routing.conftest import BYSTANDER, RECEIVER, SENDER, Office

YEAR = date.today().year + 543
AGE = """
from sqlalchemy import select, update
from saraban.admin import boot
from saraban.ledger.connection import alone
from saraban.ledger.tables import NumberSeries, RegisterEntry
from saraban.routing.tables import Delivery
with boot.site() as site, alone(site) as session:
    entry = session.scalars(select(RegisterEntry).where({where})).one()
    series = {{row.year: row for row in session.scalars(select(NumberSeries).where(NumberSeries.book == entry.book))}}
    now, year = series[entry.year], entry.year - 1
    assert now.last == entry.seq, "it is not the last of its series"
    before = series.get(year) or NumberSeries(book=entry.book, year=year, last=0)
    session.add(before)
    now.last, before.last = now.last - 1, before.last + 1
    entry.number = entry.number.replace(str(entry.seq), str(before.last), 1).replace(str(entry.year), str(year))
    entry.year, entry.seq, entry.date = year, before.last, entry.date.replace(year=entry.date.year - 1, day=1)
    session.execute(update(Delivery).where(Delivery.letter_uid == entry.document_uid).values(
        receive_year=entry.year, receive_number=entry.seq))
    print(entry.number)
"""
"""Puts the last line of a register into the year before, as if a year had passed."""


def age(city: City, where: str) -> str:
    """The number that the line has now."""
    done = run(city, "testpy", "-c", AGE.format(where=where))
    assert done.returncode == 0, done.stderr
    return done.stdout.strip().splitlines()[-1]


def outside(**values: Any) -> dict[str, Any]:
    """A letter from outside that did not come before."""
    number = f"ศธ 0201/{secrets.randbelow(10**9)}"
    return {"title": "ขอความร่วมมือ", "sender": "กระทรวงศึกษาธิการ", "sender_number": number, "letter_date": "2021-04-09", **values}


def steps(office: Office, letter: str, agency: str = SENDER) -> list[str]:
    return [one["what"] for one in office.user("registrar", agency).get(f"{letter}/@movement").json()["items"]]


def test_the_same_letter_in_a_later_year_keeps_number_and_year(city: City, office: Office) -> None:  # E02
    registrar, letter = office.user("registrar"), outside()
    first = registrar.post(f"/agencies/{SENDER}/@receive", json=letter).json()
    uid = registrar.get(first["letter"]["@id"]).json()["UID"]
    number = age(city, f"RegisterEntry.document_uid == {uid!r}")
    again = registrar.post(f"/agencies/{SENDER}/@receive", json=letter)
    assert again.status_code == 200, again.text
    assert (again.json()["entry"]["year"], again.json()["entry"]["seq"]) == (YEAR - 1, int(number))
    following = registrar.post(f"/agencies/{SENDER}/@receive", json=outside()).json()["entry"]
    assert (following["year"], following["seq"]) == (YEAR, first["entry"]["seq"])  # the counter did not move


def test_a_letter_that_was_returned_comes_again(office: Office) -> None:  # E01: a new delivery, its own number
    letter, delivery = office.sent()
    receiver = office.user("registrar", RECEIVER)
    receiver.post(f"{delivery}/@return", json={"note": "เอกสารแนบไม่ครบถ้วน"})
    sent = office.user("registrar").post(f"{letter}/@send-copy", json={"recipients": [RECEIVER]})
    assert sent.status_code == 200, sent.text
    again = sent.json()["deliveries"][0]["@id"]
    assert receiver.post(f"{again}/@register", json={}).status_code == 200
    assert steps(office, letter)[-4:] == ["dispatched", "returned", "dispatched", "registered"]


def test_a_letter_that_went_on_and_came_back_keeps_its_number(office: Office, refused: Any) -> None:  # E01, L16
    letter, delivery = office.registered()
    receiver, bystander = office.user("registrar", RECEIVER), office.user("registrar", BYSTANDER)
    number = receiver.get(delivery).json()["receive_number"]
    lines = len(office.book(RECEIVER, book="receive"))
    on = receiver.post(f"{delivery}/@forward", json={"units": [BYSTANDER]}).json()["deliveries"][0]["@id"]
    refused(receiver.post(f"{delivery}/@forward", json={"units": [BYSTANDER]}), 400, "WrongRecipients", "units")
    assert bystander.post(f"{on}/@register", json={}).status_code == 200
    back = bystander.post(f"{on}/@forward", json={"units": [RECEIVER], "note": "ดำเนินการแล้ว"})
    assert back.status_code == 200, back.text
    again = back.json()["deliveries"][0]["@id"]
    registered = receiver.post(f"{again}/@register", json={})
    assert (registered.status_code, registered.json()["receive_number"]) == (200, number)
    assert len(office.book(RECEIVER, book="receive")) == lines
    assert steps(office, letter)[-5:] == ["registered", "forwarded", "registered", "forwarded", "registered"]


def test_what_is_missing_is_noted_and_stops_nothing(office: Office, refused: Any) -> None:  # E45
    letter, delivery = office.sent()
    note = "สิ่งที่ส่งมาด้วยลำดับที่ 2 ไม่ครบ"
    receiver = office.user("registrar", RECEIVER)
    refused(receiver.post(f"{delivery}/@register", json={"note": 5}), 400, "Invalid", "note")
    made = receiver.post(f"{delivery}/@register", json={"note": note})
    assert made.status_code == 200, made.text
    told = office.user("registrar").get(f"{letter}/@movement").json()["items"][-1]
    assert (told["what"], told["unit"], told["note"]) == ("registered", RECEIVER, note)
    number = made.json()["receive_number"]
    line = office.book(RECEIVER, book="receive", from_seq=number, to_seq=number)[0]
    assert (line["state"], line["remark"]) == ("issued", note)
    paper = receiver.post(f"/agencies/{RECEIVER}/@receive", json={**outside(), "note": note})
    assert paper.status_code == 201, paper.text
    seq = paper.json()["entry"]["seq"]
    assert office.book(RECEIVER, book="receive", from_seq=seq, to_seq=seq)[0]["remark"] == note
    steps_of = receiver.get(f"{paper.json()['letter']['@id']}/@movement").json()["items"]
    assert [(one["what"], one["note"]) for one in steps_of[-2:]] == [("received", ""), ("registered", note)]


def test_a_recall_before_registering_takes_it_away(office: Office) -> None:  # E04, L18
    letter, delivery = office.sent()
    receiver = office.user("registrar", RECEIVER)
    receiver.post(f"{delivery}/@open", json={})
    answer = office.user("registrar").post(f"{letter}/@recall", json={"reason": "ส่งผิดหน่วยงาน"})
    assert answer.json() == {"recalled": [RECEIVER], "refused": []}
    assert receiver.get(delivery).status_code == receiver.get(letter).status_code == 404
    assert steps(office, letter) == ["created", "dispatched", "opened", "recalled"]


def test_a_return_needs_a_note_which_the_sender_sees(office: Office, refused: Any) -> None:  # E07, L19
    letter, delivery = office.sent()
    receiver = office.user("registrar", RECEIVER)
    refused(receiver.post(f"{delivery}/@return", json={"note": " "}), 400, "NoteRequired", "note")
    assert receiver.post(f"{delivery}/@return", json={"note": "ส่งผิดหน่วยงาน"}).status_code == 200
    movement = office.user("registrar").get(f"{letter}/@movement").json()["items"][-1]
    assert (movement["what"], movement["unit"], movement["note"]) == ("returned", RECEIVER, "ส่งผิดหน่วยงาน")
    shown = office.user("registrar").get(f"{letter}/@deliveries").json()["items"]
    assert [one["state"] for one in shown] == ["returned"]
    _letter, registered = office.registered()
    refused(receiver.post(f"{registered}/@return", json={"note": "x"}), 409, "AlreadyRegistered")


def test_a_number_reserved_last_year_keeps_its_number_and_day(city: City, office: Office) -> None:  # E15
    registrar = office.user("registrar", BYSTANDER)
    at = f"/agencies/{BYSTANDER}"
    kept = registrar.post(f"{at}/@reserve-number", json={"series": "certificate", "purpose": "ค้างจากปีก่อน"}).json()
    number = age(
        city, f"RegisterEntry.unit == {BYSTANDER!r}, RegisterEntry.series == 'certificate', RegisterEntry.state == 'reserved'"
    )
    draft = {"@type": "Letter", "kind": "certificate", "title": "หนังสือรับรอง"}
    letter = registrar.post(f"{at}/letters", json=draft).json()["@id"]
    sent = registrar.post(f"{letter}/@dispatch", json={"recipients": [RECEIVER], "reservation": kept["reservation"]})
    assert sent.status_code == 200, sent.text
    made = sent.json()
    assert (made["number"], made["entry"]["year"]) == (number, YEAR - 1)
    assert made["letter_date"] < (date.today() - timedelta(days=300)).isoformat()
    ordinary = registrar.post(f"{at}/letters", json=draft).json()["@id"]
    entry = registrar.post(f"{ordinary}/@dispatch", json={"recipients": [RECEIVER]}).json()["entry"]
    assert entry["year"] == YEAR


def test_what_is_not_finished_has_nothing_under_action(office: Office) -> None:  # domain 2.1
    _letter, delivery = office.registered()
    receiver = office.user("registrar", RECEIVER)
    number = receiver.get(delivery).json()["receive_number"]

    def action() -> str:
        return str(office.book(RECEIVER, book="receive", from_seq=number, to_seq=number)[0]["action"])

    assert action() == ""
    receiver.post(f"{delivery}/@close", json={"result": "แจ้งผลแล้ว"})
    assert action() == "แจ้งผลแล้ว"
    assert receiver.post(f"{delivery}/@reopen", json={"reason": "ยังไม่ครบ"}).status_code == 200
    assert action() == ""
    receiver.post(f"{delivery}/@close", json={})
    assert action().startswith("ปิดเรื่อง ")


ARRIVALS = """
import transaction
from AccessControl.SecurityManagement import newSecurityManager
from zope.component import provideHandler
from saraban.admin import boot
from saraban.letters.operations import draft
from saraban.routing import operations, receiver, sender
from saraban.routing.content import find_delivery
from saraban.routing.events import DeliveriesArrived
came = []
provideHandler(lambda event: came.append(sorted(one.unit for one in event.deliveries)), (DeliveriesArrived,))
with boot.site() as site:
    def work_as(person):
        transaction.commit()
        newSecurityManager(None, site.acl_users.getUserById(person))
    work_as("registrar.{sender}")
    letter = draft(site.agencies["{sender}"], {{"kind": "internal", "title": "x"}})
    transaction.commit()
    key = operations.dispatch(letter, ["{receiver}", "{other}"]).deliveries[0].key
    transaction.commit()
    sender.send_copy(letter, ["{receiver}.general"])
    work_as("registrar.{receiver}")
    operations.register(find_delivery(site.agencies["{receiver}"].deliveries, key))
    transaction.commit()
    receiver.forward(find_delivery(site.agencies["{receiver}"].deliveries, key), {{"units": ["district-bang-rak"]}})
    work_as("director.{receiver}")
    order = {{"text": "x", "units": ["district-thon-buri"]}}
    receiver.order(find_delivery(site.agencies["{receiver}"].deliveries, key), order)
    transaction.commit()
print(came)
"""


def test_every_arrival_is_told(city: City) -> None:  # L3: the event, which LINE and e-mail will hear
    done = run(city, "testpy", "-c", ARRIVALS.format(sender=SENDER, receiver=RECEIVER, other=BYSTANDER))
    assert done.returncode == 0, done.stderr
    told = [[BYSTANDER, RECEIVER], [f"{RECEIVER}.general"], ["district-bang-rak"], ["district-thon-buri"]]
    assert done.stdout.strip().splitlines()[-1] == str(told)


def test_who_moves_loses_the_letters_and_past_acts_keep_the_post(office: Office) -> None:  # E34
    admin = office.user("site-admin", "")
    person = f"mover.{secrets.token_hex(4)}"
    admin.post("/@users", json={"username": person, "email": "mover@bangkok.example", "password": "demo-only-7531"})
    post = {"person": person, "unit": RECEIVER, "function": "registrar", "post_th": "เจ้าพนักงานธุรการชำนาญงาน"}
    made = admin.post(f"/agencies/{RECEIVER}/@appointments", json=post).json()
    letter, delivery = office.sent()
    mover = office.city.client(person)
    assert mover.post(f"{delivery}/@register", json={}).status_code == 200
    admin.post(f"/agencies/{RECEIVER}/@end-appointment", json={"appointment": made["id"]})
    there = {**post, "unit": BYSTANDER, "post_th": "นักจัดการงานทั่วไป"}
    assert admin.post(f"/agencies/{BYSTANDER}/@appointments", json=there).status_code == 201
    assert mover.get(letter).status_code == mover.get(delivery).status_code == 404
    actor = office.user("registrar").get(f"{letter}/@movement").json()["items"][-1]["actor"]
    assert (actor["id"], actor["post"]) == (person, "เจ้าพนักงานธุรการชำนาญงาน")


def test_the_paper_of_a_letter_that_came_through_the_system(office: Office) -> None:  # E37
    letter, delivery = office.registered()
    sent = office.user("registrar").get(letter).json()
    paper = {"title": sent["title"], "sender": SENDER, "sender_number": sent["number"], "letter_date": sent["letter_date"]}
    receiver = office.user("registrar", RECEIVER)
    before = receiver.get(delivery).json()["receive_number"]
    linked = receiver.post(f"/agencies/{RECEIVER}/@receive", json=paper)
    assert linked.status_code == 200, linked.text
    assert linked.json()["duplicate_of"] == delivery
    assert linked.json()["entry"]["seq"] == receiver.get(delivery).json()["receive_number"] == before
    assert steps(office, letter)[-2:] == ["registered", "received"]


def test_the_paper_may_come_before_anybody_registered_it(office: Office) -> None:  # E37
    letter, delivery = office.sent()
    sent = office.user("registrar").get(letter).json()
    paper = {"title": "x", "sender": "สำนักงานเขตดุสิต", "sender_number": sent["number"], "letter_date": sent["letter_date"]}
    receiver = office.user("registrar", RECEIVER)
    made = receiver.post(f"/agencies/{RECEIVER}/@receive", json=paper).json()
    item = receiver.get(delivery).json()
    assert (item["state"], item["receive_number"]) == ("registered", made["entry"]["seq"])
    assert made["letter"]["@id"] == letter
