"""What falls due, what is told, what is corrected, and what an agency sets for itself."""

from __future__ import annotations

from tests.contract.people import (
    ADMIN,
    DIRECTOR_THERE,
    HERE,
    IN_A_WEEK,
    OFFICER_THERE,
    OTHER,
    RECEIVER,
    REGISTRAR,
    REGISTRAR_THERE,
)
from tests.contract.recording import Recorder

SET = "district-bang-rak"
"""An agency whose settings no other scene reads."""


def whole(record: Recorder) -> None:
    """Everything, in an order in which it could happen."""
    settings(record)
    phrases(record)
    correcting(record)
    reminding(record)


def settings(record: Recorder) -> None:
    own = f"/agencies/{SET}/@settings"
    change = {
        "due_days": "working",
        "holidays": [{"date": IN_A_WEEK, "title": "วันหยุดตามมติคณะรัฐมนตรี"}],
        "categories": ["การเงิน", "บุคคล"],
        "ways": ["สายตรวจ"],
    }
    record(ADMIN, "PATCH", own, change, about="Only what is named changes; a list takes the place of the one before.")
    record(f"registrar.{SET}", "GET", own, about="For the agency's staff.")
    record(f"registrar.{SET}", "PATCH", own, {"ways": []}, about="Not theirs to change.")
    record.city.client(ADMIN).patch(own, json={"due_days": "calendar", "holidays": [], "categories": [], "ways": []})
    day = {"holidays": [{"date": IN_A_WEEK, "title": "วันหยุดพิเศษ"}]}
    record(ADMIN, "PATCH", "/agencies/@settings", day, about="A holiday of the whole city.")
    record(ADMIN, "GET", "/agencies/@settings", about="All that is the city's.")
    record.city.client(ADMIN).patch("/agencies/@settings", json={"holidays": []})


def phrases(record: Recorder) -> None:
    items = {"items": ["เห็นชอบ แจ้งฝ่ายทะเบียนดำเนินการ", "ทราบ"]}
    record(DIRECTOR_THERE, "POST", "/@phrases", items, about="The whole list, in order.")
    record(DIRECTOR_THERE, "GET", "/@phrases", about="The executive's own.")
    record(OFFICER_THERE, "GET", "/@phrases", about="For who gives orders.")


def correcting(record: Recorder) -> None:
    client = record.city.client(REGISTRAR)
    draft = {"@type": "Letter", "kind": "internal", "title": "ขอเชิญประชุมวันศุกร์", "due_date": IN_A_WEEK}
    letter = client.post(f"{HERE}/letters", json=draft).json()["@id"]
    made = client.post(f"{letter}/@dispatch", json={"recipients": [RECEIVER]}).json()
    record.name(made["number"], "กท 9028/15")
    change = {"reason": "วันประชุมผิด", "title": "ขอเชิญประชุมวันจันทร์"}
    shown = ("@id", "number", "title", "version", "items")
    record(REGISTRAR, "POST", f"{letter}/@correct", change, about="A new version, which all who hold it see.", only=shown)
    record(REGISTRAR, "POST", f"{letter}/@correct", {"title": "x"}, about="Never without the reason.")
    record(REGISTRAR_THERE, "GET", f"{letter}/@versions", about="What was sent before, and why it was corrected.")
    told = record(
        REGISTRAR_THERE,
        "GET",
        "/@notices?b_size=1",
        about="The receivers are told.",
        settle={"items_total": 1, "unread": 1, "batching": None},
    )
    record(REGISTRAR_THERE, "POST", "/@notices", {"seen": [told.json()["items"][0]["id"]]}, about="The person has seen it.")


def reminding(record: Recorder) -> None:
    client = record.city.client(REGISTRAR)
    made = client.post(
        f"{HERE}/circulars", json={"@type": "Circular", "title": "แนวทางการประหยัดพลังงาน", "publish": "section-7"}
    )
    circular = made.json()["@id"]
    client.post(f"{circular}/@dispatch", json={"recipients": [RECEIVER, OTHER]})
    record(
        REGISTRAR,
        "POST",
        f"{circular}/@remind",
        {"to": "units"},
        about="The desks of units where nobody has read it.",
        settle={"reminded": 4},
    )
    record(REGISTRAR, "POST", f"{circular}/@remind", {}, about="Nobody twice before they have looked.")
