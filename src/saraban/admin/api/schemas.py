"""What goes in and out of our services, for the OpenAPI description (`api.md` says it in words)."""

from __future__ import annotations

from saraban.admin.api import signing
from saraban.admin.api.shapes import (
    ADDRESS,
    DAY,
    MOMENT,
    NOTHING,
    SWITCH,
    TEXT,
    WHOLE,
    Schema,
    fields,
    list_of,
    maybe,
    one_of,
    page_of,
    ref,
    whole,
)
from saraban.letters.kinds import ALL_KINDS, KINDS, SECRECIES, STATES, URGENCIES
from saraban.organisation.settings import DUE_DAYS
from saraban.organisation.units import COLUMNS

_LETTER: dict[str, Schema] = {
    "kind": one_of(*KINDS),
    "title": TEXT,
    "urgency": one_of(*URGENCIES),
    "urgent_by": maybe(MOMENT),
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
    "references": list_of(fields(number=TEXT, date=maybe(DAY), subject=TEXT, uid=TEXT)),
    "enclosures": list_of(fields(title=TEXT, copies=WHOLE)),
    "due_date": maybe(DAY),
    "publish": one_of("", "section-7", "section-9"),
}
_WRITTEN = {**_LETTER, "due_days": WHOLE}
_ENTRY = fields(("book", "year", "seq"), book=TEXT, series=TEXT, unit=TEXT, year=WHOLE, seq=WHOLE)
_SENT = fields(("@id", "unit", "state"), **{"@id": ADDRESS}, unit=TEXT, state=TEXT)
_TERM: dict[str, Schema] = {"due_date": DAY, "due_days": WHOLE}
_LINE: dict[str, Schema] = {
    "seq": WHOLE, "number": TEXT, "date": DAY, "letter_number": TEXT, "letter_date": maybe(DAY), "from": TEXT, "to": TEXT,
    "subject": TEXT, "action": TEXT, "remark": TEXT, "state": one_of("issued", "reserved", "cancelled"), "by": TEXT,
    "at": MOMENT,
}  # fmt: skip
_TIMES: dict[str, Schema] = {name: maybe(MOMENT) for name in ("opened_at", "registered_at", "closed_at")}
_SHORT_LETTER: dict[str, Schema] = {
    "@id": maybe(ADDRESS), "title": TEXT, "number": TEXT, "letter_date": maybe(DAY), "kind": one_of(*ALL_KINDS),
    "urgency": one_of(*URGENCIES), "secrecy": one_of(*SECRECIES), "sender": TEXT,
}  # fmt: skip
_POST: dict[str, Schema] = {
    "person": TEXT, "unit": TEXT, "function": TEXT, "post_th": TEXT, "post_en": TEXT, "order_number": TEXT,
    "valid_from": DAY,
}  # fmt: skip
_CLEARED: dict[str, Schema] = {
    "user": TEXT, "level": one_of("confidential", "secret"), "order_number": TEXT, "order_date": DAY, "valid_from": DAY,
    "valid_until": maybe(DAY),
}  # fmt: skip
_SERIES: dict[str, Schema] = {"id": TEXT, "title_th": TEXT, "title_en": TEXT, "pattern": TEXT, "kinds": list_of(TEXT)}
BOOK: dict[str, Schema] = {
    "book": TEXT, "series": TEXT, "unit": TEXT, "year": WHOLE, "from_seq": WHOLE, "to_seq": WHOLE,
}  # fmt: skip
_HOLIDAYS = list_of(whole(date=DAY, title=TEXT))
_SETTINGS: dict[str, Schema] = {
    "due_days": one_of(*DUE_DAYS), "holidays": _HOLIDAYS, "categories": list_of(TEXT), "ways": list_of(TEXT),
}  # fmt: skip
_CORRECTED = (
    "title", "salutation", "to_text", "body", "closing", "contact", "references", "enclosures", "copies_to",
)  # fmt: skip
_PERSON = dict.fromkeys(("person", "name", "unit"), TEXT)
_READER = whole(**_PERSON, opened_at=maybe(MOMENT), acknowledged_at=maybe(MOMENT))
_LET_IN = fields(("user", "reason"), user=TEXT, reason=TEXT)
_FILE: dict[str, Schema] = {"filename": TEXT, "content-type": TEXT}
_STEPS = (
    "created", "received", "submitted", "sent-back", "signed", "dispatched", "opened", "registered", "forwarded", "assigned",
    "ordered", "postponed", "followed-up", "closed", "reopened", "returned", "recalled", "classified", "cancelled",
    "corrected", "reminded",
)  # fmt: skip

