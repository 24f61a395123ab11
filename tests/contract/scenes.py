"""The way of a letter, told for the reader of `docs/api/`: every service at least once, with what it refuses."""

from __future__ import annotations

import base64

from tests.conftest import wait_until
from tests.contract.people import (
    ALONE,
    DIRECTOR,
    DIRECTOR_THERE,
    HERE,
    IN_A_WEEK,
    OFFICER_THERE,
    OTHER,
    PDF,
    RECEIVER,
    REGISTRAR,
    REGISTRAR_THERE,
    SENDER,
    THERE,
    TUS,
    fresh,
)
from tests.contract.recording import SITE, Recorder


def whole(record: Recorder) -> None:
    """Everything, in an order in which it could happen."""
    site(record)
    letter = drafting(record)
    uploading(record, letter)
    delivery = sending(record, letter)
    receiving(record, letter, delivery)
    from_outside(record)


def site(record: Recorder) -> None:
    record(None, "GET", "/@health", about="Anybody may ask.", settle={"search": "ok", "status": "ok", "worker": "ok"})
    record(
        REGISTRAR,
        "GET",
        "/@openapi",
        about="OpenAPI 3.1; here without its paths and schemas.",
        only=("openapi", "info", "servers"),
    )
    record(REGISTRAR, "GET", "/@units?text=ดุสิต&b_size=1", about="Units by a part of their name, or by their code.")
    record(REGISTRAR, "GET", f"/@units?parent={OTHER}&b_size=1&b_start=2", about="Units right below another, page by page.")
    record(None, "GET", "/@inbox", about="Without a name and a password there is nothing, at no address.")


def drafting(record: Recorder) -> str:
    data = {
        "@type": "Letter",
        "kind": "internal",
        "title": "ขอเชิญประชุมคณะกรรมการสารบรรณ",
        "urgency": "urgent",
        "to_text": "ปลัดกรุงเทพมหานคร",
        "body": "<p>ด้วยสำนักงานเขตดุสิตจะจัดประชุมคณะกรรมการสารบรรณ</p>",
        "enclosures": [{"title": "ระเบียบวาระ", "copies": 1}],
        "due_days": 7,
    }
    made = record(REGISTRAR, "POST", f"{HERE}/letters", data, about="A draft (ร่างหนังสือ).")
    letter = str(made.json()["@id"])
    wrong = {"@type": "Letter", "kind": "external", "title": "", "due_date": "2569-12-31"}
    record(
        REGISTRAR,
        "POST",
        f"{HERE}/letters",
        wrong,
        about="What is wrong is said field by field.",
        headers={"Accept-Language": "th"},
    )
    record(f"registrar.{OTHER}", "POST", f"{HERE}/letters", data, about="In another agency: nothing is there.")
    record(REGISTRAR, "GET", letter, about="The whole letter.")
    record(REGISTRAR, "PATCH", letter, {"salutation": "เรียน", "signatory": DIRECTOR}, about="A draft can be changed.")
    file = {"filename": "ระเบียบวาระ.pdf", "encoding": "base64", "content-type": "application/pdf", "data": PDF}
    made = record(
        REGISTRAR, "POST", letter, {"@type": "Attachment", "title": "ระเบียบวาระ", "file": file}, about="A file comes with it."
    )
    attachment = made.json()["@id"]
    program = {"filename": "วาระ.exe", "encoding": "base64", "data": "TVqQAAMAAAA="}
    record(
        REGISTRAR,
        "POST",
        letter,
        {"@type": "Attachment", "title": "x", "file": program},
        about="Programs are refused, whatever they are called.",
    )
    record(REGISTRAR, "GET", attachment, about="What a file is, and where it is downloaded.")
    record(
        REGISTRAR,
        "PATCH",
        attachment,
        {"title": "ระเบียบวาระการประชุม"},
        about="A file of a draft gets another title, or gives way to another `file`.",
    )
    record(REGISTRAR, "DELETE", attachment, about="A file of a draft can be taken away.")
    spare = record(
        REGISTRAR,
        "POST",
        f"{HERE}/letters",
        {"@type": "Letter", "title": "ร่างที่ไม่ใช้"},
        about="An internal letter needs no more than its subject.",
    )
    record(REGISTRAR, "DELETE", spare.json()["@id"], about="A draft that never had a number is deleted.")
    return letter


