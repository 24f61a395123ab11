"""`@classify`, `@grant` and `@withdraw-grant` on a letter."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from saraban.classification.tables import NeedToKnow
from saraban.ledger.clock import iso
from saraban.organisation.rest import VerbService
from saraban.routing import classify, needtoknow


class Classify(VerbService):
    """`POST <letter>/@classify {"secrecy", "reason"}`: another level, by the originator or above."""

    def run(self, data: dict[str, Any]) -> Mapping[str, Any]:
        """The level, and the holders with nobody to keep it; who may still see the letter asks the letter."""
        unkept = classify.classify(self.context, data)
        return {"@id": self.context.absolute_url(), "secrecy": self.context.secrecy, "unkept": unkept}


def _grant_json(row: NeedToKnow) -> dict[str, Any]:
    return {
        "user": row.person,
        "unit": row.unit,
        "given_by": row.given_by,
        "given_at": iso(row.given_at),
        "withdrawn_at": iso(row.withdrawn_at),
    }


class Grant(VerbService):
    """`POST <letter>/@grant {"user", "reason"}`: a named person may know, by the registrar of secret information."""

    def run(self, data: dict[str, Any]) -> Mapping[str, Any]:
        """Who was let in."""
        return _grant_json(needtoknow.let_in(self.context, data))


class WithdrawGrant(VerbService):
    """`POST <letter>/@withdraw-grant {"user", "reason"}`."""

    def run(self, data: dict[str, Any]) -> Mapping[str, Any]:
        """Who was let out."""
        return _grant_json(needtoknow.let_out(self.context, data))