COMPONENTS: dict[str, Schema] = {
    "Error": fields(("error",), error=fields(("type", "message"), type=TEXT, message=TEXT, fields={"type": "object"})),
    "Health": fields(
        ("status", "zodb", "ledger", "search", "worker"),
        **{name: one_of("ok", "degraded", "down") for name in ("status", "zodb", "ledger", "search", "worker")},
    ),
    "Batching": fields(("@id", "first", "last"), **dict.fromkeys(("@id", "first", "last", "next", "prev"), ADDRESS)),
    "LetterFields": fields(**_WRITTEN),
    "Letter": whole(
        **{**_LETTER, "@id": ADDRESS, "@type": one_of("Letter", "Circular"), "UID": TEXT, "kind": one_of(*ALL_KINDS)},
        number=maybe(TEXT),
        letter_date=maybe(DAY),
        state=one_of(*STATES),
        sender=TEXT,
        version=WHOLE,
        items=list_of(ref("Attachment")),
        items_total=WHOLE,
    ),
    "Reception": fields(("sender",), **_WRITTEN, sender=TEXT, sender_number=TEXT, letter_date=DAY, via=TEXT, note=TEXT),
    "NewAttachment": fields(
        ("file",), title=TEXT, file=fields(("data", "filename"), **_FILE, data=TEXT, encoding=one_of("base64"))
    ),
    "Attachment": whole(
        **{"@id": ADDRESS, "@type": one_of("Attachment")},
        UID=TEXT,
        title=TEXT,
        sha256=TEXT,
        file=whole(**_FILE, size=WHOLE, download=ADDRESS),
    ),
    "Delivery": fields(
        ("@id", "@type", "state", "unit", "receive_number", "receive_year", "sent_at", *_TIMES, "due_date", "follow_up",
         "letter"),
        **{"@id": ADDRESS, "@type": one_of("Delivery")},
        state=one_of("sent", "opened", "registered", "closed", "returned", "recalled"),
        unit=TEXT,
        receive_number=maybe(WHOLE),
        receive_year=maybe(WHOLE),
        sent_at=MOMENT,
        **_TIMES,
        due_date=maybe(DAY),
        urgent_by=maybe(MOMENT),
        follow_up=SWITCH,
        letter=whole(**_SHORT_LETTER),
        assigned=SWITCH,
        instruction=TEXT,
    ),
    "Sent": whole(**{"@id": ADDRESS}, unit=TEXT, state=TEXT, sent_at=MOMENT, **_TIMES, receive_number=maybe(WHOLE)),
    "Assignment": whole(user=TEXT, unit=TEXT, instruction=TEXT, due_date=maybe(DAY), state=one_of("open", "closed")),
    "Step": whole(
        at=MOMENT,
        what=one_of(*_STEPS),
        unit=TEXT,
        to_unit=maybe(TEXT),
        actor=whole(id=TEXT, name=TEXT, post=TEXT),
        note=TEXT,
        seconds_since_previous=maybe(WHOLE),
    ),
    "Dispatched": whole(number=TEXT, letter_date=DAY, entry=_ENTRY, deliveries=list_of(_SENT)),
    "Received": whole(
        letter=whole(**{"@id": ADDRESS}), delivery=whole(**{"@id": ADDRESS}), entry=_ENTRY, duplicate_of=maybe(ADDRESS)
    ),
    "Registered": whole(receive_number=WHOLE, receive_year=WHOLE, registered_at=MOMENT, registered_by=TEXT),
    "Reserved": whole(reservation=TEXT, number=TEXT, date=DAY, expires=DAY, entry=_ENTRY),
    "Cancelled": whole(number=TEXT, state=one_of("cancelled"), entry=_ENTRY),
    "RegisterLine": fields(tuple(_LINE), **_LINE, events=WHOLE, cancelled_by=TEXT, cancelled_at=MOMENT),
    "Unit": whole(
        id=TEXT, agency=TEXT, agency_title=TEXT, parent=TEXT, title=TEXT, title_en=TEXT, abbreviation=TEXT, letter_code=TEXT,
        kind=TEXT, active=SWITCH, valid_until=maybe(DAY), successor=maybe(TEXT),
    ),
    "Appointment": whole(**_POST, id=WHOLE, name=TEXT, agency=TEXT, capacity=TEXT, acting_for=TEXT, valid_until=maybe(DAY)),
    "Clearance": whole(**_CLEARED, id=WHOLE, given_by=TEXT, given_at=MOMENT),
    "Grant": whole(user=TEXT, unit=TEXT, given_by=TEXT, given_at=MOMENT, withdrawn_at=maybe(MOMENT)),
    "Series": fields(
        ("id", "title", "pattern", "kinds", "active", "added"), **_SERIES, title=TEXT, active=SWITCH, added=SWITCH
    ),
    "ReceivedCircular": whole(
        **{"@id": ADDRESS, "@type": TEXT},
        **dict.fromkeys(("title", "number", "issuer", "urgency", "secrecy"), TEXT),
        letter_date=maybe(DAY),
        sent_at=MOMENT,
        **dict.fromkeys(("read", "acknowledged"), SWITCH),
    ),
    "Reader": fields(
        ("unit", "sent_at", "opened_at", "registered_at", "acknowledged_at"),
        unit=TEXT,
        state=TEXT,
        sent_at=MOMENT,
        **{name: maybe(MOMENT) for name in ("opened_at", "registered_at", "acknowledged_at")},
        staff=WHOLE,
        persons=list_of(_READER),
        waiting=list_of(whole(**_PERSON)),
        earlier=list_of(_READER),
    ),
    "Found": fields(
        ("@id", "@type", "title", "number", "letter_date", "receive_number", "receive_date", "kind", "urgency", "secrecy",
         "state", "sender", "highlight"),
        **{**_SHORT_LETTER, "@id": ADDRESS, "@type": TEXT, "number": maybe(TEXT)},
        receive_number=maybe(WHOLE),
        receive_date=maybe(DAY),
        state=TEXT,
        highlight=TEXT,
    ),
    "Settings": fields(("@id", "holidays"), **_SETTINGS, **{"@id": ADDRESS}, city_holidays=_HOLIDAYS),
    "Notice": fields(
        ("id", "kind", "at", "read_at", "unit", "secrecy", "delivery"),
        id=WHOLE,
        kind=TEXT,
        at=MOMENT,
        read_at=maybe(MOMENT),
        unit=TEXT,
        secrecy=one_of(*SECRECIES),
        delivery={"oneOf": [ref("Delivery"), {"type": "null"}]},
        letter={"oneOf": [whole(**signing.ABOUT), {"type": "null"}]},
    ),
    "Version": fields(
        ("version", "ended_at", "actor", "reason", "items"),
        **{name: _LETTER[name] for name in _CORRECTED},
        version=WHOLE,
        ended_at=MOMENT,
        actor=whole(id=TEXT, name=TEXT, post=TEXT),
        reason=TEXT,
        items=list_of(ref("Attachment")),
    ),
    "Facet": whole(value=TEXT, title=TEXT, count=WHOLE),
    "Synonym": whole(**{"@id": ADDRESS}, id=WHOLE, words=list_of(TEXT)),
    "SavedSearch": whole(**{"@id": ADDRESS}, id=WHOLE, name=TEXT, query=TEXT, address=ADDRESS, created=MOMENT),
    "Export": fields(
        ("@id", "state", "query", "file"),
        **{"@id": ADDRESS},
        state=one_of("waiting", "working", "done", "failed"),
        query=TEXT,
        **dict.fromkeys(("written", "total", "found", "size"), WHOLE),
        asked_at=MOMENT,
        done_at=maybe(MOMENT),
        kept_until=MOMENT,
        file=maybe(ADDRESS),
    ),
}  # fmt: skip

