"""The work beside the way of a letter: numbers, secret letters, circulars, posts and units."""

from __future__ import annotations

from tests.conftest import wait_until
from tests.contract.people import (
    ADMIN,
    ALONE,
    AUDITOR,
    DIRECTOR,
    HERE,
    OTHER,
    RECEIVER,
    REGISTRAR,
    REGISTRAR_THERE,
    SECRET,
    SENDER,
    fresh,
)
from tests.contract.recording import SITE, Recorder


def whole(record: Recorder) -> None:
    """Everything, in an order in which it could happen."""
    numbers(record)
    asked_for(record)
    prints(record)
    series(record)
    secrets(record)
    circulars(record)
    organisation(record)
    audit(record)


def numbers(record: Recorder) -> None:
    made = record(
        REGISTRAR,
        "POST",
        f"{HERE}/@reserve-number",
        {"series": "order", "purpose": "คำสั่งแต่งตั้งคณะทำงาน"},
        about="A number before its document (จองเลข).",
    )
    record(
        f"officer.{SENDER}",
        "POST",
        f"{HERE}/@reserve-number",
        {"series": "order", "purpose": "x"},
        about="Numbers are the registrar's to give.",
    )
    seq = made.json()["entry"]["seq"]
    record(
        REGISTRAR,
        "POST",
        f"{HERE}/@cancel-number",
        {"reservation": made.json()["reservation"], "reason": "ไม่ใช้"},
        about="The number is not used, and never used again.",
    )
    book = f"{HERE}/@register-book?book=send&series=order&from_seq={seq}&to_seq={seq}"
    record(REGISTRAR, "GET", book, about="Lines of a register book.")
    record(REGISTRAR, "GET", f"{book}&format=csv", about="As a file for a spreadsheet.")
    record(f"officer.{SENDER}", "GET", f"{HERE}/@register-book?book=send", about="Another unit's book.")


def asked_for(record: Recorder) -> None:
    shown = {"units": [{"unit": "สำนักงานเขตดุสิต", "issued": 1, "reserved": 0, "cancelled": 1, "total": 2}], **ALONE}
    address = f"{HERE}/@number-report?series=order&b_size=1"
    record(REGISTRAR, "GET", address, about="Which unit asked for which numbers, and for what.", settle={**shown, "items": []})
    record(REGISTRAR, "GET", f"{address}&format=xlsx", about="As a workbook.")


def prints(record: Recorder) -> None:
    book = {"book": "send", "series": "order", "from_seq": 1, "to_seq": 1}
    made = record(
        REGISTRAR, "POST", f"{HERE}/@print-register", book, about="A long book is printed by the worker, not while one waits."
    )
    job = made.json()["@id"]
    wait_until(lambda: record.city.client(REGISTRAR).get(job).json()["state"] == "done", 60, "for the print")
    record(REGISTRAR, "GET", job, about="How far it is.")
    record(REGISTRAR, "GET", f"{job}&download=1", about="The file.")
    record(f"registrar.{OTHER}", "GET", job, about="Somebody else's.")


def series(record: Recorder) -> None:
    there = "/agencies/district-bang-rak"  # whose series no other test adds
    name = f"notice-{fresh(record.city)}"
    record.name(name, "notice")
    data = {
        "id": name,
        "title_th": "ประกาศจัดซื้อจัดจ้าง",
        "title_en": "Procurement notice",
        "pattern": "จ {seq}/{year}",
        "kinds": ["announcement"],
    }
    record(ADMIN, "POST", f"{there}/@add-series", data, about="An agency's own numbers, for kinds of letters of its own.")
    record(
        ADMIN, "POST", f"{there}/@add-series", {**data, "pattern": "จ {year}"}, about="What is wrong is said field by field."
    )
    over = {"id": name, "active": False}
    ended = record(ADMIN, "POST", f"{there}/@change-series", over, about="It gives no more numbers.").json()
    record(
        "registrar.district-bang-rak",
        "GET",
        f"{there}/@series",
        about="Those of the regulation, then the agency's own; here the last of them.",
        settle={"items": [{**ended, "id": "notice"}], "items_total": 14},
    )


