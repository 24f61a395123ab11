"""What a person may do now with a delivery or a letter: for pages, which show nothing else (`pages.md`, the frame).

The verbs themselves ask again: this only spares a person a refusal.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any

from zope.component import getUtilitiesFor
from zope.interface import Interface

from saraban import _
from saraban.letters.operations import MODIFY, state_of
from saraban.organisation.allow import may
from saraban.routing.classify import levels_for
from saraban.routing.content import DeliveryItem
from saraban.routing.needtoknow import may_let_in
from saraban.routing.operations import ASSIGN, CLOSE, REGISTER
from saraban.routing.receiver import ORDER, POSTPONE
from saraban.routing.secrecy import DISPATCH, may_send
from saraban.routing.sender import can_be_recalled


@dataclass(frozen=True)
class Verb:
    """A verb as a button: its name in addresses, its word, the permission, and where it is possible."""

    name: str
    title: str
    permission: str
    states: tuple[str, ...]
    primary_in: tuple[str, ...] = ()
    """States in which it is what one comes for."""


ARRIVED = ("sent", "opened")

DELIVERY_VERBS = (
    Verb("register", _("verb_register", default="Register"), REGISTER, ARRIVED, ARRIVED),
    Verb("order", _("verb_order", default="Give an order"), ORDER, ("registered",), ("registered",)),
    Verb("assign", _("verb_assign", default="Assign"), ASSIGN, ("registered",), ("registered",)),
    Verb("close", _("verb_close", default="Close the matter"), CLOSE, ("registered",), ("registered",)),
    Verb("forward", _("verb_forward", default="Forward"), REGISTER, ("registered",)),
    Verb("postpone", _("verb_postpone", default="Postpone"), POSTPONE, ("registered",)),
    Verb("return", _("verb_return", default="Return to the sender"), REGISTER, ARRIVED),
    Verb("follow-up", _("verb_follow_up", default="Mark for follow-up"), REGISTER, (*ARRIVED, "registered")),
    Verb("reopen", _("verb_reopen", default="Open again"), REGISTER, ("closed",)),
    Verb("register-note", _("verb_register_note", default="Register, with a note"), REGISTER, ARRIVED),
)
LETTER_VERBS = (
    Verb("dispatch", _("verb_dispatch", default="Dispatch"), DISPATCH, ("draft", "signed"), ("draft", "signed")),
    Verb("edit", _("verb_edit", default="Edit"), MODIFY, ("draft",)),
    Verb("delete", _("verb_delete", default="Delete the draft"), MODIFY, ("draft",)),
    Verb("send-copy", _("verb_send_copy", default="Send to further recipients"), DISPATCH, ("dispatched", "closed")),
    Verb("recall", _("verb_recall", default="Recall"), DISPATCH, ("dispatched", "closed")),
    Verb("correct", _("verb_correct", default="Correct"), DISPATCH, ("dispatched", "closed")),
    Verb("cancel", _("verb_cancel", default="Cancel the number"), DISPATCH, ("dispatched",)),
)
SECRECY_VERBS = (
    (_("verb_need_to_know", default="Who may know"), "need-to-know", may_let_in),
    (_("verb_classify", default="Change the level of secrecy"), "classify", levels_for),
)
"""Of letters in every state, those from outside too, each with its own question; a receiver finds them at the delivery."""


@dataclass(frozen=True)
class Offered:
    """A verb that is possible now."""

    name: str
    title: str
    primary: bool


class ILetterVerbs(Interface):
    """Of a room above: its verbs on letters."""

    def offered(letter: Any) -> list[Offered]:  # type: ignore[empty-body]  # noqa: N805
        """What the logged-in person may do now; such a verb has a page of its name."""


def possible(context: Any) -> list[Offered]:
    """The verbs on a delivery or a letter that the logged-in person may carry out now, the primary one first.

    Only the first of the primary verbs that are allowed is primary: one such button on a page.
    """
    verbs: tuple[Verb, ...]
    if isinstance(context, DeliveryItem):
        verbs, state = DELIVERY_VERBS, context.row.state
    else:
        verbs, state = () if context.received else LETTER_VERBS, state_of(context)
    found: list[Offered] = []
    for verb in verbs:
        allowed = may_send(context) if verb.permission == DISPATCH else may(verb.permission, context)
        if state in verb.states and allowed and (verb.name != "recall" or can_be_recalled(context)):
            first = not any(one.primary for one in found)
            found.append(Offered(verb.name, verb.title, primary=first and state in verb.primary_in))
    letter = context.letter() if isinstance(context, DeliveryItem) else context
    if letter is context:
        for _name, room in getUtilitiesFor(ILetterVerbs):
            for one in reversed(room.offered(letter)):
                first = one.primary and not any(other.primary for other in found)
                found.insert(0, replace(one, primary=first))
    if state != "returned":
        found += [Offered(name, title, primary=False) for title, name, allowed in SECRECY_VERBS if allowed(letter)]
    return sorted(found, key=lambda one: not one.primary)
