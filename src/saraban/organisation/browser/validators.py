"""What Plone's own forms of the chart check before they write, so that it stands beside the field."""

from __future__ import annotations

from typing import Any

from z3c.form import validator
from zope.interface import Invalid

from saraban import _
from saraban.ledger.connection import reader
from saraban.organisation.content import IUnitSchema
from saraban.organisation.subscribers import code_holder

LETTER_CODE: Any = IUnitSchema.get("letter_code")


class LetterCodeValidator(validator.SimpleFieldValidator):
    """A letter code stands once among active units."""

    def validate(self, value: Any, force: bool = False) -> None:
        """Raises Invalid where another unit has the code."""
        super().validate(value, force)
        if not value:
            return
        with reader(self.context) as session:
            holder = code_holder(session, value, getattr(self.context, "unit_id", "") or "")
        if holder:
            raise Invalid(_("error_letter_code_taken", default="Another active unit has this letter code."))


validator.WidgetValidatorDiscriminators(LetterCodeValidator, field=LETTER_CODE)
