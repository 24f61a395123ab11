"""`<agency>/@@series`: the number series of an agency, for its administrator (L24)."""

from __future__ import annotations

from typing import Any, ClassVar

from zope.i18n import translate

from saraban import _
from saraban.errors import Missing
from saraban.lazy import cached_property
from saraban.ledger import clock
from saraban.ledger.connection import reader
from saraban.letters.kinds import ALL_KINDS
from saraban.organisation import chart
from saraban.organisation.browser.agencypage import AgencyPage
from saraban.routing import series
from saraban.routing.series import Series
from saraban.thai.numbers import Pattern, PatternRefused

PRESETS = ("{code}/{seq}", "{code}/ว {seq}", "{seq}/{year}")
"""The patterns of the regulation, to begin from."""


class SeriesPage(AgencyPage):
    """All series, and a form that adds one or changes an added one."""

    title = _("heading_series", default="Number series")
    several: ClassVar[tuple[str, ...]] = ("kinds",)
    labels = {
        "title_th": _("label_title_th", default="Name in Thai"),
        "title_en": _("label_title_en", default="Name in English"),
        "id": _("label_series_id", default="Id, in Latin letters"),
        "pattern": _("label_pattern", default="How the number is written"),
        "kinds": _("label_series_kinds", default="For letters of these kinds"),
        "caption": _("caption_series", default="The number series of the agency"),
        "hint_id": _("hint_series_id", default="For partner systems, for example contract. It stays as it is."),
        "hint_pattern": _(
            "hint_pattern",
            default="{code} stands for the letter code, {seq} for the running number, {year} for the Buddhist year.",
        ),
    }
    columns = (
        ("name", _("label_series", default="Series")),
        ("pattern", _("label_example", default="Example")),
        ("kinds", _("label_kinds", default="Kinds of letters")),
        ("state", _("column_state", default="State")),
        ("actions", _("label_actions", default="Actions")),
    )

    @property
    def address(self) -> str:
        """This page."""
        return f"{self.context.absolute_url()}/@@series"

    @cached_property
    def all(self) -> list[Series]:
        """Those that were added first, for they can be changed."""
        with reader(self.context) as session:
            found = series.all_series(session, self.context.unit_id)
        return sorted(found.values(), key=lambda one: not one.added)

    @cached_property
    def edited(self) -> Series | None:
        """The added series that the form changes; None where it adds one. Raises Missing for any other."""
        name = self.request.form.get("edit", "")
        if not name:
            return None
        found = [one for one in self.all if one.added and one.name == name]
        if not found:
            raise Missing()
        return found[0]

    def handle(self) -> str:
        """Adds, changes, ends or begins again."""
        form = self.request.form
        kinds = form.get("kinds") or []
        data: dict[str, Any] = {name: form.get(name, "") for name in ("title_th", "title_en", "pattern")}
        data["kinds"] = [kinds] if isinstance(kinds, str) else kinds
        if "active" in form:
            found = series.change(self.context, {"id": form.get("edit"), "active": form["active"] == "yes"})
            words = _("said_series_on", default="“${series}” gives numbers again.")
            if not found.active:
                words = _("said_series_off", default="“${series}” gives no more numbers. Its register stays.")
        elif form.get("edit"):
            found = series.change(self.context, {**data, "id": form["edit"]})
            words = _("said_series_changed", default="“${series}” is changed.")
        else:
            found = series.add(self.context, {**data, "id": form.get("id", "")})
            words = _(
                "said_series_added", default="“${series}” can be chosen when a letter is dispatched or a number reserved."
            )
        self.say(type(words)(words, mapping={"series": found.title}))
        return self.go(self.address)

    # What is shown

    def shown(self, name: str) -> Any:
        """What stands in a field: what was typed, else what the edited series has."""
        typed = self.request.form.get(name)
        if isinstance(typed, str):
            return typed
        if self.edited is None:
            return PRESETS[0] if name == "pattern" else ""
        kept = {"title_th": self.edited.title, "title_en": self.edited.title_en, "pattern": self.edited.pattern.text}
        return kept.get(name, "")

    def marked(self) -> tuple[str, ...]:
        """The kinds that are ticked."""
        typed = self.request.form.get("kinds")
        if typed is not None:
            return (typed,) if isinstance(typed, str) else tuple(typed)
        return self.edited.kinds if self.edited is not None else ()

    def kinds(self) -> list[tuple[str, str]]:
        """The kinds to choose from."""
        return [(kind.name, self.words(kind.title)) for kind in ALL_KINDS.values()]

    def presets(self) -> list[tuple[str, str]]:
        """Patterns to begin from, with what they write."""
        return [(text, self.example(Pattern(text))) for text in PRESETS]

    def kind_titles(self, found: Series) -> str:
        """The kinds of a series in words."""
        return ", ".join(self.words(ALL_KINDS[kind].title) for kind in found.kinds)

    @cached_property
    def code(self) -> str:
        """The agency's letter code."""
        unit = chart.unit(self.context.unit_id)
        return unit.letter_code if unit is not None and unit.letter_code else "กท 0000"

    def example(self, pattern: Pattern) -> str:
        """The first number of this year."""
        return pattern.write(self.code, 1, clock.buddhist_year())

    def preview(self) -> str:
        """What the pattern in the form writes; nothing where it is refused."""
        try:
            return self.example(Pattern(str(self.shown("pattern"))))
        except PatternRefused:
            return ""

    def words(self, text: str) -> str:
        """A message in the language of the page."""
        return str(translate(text, context=self.request))
