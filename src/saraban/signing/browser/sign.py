"""`<letter>/@@sign`, `<letter>/@@send-back`: for whose turn it is (ลงนาม, ส่งกลับแก้ไข)."""

from __future__ import annotations

from typing import Any

from plone.uuid.interfaces import IUUID
from Products.Five.browser.pagetemplatefile import ViewPageTemplateFile

from saraban import _
from saraban.errors import DomainError
from saraban.lazy import cached_property
from saraban.ledger.connection import reader
from saraban.organisation.allow import VIEW, may
from saraban.organisation.functions import CAPACITIES
from saraban.organisation.posts import Post
from saraban.routing.browser.page import Page, with_query
from saraban.routing.browser.parts import Document, document_of
from saraban.signing import lists, operations, people
from saraban.signing.held import APPROVE, SEND_BACK, SIGN, TAKE_BACK
from saraban.signing.queries import Chain, last_chain
from saraban.signing.tables import APPROVER, SigningTurn

PHRASES = ("โปรดแก้ไขตามที่ได้ทำเครื่องหมายไว้", "ข้อความยังไม่ครบถ้วน", "โปรดตรวจสอบข้อกฎหมายที่อ้าง", "แนบเอกสารไม่ครบถ้วน")
"""What goes into a letter's own record is written in Thai, whatever language the page is in."""


class OfChain(Page):
    """What both pages know of the letter."""

    section = "desk"

    @cached_property
    def chain(self) -> Chain | None:
        """The chain that the letter is in."""
        with reader(self.site) as session:
            return last_chain(session, IUUID(self.context))

    @cached_property
    def document(self) -> Document:
        """What is signed, to be read on the same page."""
        return document_of(self.context)

    @property
    def subject(self) -> str:
        """The letter that it is about."""
        return str(self.context.title or self.context.to_text or "")

    def after(self) -> str:
        """Where the person goes on: what waits for them next, else the letter, if they may still see it."""
        secret = self.context.is_secret
        with reader(self.site) as session:
            waiting = lists.listed(session, lists.MINE, start=0, size=0, secret=secret).total
        here = self.context.absolute_url() if may(VIEW, self.context) else f"{self.site_url}/desk"
        return self.go(with_query(f"{self.site_url}/signing", {"secret": "1" if secret else ""}) if waiting else here)


class Sign(OfChain):
    """The letter, in what post the person signs, and the button."""

    index = ViewPageTemplateFile("templates/sign.pt")
    labels = {"capacity": _("form_capacity", default="I sign")}

    def show(self) -> Any:
        """For whose turn it is."""
        operations.require_turn(self.context, self.chain)
        return super().show()

    def refuse(self, refusal: DomainError) -> None:
        """After a refusal the turn may be another's."""
        super().refuse(refusal)
        self.__dict__.pop("chain", None)

    def handle(self) -> Any:
        """Approves or signs."""
        approves = self.chain is not None and self.chain.now is not None and self.chain.now.role == APPROVER
        operations.sign(self.context, {"method": self.text("method"), "capacity": self.text("capacity")})
        self.say(_("said_approve", default="Approved.") if approves else _("said_sign", default="Signed."))
        return self.after()

    @property
    def turn(self) -> SigningTurn:
        """The person's part."""
        return operations.require_turn(self.context, self.chain)

    @property
    def heading(self) -> str:
        """The verb's word."""
        return self.words(APPROVE if self.turn.role == APPROVER else SIGN)

    @property
    def title(self) -> str:  # type: ignore[override]
        """What the browser's tab says."""
        return f"{self.heading}: {self.subject}"

    @cached_property
    def posts(self) -> list[Post]:
        """The posts in which the person can sign, the own one first."""
        found = people.posts_for(self.turn.person, self.turn.unit, self.turn.role)
        return sorted({post.capacity: post for post in reversed(found)}.values(), key=lambda post: post.capacity != "own")

    def capacities(self) -> list[tuple[str, str]]:
        """How they can sign, where there are several ways."""
        posts = self.posts
        return [(post.capacity, f"{post.title(self.language)} ({self.words(CAPACITIES[post.capacity])})") for post in posts]


class SendBack(OfChain):
    """The note with which it becomes a draft again."""

    index = ViewPageTemplateFile("templates/sendback.pt")
    labels = {"note": _("form_back_note", default="What is to be changed")}
    phrases = PHRASES

    def show(self) -> Any:
        """For who may."""
        operations.require_back(self.context, self.chain)
        return super().show()

    def handle(self) -> Any:
        """Sends it back."""
        operations.send_back(self.context, {"note": self.text("note").replace("\r\n", "\n")})
        self.say(_("said_send_back", default="It is a draft again."))
        return self.after()

    @property
    def title(self) -> str:  # type: ignore[override]
        """The verb's word: who has the turn sends it back, its keepers take it back."""
        try:
            operations.require_turn(self.context, self.chain)
        except DomainError:
            return self.words(TAKE_BACK)
        return self.words(SEND_BACK)
