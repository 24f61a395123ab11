"""The kinds of letters (`domain.md` 1.1, regulation clauses 10-27) and the words that describe a letter.

Each kind says which fields its form shows, in the form's order, and how its number is written.
"""

from __future__ import annotations

from dataclasses import dataclass

from saraban import _
from saraban.thai.numbers import Pattern

ADDRESSED = ("salutation", "to_text")
RELATED = ("references", "enclosures")
SIGNED = ("signatory",)
_CODE = Pattern("{code}/{seq}")  # กท 0403/41
_YEAR = Pattern("{seq}/{year}")  # 2786/2561
_CIRCULAR = Pattern("{code}/ว {seq}")  # กท 0403/ว 41


@dataclass(frozen=True)
class Kind:
    """A kind of letter: its name in the API, its title, the fields of its form, its number series."""

    name: str
    title: str
    fields: tuple[str, ...]
    number_pattern: Pattern
    """How the numbers of its series are written."""
    titled: bool = True

    @property
    def series(self) -> str:
        """Each kind counts in a series of its own name, in each unit."""
        return self.name


_PAPER = (*ADDRESSED, *RELATED, "body", "closing", *SIGNED, "contact", "copies_to")

KINDS: dict[str, Kind] = {
    kind.name: kind
    for kind in (
        Kind("external", _("kind_external", default="External letter"), _PAPER, _CODE),
        Kind("internal", _("kind_internal", default="Memo"), (*ADDRESSED, *RELATED, "body", *SIGNED, "contact"), _CODE),
        Kind(
            "stamped",
            _("kind_stamped", default="Stamped letter"),
            ("to_text", *RELATED, "body", "contact"),
            _CODE,
            titled=False,
        ),
        Kind("order", _("kind_order", default="Order"), ("body", *SIGNED), _YEAR),
        Kind("rule", _("kind_rule", default="Rule"), ("body", *SIGNED), _YEAR),
        Kind("bylaw", _("kind_bylaw", default="By-law"), ("body", *SIGNED), _YEAR),
        Kind("announcement", _("kind_announcement", default="Announcement"), ("body", *SIGNED), _YEAR),
        Kind("communique", _("kind_communique", default="Communiqué"), ("body",), _YEAR),
        Kind("news", _("kind_news", default="News"), ("body",), _YEAR),
        Kind("certificate", _("kind_certificate", default="Certificate"), ("body", *SIGNED), _YEAR),
        Kind("minutes", _("kind_minutes", default="Minutes of a meeting"), ("body", *SIGNED), _YEAR),
        Kind("note", _("kind_note", default="Note"), ("to_text", "body", *SIGNED), _CODE),
        Kind("other", _("kind_other", default="Other document"), ("to_text", "body", *RELATED), _CODE),
    )
}

CIRCULAR = Kind("circular", _("kind_circular", default="Circular"), _PAPER, _CIRCULAR)
"""หนังสือเวียน: a type of its own, whose number bears ว (regulation clause 32)."""

ALL_KINDS: dict[str, Kind] = {**KINDS, CIRCULAR.name: CIRCULAR}
"""Every kind that has a number series."""

URGENCIES: dict[str, str] = {
    "normal": _("urgency_normal", default="Normal"),
    "urgent": _("urgency_urgent", default="Urgent"),
    "very-urgent": _("urgency_very_urgent", default="Very urgent"),
    "most-urgent": _("urgency_most_urgent", default="Most urgent"),
}

SECRECIES: dict[str, str] = {
    "normal": _("secrecy_normal", default="Not secret"),
    "confidential": _("secrecy_confidential", default="Confidential"),
    "secret": _("secrecy_secret", default="Secret"),
}

STATES: dict[str, str] = {
    "draft": _("letter_state_draft", default="Draft"),
    "pending": _("letter_state_pending", default="In approval"),
    "signed": _("letter_state_signed", default="Signed"),
    "dispatched": _("letter_state_dispatched", default="Dispatched"),
    "closed": _("letter_state_closed", default="Closed"),
    "cancelled": _("letter_state_cancelled", default="Cancelled"),
}

PUBLICATIONS: dict[str, str] = {
    "": _("publish_none", default="Not published"),
    "section-7": _("publish_section_7", default="Publish in the Government Gazette (section 7)"),
    "section-9": _("publish_section_9", default="Open for inspection (section 9)"),
}
"""What becomes of it under the Official Information Act."""

WAYS: dict[str, str] = {
    "paper": _("via_paper", default="Paper"),
    "email": _("via_email", default="E-mail"),
    "post": _("via_post", default="Post"),
    "messenger": _("via_messenger", default="Messenger"),
}
"""How a letter from outside came (`via` of `@receive`)."""
