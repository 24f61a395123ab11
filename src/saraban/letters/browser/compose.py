"""`/compose`: choose the kind, write, see it on the paper of the regulation; and `<letter>/@@edit` for drafts."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from typing import Any

from saraban import _
from saraban.classification.levels import NORMAL
from saraban.errors import Forbidden
from saraban.lazy import cached_property
from saraban.letters import operations
from saraban.letters.browser.addressing import ORDINARY
from saraban.letters.browser.choices import acting_unit, agency_object
from saraban.letters.browser.form import LetterForm, kind_named, refuse_file, uploads_of
from saraban.letters.browser.layout import Paper, form_of, paper_of
from saraban.letters.errors import FileTooLarge, NotADraft, UnsupportedFile
from saraban.letters.files import digest
from saraban.letters.kinds import KINDS, Kind
from saraban.letters.operations import MODIFY, state_of
from saraban.letters.serialize import attachments_of
from saraban.organisation import chart
from saraban.organisation.acting import current_person
from saraban.organisation.allow import may, require
from saraban.organisation.functions import HEAD, agency_of
from saraban.organisation.once import FIELD, new_key, once
from saraban.organisation.posts import holders

DISPATCH = "Saraban: Dispatch letter"

ABOUT: dict[str, str] = {
    "external": _("about_external", default="To an office outside, or formal: Garuda paper, with salutation and closing"),
    "internal": _("about_internal", default="Within the city administration: memo paper, less formal"),
    "stamped": _("about_stamped", default="Unimportant matters: the agency's seal in place of a signature"),
    "order": _("about_order", default="What the head orders, as the law allows"),
    "rule": _("about_rule", default="Standing rules made by authority"),
    "bylaw": _("about_bylaw", default="Provisions made under the authority of a law"),
    "announcement": _("about_announcement", default="What the agency declares or advises"),
    "communique": _("about_communique", default="The agency explains its policy or an event"),
    "news": _("about_news", default="What the agency wants to be known"),
    "certificate": _("about_certificate", default="Certifies something for a person or an office"),
    "minutes": _("about_minutes", default="Opinions and resolutions of a meeting"),
    "note": _("about_note", default="A note to a superior, or between officials"),
    "other": _("about_other", default="Photos, media and other evidence"),
}
"""What a kind is for, in one line (regulation clauses 11-27)."""


class Compose(LetterForm):
    """Writes a new letter."""

    @property
    def title(self) -> str:  # type: ignore[override]
        """What is written."""
        if self.kind is None:
            return _("compose_title", default="Write a letter")
        return _("compose_kind_title", default="Write: ${kind}", mapping={"kind": self.kind.title})

    @cached_property
    def kind(self) -> Kind | None:  # type: ignore[override]
        """The kind that the address names."""
        return kind_named(self.request.form.get("kind", ""), KINDS)

    @property
    def cards(self) -> list[dict[str, str]]:
        """Each kind with a sketch of its form."""
        return [
            {"name": kind.name, "title": kind.title, "about": ABOUT[kind.name], "form": form_of(kind.name)}
            for kind in KINDS.values()
        ]

    @cached_property
    def first(self) -> Mapping[str, Any]:
        """The usual words, the acting unit, and who signs there."""
        unit = acting_unit(self.request)
        heads = holders(agency_of(unit), HEAD) if unit else ()
        return {
            "urgency": "normal",
            "owner_unit": unit,
            "salutation": ORDINARY.salutation,
            "closing": ORDINARY.closing,
            "signatory": heads[0] if heads else "",
        }

    @property
    def address(self) -> str:
        """Where the form is sent."""
        return f"{self.context.absolute_url()}/compose?kind={self.kind.name if self.kind else ''}"

    @property
    def may_dispatch(self) -> bool:
        """Whether the person may send it as well."""
        agency = agency_object(agency_of(self.owner))
        return agency is not None and may(DISPATCH, agency)

    attachments: tuple[Any, ...] = ()

    @cached_property
    def key(self) -> str:
        """The key of this form; of one that is shown again, as for a preview, its own."""
        return str(self.value(FIELD)) or new_key()

    def show(self) -> Any:
        """The form; staff only."""
        if not self.units:
            raise Forbidden()
        return super().show()

    def handle(self) -> Any:
        """Saves the draft with its files, one for one form; the letter's page, or the choice of recipients, is next."""
        if self.kind is None or "preview" in self.request.form:
            return None
        agency = agency_object(agency_of(self.owner))
        if agency is None:
            raise Forbidden()
        said = _("changes_saved", default="The changes are saved.")
        made: list[Any] = []

        def make() -> str:
            letter = self.make(agency)
            self._attach(letter)
            made.append(letter)
            return json.dumps(["/".join(letter.getPhysicalPath()), self._sent])

        path, sent = json.loads(once(self.context, self.request, self.address, make))
        letter = made[0] if made else self.context.unrestrictedTraverse(path, None)
        if not made and sent != self._sent and self._takes_changes(letter):
            operations.edit(letter, self.data())
            self._attach(letter)
        elif not made and (letter is None or sent != self._sent):
            make()
        if made:
            letter, said = made[0], _("draft_saved", default="The draft is saved. It gets its number when it is dispatched.")
        address = letter.absolute_url()
        if "dispatch" in self.request.form:
            return self.go(f"{address}/@@dispatch")
        self.say(said)
        return self.go(address)

    @property
    def _sent(self) -> str:
        """Tells what was typed from what was typed before."""
        files = [(name, size) for name, _content, size in uploads_of(self.request.form)]
        return hashlib.sha256(json.dumps([self.data(), files], default=str, sort_keys=True).encode()).hexdigest()

    def _takes_changes(self, letter: Any) -> bool:
        """Whether a form that was sent before (Back was pressed, and more was written) changes the draft that it made."""
        if letter is None or state_of(letter) != "draft" or not may(MODIFY, letter):
            return False
        return bool(letter.secrecy == self.data().get("secrecy", NORMAL))

    def _attach(self, letter: Any) -> None:
        """The files of the form, but for those that it has."""
        present = {one.sha256 for one in attachments_of(letter)}
        new = [one for one in uploads_of(self.request.form) if digest(one[1]) not in present]
        try:
            operations.change_files(letter, new)
        except (UnsupportedFile, FileTooLarge) as refusal:
            raise refuse_file(refusal) from refusal

    def make(self, agency: Any) -> Any:
        """The draft, from what was typed."""
        return operations.draft(agency, self.data())


