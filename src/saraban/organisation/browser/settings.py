"""`<agency>/@@settings`, for the agency's administrator; `/agencies/@@settings`, the holidays of the whole city."""

from __future__ import annotations

from typing import Any

from saraban import _
from saraban.errors import REQUIRED, Invalid
from saraban.lazy import cached_property
from saraban.ledger import clock
from saraban.ledger.connection import reader
from saraban.organisation import settings
from saraban.organisation.browser.agencypage import AgencyPage
from saraban.organisation.browser.fields import day, text
from saraban.organisation.settings import Settings
from saraban.thai.workdays import holidays_of


class SettingsPage(AgencyPage):
    """How days are counted, holidays, categories, ways of sending: one panel each, each change at once."""

    title = _("heading_settings", default="Settings")
    labels = {
        "day": _("label_day", default="Day"),
        "holiday": _("label_holiday", default="Why offices are closed"),
        "categories": _("label_new_category", default="New category"),
        "ways": _("label_new_way", default="New way"),
    }
    LISTS = (
        (
            "categories",
            _("heading_categories", default="Categories of documents"),
            _(
                "help_categories",
                default="Offered when a letter is written, received or searched for. "
                "As soon as there is one, a letter takes none but these. Without any, the field is free.",
            ),
        ),
        (
            "ways",
            _("heading_ways", default="Ways of sending"),
            _("help_ways", default="How letters from outside come, beside paper, e-mail, post and messenger."),
        ),
    )
    said = _("said_settings", default="The settings are changed.")
    due_days_choices = tuple(settings.DUE_DAYS.items())

    @property
    def address(self) -> str:
        """This page."""
        return f"{self.context.absolute_url()}/@@settings"

    @property
    def of_agency(self) -> bool:
        """Whether this is an agency's page; else the city's."""
        return hasattr(self.context, "unit_id")

    @cached_property
    def found(self) -> Settings:
        """The settings as they are."""
        with reader(self.context) as session:
            return settings.settings_of(session, getattr(self.context, "unit_id", settings.CITY))

    def lists(self) -> list[dict[str, Any]]:
        """The lists of words."""
        if not self.of_agency:
            return []
        return [
            {"name": name, "title": title, "help": help_, "words": getattr(self.found, name)}
            for name, title, help_ in self.LISTS
        ]

    def official(self) -> list[tuple[Any, str]]:
        """The official holidays that are still to come this year and in the next."""
        today = clock.today()
        days = {**holidays_of(today.year), **holidays_of(today.year + 1)}
        return [(one, name) for one, name in days.items() if one >= today]

    def handle(self) -> str:
        """One change."""
        verb = text(self.request, "verb")
        change = {"due_days": self._due_days, "holidays": self._holidays}.get(verb)
        data = change() if change is not None else self._words(verb)
        settings.change(self.context, data)
        self.say(self.said)
        return self.go(self.address)

    def _due_days(self) -> dict[str, Any]:
        return {"due_days": text(self.request, "due_days")}

    def _holidays(self) -> dict[str, Any]:
        kept = dict(self.found.holidays)
        removed = text(self.request, "remove")
        if removed:
            kept = {one: title for one, title in kept.items() if one.isoformat() != removed}
        else:
            new, title = day(self.request, "day"), text(self.request, "holiday")
            wrong = {name: REQUIRED for name, value in (("day", new), ("holiday", title)) if not value}
            if new is None or wrong:
                raise Invalid(fields=wrong)
            kept[new] = title
        return {"holidays": [{"date": one.isoformat(), "title": title} for one, title in kept.items()]}

    def _words(self, name: str) -> dict[str, Any]:
        if name not in settings.SUBJECTS or not self.of_agency:
            raise Invalid()
        kept = list(getattr(self.found, name))
        removed, raised = text(self.request, "remove"), text(self.request, "up")
        if removed in kept:
            kept.remove(removed)
        elif raised in kept[1:]:
            at = kept.index(raised)
            kept[at - 1 : at + 1] = kept[at], kept[at - 1]
        elif not text(self.request, name):
            raise Invalid(fields={name: REQUIRED})
        else:
            kept.append(text(self.request, name))
        return {name: kept}
