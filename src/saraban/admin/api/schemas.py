"""What goes in and out of our services, for the OpenAPI description (`api.md` says it in words)."""

from __future__ import annotations

from typing import Any

from saraban.letters.kinds import KINDS, SECRECIES, STATES, URGENCIES, WAYS

Schema = dict[str, Any]

TEXT: Schema = {"type": "string"}
WHOLE: Schema = {"type": "integer"}
DAY: Schema = {"type": "string", "format": "date"}
MOMENT: Schema = {"type": "string", "format": "date-time"}
SWITCH: Schema = {"type": "boolean"}


def one_of(*names: str) -> Schema:
    """One of the known words."""
    return {"type": "string", "enum": list(names)}


def list_of(items: Schema) -> Schema:
    """A list."""
    return {"type": "array", "items": items}


def fields(required: tuple[str, ...] = (), /, **properties: Schema) -> Schema:
    """An object; names with a trailing underscore stand for words that Python keeps for itself."""
    found: Schema = {"type": "object", "properties": {name.rstrip("_"): schema for name, schema in properties.items()}}
    return {**found, "required": list(required)} if required else found


def ref(name: str) -> Schema:
    """A schema of the components."""
    return {"$ref": f"#/components/schemas/{name}"}


_LETTER: dict[str, Schema] = {
    "kind": one_of(*KINDS),
    "title": TEXT,
    "urgency": one_of(*URGENCIES),
    "urgent_by": MOMENT,
    "secrecy": one_of(*SECRECIES),
    "secrecy_reason": TEXT,
    "category": TEXT,
    "owner_unit": TEXT,
    "person_in_charge": TEXT,
    "salutation": TEXT,
    "to_text": TEXT,
    "body": TEXT,
    "closing": TEXT,
    "signatory": TEXT,
    "contact": TEXT,
    "copies_to": list_of(fields(name=TEXT)),
    "references": list_of(fields(number=TEXT, date=DAY, subject=TEXT, uid=TEXT)),
    "enclosures": list_of(fields(title=TEXT, copies=WHOLE)),
    "due_date": DAY,
}
_WRITTEN = {**_LETTER, "due_days": WHOLE}
_ENTRY = fields(book=one_of("send", "receive"), series=TEXT, unit=TEXT, year=WHOLE, seq=WHOLE)
_SENT = fields(unit=TEXT, state=TEXT)
_TERM: dict[str, Schema] = {"due_date": DAY, "due_days": WHOLE}

COMPONENTS: dict[str, Schema] = {
    "Error": fields(("error",), error=fields(("type", "message"), type=TEXT, message=TEXT, fields={"type": "object"})),
    "Health": fields(
        ("status", "zodb", "ledger", "search", "worker"),
        **{name: one_of("ok", "degraded", "down") for name in ("status", "zodb", "ledger", "search", "worker")},
    ),
    "LetterFields": fields(**_WRITTEN),
    "Letter": fields(**_LETTER, number=TEXT, letter_date=DAY, state=one_of(*STATES), sender=TEXT),
    "Reception": fields(("sender",), **_WRITTEN, sender=TEXT, sender_number=TEXT, letter_date=DAY, via=one_of(*WAYS)),
    "Attachment": fields(
        ("file",),
        title=TEXT,
        file=fields(("data", "filename"), data=TEXT, filename=TEXT, encoding=one_of("base64"), **{"content-type": TEXT}),
    ),
    "Delivery": fields(
        state=one_of("sent", "opened", "registered", "closed", "returned", "recalled"),
        unit=TEXT,
        receive_number=WHOLE,
        receive_year=WHOLE,
        sent_at=MOMENT,
        opened_at=MOMENT,
        registered_at=MOMENT,
        closed_at=MOMENT,
        due_date=DAY,
        follow_up=SWITCH,
        letter=ref("Letter"),
    ),
    "Dispatched": fields(number=TEXT, letter_date=DAY, entry=_ENTRY, deliveries=list_of(_SENT)),
    "Received": fields(letter={"type": "object"}, delivery={"type": "object"}, entry=_ENTRY, duplicate_of=TEXT),
    "Registered": fields(receive_number=WHOLE, receive_year=WHOLE, registered_at=MOMENT, registered_by=TEXT),
    "Reserved": fields(reservation=TEXT, number=TEXT, date=DAY, expires=MOMENT),
}

