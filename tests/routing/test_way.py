"""A letter's whole way over REST: dispatch, open, register, assign, close, and what each refuses."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

from tests.conftest import wait_until
from tests.routing.conftest import BYSTANDER, RECEIVER, SENDER, Office


def test_dispatch_numbers_registers_and_delivers_in_one_act(office: Office) -> None:  # B1, L8, L9
    letter = office.draft(title="ขอความอนุเคราะห์ข้อมูล")
    made = office.dispatch(letter, RECEIVER, BYSTANDER)
    assert made["number"] == f"กท 9028/{made['entry']['seq']}"
    assert made["letter_date"] == date.today().isoformat()
    assert [one["unit"] for one in made["deliveries"]] == [RECEIVER, BYSTANDER]
    line = next(one for one in office.book(SENDER, book="send", series="internal") if one["seq"] == made["entry"]["seq"])
    assert (line["number"], line["subject"], line["state"]) == (made["number"], "ขอความอนุเคราะห์ข้อมูล", "issued")
    assert line["from"] == "สำนักงานเขตดุสิต"
    seen = office.user("registrar").get(letter).json()
    assert (seen["state"], seen["number"], seen["letter_date"]) == ("dispatched", made["number"], made["letter_date"])


def test_a_receiver_reads_the_letter_and_a_bystander_does_not(office: Office) -> None:  # L34, P2
    letter, delivery = office.sent()
    assert office.user("registrar", RECEIVER).get(letter).status_code == 200
    for stranger in (office.user("registrar", BYSTANDER), office.user("officer", RECEIVER), office.user("secret", SENDER)):
        assert stranger.get(letter).status_code == 404
        assert stranger.get(delivery).status_code == 404
        assert stranger.get(f"{letter}/@movement").status_code == 404
    assert office.city.client().get(letter).status_code == 401


def test_looking_opens_once(office: Office) -> None:  # L14
    _letter, delivery = office.sent()
    receiver = office.user("registrar", RECEIVER)
    first = receiver.post(f"{delivery}/@open", json={}).json()
    again = receiver.post(f"{delivery}/@open", json={}).json()
    assert first["state"] == again["state"] == "opened"
    assert first["opened_at"] == again["opened_at"]


def test_registering_types_nothing_again(office: Office) -> None:  # B7, L15, L16
    letter, delivery = office.sent(title="ส่งรายงานประจำเดือน")
    receiver = office.user("registrar", RECEIVER)
    answer = receiver.post(f"{delivery}/@register", json={}).json()
    assert answer["registered_by"] == f"registrar.{RECEIVER}"
    line = next(one for one in office.book(RECEIVER, book="receive") if one["seq"] == answer["receive_number"])
    sent = office.user("registrar").get(letter).json()
    assert line["letter_number"] == sent["number"]
    assert line["letter_date"] == sent["letter_date"]
    assert (line["from"], line["subject"]) == ("สำนักงานเขตดุสิต", "ส่งรายงานประจำเดือน")
    item = receiver.get(delivery).json()
    assert (item["state"], item["receive_number"]) == ("registered", answer["receive_number"])
    assert item["opened_at"]


def test_each_registering_unit_has_its_own_number(office: Office) -> None:  # E19, domain 1.3 rule 8
    letter = office.draft()
    deliveries = office.dispatch(letter, RECEIVER, BYSTANDER)["deliveries"]
    answers = [
        office.user("registrar", one["unit"]).post(f"{one['@id']}/@register", json={}).json()["receive_number"]
        for one in deliveries
    ]
    assert all(answers)
    shown = office.user("registrar").get(f"{letter}/@deliveries").json()["items"]
    assert [one["receive_number"] for one in shown] == answers


def test_registering_twice_is_refused(office: Office, refused: Any) -> None:  # L16
    _letter, delivery = office.registered()
    refused(office.user("registrar", RECEIVER).post(f"{delivery}/@register", json={}), 409, "AlreadyRegistered")


def test_closing_needs_registering(office: Office, refused: Any) -> None:  # L20, E08
    _letter, delivery = office.sent()
    receiver = office.user("registrar", RECEIVER)
    refused(receiver.post(f"{delivery}/@close", json={"result": "x"}), 409, "NotRegistered")
    receiver.post(f"{delivery}/@register", json={})
    closed = receiver.post(f"{delivery}/@close", json={"result": "ดำเนินการแล้ว", "publish": None})
    assert closed.json()["state"] == "closed"
    refused(receiver.post(f"{delivery}/@close", json={}), 409, "AlreadyClosed")
    number = closed.json()["receive_number"]
    assert next(one for one in office.book(RECEIVER, book="receive") if one["seq"] == number)["action"] == "ดำเนินการแล้ว"


def test_an_assignee_reads_acts_and_closes(office: Office) -> None:  # L13, L34, table of api.md
    letter, delivery = office.registered()
    officer = office.user("officer", RECEIVER)
    assert officer.get(delivery).status_code == 404
    given = office.user("registrar", RECEIVER).post(
        f"{delivery}/@assign", json={"users": [f"officer.{RECEIVER}"], "instruction": "โปรดดำเนินการ", "due_days": 3}
    )
    assert given.json()["assignments"][0]["due_date"] == (date.today() + timedelta(days=3)).isoformat()
    assert officer.get(letter).status_code == 200
    mine = [one for one in officer.get("/@inbox", params={"b_size": 1000}).json()["items"] if one["@id"] == delivery]
    assert mine[0]["assigned"] is True
    assert mine[0]["instruction"] == "โปรดดำเนินการ"
    assert officer.post(f"{delivery}/@register", json={}).status_code == 403
    assert officer.post(f"{delivery}/@close", json={"result": "เสร็จ"}).json()["state"] == "closed"


def test_the_movement_tells_who_when_and_in_what_post(office: Office) -> None:  # L28, L29, B8
    letter, delivery = office.registered()
    office.user("registrar", RECEIVER).post(f"{delivery}/@close", json={"result": "จบ"})
    steps = office.user("registrar").get(f"{letter}/@movement").json()["items"]
    assert [step["what"] for step in steps] == ["created", "dispatched", "registered", "closed"]
    assert steps[1]["to_unit"] == RECEIVER
    assert steps[2]["actor"]["id"] == f"registrar.{RECEIVER}"
    assert all(step["actor"]["post"] for step in steps)
    assert steps[0]["seconds_since_previous"] is None
    assert all(step["seconds_since_previous"] >= 0 for step in steps[1:])
    assert [step["at"] for step in steps] == sorted(step["at"] for step in steps)


def test_a_receiver_learns_the_way_to_them_alone(office: Office) -> None:  # L28, L34
    letter = office.draft()
    third = "district-phaya-thai"
    sent = office.dispatch(letter, RECEIVER, third)["deliveries"]
    mine, theirs = (next(one["@id"] for one in sent if one["unit"] == unit) for unit in (RECEIVER, third))
    for unit, delivery in ((RECEIVER, mine), (third, theirs)):
        assert office.user("registrar", unit).post(f"{delivery}/@register", json={}).status_code == 200
        given = {"users": [f"officer.{unit}"], "instruction": f"ของ {unit} เท่านั้น"}
        assert office.user("registrar", unit).post(f"{delivery}/@assign", json=given).status_code == 200
    for who in ("registrar", "officer"):  # the desk, and the person who was given it
        steps = office.user(who, RECEIVER).get(f"{letter}/@movement").json()["items"]
        assert {step["to_unit"] for step in steps if step["what"] == "dispatched"} == {RECEIVER}
        assert {step["unit"] for step in steps if step["what"] in ("registered", "assigned")} == {RECEIVER}
        assert not [step for step in steps if third in step["note"]]
    whole = office.user("registrar").get(f"{letter}/@movement").json()["items"]
    assert {step["to_unit"] for step in whole if step["what"] == "dispatched"} == {RECEIVER, third}


def test_the_words_of_an_order_stay_in_the_agency(office: Office) -> None:  # L28, L34
    letter, delivery = office.registered()
    clerk, director = office.user("registrar", RECEIVER), office.user("director", RECEIVER)
    given = {"users": [f"officer.{RECEIVER}"], "instruction": "ให้ตรวจงบประมาณก่อน"}
    assert clerk.post(f"{delivery}/@assign", json=given).status_code == 200
    order = {"text": "เห็นควรชะลอไว้ก่อน", "units": [BYSTANDER]}
    assert director.post(f"{delivery}/@order", json=order).status_code == 200
    assert clerk.post(f"{delivery}/@close", json={"result": "แจ้งผลแล้ว"}).status_code == 200

    def notes(user: Any) -> dict[str, str]:
        return {step["what"]: step["note"] for step in user.get(f"{letter}/@movement").json()["items"]}

    words = {"assigned": given["instruction"], "ordered": order["text"], "forwarded": order["text"], "closed": "แจ้งผลแล้ว"}
    assert notes(clerk).items() >= words.items()
    assert notes(office.user("officer", RECEIVER)).items() >= words.items()
    sender, next_ = office.user("registrar"), office.user("registrar", BYSTANDER)
    assert notes(sender).items() >= {**dict.fromkeys(words, ""), "closed": "แจ้งผลแล้ว"}.items()
    assert notes(next_).items() >= {**dict.fromkeys(words, ""), "forwarded": order["text"], "closed": "แจ้งผลแล้ว"}.items()
    for user, pages in ((sender, (letter, f"{letter}/@@movement")), (clerk, (delivery, f"{delivery}/@@movement"))):
        for page in pages:
            shown = user.get(page, headers={"Accept": "text/html"}).text
            assert (given["instruction"] in shown, order["text"] in shown) == ((user is clerk,) * 2), page


def test_all_agencies_leaves_out_the_sender_and_the_closed(office: Office) -> None:  # E20, B12
    letter = office.draft()
    answer = office.user("registrar").post(f"{letter}/@dispatch", json={"recipients": "all-agencies"}).json()
    units = [one["unit"] for one in answer["deliveries"]]
    assert len(units) == len(set(units)) == 76
    assert SENDER not in units
    assert "permanent-secretary" not in units  # not open for routing


def test_a_letter_from_outside_is_registered_at_once(office: Office) -> None:  # api.md @receive
    registrar = office.user("registrar")
    data = {"title": "ขอทราบข้อมูล", "sender": "กระทรวงมหาดไทย", "sender_number": "มท 0201.2/ว 3993", "letter_date": "2020-12-13"}
    made = registrar.post(f"/agencies/{SENDER}/@receive", json={**data, "via": "post"})
    assert made.status_code == 201
    item = registrar.get(made.json()["delivery"]["@id"]).json()
    assert item["state"] == "registered"
    assert item["receive_number"] == made.json()["entry"]["seq"]
    assert item["letter"]["sender"] == "กระทรวงมหาดไทย"
    assert registrar.get(made.json()["letter"]["@id"]).json()["via"] == "post"


def test_the_same_letter_again_keeps_its_number(office: Office) -> None:  # E01, E03
    registrar = office.user("registrar")
    data = {"title": "เรื่องเดิม", "sender": "สำนักงาน ก.พ.", "sender_number": "นร 1001/ว41", "letter_date": "2021-04-09"}
    first = registrar.post(f"/agencies/{SENDER}/@receive", json=data).json()
    again = registrar.post(f"/agencies/{SENDER}/@receive", json={**data, "sender_number": "นร ๑๐๐๑/ว ๔๑"})
    assert again.status_code == 200
    assert again.json()["entry"] == first["entry"]
    assert again.json()["duplicate_of"] == first["delivery"]["@id"]
    other_day = registrar.post(f"/agencies/{SENDER}/@receive", json={**data, "letter_date": "2022-04-09"})
    assert other_day.status_code == 201
    events = registrar.get(f"{first['letter']['@id']}/@movement").json()["items"]
    assert [step["what"] for step in events][-3:] == ["received", "registered", "received"]
    seq = first["entry"]["seq"]
    line = office.book(SENDER, book="receive", from_seq=seq, to_seq=seq)
    assert [one["events"] for one in line] == [2]
    page = registrar.get("/registers", params={"book": "receive", "goto": seq}, headers={"Accept": "text/html"}).text
    assert "รับ 2 ครั้ง" in page


def test_the_same_idempotency_key_gets_the_same_answer(office: Office, refused: Any) -> None:  # E18
    registrar = office.user("registrar")
    letter = office.draft()
    key = {"Idempotency-Key": f"dispatch {letter}"}
    first = registrar.post(f"{letter}/@dispatch", json={"recipients": [RECEIVER]}, headers=key)
    again = registrar.post(f"{letter}/@dispatch", json={"recipients": [RECEIVER]}, headers=key)
    assert (first.status_code, first.json()) == (again.status_code, again.json())
    other = registrar.post(f"{letter}/@dispatch", json={"recipients": [BYSTANDER]}, headers=key)
    refused(other, 409, "IdempotencyKeyReused")


def test_a_desk_lists_filters_and_batches(office: Office) -> None:  # L19, L26, L27
    for urgency in ("normal", "most-urgent"):
        office.sent(urgency=urgency)
    desk = office.user("registrar", RECEIVER)
    address = f"/agencies/{RECEIVER}/@deliveries"
    urgent = desk.get(address, params={"urgency": "most-urgent", "state": "sent", "b_size": 1}).json()
    assert urgent["items_total"] >= 1
    assert urgent["items"][0]["letter"]["urgency"] == "most-urgent"
    page = desk.get(address, params={"b_size": 1, "b_start": 1}).json()
    assert len(page["items"]) == 1
    assert page["batching"]["prev"]
    times = [one["sent_at"] for one in desk.get(address, params={"sort_order": "ascending"}).json()["items"]]
    assert times == sorted(times)


def test_what_was_saved_is_found_in_the_catalog_soon(office: Office) -> None:  # indexing after the commit
    letter = office.draft(title="กรุณาจัดทำดัชนีทันที")
    uid = office.user("registrar").get(letter).json()["UID"]
    found = wait_until(
        lambda: office.user("registrar").get("/@search", params={"UID": uid}).json()["items"], 20, "for the index"
    )
    assert found[0]["@id"] == letter
    assert not office.user("registrar", BYSTANDER).get("/@search", params={"UID": uid}).json()["items"]


def test_a_book_is_in_the_order_of_its_numbers(office: Office) -> None:  # E26: 9 before 10
    registrar = office.user("registrar", BYSTANDER)
    for _number in range(11):
        made = registrar.post(f"/agencies/{BYSTANDER}/@reserve-number", json={"series": "minutes", "purpose": "ทดสอบ"})
        assert made.status_code == 200, made.text
    lines = office.book(BYSTANDER, book="send", series="minutes", from_seq=9, to_seq=11)
    assert [one["seq"] for one in lines] == [9, 10, 11]
    assert {one["state"] for one in lines} == {"reserved"}
    assert office.book(BYSTANDER, book="send", series="minutes", year=2568) == []