RECIPIENTS: Schema = {"oneOf": [list_of(TEXT), one_of("all-agencies")]}
_DELIVERY = ref("Delivery")
_MADE: dict[str, Schema] = {"deliveries": list_of(_SENT), "assignments": list_of(ref("Assignment"))}

BODIES: dict[str, Schema] = {
    "POST ILetters": ref("LetterFields"),
    "POST ICirculars": ref("LetterFields"),
    "PATCH ILetter": ref("LetterFields"),
    "POST ILetter": ref("NewAttachment"),
    "PATCH IAttachment": ref("NewAttachment"),
    "@dispatch": fields(("recipients",), recipients=RECIPIENTS, via=one_of("system"), reservation=TEXT, series=TEXT),
    "@send-copy": fields(("recipients",), recipients=RECIPIENTS),
    "@recall": fields(recipients=list_of(TEXT), reason=TEXT),
    "@cancel": fields(("reason",), reason=TEXT),
    **signing.BODIES,
    "@classify": fields(("secrecy", "reason"), secrecy=one_of(*SECRECIES), reason=TEXT),
    "@grant": _LET_IN,
    "@withdraw-grant": _LET_IN,
    "@receive": ref("Reception"),
    "@open": NOTHING,
    "@register": fields(note=TEXT),
    "@acknowledge": NOTHING,
    "@remind": fields(to=one_of("units", "persons")),
    "@correct": fields(
        ("reason",),
        reason=TEXT,
        **{name: _LETTER[name] for name in _CORRECTED},
        files=list_of(fields(("data", "filename"), **_FILE, data=TEXT, encoding=one_of("base64"))),
        remove=list_of(TEXT),
    ),
    "@settings": fields(**_SETTINGS),
    "@phrases": fields(("items",), items=list_of(TEXT)),
    "@notices": fields(("seen",), seen={"oneOf": [list_of(WHOLE), one_of("all")]}),
    "@return": fields(("note",), note=TEXT),
    "@forward": fields(("units",), units=list_of(TEXT), note=TEXT),
    "@assign": fields(("users",), users=list_of(TEXT), instruction=TEXT, **_TERM),
    "@order": fields(("text",), text=TEXT, units=list_of(TEXT), users=list_of(TEXT), **_TERM),
    "@postpone": fields(("reason",), reason=TEXT, **_TERM),
    "@follow-up": fields(on=SWITCH),
    "@close": fields(result=TEXT, publish={"enum": [None, "section-7", "section-9"]}),
    "@reopen": fields(("reason",), reason=TEXT),
    "@print-register": fields(
        ("book",), book=TEXT, unit=TEXT, year=WHOLE, series=TEXT, from_seq=WHOLE, to_seq=WHOLE, digits=TEXT
    ),
    "@reserve-number": fields(("series",), series=TEXT, purpose=TEXT),
    "@cancel-number": fields(("reason",), reservation=TEXT, number=TEXT, reason=TEXT),
    "@add-series": fields(("id", "title_th", "pattern"), **_SERIES),
    "@change-series": fields(("id",), **_SERIES, active=SWITCH),
    "@appointments": fields(
        ("person", "unit", "function", "post_th"), **_POST, capacity=TEXT, acting_for=TEXT, valid_until=DAY
    ),
    "@move": fields(("appointment", "unit", "function", "post_th"), appointment=WHOLE, **_POST),
    "@end-appointment": fields(("appointment",), appointment=WHOLE, last_day=DAY),
    "@clearances": fields(("user", "level", "order_number", "order_date"), **_CLEARED),
    "@end-clearance": fields(("id",), id=WHOLE),
    "@synonyms": fields(("words",), words=list_of(TEXT)),
    "@saved-searches": fields(("name", "query"), name=TEXT, query=TEXT),
    "@exports": fields(("query",), query=TEXT),
    "@import-units": fields(("items",), items=list_of(fields(("id", "name_th"), **dict.fromkeys(COLUMNS, TEXT)))),
}
"""What a service takes, by `METHOD @name Interface`, `METHOD @name`, `@name`; where it has no name, by `METHOD Interface`."""

