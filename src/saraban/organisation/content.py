"""Agencies and the units inside them: the chart, as documents."""

from __future__ import annotations

import re
from datetime import date
from typing import Any

from plone.autoform import directives
from plone.dexterity.content import Container
from plone.supermodel import model
from zope import schema
from zope.interface import Interface, Invalid, implementer, invariant
from zope.schema import ValidationError

from saraban import _
from saraban.ledger.attributes import Plain

NAME = re.compile(r"[a-z0-9]+(-[a-z0-9]+)*")
"""What an agency or unit may be called in addresses and in the ledger: it never changes afterwards."""
UNIT_ID = re.compile(rf"{NAME.pattern}(\.{NAME.pattern})?")
"""What the ledger calls them: an agency by its name, a unit by its agency's and its own."""
MAX_NAME = 40
MAX_UNIT_ID = 64
RESERVED = frozenset({"archive", "circulars", "deliveries", "disposal", "files", "letters", "registers", "reports"})
"""Names inside an agency that are not units."""


class BuddhistYear(ValidationError):
    """A year that is not of the common era."""

    def doc(self) -> str:
        """The sentence for forms and REST."""
        return _("error_buddhist_year", default="Dates are sent with the year of the common era (ISO 8601).")


def is_common_era(value: date | None) -> bool:
    """Refuses a date whose year is one of the Buddhist era, or impossible (E24)."""
    if value is not None and not 1900 <= value.year <= 2200:
        raise BuddhistYear(value)
    return True


class IChartUnit(Interface):
    """An agency or a unit: something that letters may be sent to."""


class IAgencies(model.Schema):
    """The folder of all agencies."""

    title = schema.TextLine(title=_("label_title", default="Title"), required=True)


class IUnitSchema(model.Schema):
    """What agencies and units have in common."""

    title = schema.TextLine(title=_("label_title_th", default="Name in Thai"), required=True, max_length=300)
    title_en = schema.TextLine(
        title=_("label_title_en", default="Name in English"), required=False, default="", missing_value="", max_length=300
    )
    abbreviation = schema.TextLine(
        title=_("label_abbreviation", default="Abbreviation"), required=False, default="", missing_value="", max_length=60
    )
    letter_code = schema.TextLine(
        title=_("label_letter_code", default="Letter code"),
        description=_("help_letter_code", default="As it stands in letter numbers: กท 0403"),
        required=False,
        default="",
        missing_value="",
        max_length=60,
    )
    active = schema.Bool(
        title=_("label_active", default="Letters may be sent to it"), required=False, default=True, missing_value=False
    )
    valid_from = schema.Date(title=_("label_valid_from", default="From"), required=False, constraint=is_common_era)
    valid_until = schema.Date(
        title=_("label_valid_until", default="Until (the last day)"), required=False, constraint=is_common_era
    )
    successor = schema.TextLine(
        title=_("label_successor", default="Successor (unit id)"),
        description=_(
            "help_successor", default="When this unit is merged or replaced: whose desk takes over what is still open here."
        ),
        required=False,
        default="",
        missing_value="",
        max_length=64,
    )
    position = schema.Int(
        title=_("label_position", default="Order in lists"), required=False, min=0, max=1_000_000, default=None
    )
    directives.mode(unit_id="hidden")
    unit_id = schema.TextLine(title=_("label_unit_id", default="Unit id"), required=False, readonly=True)

    @invariant
    def ends_after_it_begins(data: Any) -> None:  # noqa: N805 - an invariant is given the data
        """A unit does not end before it begins."""
        if data.valid_from and data.valid_until and data.valid_until < data.valid_from:
            raise Invalid(_("error_ends_before_begin", default="The last day lies before the first."))


class IAgency(IUnitSchema):
    """An agency: an office, department or district with a letter code and a registry of its own."""

    kind = schema.Choice(
        title=_("label_kind", default="Kind"), vocabulary="saraban.agency_kinds", required=False, default="other"
    )
    planning_code = schema.TextLine(
        title=_("label_planning_code", default="Planning code"), required=False, default="", missing_value="", max_length=60
    )
    dopa_code = schema.TextLine(
        title=_("label_dopa_code", default="Code of the Department of Provincial Administration"),
        required=False,
        default="",
        missing_value="",
        max_length=60,
    )
    parent_agency = schema.TextLine(
        title=_("label_parent_agency", default="Agency above it (id)"),
        description=_(
            "help_parent_agency",
            default="Its head and registrar of secret information may change the level of letters of this agency they see.",
        ),
        required=False,
        default="",
        missing_value="",
        max_length=64,
    )
    # Codes are given by the city, not by the agency itself.
    directives.write_permission(
        kind="cmf.ManagePortal",
        letter_code="cmf.ManagePortal",
        planning_code="cmf.ManagePortal",
        dopa_code="cmf.ManagePortal",
        parent_agency="cmf.ManagePortal",
        active="cmf.ManagePortal",
    )


class IUnit(IUnitSchema):
    """A unit inside an agency, at any depth."""

    kind = schema.Choice(
        title=_("label_kind", default="Kind"), vocabulary="saraban.unit_kinds", required=False, default="section"
    )


@implementer(IAgencies)
class Agencies(Plain, Container):
    """`/agencies`."""


class _ChartUnit(Plain, Container):
    """What agencies and units have in common."""

    _ordering = "unordered"
    unit_id: str = ""

    def title_in(self, language: str = "th") -> str:
        """The name in a language, Thai where there is no other."""
        return self.title_en if language == "en" and self.title_en else self.title


@implementer(IAgency, IChartUnit)
class Agency(_ChartUnit):
    """An agency; its unit id is its id, and it is its own central registry."""


@implementer(IUnit, IChartUnit)
class Unit(_ChartUnit):
    """A unit; its unit id is `<agency>.<id>`, wherever in the agency it stands."""
