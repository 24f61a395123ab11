"""Which passwords are good enough (L6)."""

from __future__ import annotations

from itertools import pairwise
from typing import Any

from AccessControl.class_init import InitializeClass
from Products.PluggableAuthService.interfaces.plugins import IValidationPlugin
from Products.PluggableAuthService.plugins.BasePlugin import BasePlugin
from zope.globalrequest import getRequest
from zope.i18n import translate
from zope.interface import implementer

from saraban import _
from saraban.organisation.acting import current_person

SHORTEST = 10
COMMON = frozenset(  # a list that people read and extend is better as words than as quoted strings
    """
    1111111111 1122334455 1212121212 1234512345 123456789a 1234567890 12345678910 123456789012 0123456789 0987654321
    1q2w3e4r5t 1q2w3e4r5t6y 1qaz2wsx3edc abcd123456 abcdefghij administrator asdfghjkl; bangkok123 bangkok1234 bangkok12345
    changeme123 iloveyou123 letmein123 password01 password12 password123 password1234 password12345 passw0rd123 p@ssw0rd123
    p@ssword123 qwerty12345 qwerty123456 qwertyuiop qwertyuiop123 saraban123 saraban1234 saraban2564 saraban2569 thailand123
    thailand1234 welcome123 welcome1234 zaq12wsxcde3
    """.split()  # noqa: SIM905
)
"""Passwords of ten characters and more that stand on every list of leaked ones, and those that suggest themselves here."""


def weakness(password: str, names: tuple[str, ...] = ()) -> str | None:
    """Why a password is refused, or None."""
    plain = password.lower()
    if len(password) < SHORTEST:
        return _(
            "error_password_short", default="A password has at least ${least} characters.", mapping={"least": str(SHORTEST)}
        )
    if any(name and plain == name.lower() for name in names):
        return _("error_password_is_name", default="A password is not the name of the account.")
    if plain in COMMON or len(set(plain)) < 4 or _is_run(plain):
        return _("error_password_common", default="This password is too easy to guess.")
    return None


def _is_run(plain: str) -> bool:
    """Is it a run of neighbours, such as abcdefghij."""
    return len({ord(after) - ord(before) for before, after in pairwise(plain)}) == 1


@implementer(IValidationPlugin)
class PasswordPolicy(BasePlugin):
    """Refuses weak passwords wherever Plone asks: own change, reset, registration, REST."""

    meta_type = "Saraban Password Policy"

    def __init__(self, id: str, title: str = "") -> None:
        self._setId(id)
        self.title = title

    # IValidationPlugin
    def validateUserInfo(self, user: Any, set_id: str, set_info: dict[str, Any]) -> list[dict[str, str]]:  # noqa: N802
        """The reasons against a password, in the language of the request."""
        password = set_info.get("password") if set_info else None
        if password is None:
            return []
        request = getRequest()
        form = getattr(request, "form", {})
        names = (
            getattr(user, "getId", lambda: "")() or "",
            set_id or "",
            current_person(),
            str(form.get("username") or form.get("form.widgets.username") or ""),
            _person_in(request),
        )
        reason = weakness(password, names)
        return [{"id": "password", "error": translate(reason, context=request)}] if reason else []


def _person_in(request: Any) -> str:
    """The person whose password is set by REST: `@users/<person>/reset-password`."""
    path = str(getattr(request, "environ", {}).get("PATH_INFO", "")).split("/")
    return path[path.index("@users") + 1] if "@users" in path[:-1] else ""


InitializeClass(PasswordPolicy)