def uploading(record: Recorder, letter: str) -> None:
    name, title = (base64.b64encode(word.encode()).decode() for word in ("แผนที่.pdf", "แผนที่"))
    headers = {**TUS, "Upload-Length": "40", "Upload-Metadata": f"filename {name},title {title}"}
    made = record(REGISTRAR, "POST", f"{letter}/@tus-upload", about="A large file is announced …", headers=headers)
    upload, piece = made.headers["Location"], {**TUS, "Content-Type": "application/offset+octet-stream"}
    record(
        REGISTRAR,
        "PATCH",
        upload,
        b"%PDF-1.7\n" + b"%" * 21,
        about="… sent piece by piece …",
        headers={**piece, "Upload-Offset": "0"},
    )
    record(REGISTRAR, "HEAD", upload, about="How much has come; to go on after an interruption.", headers=TUS)
    record(
        REGISTRAR, "PATCH", upload, b"%" * 5, about="A piece that is not the next one.", headers={**piece, "Upload-Offset": "5"}
    )
    record(
        REGISTRAR,
        "PATCH",
        upload,
        b"%" * 10,
        about="… and attached with its last piece.",
        headers={**piece, "Upload-Offset": "30"},
    )


def sending(record: Recorder, letter: str) -> str:
    record(REGISTRAR, "POST", f"{letter}/@dispatch", {"recipients": [SENDER]}, about="Nobody sends to themselves.")
    made = record(
        REGISTRAR,
        "POST",
        f"{letter}/@dispatch",
        {"recipients": [RECEIVER, OTHER]},
        about="The letter gets its number and goes out (ส่ง). The same `Idempotency-Key` gets the same answer again.",
        headers={"Idempotency-Key": f"4f6d-{letter.rpartition('/')[2]}"},
    )
    record(REGISTRAR, "POST", f"{letter}/@dispatch", {"recipients": [RECEIVER]}, about="Once.")
    record(
        REGISTRAR,
        "POST",
        f"{letter}/@send-copy",
        {"recipients": [f"{SENDER}.general"]},
        about="Further receivers under the same number.",
    )
    record(REGISTRAR, "GET", f"{letter}/@deliveries?b_size=1", about="The sender's view: where it went, and how far it is.")
    record(
        REGISTRAR,
        "POST",
        f"{letter}/@recall",
        {"recipients": [OTHER], "reason": "ส่งผิดหน่วยงาน"},
        about="Back from who has not registered it (เรียกคืน).",
    )
    record(
        REGISTRAR,
        "POST",
        f"{letter}/@recall",
        {"recipients": [OTHER], "reason": "ส่งผิดหน่วยงาน"},
        about="There is nothing more to take back.",
    )
    record(REGISTRAR, "PATCH", letter, {"title": "x"}, about="What has been sent stays as it was.")
    record(REGISTRAR, "DELETE", letter, about="Anything numbered is cancelled, never deleted.")
    return str(made.json()["deliveries"][0]["@id"])