RECIPIENTS: Schema = {"oneOf": [list_of(TEXT), one_of("all-agencies")]}

BODIES: dict[str, Schema] = {
    "POST ILetters": ref("LetterFields"),
    "PATCH ILetter": ref("LetterFields"),
    "POST ILetter": ref("Attachment"),
    "@dispatch": fields(("recipients",), recipients=RECIPIENTS, via=one_of("system"), reservation=TEXT),
    "@send-copy": fields(("recipients",), recipients=RECIPIENTS),
    "@recall": fields(recipients=list_of(TEXT), reason=TEXT),
    "@cancel": fields(("reason",), reason=TEXT),
    "@receive": ref("Reception"),
    "@return": fields(("note",), note=TEXT),
    "@forward": fields(("units",), units=list_of(TEXT), note=TEXT),
    "@assign": fields(("users",), users=list_of(TEXT), instruction=TEXT, **_TERM),
    "@order": fields(("text",), text=TEXT, units=list_of(TEXT), users=list_of(TEXT)),
    "@postpone": fields(("due_date",), due_date=DAY, reason=TEXT),
    "@follow-up": fields(on=SWITCH),
    "@close": fields(result=TEXT, publish={"enum": [None, "section-7", "section-9"]}),
    "@reserve-number": fields(("series",), series=TEXT, purpose=TEXT),
    "@cancel-number": fields(("reason",), reservation=TEXT, number=TEXT, reason=TEXT),
}
"""What a service takes: by its name, or by method and interface where it has none."""

ANSWERS: dict[str, Schema] = {
    "@health": ref("Health"),
    "POST ILetters": ref("Letter"),
    "GET ILetter": ref("Letter"),
    "PATCH ILetter": ref("Letter"),
    "POST ILetter": ref("Attachment"),
    "GET IDelivery": ref("Delivery"),
    "@dispatch": ref("Dispatched"),
    "@send-copy": ref("Dispatched"),
    "@receive": ref("Received"),
    "@register": ref("Registered"),
    "@reserve-number": ref("Reserved"),
}
"""What a service answers, by the same keys."""

QUERIES: dict[str, dict[str, Schema]] = {
    "@units": {"text": TEXT, "parent": TEXT, "active": SWITCH},
    "@deliveries": {
        "unit": TEXT, "state": TEXT, "urgency": TEXT, "kind": TEXT, "follow_up": SWITCH, "overdue": SWITCH,
        "sort_on": TEXT, "sort_order": TEXT,
    },
    "@register-book": {
        "book": TEXT, "series": TEXT, "unit": TEXT, "year": WHOLE, "from_seq": WHOLE, "to_seq": WHOLE, "format": TEXT,
    },
    "@find": {
        "text": TEXT, "number": TEXT, "receive_number": WHOLE, "kind": TEXT, "category": TEXT, "urgency": TEXT, "secrecy": TEXT,
        "state": TEXT, "from": TEXT, "to": TEXT, "unit": TEXT, "letter_date_from": DAY, "letter_date_to": DAY,
        "receive_date_from": DAY, "receive_date_to": DAY, "year": WHOLE, "op": one_of("and", "or"), "sort_on": TEXT,
        "sort_order": TEXT, "facets": TEXT,
    },
}  # fmt: skip
"""Parameters of a service besides `b_start` and `b_size`."""
BATCHED = ("@units", "@deliveries", "@inbox", "@register-book", "@find")
