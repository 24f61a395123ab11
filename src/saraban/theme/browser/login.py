"""The door: log in, log out."""

from __future__ import annotations

from typing import Any
from urllib.parse import urlsplit

from plone import api
from plone.protect.interfaces import IDisableCSRFProtection
from zope.interface import alsoProvides

from saraban import _
from saraban.page import Page
from saraban.theme import preferences

FIRST = "desk"
NOT_BACK_TO = ("login", "logout", "logged-out", "login_form", "require_login", "change-password", "sb-preferences")


class Login(Page):
    """The log-in form. Plone's user folder reads `__ac_name` and `__ac_password` before this page is asked."""

    title = _("login_title", default="Log in")

    def __call__(self) -> Any:
        """Whoever is in goes on; whoever was refused sees why, what they typed still there."""
        response = self.request.response
        response.setHeader("Cache-Control", "no-store")
        if not api.user.is_anonymous():
            if self.request.method == "POST":
                self.enter()
            return self.go(self.next_address())
        if self.request.method == "POST" and "__ac_name" in self.request.form:
            response.setStatus(403)
            self.problem = _(
                "login_failed",
                default="The name or the password is not right. Mind capital letters and the keyboard's language.",
            )
        return self.show()

    def enter(self) -> None:
        """Lets the person in: the cookie, the time of this login, the choices kept with the account."""
        # The form was made for nobody, so it has no token of this person; what is written is their own login time.
        alsoProvides(self.request, IDisableCSRFProtection)
        api.portal.get_tool("portal_membership").loginUser(self.request)
        preferences.bring_back(self.request, api.user.get_current())

    def _post_login(self) -> None:
        """plone.restapi's `@login` ends with what a login by the form does."""
        self.enter()

    @property
    def came_from(self) -> str:
        """The address to go on to: only within this site, and not the door itself."""
        wanted = str(self.request.form.get("came_from", ""))
        site: str = self.context.absolute_url()
        if not wanted or not api.portal.get_tool("portal_url").isURLInPortal(wanted) or wanted.rstrip("/") == site:
            return ""
        last = urlsplit(wanted).path.rstrip("/").rpartition("/")[2].removeprefix("@@")
        return "" if last in NOT_BACK_TO else wanted

    def next_address(self) -> str:
        """Where the day goes on."""
        return self.came_from or f"{self.context.absolute_url()}/{FIRST}"


class Logout(Page):
    """Leaves, and says so on the log-in form."""

    def __call__(self) -> Any:
        """Forgets who it was."""
        api.portal.get_tool("acl_users").resetCredentials(self.request, self.request.response)
        self.say(_("logged_out", default="You are logged out."))
        return self.go(f"{self.context.absolute_url()}/login")
