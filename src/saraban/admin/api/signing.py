"""What goes in and out of the services of the chain of approval, for the OpenAPI description."""

from __future__ import annotations

from saraban.admin.api.shapes import (
    ADDRESS,
    MOMENT,
    SWITCH,
    TEXT,
    WHOLE,
    Schema,
    fields,
    list_of,
    maybe,
    one_of,
    page_of,
    whole,
)
from saraban.letters.kinds import ALL_KINDS, SECRECIES, URGENCIES
from saraban.organisation.functions import CAPACITIES

ABOUT: dict[str, Schema] = {
    "@id": ADDRESS, "title": TEXT, "kind": one_of(*ALL_KINDS), "urgency": one_of(*URGENCIES), "secrecy": one_of(*SECRECIES),
}  # fmt: skip
"""A letter that is not sent yet, in a list."""
_PART: dict[str, Schema] = {"user": TEXT, "role": one_of("approver", "signer"), "since": maybe(MOMENT)}
_SIGNATURE: dict[str, Schema] = {
    "method": one_of("click"), "level": maybe(TEXT), "role": _PART["role"], "signer": TEXT, "post": TEXT,
    "capacity": one_of(*CAPACITIES), "at": MOMENT,
}  # fmt: skip
_WORTH = dict.fromkeys(("valid", "covers_whole_document", "trusted"), SWITCH)

BODIES: dict[str, Schema] = {
    "@submit": fields(("signers",), signers=list_of(TEXT), approvers=list_of(TEXT)),
    "@sign": fields(("method",), method=one_of("click"), capacity=one_of(*CAPACITIES)),
    "@send-back": fields(("note",), note=TEXT),
}
ANSWERS: dict[str, Schema] = {
    "@submit": whole(state=one_of("pending"), chain=list_of(whole(**_PART, unit=TEXT, state=one_of("later", "turn", "done")))),
    "@sign": whole(state=one_of("pending", "signed"), signature=whole(**_SIGNATURE)),
    "@send-back": whole(state=one_of("draft")),
    "@signatures": fields(
        ("items", "items_total"), items=list_of(whole(**_SIGNATURE, **_WORTH, problems=list_of(TEXT))), items_total=WHOLE
    ),
    "@waiting": page_of(
        whole(
            **{**ABOUT, "@type": one_of("Letter", "Circular")},
            state=one_of("pending", "signed"),
            owner_unit=TEXT,
            submitted_by=TEXT,
            submitted_at=MOMENT,
            waits_for={"oneOf": [whole(**_PART), {"type": "null"}]},
        )
    ),
}
