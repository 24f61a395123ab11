"""`@correct` and `@versions` of a letter."""

from __future__ import annotations

from collections.abc import Mapping
from io import BytesIO
from typing import Any

from saraban.errors import Invalid
from saraban.ledger.clock import iso
from saraban.letters import fields
from saraban.letters.api.letters import file_of
from saraban.letters.serialize import attachment_json, letter_json
from saraban.organisation.rest import ReadService, VerbService
from saraban.routing import corrections


class Correct(VerbService):
    """`POST <letter>/@correct`: `reason`, what changes, `files` that come (as attachments), `remove`: ids that go."""

    def run(self, data: dict[str, Any]) -> Mapping[str, Any]:
        """The letter as it now is, with its `version`."""
        files, removed = data.get("files") or [], data.get("remove") or []
        if not isinstance(files, list):
            raise Invalid(fields={"files": fields.UNKNOWN_FILE})
        if not isinstance(removed, list) or not all(isinstance(one, str) for one in removed):
            raise Invalid(fields={"remove": fields.UNKNOWN_FILE})
        given = [file_of(one) for one in files]
        uploads = [(name, BytesIO(content), len(content)) for name, content in given]
        version = corrections.correct(self.context, data, uploads, removed)
        return {**letter_json(self.context), "version": version}


class Versions(ReadService):
    """`GET <letter>/@versions`: what it said before each correction, the oldest first."""

    def answer(self) -> Mapping[str, Any]:
        """Each with who ended it, when and why."""
        items = [
            {
                "version": one.number,
                "ended_at": iso(one.ended_at),
                "actor": {"id": one.person, "name": one.person_name, "post": one.post},
                "reason": one.reason,
                **one.values,
                "items": [attachment_json(file) for file in one.files],
            }
            for one in corrections.versions(self.context)
        ]
        return {"@id": f"{self.context.absolute_url()}/@versions", "items": items, "items_total": len(items)}
