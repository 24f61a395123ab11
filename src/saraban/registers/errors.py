"""Refusals of prints."""

from __future__ import annotations

from saraban import _
from saraban.errors import DomainError


class PrintNotReady(DomainError):
    """The worker is still printing."""

    code = "PrintNotReady"
    text = _("error_print_not_ready", default="The print is not finished yet.")


class StampImpossible(DomainError):
    """The stamp is laid over PDF pages that can be read: not over pictures, encrypted or broken files."""

    code = "StampImpossible"
    text = _(
        "error_stamp_impossible", default="The receive stamp can only be laid over a PDF file that opens without a password."
    )
