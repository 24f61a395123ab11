"""`<agency>/@@edit`, `<unit>/@@edit`: names, codes and terms, as the schema has them and as `PATCH` takes them."""

from __future__ import annotations

from typing import Any, ClassVar

from plone.autoform.interfaces import WRITE_PERMISSIONS_KEY
from plone.restapi.interfaces import IDeserializeFromJson
from plone.supermodel.utils import mergedTaggedValueDict
from zExceptions import BadRequest
from zope.component import getMultiAdapter, getUtility
from zope.i18n import translate
from zope.schema import getFieldsInOrder
from zope.schema.interfaces import IBool, IChoice, IDate, IInt
from zope.security.interfaces import IPermission

from saraban import _
from saraban.errors import REQUIRED, Invalid
from saraban.lazy import cached_property
from saraban.organisation.allow import may
from saraban.organisation.browser.fields import day, text
from saraban.organisation.content import IAgency, IUnit
from saraban.organisation.refusals import FOREIGN, fields_of
from saraban.organisation.vocabularies import AGENCY_KINDS, UNIT_KINDS
from saraban.page import Page
from saraban.thai import dates
from saraban.thai.digits import to_arabic

YES, NO = "yes", "no"
ANSWERS = ((YES, _("word_yes", default="yes")), (NO, _("word_no", default="no")))


class Edit(Page):
    """The fields that the person may write."""

    section: ClassVar[str] = "administration"
    said = _("changes_saved", default="The changes are saved.")

    @property
    def title(self) -> str:  # type: ignore[override]
        """Which agency or unit."""
        language = self.request.get("LANGUAGE") or "th"
        return _("chart_edit_title", default="Change: ${name}", mapping={"name": self.context.title_in(language)})

    @property
    def address(self) -> str:
        """This page."""
        return f"{self.context.absolute_url()}/@@edit"

    @cached_property
    def fields(self) -> dict[str, Any]:
        """The fields of the form by name, in the order of the schema; codes are for who manages the city."""
        schema = IAgency if IAgency.providedBy(self.context) else IUnit
        kept = mergedTaggedValueDict(schema, WRITE_PERMISSIONS_KEY)
        return {
            name: field
            for name, field in getFieldsInOrder(schema)
            if not field.readonly and (name not in kept or may(getUtility(IPermission, kept[name]).title, self.context))
        }

    @property
    def labels(self) -> dict[str, str]:
        """The fields in words."""
        return {name: field.title for name, field in self.fields.items()}

    def choices(self, name: str) -> list[tuple[str, str]] | None:
        """What can be chosen; None for what is typed."""
        if IBool.providedBy(self.fields[name]):
            return [(value, self._words(title)) for value, title in ANSWERS]
        if not IChoice.providedBy(self.fields[name]):
            return None
        known = AGENCY_KINDS if IAgency.providedBy(self.context) else UNIT_KINDS
        return [(value, self._words(title)) for value, title in known.items()]

    def is_day(self, name: str) -> bool:
        """Whether a date is typed there."""
        return bool(IDate.providedBy(self.fields[name]))

    def hint(self, name: str) -> str:
        """What helps to fill a field in; empty for most."""
        return self._words(self.fields[name].description) if self.fields[name].description else ""

    def value(self, name: str, default: Any = "") -> Any:
        """What was typed, else what stands there."""
        if name in self.request.form:
            return self.request.form[name]
        found = getattr(self.context, name)
        if IBool.providedBy(self.fields[name]):
            return YES if found else NO
        if self.is_day(name):
            return dates.short(found) if found else ""
        return default if found is None else str(found)

    def handle(self) -> str:
        """Changes what is another than before."""
        data, wrong = {}, {}
        for name in self.fields:
            if name in self.request.form:
                try:
                    data[name] = self._read(name)
                except Invalid as refusal:
                    wrong.update(refusal.fields)
        if wrong:
            raise Invalid(fields=wrong)
        try:
            getMultiAdapter((self.context, self.request), IDeserializeFromJson)(data=data)
        except BadRequest as refusal:
            raise Invalid(fields=fields_of(refusal, self.request)) from refusal
        self.say(self.said)
        return self.go(self.context.absolute_url())

    def _read(self, name: str) -> Any:
        """A field as `PATCH` takes it. Raises Invalid."""
        field, typed = self.fields[name], text(self.request, name)
        if field.required and not typed:
            raise Invalid(fields={name: REQUIRED})
        if IBool.providedBy(field):
            if typed not in (YES, NO):
                raise Invalid(fields={name: FOREIGN})
            return typed == YES
        if IDate.providedBy(field):
            found = day(self.request, name)
            return found.isoformat() if found else None
        if IInt.providedBy(field):
            return self._number(name, to_arabic(typed)) if typed else None
        most = getattr(field, "max_length", None)
        if most is not None and len(typed) > most:
            reason = _("error_too_long", default="At most ${most} characters.", mapping={"most": str(most)})
            raise Invalid(fields={name: reason})
        return typed

    def _number(self, name: str, typed: str) -> int:
        field = self.fields[name]
        found = int(typed) if typed.isascii() and typed.isdecimal() and len(typed) < 10 else -1
        if not field.min <= found <= field.max:
            mapping = {"least": str(field.min), "most": str(field.max)}
            reason = _("error_number_range", default="A whole number from ${least} to ${most} is asked for.", mapping=mapping)
            raise Invalid(fields={name: reason})
        return found

    def _words(self, message: Any) -> str:
        return str(translate(message, context=self.request))
