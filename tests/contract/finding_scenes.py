"""What helps to find and to keep track: words of the same meaning, kept searches, lists as files, printed slips."""

from __future__ import annotations

from tests.conftest import wait_until
from tests.contract.people import ADMIN, ALONE, HERE, OFFICER_THERE, RECEIVER, REGISTRAR, REGISTRAR_THERE
from tests.contract.recording import Recorder


def whole(record: Recorder) -> None:
    """Everything, in an order in which it could happen."""
    synonyms(record)
    kept(record)
    exports(record)
    slips(record)


def synonyms(record: Recorder) -> None:
    made = record(ADMIN, "POST", "/@synonyms", {"words": ["เขื่อนดิน", "คันดิน"]}, about="Words that mean the same.")
    line = made.json()["@id"]
    record(ADMIN, "PATCH", line, {"words": ["เขื่อนดิน", "คันดิน", "ทำนบดิน"]}, about="One more.")
    record(ADMIN, "GET", "/@synonyms?text=ทำนบดิน", about="The lines in which a word stands.")
    record(REGISTRAR, "POST", "/@synonyms", {"words": ["ก", "ข"]}, about="The site administrator's to change.")
    record(ADMIN, "DELETE", line, about="They mean the same no more.")


def kept(record: Recorder) -> None:
    search = {"name": "หนังสือด่วน", "query": "urgency=urgent&text=ประชุม"}
    made = record(REGISTRAR, "POST", "/@saved-searches", search, about="A search is kept, for oneself.")
    record(REGISTRAR, "GET", "/@saved-searches?b_size=1", about="The person's own.", settle=ALONE)
    record(REGISTRAR, "DELETE", made.json()["@id"], about="It is kept no more.")


def exports(record: Recorder) -> None:
    query = {"query": "kind=external&from=มหาดไทย"}
    made = record(REGISTRAR, "POST", "/@exports", query, about="A list as a workbook, written by the worker.")
    export = made.json()["@id"]
    client = record.city.client(REGISTRAR)
    wait_until(lambda: client.get(export).json()["state"] != "waiting", 60, "for the export")
    record(REGISTRAR, "DELETE", export, about="It is not needed any more.")
    record(OFFICER_THERE, "GET", "/@exports", about="The person's own, newest first.")


def slips(record: Recorder) -> None:
    client = record.city.client(REGISTRAR)
    letter = client.post(f"{HERE}/letters", json={"@type": "Letter", "title": "ส่งสำเนา"}).json()["@id"]
    file = {"filename": "a.txt", "data": "aGVsbG8=", "encoding": "base64"}
    client.post(letter, json={"@type": "Attachment", "title": "a", "file": file})
    sent = client.post(f"{letter}/@dispatch", json={"recipients": [RECEIVER]}).json()["deliveries"][0]["@id"]
    record.city.client(REGISTRAR_THERE).post(f"{sent}/@register", json={})
    for name, about in (
        ("receipt", "A slip for the messenger."),
        ("index-card", "A card."),
        ("stamped", "The letter, stamped."),
    ):
        record(REGISTRAR_THERE, "GET", f"{sent}/@{name}", about=about)
