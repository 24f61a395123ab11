"""`@stamped`, `@receipt`, `@index-card` on a delivery: what its receiver prints, as PDF."""

from __future__ import annotations

from abc import ABC, abstractmethod
from io import BytesIO
from typing import IO, Any

from plone.restapi.services import Service

from saraban.organisation.sending import send_file
from saraban.registers import slips
from saraban.registers.api.books import thai_digits_wanted


class _Printed(Service, ABC):
    """A GET that answers a PDF."""

    name: str

    @abstractmethod
    def file(self, thai_digits: bool) -> IO[bytes]:
        """The PDF."""

    def render(self) -> Any:
        """The file, to be shown or kept."""
        out = self.file(thai_digits_wanted(self.request))
        answer = send_file(
            self.request.response, out, slips.PDF, f"{self.name}-{self.context.row.receive_number or 0}.pdf", "inline"
        )
        self.request.response.setHeader("X-Content-Type-Options", "nosniff")
        self.request.response.setHeader("Cache-Control", "private, no-cache")
        return answer

    __call__ = render
    """As a page of the same name."""


class Stamped(_Printed):
    """`GET <delivery>/@stamped?file=<attachment>`: a copy with the receive stamp (แบบ 12)."""

    name = "stamped"

    def file(self, thai_digits: bool) -> IO[bytes]:
        """The copy."""
        return slips.stamped_copy(self.context, self.request.form.get("file", ""), thai_digits)


class Receipt(_Printed):
    """`GET <delivery>/@receipt`: ใบรับหนังสือ (แบบ 17)."""

    name = "receipt"

    def file(self, thai_digits: bool) -> IO[bytes]:
        """The slip."""
        return BytesIO(slips.receipt(self.context, thai_digits))


class IndexCard(_Printed):
    """`GET <delivery>/@index-card`: บัตรตรวจค้น (แบบ 18)."""

    name = "card"

    def file(self, thai_digits: bool) -> IO[bytes]:
        """The card."""
        return BytesIO(slips.index_card(self.context, thai_digits))
