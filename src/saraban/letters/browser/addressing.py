"""How people are addressed (`domain.md` 1.2, Appendix 2 of the regulation): what the forms suggest, never what they force."""

from __future__ import annotations

from dataclasses import dataclass

from saraban import _


@dataclass(frozen=True)
class Address:
    """Opening and closing words that belong together."""

    whom: str
    """For whom, as a message."""
    salutation: str
    closing: str


ORDINARY = Address(_("address_ordinary", default="Ordinary"), "เรียน", "ขอแสดงความนับถือ")
ADDRESSES = (
    ORDINARY,
    Address(_("address_high", default="Prime Minister and high posts"), "กราบเรียน", "ขอแสดงความนับถืออย่างยิ่ง"),
    Address(_("address_monks", default="Monks"), "นมัสการ", "ขอนมัสการด้วยความเคารพ"),
)
"""Royalty has a register of its own, which nobody picks from a list."""
