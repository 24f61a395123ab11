"""The parameters of our services' queries, for the OpenAPI description."""

from __future__ import annotations

from saraban.admin.api.schemas import BOOK, DAY, SWITCH, TEXT, WHOLE, Schema, one_of
from saraban.letters.kinds import STATES
from saraban.spreadsheets import XLSX

_DESK: dict[str, Schema] = {
    "state": TEXT, "urgency": TEXT, "kind": TEXT, "follow_up": SWITCH, "overdue": SWITCH, "due_soon": SWITCH,
    "without_order": SWITCH, "sort_on": TEXT, "sort_order": TEXT,
}  # fmt: skip

QUERIES: dict[str, dict[str, Schema]] = {
    "@units": {"text": TEXT, "parent": TEXT, "active": SWITCH},
    "GET @deliveries IAgency": {"unit": TEXT, **_DESK},
    "@inbox": {**_DESK, "unit": TEXT, "assigned": SWITCH, "secret": SWITCH},
    "@dashboard": {"unit": TEXT, "secret": SWITCH},
    "@waiting": {"list": one_of("mine", "pending", "signed"), "unit": TEXT, "kind": TEXT, "secret": SWITCH},
    "@sent": {"state": TEXT, "unit": TEXT, "secret": SWITCH},
    "@search": {"SearchableText": TEXT, "portal_type": TEXT, "UID": TEXT},
    "@suggest": {"text": TEXT},
    "@audit": {
        "person": TEXT, "unit": TEXT, "act": TEXT, "uid": TEXT, "refused": SWITCH, "from": DAY, "to": DAY, "before": WHOLE,
        "b_size": WHOLE,
    },
    "@circulars": {"year": WHOLE, "issuer": TEXT},
    "@synonyms": {"text": TEXT},
    "@secret-letters": {"state": one_of(*STATES)},
    "@appointments": {"all": SWITCH},
    "@register-book": {**BOOK, "format": one_of("json", "csv", "xlsx", "pdf")},
    "@print-register": {"job": TEXT, "download": SWITCH},
    "@find": {
        "text": TEXT, "number": TEXT, "receive_number": WHOLE, "kind": TEXT, "category": TEXT, "urgency": TEXT, "secrecy": TEXT,
        "state": TEXT, "from": TEXT, "to": TEXT, "unit": TEXT, "letter_date_from": DAY, "letter_date_to": DAY,
        "receive_date_from": DAY, "receive_date_to": DAY, "year": WHOLE, "op": one_of("and", "or"), "sort_on": TEXT,
        "sort_order": TEXT, "facets": TEXT,
    },
}  # fmt: skip
"""Parameters of a service besides `b_start` and `b_size`."""
FILES = ("text/csv", XLSX, "application/pdf")
"""As what a register book comes besides JSON."""
BATCHED = (
    "@units", "@deliveries", "@inbox", "@sent", "@register-book", "@find", "@search", "@secret-letters", "@readers",
    "@appointments", "@clearances", "@synonyms", "@saved-searches", "@exports", "@notices", "@circulars", "@waiting",
)  # fmt: skip
"""Services that answer page by page."""
PRINTED = ("@index-card", "@receipt", "@stamped")
"""Services that answer with a print."""
