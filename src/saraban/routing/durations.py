"""How long something took, in words: minutes, then hours, then days."""

from __future__ import annotations

from saraban import _

MINUTE, HOUR, DAY = 60, 3600, 86_400


def words(seconds: int) -> str:
    """A message: minutes (at least one) up to an hour, hours up to two days, then days, with a tenth below ten."""
    if seconds < MINUTE:
        return _("duration_moment", default="a minute")
    if seconds < HOUR:
        return _("duration_minutes", default="${count} min", mapping={"count": str(seconds // MINUTE)})
    if seconds < 2 * DAY:
        return _("duration_hours", default="${count} h", mapping={"count": _figure(seconds / HOUR)})
    return _("duration_days", default="${count} days", mapping={"count": _figure(seconds / DAY)})


def _figure(value: float) -> str:
    return f"{value:.1f}".removesuffix(".0") if value < 10 else str(round(value))
