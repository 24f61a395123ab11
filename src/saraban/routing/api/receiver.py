"""More verbs of the receiver by REST."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, ClassVar

from plone import api

from saraban.organisation.rest import VerbService
from saraban.routing import receiver
from saraban.routing.serialize import address_of, assignment_json, delivery_json
from saraban.routing.tables import Delivery


class _OnDelivery(VerbService):
    """A verb that answers the delivery as it now is."""

    verb: ClassVar[staticmethod[[Any, Mapping[str, Any]], Delivery]]

    def run(self, data: dict[str, Any]) -> Mapping[str, Any]:
        """The delivery as it now is."""
        return delivery_json(api.portal.get(), self.verb(self.context, data))


class Return(_OnDelivery):
    """`POST <delivery>/@return` (ตีกลับ)."""

    verb = staticmethod(receiver.return_to_sender)


class Postpone(_OnDelivery):
    """`POST <delivery>/@postpone`."""

    verb = staticmethod(receiver.postpone)


class FollowUp(_OnDelivery):
    """`POST <delivery>/@follow-up` (ติดตาม)."""

    verb = staticmethod(receiver.follow_up)


class Reopen(_OnDelivery):
    """`POST <delivery>/@reopen`."""

    verb = staticmethod(receiver.reopen)


def _made(rows: list[Delivery]) -> list[dict[str, Any]]:
    site_url = api.portal.get().absolute_url()
    return [{"@id": address_of(site_url, row), "unit": row.unit, "state": row.state} for row in rows]


class Forward(VerbService):
    """`POST <delivery>/@forward` (ส่งต่อ)."""

    def run(self, data: dict[str, Any]) -> Mapping[str, Any]:
        """The new deliveries."""
        return {"deliveries": _made(receiver.forward(self.context, data))}


class Order(VerbService):
    """`POST <delivery>/@order` (สั่งการ)."""

    def run(self, data: dict[str, Any]) -> Mapping[str, Any]:
        """The assignments and the new deliveries."""
        given, made = receiver.order(self.context, data)
        return {"assignments": [assignment_json(one) for one in given], "deliveries": _made(made)}
