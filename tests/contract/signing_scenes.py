"""A draft on its way through those who approve and sign it, told for the reader of `docs/api/`."""

from __future__ import annotations

from tests.contract.people import ALONE, DIRECTOR, HERE, RECEIVER, REGISTRAR, SENDER
from tests.contract.recording import Recorder

OFFICER, CHIEF = f"officer.{SENDER}", f"chief.{SENDER}"


def whole(record: Recorder) -> None:
    """Submitted, approved, sent back; submitted again, signed, dispatched."""
    officer = record.city.client(OFFICER)
    made = officer.post(f"{HERE}/letters", json={"@type": "Letter", "title": "ขออนุมัติจัดซื้อเครื่องสูบน้ำ"})
    letter = made.json()["@id"]
    people = {"approvers": [CHIEF], "signers": [DIRECTOR]}
    wrong = {"signers": [OFFICER]}
    record(OFFICER, "POST", f"{letter}/@submit", wrong, about="Heads sign; what is wrong is said beside each list.")
    record(OFFICER, "POST", f"{letter}/@submit", people, about="A draft goes to who approves it, and then to who signs it.")
    record(OFFICER, "PATCH", letter, {"title": "x"}, about="As long as it waits, and when it is signed, it stays as it is.")
    record(DIRECTOR, "POST", f"{letter}/@sign", {"method": "click"}, about="Each in their turn.")
    waits = f"/@waiting?list=mine&kind={made.json()['kind']}&b_size=1"
    record(CHIEF, "GET", waits, about="What waits for the person, the longest first.", settle=ALONE)
    record(CHIEF, "POST", f"{letter}/@sign", {"method": "click"}, about="An approver approves, a signer signs, by one service.")
    record(DIRECTOR, "POST", f"{letter}/@send-back", {}, about="A note is asked for.")
    note = {"note": "โปรดระบุแหล่งเงิน"}
    record(DIRECTOR, "POST", f"{letter}/@send-back", note, about="A draft again; what was signed is void, and is kept.")
    again = officer.post(f"{letter}/@submit", json={"signers": [DIRECTOR]})
    assert again.status_code == 200, again.text
    image = {"method": "image"}
    record(DIRECTOR, "POST", f"{letter}/@sign", image, about="Other methods are not there yet.")
    record(DIRECTOR, "POST", f"{letter}/@sign", {"method": "click"}, about="After the last one the letter is signed.")
    record(DIRECTOR, "POST", f"{letter}/@sign", {"method": "click"}, about="Once.")
    record(REGISTRAR, "GET", f"{letter}/@signatures", about="Who signed, and whether it is still what they signed.")
    sent = record.city.client(REGISTRAR).post(f"{letter}/@dispatch", json={"recipients": [RECEIVER]})
    assert sent.status_code == 200, sent.text
