"""The own password (L6)."""

from __future__ import annotations

from typing import Any

from plone import api
from zExceptions import BadRequest

from saraban import _
from saraban.errors import REQUIRED, DomainError, Invalid
from saraban.page import Page


class PasswordKeptElsewhere(DomainError):
    """The account is of another directory, which keeps the password."""

    code = "PasswordKeptElsewhere"
    text = _("error_password_elsewhere", default="Your password is not kept here. Change it where your account comes from.")


class ChangePassword(Page):
    """Asks for the present password once and for the new one twice; the policy is the user folder's."""

    title = _("password_title", default="Change password")
    labels = {
        "present": _("password_present", default="Present password"),
        "new": _("password_new", default="New password"),
        "again": _("password_again", default="The new password once more"),
    }
    hint = _("password_hint", default="At least ten characters; a short sentence is easy to remember and hard to guess.")

    def handle(self) -> str:
        """Changes the password and goes to the desk."""
        present, new, again = (str(self.request.form.get(name, "")) for name in ("present", "new", "again"))
        person = api.user.get_current()
        folder = api.portal.get_tool("acl_users")
        if folder.source_users.getLoginForUserId(person.getId()) is None:
            raise PasswordKeptElsewhere()
        self.check(person, folder, present, new, again)
        self.change(new)
        self.say(_("password_changed", default="Your password is changed."))
        return self.go(f"{self.context.absolute_url()}/desk")

    def check(self, person: Any, folder: Any, present: str, new: str, again: str) -> None:
        """All that is wrong at once."""
        wrong: dict[str, str] = {}
        if not folder.authenticate(person.getUserName(), present, self.request):
            wrong["present"] = _("error_password_present", default="This is not your present password.")
        if not new:
            wrong["new"] = REQUIRED
        elif new == present:
            wrong["new"] = _("error_password_same", default="The new password is the present one.")
        elif weak := api.portal.get_tool("portal_registration").testPasswordValidity(new):
            wrong["new"] = str(weak)
        if new and new != again:
            wrong["again"] = _("error_password_again", default="The two new passwords are not the same.")
        if wrong:
            raise Invalid(fields=wrong)

    def change(self, new: str) -> None:
        """Plone changes it, and renews what keeps the person logged in."""
        try:
            api.portal.get_tool("portal_membership").setPassword(new, REQUEST=self.request)
        except BadRequest as refusal:
            raise Invalid(fields={"new": str(refusal)}) from refusal