class Edit(LetterForm):
    """Changes a draft."""

    @property
    def title(self) -> str:  # type: ignore[override]
        """Which letter."""
        subject = self.context.title or self.context.to_text
        return _("edit_title", default="Edit the draft: ${subject}", mapping={"subject": subject})

    @cached_property
    def kind(self) -> Kind | None:  # type: ignore[override]
        """The draft's own kind."""
        return kind_named(self.context.kind)

    @cached_property
    def first(self) -> Mapping[str, Any]:
        """The draft as it stands."""
        names = ("title", "urgency", "secrecy", "secrecy_reason", "owner_unit", "salutation", "to_text", "body", "closing",
                 "signatory", "contact", "references", "enclosures", "copies_to", "due_date", "urgent_by",
                 "category", "publish")  # fmt: skip
        return {name: getattr(self.context, name) for name in names}

    @property
    def units(self) -> list[tuple[str, str]]:
        """The person's units; the draft's own always among them."""
        mine = super().units
        owner = self.context.owner_unit
        if any(unit == owner for unit, _title in mine):
            return mine
        info = chart.unit(owner)
        return [(owner, info.title(self.language) if info else owner), *mine]

    @property
    def address(self) -> str:
        """Where the form is sent."""
        return f"{self.context.absolute_url()}/@@edit"

    @property
    def may_dispatch(self) -> bool:
        """Whether the person may send it."""
        return may(DISPATCH, self.context)

    @property
    def attachments(self) -> Any:
        """The files that it has."""
        return attachments_of(self.context)

    def __call__(self) -> Any:
        """Only a draft can be changed; what is no draft any more is shown as it is."""
        if state_of(self.context) != "draft" and self.request.method != "POST":
            self.say(NotADraft.text, "warning")
            return self.go(self.context.absolute_url())
        return super().__call__()

    def show(self) -> Any:
        """The form, for whoever may change the draft."""
        require(MODIFY, self.context)
        return super().show()

    def handle(self) -> Any:
        """Saves the changes, with files that came and went."""
        if "preview" in self.request.form:
            return None
        operations.edit(self.context, self.data())
        removed = self.request.form.get("remove") or []
        try:
            operations.change_files(
                self.context, uploads_of(self.request.form), [removed] if isinstance(removed, str) else removed
            )
        except (UnsupportedFile, FileTooLarge) as refusal:
            raise refuse_file(refusal) from refusal
        if "dispatch" in self.request.form:
            return self.go(f"{self.context.absolute_url()}/@@dispatch")
        self.say(_("changes_saved", default="The changes are saved."))
        return self.go(self.context.absolute_url())


class Preview(Compose):
    """`/compose-preview`: the paper alone, from what stands in the form now. Writes nothing."""

    @cached_property
    def kind(self) -> Kind | None:  # type: ignore[override]
        """Any kind, circulars among them."""
        return kind_named(self.request.form.get("kind", ""))

    def show(self) -> Any:
        """The paper, for the script of the form."""
        if not current_person() or self.kind is None:
            raise Forbidden()
        self.request.response.setHeader("Cache-Control", "no-store")
        return self.index()

    def handle(self) -> Any:
        """Nothing is saved."""
        return None


class Layout(LetterForm):
    """`<letter>/@@layout`: the letter on its paper, as it is kept."""

    kind = None

    @property
    def title(self) -> str:  # type: ignore[override]
        """The letter's subject."""
        return str(self.context.title)

    def paper(self) -> Paper:
        """From the letter itself."""
        names = ("kind", "title", "urgency", "secrecy", "owner_unit", "salutation", "to_text", "body", "closing",
                 "signatory", "contact", "references", "enclosures", "copies_to", "number", "letter_date")  # fmt: skip
        return paper_of({name: getattr(self.context, name) for name in names})