def receiving(record: Recorder, letter: str, delivery: str) -> None:
    record(REGISTRAR_THERE, "POST", f"{delivery}/@open", {}, about="The receiver has looked.")
    record(REGISTRAR_THERE, "POST", f"{delivery}/@close", {"result": "x"}, about="Only what was registered can be closed.")
    record(REGISTRAR_THERE, "POST", f"{delivery}/@register", {}, about="Registered (ลงรับ): nothing is typed again.")
    record(REGISTRAR_THERE, "POST", f"{delivery}/@register", {}, about="Once.", headers={"Accept-Language": "th"})
    record(OFFICER_THERE, "POST", f"{delivery}/@register", {}, about="It is not on this person's desk: nothing is there.")
    record(
        REGISTRAR_THERE, "POST", f"{delivery}/@return", {"note": "x"}, about="After registering it is too late to send it back."
    )
    work = {"users": [OFFICER_THERE], "instruction": "โปรดเตรียมข้อมูล", "due_date": IN_A_WEEK}
    record(REGISTRAR_THERE, "POST", f"{delivery}/@assign", work, about="Work is given to persons (มอบหมาย).")
    order = {"text": "ให้เข้าประชุมแทน", "users": [OFFICER_THERE], "units": [f"{RECEIVER}.general"]}
    record(
        DIRECTOR_THERE,
        "POST",
        f"{delivery}/@order",
        order,
        about="An executive's order (สั่งการ): it goes out as work and as a forward.",
    )
    record(REGISTRAR_THERE, "POST", f"{delivery}/@order", order, about="Registrars do not order: they may see, and may not do.")
    record(
        OFFICER_THERE,
        "POST",
        f"{delivery}/@postpone",
        {"due_date": IN_A_WEEK, "reason": "รอข้อมูล"},
        about="A date that cannot be kept, with the reason.",
    )
    record(REGISTRAR_THERE, "POST", f"{delivery}/@follow-up", {"on": True}, about="It is followed up (ติดตาม).")
    record(
        REGISTRAR_THERE,
        "POST",
        f"{delivery}/@forward",
        {"units": [OTHER], "note": "เพื่อทราบ"},
        about="Passed on: a delivery of its own (ส่งต่อ).",
    )
    record(REGISTRAR_THERE, "GET", delivery, about="One item of the desk.")
    desk = f"{THERE}/@deliveries?state=registered&follow_up=true&sort_on=receive_number&sort_order=descending&b_size=1"
    record(REGISTRAR_THERE, "GET", desk, about="The incoming desk.", settle=ALONE)
    record(REGISTRAR_THERE, "GET", f"{THERE}/@deliveries?sort_on=colour", about="What cannot be sorted by.")
    inbox = "/@inbox?state=registered&sort_on=receive_number&sort_order=descending&b_size=1"
    record(OFFICER_THERE, "GET", inbox, about="All desks of the person, and what was given to the person.", settle=ALONE)
    figure = {
        "name": "to-order",
        "title": "Waiting for my order",
        "function": "head",
        "count": 1,
        "list": f"{SITE}/@inbox?assigned=0&state=registered&without_order=1&secret=0",
    }
    kinds = [{"kind": "internal", "to_register": 2, "in_progress": 1, "to_sign": 1, "signed": 0}]
    about = "What waits for the person, each figure with the list that it counts; here one of them."
    record(DIRECTOR_THERE, "GET", "/@dashboard", about=about, settle={"items": [figure], "kinds": kinds})
    settle = {"from": "2025-03-01", "until": "2026-03-01", "backlog": {"open": 9, "overdue": 1, "by_age": [4, 3, 1, 1]}}
    about = "Figures of an agency; here without its months, units and times."
    shown = ("from", "until", "as_of", "backlog")
    record(DIRECTOR_THERE, "GET", f"{THERE}/@reports", about=about, only=shown, settle=settle)
    record(REGISTRAR, "GET", "/@sent?b_size=0", about="What the person's desks sent that is not registered yet.", settle=ALONE)
    record(
        OFFICER_THERE,
        "POST",
        f"{delivery}/@close",
        {"result": "เข้าประชุมแล้ว", "publish": None},
        about="The matter ends here (ปิดเรื่อง).",
    )
    record(REGISTRAR_THERE, "POST", f"{delivery}/@reopen", {"reason": "มีข้อมูลเพิ่มเติม"}, about="Or does not.")
    record(REGISTRAR, "GET", f"{letter}/@movement", about="All that happened, oldest first.")
    record(REGISTRAR, "POST", f"{letter}/@cancel", {}, about="A reason is asked for.")
    record(
        REGISTRAR,
        "POST",
        f"{letter}/@cancel",
        {"reason": "ออกหนังสือซ้ำ"},
        about="The number stays in the register, as cancelled.",
    )
    returned = (
        record.city.client(REGISTRAR).post(f"{HERE}/letters", json={"@type": "Letter", "title": "ส่งผิดหน่วยงาน"}).json()["@id"]
    )
    went = record.city.client(REGISTRAR).post(f"{returned}/@dispatch", json={"recipients": [RECEIVER]}).json()
    record.name(went["number"], "กท 9028/2")
    sent = went["deliveries"][0]["@id"]
    record(REGISTRAR_THERE, "POST", f"{sent}/@return", {}, about="A note is asked for.")
    record(
        REGISTRAR_THERE, "POST", f"{sent}/@return", {"note": "ไม่เกี่ยวข้อง"}, about="Back to the sender before registering (ตีกลับ)."
    )


def from_outside(record: Recorder) -> None:
    city, number = record.city, f"มท 0201.2/{fresh(record.city)}"
    data = {
        "title": "ขอความร่วมมือประชาสัมพันธ์โครงการคลองสวย",
        "sender": "กระทรวงมหาดไทย",
        "sender_number": number,
        "letter_date": "2019-02-03",
        "via": "post",
    }
    record.name(number, "มท 0201.2/3993")
    made = record(REGISTRAR, "POST", f"{HERE}/@receive", data, about="A letter from outside is registered at once.")
    record(REGISTRAR, "POST", f"{HERE}/@receive", data, about="The same one again keeps its number.")
    uid = city.client(REGISTRAR).get(made.json()["letter"]["@id"]).json()["UID"]
    client = city.client(REGISTRAR)
    wait_until(lambda: client.get("/@search", params={"UID": uid}).json()["items_total"], 60, "for the index")
    find = f"/@find?text=คลองสวย&number={number}&from=มหาดไทย&facets=kind"
    wait_until(lambda: client.get(find).json()["items_total"], 60, "for the other index")
    record(REGISTRAR, "GET", find, about="By words and by details.", settle={**ALONE, "@id": f"{SITE}/@find?…"})
    record(REGISTRAR, "GET", "/@find?sort_on=colour", about="What cannot be sorted by.")
    record(
        REGISTRAR,
        "GET",
        f"/@search?SearchableText=คลองสวย&UID={uid}&b_size=1",
        about="plone.restapi's own search finds Thai as well.",
        settle=ALONE,
    )
    record(REGISTRAR, "GET", "/@suggest?text=บางขุนเทียน", about="While one types.")