_VOLUME = dict.fromkeys(("received", "registered", "closed", "open", "late", "sent"), WHOLE)
_REGISTERED = dict.fromkeys(("median_to_registered", "p90_to_registered"), maybe(WHOLE))
_BACKLOG = whole(open=WHOLE, overdue=WHOLE, by_age=list_of(WHOLE))
_TIMES = list_of(whole(step=TEXT, count=WHOLE, median=WHOLE, p90=WHOLE))
_REPORT = whole(
    **{"@id": ADDRESS, "from": DAY, "until": DAY}, as_of=MOMENT, total=whole(**_VOLUME), times=_TIMES, backlog=_BACKLOG,
    months=list_of(whole(month=TEXT, **_VOLUME, **_REGISTERED)),
    units=list_of(whole(unit=TEXT, **_VOLUME, backlog=_BACKLOG, times=_TIMES)),
)  # fmt: skip

ANSWERS: dict[str, Schema] = {
    "@health": ref("Health"),
    "@openapi": fields(("openapi", "info", "paths"), openapi=TEXT, info={"type": "object"}, paths={"type": "object"}),
    "@units": page_of(ref("Unit")),
    **dict.fromkeys(("@inbox", "@sent"), page_of(_DELIVERY)),
    "@dashboard": whole(
        **{"@id": ADDRESS},
        items=list_of(whole(name=TEXT, title=TEXT, function=TEXT, count=WHOLE, list=ADDRESS)),
        kinds=list_of(whole(kind=TEXT, **dict.fromkeys(("to_register", "in_progress", "to_sign", "signed"), WHOLE))),
    ),
    "@find": page_of(
        ref("Found"),
        facets={"type": "object", "additionalProperties": list_of(ref("Facet"))},
        engine=one_of("solr", "catalog"),
    ),
    "@search": page_of(whole(**{"@id": ADDRESS, "@type": TEXT}, title=TEXT)),
    "@suggest": fields(
        ("items",), items=list_of(fields(("type", "title"), type=one_of("letter", "unit", "person"), title=TEXT))
    ),
    "GET @synonyms": page_of(ref("Synonym")),
    **dict.fromkeys(("POST @synonyms", "PATCH @synonyms"), ref("Synonym")),
    "GET @saved-searches": page_of(ref("SavedSearch")),
    "POST @saved-searches": ref("SavedSearch"),
    "GET @exports": page_of(ref("Export")),
    "POST @exports": ref("Export"),
    "POST ILetters": ref("Letter"),
    "POST ICirculars": ref("Letter"),
    "GET ILetter": ref("Letter"),
    "PATCH ILetter": ref("Letter"),
    "POST ILetter": ref("Attachment"),
    "GET IAttachment": ref("Attachment"),
    "PATCH IAttachment": ref("Attachment"),
    "@secret-letters": page_of(ref("Letter")),
    "@dispatch": ref("Dispatched"),
    "@send-copy": ref("Dispatched"),
    "@recall": whole(recalled=list_of(TEXT), refused=list_of(whole(unit=TEXT, reason=TEXT))),
    "@cancel": ref("Cancelled"),
    **signing.ANSWERS,
    "@classify": whole(**{"@id": ADDRESS}, secrecy=one_of(*SECRECIES), unkept=list_of(TEXT)),
    "@grant": ref("Grant"),
    "@withdraw-grant": ref("Grant"),
    "@movement": fields(("items", "items_total"), items=list_of(ref("Step")), items_total=WHOLE, unkept=list_of(TEXT)),
    "GET @deliveries ILetter": page_of(ref("Sent")),
    "GET @deliveries IAgency": page_of(_DELIVERY),
    "@receive": ref("Received"),
    "GET IDelivery": _DELIVERY,
    "POST @open IDelivery": _DELIVERY,
    "@register": ref("Registered"),
    "@forward": whole(deliveries=_MADE["deliveries"]),
    "@assign": whole(assignments=_MADE["assignments"]),
    "@order": whole(**_MADE),
    **dict.fromkeys(("@return", "@postpone", "@follow-up", "@close", "@reopen"), _DELIVERY),
    "@remind": whole(reminded=WHOLE),
    "@correct": ref("Letter"),
    "@versions": fields(("items", "items_total"), items=list_of(ref("Version")), items_total=WHOLE),
    "@settings": ref("Settings"),
    "@phrases": fields(("items", "items_total"), items=list_of(TEXT), items_total=WHOLE),
    "@audit": fields(
        ("@id", "items", "next"),
        **{"@id": ADDRESS},
        items=list_of(
            whole(
                id=WHOLE,
                at=MOMENT,
                actor=whole(id=TEXT, post=TEXT, unit=TEXT),
                act=TEXT,
                uid=TEXT,
                outcome=TEXT,
                address=TEXT,
                detail={"type": "object"},
            )
        ),
        next=maybe(ADDRESS),
    ),
    "GET @notices": page_of(ref("Notice"), unread=WHOLE),
    "POST @notices": whole(seen=WHOLE),
    "@circulars": page_of(ref("ReceivedCircular"), unread=WHOLE),
    "@readers": page_of(ref("Reader")),
    "@register-book": page_of(ref("RegisterLine")),
    "@reports": _REPORT,
    "@print-register": whole(
        **{"@id": ADDRESS}, state=TEXT, lines=WHOLE, lines_total=WHOLE, pages=WHOLE, download=maybe(ADDRESS)
    ),
    "@number-report": page_of(
        whole(**{name: _LINE[name] for name in ("seq", "number", "date", "to", "subject", "state", "by", "at")}, unit=TEXT),
        units=list_of(whole(unit=TEXT, issued=WHOLE, reserved=WHOLE, cancelled=WHOLE, total=WHOLE)),
    ),
    "@reserve-number": ref("Reserved"),
    "@cancel-number": ref("Cancelled"),
    "@series": fields(("items",), items=list_of(ref("Series"))),
    "@add-series": ref("Series"),
    "@change-series": ref("Series"),
    "GET @appointments": page_of(ref("Appointment")),
    "POST @appointments": ref("Appointment"),
    "@move": ref("Appointment"),
    "@end-appointment": ref("Appointment"),
    "GET @clearances": page_of(ref("Clearance")),
    "POST @clearances": ref("Clearance"),
    "@end-clearance": ref("Clearance"),
    "@import-units": whole(added=WHOLE, changed=WHOLE),
}
"""What a service answers, by the same keys. One that is not here answers 204, without a body."""
