"""The tabs of the desk: which lists each has, to what they can be narrowed, and what is said where there is nothing."""

from __future__ import annotations

from saraban import _
from saraban.routing.browser.page import SECRET_DESK
from saraban.routing.queries import OPEN_STATES, Filter

NEW, SEEN = ("sent",), ("opened",)
TABS = ("incoming", "tasks", "waiting", "overdue")
TAB_TITLES = {
    "incoming": _("desk_incoming", default="Incoming"),
    "tasks": _("desk_tasks", default="My tasks"),
    "waiting": _("desk_waiting", default="In progress"),
    "overdue": _("desk_overdue", default="Overdue"),
}
DESK_TITLES = {
    "desk": _("desk_title", default="Desk"),
    SECRET_DESK: _("desk_secret_title", default="Desk of secret information"),
}
Part = tuple[str, str, Filter]
PARTS: dict[str, tuple[Part, ...]] = {
    "incoming": (
        ("new", _("desk_new", default="New"), Filter(states=NEW)),
        ("seen", _("desk_seen", default="Opened, not registered"), Filter(states=SEEN)),
    ),
    "waiting": (("waiting", "", Filter(states=("registered",))),),
    "overdue": (
        ("late", TAB_TITLES["overdue"], Filter(states=OPEN_STATES, overdue=True, sort_on="due_date", descending=False)),
        (
            "soon",
            _("desk_due_soon", default="Due soon"),
            Filter(states=OPEN_STATES, due_soon=True, sort_on="due_date", descending=False),
        ),
    ),
}
"""The lists of a tab, one below the other: the new stand apart from the seen (L19), the late from what is due soon."""
NARROWED: dict[str, dict[str, bool]] = {"without-order": {"without_order": True}, "follow-up": {"follow_up": True}}
"""What a narrower list of a tab asks besides."""
EMPTY = {
    "incoming": (
        _("empty_incoming", default="Everything is registered"),
        _("empty_incoming_text", default="Letters sent to your unit appear here as soon as they are dispatched."),
    ),
    "tasks": (
        _("empty_tasks", default="No open work"),
        _("empty_tasks_text", default="What somebody assigns to you appears here, what is due first at the top."),
    ),
    "waiting": (
        _("empty_waiting", default="Nothing in progress"),
        _("empty_waiting_text", default="Registered letters stay here until their matter is closed."),
    ),
    "without-order": (
        _("empty_without_order", default="Nothing waits for your order"),
        _("empty_without_order_text", default="Registered letters stay here until you order or assign them."),
    ),
    "overdue": (
        _("empty_overdue", default="Nothing is overdue"),
        _("empty_overdue_text", default="Letters whose date has passed appear here, the oldest date first."),
    ),
}
"""What would be here, where there is nothing."""
ONLY: dict[str, dict[str, str]] = {
    "tasks": {
        "late": _("desk_overdue", default="Overdue"),
        "soon": _("desk_due_soon", default="Due soon"),
    },
    "waiting": {
        "without-order": _("filter_without_order", default="Waiting for my order"),
        "follow-up": _("filter_follow_up", default="Marked for follow-up"),
    },
    "overdue": {
        "late": _("desk_overdue", default="Overdue"),
        "soon": _("desk_due_soon", default="Due soon"),
    },
}
"""What a tab can be narrowed to."""
