"""`POST /agencies/<agency>/@import-units`: units from a table."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from saraban import _
from saraban.errors import Invalid
from saraban.organisation.acting import current_actor
from saraban.organisation.rest import VerbService
from saraban.organisation.units import COLUMNS, import_units


class ImportUnits(VerbService):
    """`{"items": [{"id", "name_th", …}]}`: all of them or none."""

    def run(self, data: dict[str, Any]) -> Mapping[str, Any]:
        """How many were added and changed."""
        items = data.get("items")
        if not isinstance(items, list) or not all(isinstance(item, dict) for item in items):
            raise Invalid(fields={"items": _("error_items", default="A list of objects is asked for.")})
        rows = [{name: _text(item.get(name)) for name in COLUMNS} for item in items]
        added, changed = import_units(self.context, current_actor(self.context.unit_id), rows)
        return {"added": added, "changed": changed}


def _text(value: Any) -> str:
    if value is None:
        return ""
    if not isinstance(value, str):
        raise Invalid(fields={"items": _("error_text", default="This must be a text.")})
    return value.strip()
