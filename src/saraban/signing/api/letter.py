"""`@submit`, `@sign`, `@send-back`, `@signatures` on a letter (`api.md`, Signing)."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from zope.i18n import translate

from saraban.ledger.clock import iso
from saraban.ledger.connection import reader
from saraban.letters.operations import state_of
from saraban.organisation.rest import ReadService, VerbService
from saraban.signing import operations
from saraban.signing.queries import Chain
from saraban.signing.signatures import signature_json, signatures_of, turn_json


def chain_json(chain: Chain) -> list[dict[str, Any]]:
    """Those in a chain, in their order."""
    return [
        {"user": one.person, "unit": one.unit, "role": one.role, "state": one.state, "since": iso(one.since)}
        for one in chain.turns
    ]


class Submit(VerbService):
    """`POST <letter>/@submit`: hand a draft to those who approve and sign it (เสนอลงนาม)."""

    def run(self, data: dict[str, Any]) -> Mapping[str, Any]:
        """The state, and those in the chain in their order."""
        chain = operations.submit(self.context, data)
        return {"state": state_of(self.context), "chain": chain_json(chain)}


class Sign(VerbService):
    """`POST <letter>/@sign`: approve or sign, by whose turn it is (ลงนาม)."""

    def run(self, data: dict[str, Any]) -> Mapping[str, Any]:
        """The state, `signed` after the last one, and the signature."""
        turn = operations.sign(self.context, data)
        return {"state": state_of(self.context), "signature": turn_json(turn)}


class SendBack(VerbService):
    """`POST <letter>/@send-back`: a draft again, with a note (ส่งกลับแก้ไข)."""

    def run(self, data: dict[str, Any]) -> Mapping[str, Any]:
        """The state."""
        operations.send_back(self.context, data)
        return {"state": state_of(self.context)}


class Signatures(ReadService):
    """`GET <letter>/@signatures`: who signed, in what capacity, when and how, and whether it is still what they signed."""

    def answer(self) -> Mapping[str, Any]:
        """The first one first; other agencies learn of those alone that signed and count."""
        with reader(self.context) as session:
            found = signatures_of(session, self.context)
        words = lambda text: str(translate(text, domain="saraban", context=self.request))  # noqa: E731
        items = [signature_json(one, words) for one in found]
        return {"@id": f"{self.context.absolute_url()}/@signatures", "items": items, "items_total": len(items)}