def secrets(record: Recorder) -> None:
    data = {"@type": "Letter", "title": "ผลการสอบข้อเท็จจริง", "secrecy": "confidential", "secrecy_reason": "ข้อมูลส่วนบุคคล"}
    letter = record.city.client(SECRET).post(f"{HERE}/letters", json=data).json()["@id"]
    clearance = {"user": f"chief.{SENDER}", "level": "confidential", "order_number": "3/2563", "order_date": "2020-01-05"}
    made = record(
        DIRECTOR, "POST", f"{HERE}/@clearances", clearance, about="The head of the agency clears a person for a level."
    )
    record(SECRET, "GET", f"{HERE}/@clearances?b_size=1", about="Who is cleared, by which order.", settle=ALONE)
    record(
        SECRET,
        "POST",
        f"{letter}/@grant",
        {"user": f"chief.{SENDER}", "reason": "ผู้ตรวจร่าง"},
        about="A named, cleared person may read it.",
    )
    record(
        SECRET, "POST", f"{letter}/@withdraw-grant", {"user": f"chief.{SENDER}", "reason": "ตรวจแล้ว"}, about="And may no more."
    )
    record(
        SECRET,
        "GET",
        f"{HERE}/@secret-letters?state=draft&b_size=1",
        about="Secret letters are in no index: only their readers list them.",
        settle=ALONE,
    )
    record(
        SECRET,
        "POST",
        f"{letter}/@classify",
        {"secrecy": "top-secret", "reason": "x"},
        about="Top secret matters never go through this system.",
    )
    record(SECRET, "POST", f"{letter}/@classify", {"secrecy": "secret", "reason": "มีผลต่อคดี"}, about="Another level.")
    record(DIRECTOR, "POST", f"{HERE}/@end-clearance", {"id": made.json()["id"]}, about="A clearance ends.")
    record.city.client(SECRET).delete(letter)


def circulars(record: Recorder) -> None:
    data = {"@type": "Circular", "title": "แนวทางการใช้ระบบสารบรรณอิเล็กทรอนิกส์", "body": "ขอให้ทุกหน่วยงานถือปฏิบัติ"}
    made = record(
        REGISTRAR, "POST", f"{HERE}/circulars", data, about="A circular (หนังสือเวียน). Files and the verbs are a letter's."
    )
    circular = made.json()["@id"]
    record.city.client(REGISTRAR).post(f"{circular}/@dispatch", json={"recipients": [RECEIVER]})
    record.name(record.city.client(REGISTRAR).get(circular).json()["number"], "กท 9028/ว 1")
    record(
        REGISTRAR_THERE,
        "GET",
        f"/@circulars?issuer={SENDER}&b_size=1",
        about="What came to the person's agencies, what is not read first.",
        settle={**ALONE, "unread": 1},
    )
    record(REGISTRAR_THERE, "POST", f"{circular}/@open", {}, about="The person has read it.")
    record(REGISTRAR_THERE, "POST", f"{circular}/@acknowledge", {}, about="The person knows it (รับทราบ).")
    record(REGISTRAR, "POST", f"{circular}/@acknowledge", {}, about="Who sent it has nothing to acknowledge.")
    record(REGISTRAR, "GET", f"{circular}/@readers", about="Who got it, opened it, registered it, knows it.")


def organisation(record: Recorder) -> None:
    name = "newcomer.record"
    record.city.client(ADMIN).post(
        "/@users", json={"username": name, "email": "newcomer@bangkok.example", "password": "Example-4711-word"}
    )
    post = {
        "person": name,
        "unit": f"{OTHER}.general",
        "function": "officer",
        "post_th": "เจ้าพนักงานธุรการ",
        "order_number": "12/2563",
    }
    there = f"/agencies/{OTHER}"
    made = record(ADMIN, "POST", f"{there}/@appointments", post, about="A person holds a post.")
    record(REGISTRAR, "POST", f"{HERE}/@appointments", post, about="Not everybody's to give.")
    move = {
        "appointment": made.json()["id"],
        "unit": f"{OTHER}.registration",
        "function": "officer",
        "post_th": "เจ้าพนักงานปกครอง",
    }
    moved = record(ADMIN, "POST", f"{there}/@move", move, about="To another unit: the old one is lost the same day.")
    record(ADMIN, "POST", f"{there}/@end-appointment", {"appointment": moved.json()["id"]}, about="And the end of it.")
    record(ADMIN, "GET", f"{there}/@appointments?b_size=1", about="Who holds which post today.", settle=ALONE)
    new = f"{OTHER}.records-{fresh(record.city)}"
    record.name(new, f"{OTHER}.records")
    unit = {"id": new, "name_th": "งานเวชระเบียน", "name_en": "Records", "parent": OTHER, "kind": "section"}
    record(ADMIN, "POST", f"{there}/@import-units", {"items": [unit]}, about="Units from a table: all of them or none.")


def audit(record: Recorder) -> None:
    record(
        AUDITOR,
        "GET",
        f"/@audit?person={REGISTRAR}&act=draft&b_size=1",
        about="The newest first; next leads to the older ones.",
        settle={"next": f"{SITE}/@audit?person={REGISTRAR}&act=draft&b_size=1&before=1"},
    )
    record(ADMIN, "GET", "/@audit", about="The auditor reads the trail, and nobody else does.")
