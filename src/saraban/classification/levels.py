"""The levels of secrecy, and the groups of those who are cleared for them (`domain.md` 2.4).

A clearance counts where a post is held: `<unit>:cleared-<level>` are the unit's registrars of secret information who are
cleared, `<unit>/<person>:cleared-<level>` is one cleared person in one unit. Whoever leaves the unit, or whose clearance
ends, is in neither the same day.
"""

from __future__ import annotations

from saraban.organisation.functions import person_group

NORMAL = "normal"
CONFIDENTIAL = "confidential"
SECRET = "secret"  # noqa: S105 - a level's name
LEVELS = (CONFIDENTIAL, SECRET)
"""Levels above normal that may be handled electronically, the lower first. Top secret never is (E27)."""
WORDS = {CONFIDENTIAL: "ลับ", SECRET: "ลับมาก"}
"""As marked on the paper and written before the letter code."""
RANKS = {NORMAL: 0, CONFIDENTIAL: 1, SECRET: 2}
COVER = "(ลับ)"
"""What stands in a register, a list or a row in the place of a secret text."""
CLEARED = ":cleared-"
"""Stands in a group's name between who is cleared and for what."""
READER = "Secret Reader"
"""The only role that may see what is above normal."""


def registrars(unit: str, level: str) -> str:
    """The group of a unit's registrars of secret information who are cleared for the level."""
    return f"{unit}{CLEARED}{level}"


def cleared_person(unit: str, person: str, level: str) -> str:
    """The group that is one person in one unit, as long as they are cleared for the level."""
    return f"{person_group(unit, person)}{CLEARED}{level}"
