"""The form of a letter: which fields its kind has, what was typed, and what is shown at first."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from datetime import UTC
from html import unescape
from io import BytesIO
from typing import Any, BinaryIO, ClassVar

from saraban import _
from saraban.classification.levels import NORMAL
from saraban.errors import Invalid
from saraban.lazy import cached_property
from saraban.letters import fields
from saraban.letters.browser.addressing import ADDRESSES
from saraban.letters.browser.choices import own_units, signatories
from saraban.letters.browser.layout import Paper, paper_of
from saraban.letters.browser.tables import TABLES, Tables
from saraban.letters.browser.typed import Typed
from saraban.letters.errors import FileTooLarge, TopSecretNotElectronic, UnsupportedFile
from saraban.letters.kinds import ALL_KINDS, CIRCULAR, PUBLICATIONS, SECRECIES, URGENCIES, Kind
from saraban.letters.levels import choices
from saraban.organisation import settings
from saraban.organisation.functions import agency_of
from saraban.page import Page
from saraban.thai import dates

ALWAYS = ("urgency", "secrecy", "secrecy_reason", "owner_unit", "category", "publish")
"""Texts of every kind."""
TEXTS = ("title", *ALWAYS, "salutation", "to_text", "body", "closing", "signatory", "contact")
LABELS: dict[str, str] = {
    "title": _("field_title", default="Subject"),
    "secrecy": _("field_secrecy", default="Level of secrecy"),
    "secrecy_reason": _("field_secrecy_reason", default="Reason for the level"),
    "owner_unit": _("field_owner_unit", default="Owner unit"),
    "salutation": _("field_salutation", default="Salutation"),
    "to_text": _("field_to_text", default="To"),
    "references": _("field_references", default="References"),
    "enclosures": _("field_enclosures", default="Enclosures"),
    "copies_to": _("field_copies_to", default="Copies to"),
    "body": _("field_body", default="Text"),
    "closing": _("field_closing", default="Closing"),
    "signatory": _("field_signatory", default="Signatory"),
    "contact": _("field_phone", default="Telephone"),
    "due_date": _("field_due_date", default="To be completed by"),
    "due_days": _("field_due_days", default="or within days"),
    "urgent_by": _("field_urgent_by", default="Must arrive by"),
    "urgent_by_time": _("field_urgent_by_time", default="at"),
    "category": _("field_category", default="Category"),
    "publish": _("form_publish", default="Official Information Act"),
    "files": _("field_files", default="Files"),
}
HINTS: dict[str, str] = {
    "secrecy": _(
        "hint_secrecy",
        default="Above normal only you and the agency’s registrars of secret information who are cleared for the level see it. "
        "It is in no ordinary register and in no search, and is kept encrypted.",
    ),
    "secrecy_reason": _("hint_secrecy_reason", default="Required for every level above normal; kept with the letter"),
    "to_text": _("hint_to_text", default="The post of the receiver, as it stands on the letter"),
    "body": _("hint_body", default="Each line is a paragraph."),
    "due_date": _("hint_date", default="For example 9 เม.ย. 64 or 9/4/2564"),
    "urgent_by": _("hint_urgent_by", default="Only where it is urgent to a day and hour; without a time it is 16.30"),
    "files": _("hint_files", default="Several at once; PDF, Word, Excel, pictures, up to 100 MB each"),
}
NO_LEVEL = _(
    "error_no_level", default="A reason is given, but no level above normal is chosen. Choose one, or empty the reason."
)


_TAG = re.compile(r"</?([a-z0-9]+)[^<>]*>", re.IGNORECASE)
_BREAK = re.compile(r"</(?:p|div)>|<br\s*/?>", re.IGNORECASE)


def as_lines(body: str) -> str:
    """A text for the editor: HTML of plain paragraphs as lines; what holds more stays HTML, so that nothing is lost."""
    if not fields.is_html(body) or {tag.lower() for tag in _TAG.findall(body)} - {"p", "br", "div"}:
        return body
    lines = unescape(_TAG.sub("", _BREAK.sub("\n", body.replace("\n", " ")))).split("\n")
    return "\n".join(line.strip() for line in lines if line.strip())


def uploads_of(form: Mapping[str, Any], name: str = "files") -> list[tuple[str, BinaryIO, int]]:
    """The files of a form: name, content, size."""
    given = form.get(name) or ()
    found: list[tuple[str, BinaryIO, int]] = []
    for one in given if isinstance(given, list | tuple) else [given]:
        if not getattr(one, "filename", ""):
            continue
        one.seek(0, 2)
        size = one.tell()
        one.seek(0)
        found.append((one.filename, one if size else BytesIO(), size))
    return found


def filled(rows: Iterable[Mapping[str, Any]]) -> list[Mapping[str, Any]]:
    """Rows of a table in which something was written."""
    return [row for row in rows if any(value for name, value in row.items() if name != "copies")]


def refuse_file(refusal: UnsupportedFile | FileTooLarge) -> Invalid:
    """A file's refusal as words beside the field."""
    return Invalid(fields={"files": refusal.message})


