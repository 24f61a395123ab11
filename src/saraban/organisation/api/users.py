"""Accounts by REST: plone.restapi's services, as far as they may be used here."""

from __future__ import annotations

from typing import Any, ClassVar

from plone import api
from plone.restapi.permissions import PloneManageUsers
from plone.restapi.services.auth.login import Login
from plone.restapi.services.users.add import UsersPost
from plone.restapi.services.users.update import UsersPatch
from zope.i18n import translate

from saraban import _
from saraban.errors import REQUIRED, TEXT, Invalid, Missing
from saraban.organisation.acting import current_person
from saraban.organisation.allow import may, require
from saraban.organisation.refusals import language_of
from saraban.organisation.rest import body

WRONG_PASSWORD = _("error_password_present", default="This is not your present password.")


class LogIn(Login):
    """`POST @login`: plone.restapi's, which says what is wrong in English alone."""

    described = False
    """It is plone.restapi's: it has no place in our OpenAPI description."""
    WORDS: ClassVar[dict[int, str]] = {
        400: _("login_missing", default="Login and password are asked for."),
        401: _("login_wrong", default="The login name or the password is wrong."),
    }

    def reply(self) -> Any:
        """plone.restapi's entry."""
        answer = super().reply()
        words = self.WORDS.get(self.request.response.getStatus())
        if words is not None:
            answer["error"]["message"] = translate(words, target_language=language_of(self.request))
        return answer


class Accounts(UsersPost):
    """`POST @users`, and `POST @users/<person>/reset-password`: plone.restapi's, for oneself and administrators of accounts.

    plone.restapi sends a letter about the password of anybody to whoever asks for it, and breaks where there is no mail.
    """

    described = False
    """It is plone.restapi's: it has no place in our OpenAPI description."""
    NAMES = ("old_password", "new_password", "reset_token")

    def reply(self) -> Any:
        """plone.restapi's entry. Raises Invalid; Missing for other people's accounts and for what is not there."""
        if not self.params:
            return super().reply()
        person = self.params[0]
        others = person != current_person() and not may(PloneManageUsers, self.context)
        if others or self.params[1:] != ["reset-password"] or self._get_user_by_login_name(person) is None:
            raise Missing()
        data = body(self.request)
        wrong = {name: TEXT for name in self.NAMES if not isinstance(data.get(name, ""), str)}
        if not wrong and (data or not self._has_mail()):
            asked = ("reset_token" if data.get("reset_token") else "old_password", "new_password")
            wrong = {name: REQUIRED for name in asked if not data.get(name)}
        if wrong:
            raise Invalid(fields=wrong)
        answer = super().reply()
        if answer and answer["error"]["type"] == "Wrong password":
            answer["error"]["message"] = translate(WRONG_PASSWORD, target_language=language_of(self.request))
        return answer

    def _has_mail(self) -> bool:
        """Whether somebody set up how the site sends mail."""
        return all(api.portal.get_registry_record(f"plone.{name}", default="") for name in ("smtp_host", "email_from_address"))


class ChangeUser(UsersPatch):
    """`PATCH @users/<person>`: for administrators of accounts.

    To plone.restapi everybody's own name is theirs to change. Here it stands in registers and below orders. A password is set
    by `reset-password`, which knows the policy and asks a person for the old one.
    """

    described = False
    """It is plone.restapi's: it has no place in our OpenAPI description."""

    def reply(self) -> Any:
        """plone.restapi's entry. Raises Forbidden, Invalid, Missing."""
        require(PloneManageUsers, self.context)
        changes = body(self.request)
        if "password" in changes:
            raise Invalid(
                fields={"password": _("error_password_reset", default="A password is set at @users/…/reset-password.")}
            )
        if len(self.params) != 1 or self._get_user(self.params[0]) is None:
            raise Missing()
        for name, value in changes.items():
            if name in ("roles", "portrait"):
                if not isinstance(value, dict):
                    raise Invalid(fields={name: _("error_json_object", default="A JSON object is asked for.")})
            elif not isinstance(value, str):
                raise Invalid(fields={name: TEXT})
        return super().reply() if changes else self.reply_no_content()
