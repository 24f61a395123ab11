"""The forms of the verbs, as a table: which fields a verb asks for, and what carries it out. A new verb is a few lines here."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from saraban import _
from saraban.letters import operations as letter_operations
from saraban.letters.browser.form import HINTS
from saraban.letters.kinds import PUBLICATIONS
from saraban.routing import operations, receiver, sender

MEMO, DATE, DAYS, PERSONS, UNITS, CHOICE, RECEIVERS = "memo", "date", "days", "persons", "units", "choice", "receivers"

ORDER_PHRASES = (
    "เห็นชอบ ดำเนินการตามเสนอ",
    "ทราบ",
    "อนุมัติ",
    "เพื่อโปรดพิจารณาดำเนินการในส่วนที่เกี่ยวข้อง",
    "แจ้งเวียนเพื่อทราบและถือปฏิบัติ",
    "ตรวจสอบข้อเท็จจริงแล้วรายงาน",
)
ASSIGN_PHRASES = (
    "เพื่อโปรดดำเนินการ",
    "เพื่อโปรดทราบ",
    "โปรดตรวจสอบและเสนอความเห็น",
    "โปรดร่างหนังสือตอบ",
    "รวบรวมข้อมูลแล้วรายงาน",
)
CLOSE_PHRASES = ("ดำเนินการเรียบร้อยแล้ว", "แจ้งผู้เกี่ยวข้องทราบแล้ว", "ตอบหนังสือแล้ว", "ทราบ เก็บเข้าแฟ้ม")
DEFECT_PHRASES = ("เอกสารแนบไม่ครบถ้วน", "ไฟล์แนบเปิดไม่ได้", "สำเนาไม่ชัดเจน", "ได้แจ้งผู้ส่งแล้ว")
RETURN_PHRASES = ("ส่งผิดหน่วยงาน", "เอกสารแนบไม่ครบถ้วน", "โปรดตรวจสอบชื่อผู้รับ")
"""What goes into a letter's own record is written in Thai, whatever language the page is in."""


@dataclass(frozen=True)
class Field:
    """One field of a verb's form."""

    name: str
    kind: str
    title: str
    required: bool = False
    hint: str = ""
    phrases: tuple[str, ...] = ()
    choices: tuple[tuple[str, str], ...] = ()
    open_only: bool = False
    """Not asked of what is above normal."""


@dataclass(frozen=True)
class Form:
    """What a verb asks for, what it does, and what is said after it."""

    run: Callable[[Any, Mapping[str, Any]], Any]
    said: str
    fields: tuple[Field, ...] = ()
    about: str = ""
    """What will happen, said before."""
    danger: bool = False


def _instruction(title: str, phrases: tuple[str, ...], name: str = "instruction", required: bool = False) -> Field:
    return Field(name, MEMO, title, required, phrases=phrases)


_TO_PERSONS = _("form_persons", default="To")
_DUE = (
    Field("due_date", DATE, _("form_due_date", default="To be completed by"), hint=HINTS["due_date"]),
    Field("due_days", DAYS, _("form_due_days", default="or within (days)")),
)
_REASON = Field("reason", MEMO, _("form_reason", default="Reason"), required=True)

DELIVERY_FORMS: dict[str, Form] = {
    "register": Form(lambda item, _data: operations.register(item), _("said_register", default="Registered.")),
    "register-note": Form(
        operations.register,
        _("said_register", default="Registered."),
        (_instruction(_("form_defect", default="What is missing or wrong"), DEFECT_PHRASES, "note", required=True),),
        about=_(
            "about_register_note", default="The note stands in the register and in the movement, where the sender reads it."
        ),
    ),
    "assign": Form(
        operations.assign,
        _("said_assign", default="Assigned."),
        (
            Field("users", PERSONS, _TO_PERSONS, required=True),
            _instruction(_("form_instruction", default="Instruction"), ASSIGN_PHRASES),
            *_DUE,
        ),
    ),
    "order": Form(
        receiver.order,
        _("said_order", default="The order was given."),
        (
            _instruction(_("form_order", default="Order"), ORDER_PHRASES, "text", required=True),
            Field("units", UNITS, _("form_order_units", default="Pass on to units")),
            Field("users", PERSONS, _("form_order_persons", default="Assign to persons")),
            *_DUE,
        ),
    ),
    "close": Form(
        receiver.close,
        _("said_close", default="The matter is closed."),
        (
            _instruction(_("form_result", default="Result"), CLOSE_PHRASES, "result"),
            Field(
                "publish",
                CHOICE,
                _("form_publish", default="Official Information Act"),
                choices=tuple(PUBLICATIONS.items()),
                open_only=True,
            ),
        ),
        about=_("about_close", default="The result is written in the register. Work that is still open on it ends."),
    ),
    "forward": Form(
        receiver.forward,
        _("said_forward", default="Forwarded."),
        (
            Field("units", UNITS, _("form_forward_units", default="To units"), required=True),
            Field("note", MEMO, _("form_note", default="Note")),
        ),
        about=_("about_forward", default="Each unit registers it in its own book."),
    ),
    "postpone": Form(
        receiver.postpone,
        _("said_postpone", default="Postponed."),
        (
            Field("due_date", DATE, _("form_new_due_date", default="New date"), hint=HINTS["due_date"]),
            Field("due_days", DAYS, _("form_due_days", default="or within (days)")),
            _REASON,
        ),
    ),
    "return": Form(
        receiver.return_to_sender,
        _("said_return", default="Returned to the sender."),
        (Field("note", MEMO, _("form_return_note", default="Note to the sender"), required=True, phrases=RETURN_PHRASES),),
        about=_("about_return", default="The letter goes back to its sender with this note. You can no longer read it then."),
        danger=True,
    ),
    "follow-up": Form(
        lambda item, _data: receiver.follow_up(item, {"on": not item.row.follow_up}),
        _("said_follow_up", default="The follow-up mark was changed."),
    ),
    "reopen": Form(receiver.reopen, _("said_reopen", default="The matter is open again."), (_REASON,)),
}

LETTER_FORMS: dict[str, Form] = {
    "recall": Form(
        sender.recall,
        _("said_recall", default="Recalled from: ${units}."),
        (
            Field("recipients", RECEIVERS, _("form_recall_from", default="From"), required=True),
            Field("reason", MEMO, _("form_reason", default="Reason")),
        ),
        about=_("about_recall", default="Who has registered it already keeps it."),
        danger=True,
    ),
    "send-copy": Form(
        lambda letter, data: sender.send_copy(letter, data.get("recipients") or []),
        _("said_send_copy", default="Sent to further recipients under the same number."),
        (Field("recipients", UNITS, _("form_recipients", default="Recipients"), required=True),),
    ),
    "cancel": Form(
        sender.cancel,
        _("said_cancel", default="No. ${number} is cancelled."),
        (_REASON,),
        about=_(
            "about_cancel",
            default="The number stays in the register as cancelled and is never used again. "
            "Receivers who have not registered the letter lose it.",
        ),
        danger=True,
    ),
    "delete": Form(
        lambda letter, _data: letter_operations.delete(letter),
        _("said_delete", default="The draft is deleted."),
        about=_("about_delete", default="The draft and its files are deleted for good."),
        danger=True,
    ),
}