class LetterForm(Page):
    """What writing a letter and changing a draft share. `kind` and `first` (what stands there at first) are a subclass's."""

    section: ClassVar[str] = "letters"
    several: ClassVar[tuple[str, ...]] = ("remove",)
    uploads: ClassVar[tuple[str, ...]] = ("files",)
    labels = LABELS
    hints = HINTS
    kind: Kind | None

    @property
    def first(self) -> Mapping[str, Any]:
        """What the form shows before anything was typed."""
        return {}

    # What is shown

    @cached_property
    def tables(self) -> Tables:
        """The grids of the kind."""
        assert self.kind is not None
        return Tables(self.context, self.request, self.kind.fields, {name: self.first.get(name, ()) for name in TABLES})

    def has(self, name: str) -> bool:
        """Whether the kind has the field."""
        if self.kind is None:
            return False
        return name in self.kind.fields or (name == "title" and self.kind.titled)

    def value(self, name: str, default: Any = "") -> Any:
        """What was typed, else what stands there at first."""
        if name in self.request.form:
            typed = self.request.form[name]
            return typed if isinstance(typed, str) else ""
        found = self.first.get(name)
        if name == "due_date" and found:
            return dates.short(found)
        if name in ("urgent_by", "urgent_by_time"):
            moment = self.first.get("urgent_by")
            if moment is None:
                return ""
            return (
                dates.short(moment.replace(tzinfo=UTC))
                if name == "urgent_by"
                else dates.english_time(moment.replace(tzinfo=UTC))
            )
        if name == "body":
            return as_lines(found or "")
        return default if found is None else found

    @cached_property
    def language(self) -> str:
        """`th` or `en`."""
        return "en" if self.request.get("LANGUAGE") == "en" else "th"

    @cached_property
    def units(self) -> list[tuple[str, str]]:
        """The units that the person may write for."""
        return own_units(self.request, self.language)

    @property
    def owner(self) -> str:
        """The owner unit as it stands in the form, where it is one of the person's; else their first."""
        mine = [unit for unit, _title in self.units]
        wanted = self.value("owner_unit")
        return wanted if wanted in mine else next(iter(mine), "")

    @cached_property
    def signers(self) -> list[tuple[str, str]]:
        """Those who may sign, after nobody yet."""
        return [("", _("signatory_open", default="Not decided yet")), *signatories(agency_of(self.owner), self.language)]

    @cached_property
    def categories(self) -> list[tuple[str, str]]:
        """The categories that the agency defined, and the letter's own; none where the field is free."""
        return category_choices(agency_of(self.owner), str(self.first.get("category") or ""))

    @property
    def publications(self) -> list[tuple[str, str]]:
        """Whether a circular is to be published (Official Information Act, sections 7 (4) and 9); of other kinds nothing.

        Nothing either of one that is above normal already.
        """
        secret = (self.first.get("secrecy") or NORMAL) != NORMAL
        return list(PUBLICATIONS.items()) if self.kind is not None and self.kind.name == CIRCULAR.name and not secret else []

    @property
    def urgencies(self) -> list[tuple[str, str]]:
        """ชั้นความเร็ว."""
        return list(URGENCIES.items())

    @cached_property
    def levels(self) -> list[tuple[str, str]]:
        """ชั้นความลับ that the person may give the letter; none where there is nothing to choose."""
        if self.kind is None:
            return []
        found = choices(self.first.get("secrecy") or NORMAL)
        return [(level, SECRECIES[level]) for level in found] if len(found) > 1 or found[0] != NORMAL else []

    @property
    def top_secret(self) -> str:
        """Why the highest level cannot be chosen (E27)."""
        return TopSecretNotElectronic.text

    @property
    def addresses(self) -> Any:
        """Suggested opening and closing words."""
        return ADDRESSES

    def paper(self) -> Paper:
        """The letter as it stands in the form, for the preview; what cannot be read is left out."""
        typed = self.typed()
        try:
            # Only what was cleaned is ever shown as markup.
            body = fields.paragraphs(self.value("body"))
        except ValueError:
            body = ""
        kept = {name: typed.data.get(name) or self.value(name) for name in TEXTS}
        grids = {name: filled(typed.data.get(name) or self.first.get(name, ())) for name in TABLES}
        assert self.kind is not None
        return paper_of({**grids, **kept, "body": body, "owner_unit": self.owner, "kind": self.kind.name})

    # What was typed

    def typed(self) -> Typed:
        """The form, ready for the parser."""
        assert self.kind is not None
        form = self.request.form
        typed = Typed(form)
        typed.texts(*(name for name in TEXTS if self.has(name) or name in ALWAYS))
        if isinstance(typed.data.get("body"), str):
            typed.data["body"] = typed.data["body"].replace("\r\n", "\n")
        if typed.text("secrecy_reason").strip() and typed.data.get("secrecy", NORMAL) == NORMAL:
            typed.errors["secrecy"] = NO_LEVEL
        typed.day("due_date")
        typed.moment("urgent_by")
        typed.whole("due_days")
        if typed.data.get("due_date") and typed.data.get("due_days") is not None:
            typed.errors["due_days"] = fields.BOTH_TERMS
        if self.request.method == "POST":
            data, wrong = self.tables.typed()
            typed.data.update(data)
            typed.errors.update(wrong)
        return typed

    def data(self) -> dict[str, Any]:
        """What the operation takes. Raises Invalid with all that is wrong, said by the form and by the parser at once."""
        assert self.kind is not None
        typed = self.typed()
        data = {"kind": self.kind.name, **typed.data}
        if typed.errors:
            wrong = dict(typed.errors)
            try:
                fields.draft_values({name: value for name, value in data.items() if name not in wrong})
            except Invalid as more:
                wrong = {**more.fields, **wrong}
            raise Invalid(fields=wrong)
        return data


def category_choices(agency: str, present: str = "") -> list[tuple[str, str]]:
    """What a form offers where the agency defined categories, after none; the present one is always among them."""
    found = settings.words(agency, settings.CATEGORY)
    if not found:
        return []
    names = dict.fromkeys((*found, *((present,) if present else ())))
    return [("", _("category_none", default="None")), *((name, name) for name in names)]


def kind_named(name: str, kinds: Mapping[str, Kind] = ALL_KINDS) -> Kind | None:
    """The kind of that name, None for anything else."""
    return kinds.get(name) if isinstance(name, str) else None
