"""What is answered when something was raised: JSON in the shape of `api.md`, or a page in the person's language."""

from __future__ import annotations

import json
import logging
import re
import secrets
import sys
from collections.abc import Mapping
from dataclasses import dataclass, field
from html import escape
from traceback import walk_tb
from types import CodeType
from typing import Any

from AccessControl.SecurityManagement import newSecurityManager
from AccessControl.unauthorized import Unauthorized as AccessUnauthorized
from OFS.CopySupport import CopyError
from plone.rest.interfaces import ICORSPolicy
from plone.restapi.exceptions import DeserializationError, QueryParsingError
from Products.CMFCore.interfaces import ISiteRoot
from Products.CMFCore.PortalFolder import PortalFolderBase
from Products.Five.browser import BrowserView
from Products.Five.browser.pagetemplatefile import ViewPageTemplateFile
from Products.statusmessages.interfaces import IStatusMessage
from transaction.interfaces import TransientError
from zExceptions import BadRequest, HTTPException, NotFound, Redirect, Unauthorized
from zExceptions import Forbidden as ZopeForbidden
from zope.browserpage.metaconfigure import simple
from zope.component import getMultiAdapter, queryMultiAdapter
from zope.i18n import translate
from zope.interface import Invalid as InvalidObject
from ZPublisher.BaseRequest import BaseRequest
from ZPublisher.HTTPRequest import HTTPRequest

from saraban import _
from saraban.errors import DomainError, Forbidden, Invalid, Missing
from saraban.organisation.acting import current_actor
from saraban.organisation.allow import VIEW, may
from saraban.organisation.errors import AccountLocked
from saraban.organisation.gate import IGuarded, is_rest, login_address, nearest, remember_refusal, site_of, user_of
from saraban.page import Refused

logger = logging.getLogger("saraban.incident")

AUDITED = (403, 404, 409)
NAME = re.compile(r"[@+A-Za-z0-9._-]{1,64}")
LANGUAGES = ("th", "en")
FOREIGN = _("error_foreign", default="This cannot be used here.")
_LEADS_ON = (
    BaseRequest.traverse.__code__,
    simple.browserDefault.__code__,
    HTTPRequest.shiftNameToApplication.__code__,
)
UNAUTHORIZED = _("error_unauthorized", default="Please log in.")


@dataclass
class Answer:
    """A status, a code and a sentence."""

    status: int
    code: str
    text: str
    fields: Mapping[str, str] = field(default_factory=dict)
    headers: Mapping[str, str] = field(default_factory=dict)
    attempt: bool = False
    """Is it a refusal by rights or by the state of a document: something for the audit trail."""


def language_of(request: Any) -> str:
    """Thai or English, as `Accept-Language` prefers; Thai where it says nothing of either."""
    best, weight = "th", 0.0
    for part in (request.getHeader("Accept-Language") or "").split(","):
        name, _semicolon, quality = part.strip().partition(";q=")
        language = name.strip().lower()[:2]
        try:
            given = float(quality) if quality else 1.0
        except ValueError:
            continue
        if language in LANGUAGES and given > weight:
            best, weight = language, given
    return best


def answer_to(exception: BaseException, request: Any) -> Answer:
    """What to say to an exception. The person may never learn from it that a hidden document is there."""
    if isinstance(exception, AccountLocked):
        headers = {"Retry-After": str(exception.seconds)}
        return Answer(exception.status, exception.code, exception.message, headers=headers)
    if isinstance(exception, DomainError):
        answer = Answer(exception.status, exception.code, exception.message, exception.fields)
        answer.attempt = exception.status in AUDITED
        return answer
    # Zope says CopyError of what may not be cut, pasted or renamed.
    if isinstance(exception, (Unauthorized, AccessUnauthorized, ZopeForbidden, CopyError)):
        return _no_right(request)
    if not isinstance(exception, TransientError) and user_of(request) is not None and _is_hidden(request):
        # Traversal itself failed, before the gate was asked: another status would tell that something is there.
        return Answer(404, Missing.code, Missing.text, attempt=True)
    if isinstance(exception, NotFound) or _is_nothing_to_call(exception):
        return Answer(404, Missing.code, Missing.text, attempt=_is_hidden(request))
    if isinstance(exception, (BadRequest, DeserializationError, QueryParsingError)):
        return Answer(400, Invalid.code, Invalid.text, fields_of(exception, request))
    if isinstance(exception, RecursionError):  # JSON nested without end, already where credentials are looked for
        return Answer(400, Invalid.code, Invalid.text, {"body": _("error_json", default="This is not valid JSON.")})
    if isinstance(exception, ValueError) and _raised_in(exception, (PortalFolderBase._verifyObjectPaste.__code__,)):
        return Answer(400, Invalid.code, Invalid.text, {"source": FOREIGN})
    if isinstance(exception, InvalidObject):
        return Answer(400, Invalid.code, Invalid.text, {"body": _in_words(str(exception), request)})
    if isinstance(exception, TransientError):
        # Without its words: an error of a database may hold a value.
        logger.warning(
            "given up, others were in the way: %s of %s", type(exception).__name__, type(exception.__cause__).__name__
        )
        text = _("error_busy", default="Many people are working at this moment. Please try again.")
        return Answer(503, "Busy", text, headers={"Retry-After": "2"})
    if isinstance(exception, HTTPException) and 400 <= exception.getStatus() < 500:
        text = _("error_refused", default="This request cannot be answered.")
        return Answer(exception.getStatus(), type(exception).__name__, text)
    return _incident(exception, request)


def _no_right(request: Any) -> Answer:
    """Without View it is a 404, and the same one as for an address that leads nowhere."""
    if user_of(request) is None:
        return Answer(401, "Unauthorized", UNAUTHORIZED)
    if _is_hidden(request):
        return Answer(404, Missing.code, Missing.text, attempt=True)
    return Answer(403, Forbidden.code, Forbidden.text, attempt=True)


def _is_nothing_to_call(exception: BaseException) -> bool:
    """Zope says so, before the gate is asked, of methods that an address has not, of Plone's `+`, which only leads on, and of
    `++skin++` within a site."""
    return isinstance(exception, AttributeError | ValueError) and _raised_in(exception, _LEADS_ON)


def _raised_in(exception: BaseException, codes: tuple[CodeType, ...]) -> bool:
    """Whether it was raised in one of these functions themselves."""
    frames = [frame for frame, _line in walk_tb(exception.__traceback__)]
    return bool(frames) and frames[-1].f_code in codes


def _is_hidden(request: Any) -> bool:
    context = nearest(request)
    return context is not None and not ISiteRoot.providedBy(context) and not may(VIEW, context)


def fields_of(exception: BaseException, request: Any) -> dict[str, str]:
    """plone.restapi's list of errors, by field."""
    found = exception.args[0] if exception.args else ""
    if not isinstance(found, list):
        return {"body": _in_words(str(found), request)} if found else {}
    errors = [error for error in found if isinstance(error, dict)]
    return {str(error.get("field") or "body"): _in_words(error.get("message") or "", request) for error in errors}


def _in_words(foreign: str, request: Any) -> str:
    """What Plone says of a field; it has no Thai for much of it."""
    thai = any("\u0e00" <= letter <= "\u0e7f" for letter in foreign)
    return foreign if thai or language_of(request) == "en" else FOREIGN


def _incident(exception: BaseException, request: Any) -> Answer:
    """Something that nobody foresaw: a number for the person, everything else for the log."""
    number = secrets.token_hex(5)
    user = user_of(request)
    who = user.getId() if user is not None else "anonymous"
    logger.error("Incident %s: %s %s by %s", number, request.method, request.get("PATH_INFO"), who, exc_info=exception)
    text = _(
        "error_incident",
        default="Something went wrong here. Please tell your administrator this number: ${incident}",
        mapping={"incident": number},
    )
    return Answer(500, "InternalError", text)


def act_of(request: Any) -> str:
    """The name of what was asked for: the service or page, else the method."""
    last = str(request.get("PATH_INFO") or "").rstrip("/").rpartition("/")[2]
    if last.startswith("@") and NAME.fullmatch(last):
        return last.lstrip("@")
    return str(request.method).lower()[:64]


def keep_shown(event: Refused) -> None:
    """A page has shown a refusal itself: it is kept in the audit trail nevertheless."""
    if event.refusal.status in AUDITED and IGuarded.providedBy(event.request) and user_of(event.request) is not None:
        remember(event.request, event.refusal.code)


def remember(request: Any, outcome: str) -> None:
    """Notes who was refused what on which document; never what the document is about."""
    context = nearest(request)
    uid = getattr(context, "UID", lambda: "")() if context is not None else ""
    unit = getattr(context, "unit_id", "") or ""
    remember_refusal(request, {"actor": current_actor(unit), "act": act_of(request), "uid": uid or "", "outcome": outcome})


class Refusal(BrowserView):
    """The view of every exception that is raised in a site with Saraban."""

    page = ViewPageTemplateFile("browser/refusal.pt")

    def __call__(self) -> str:
        """The answer, with its status locked."""
        exception = self._original()
        response = self.request.response
        if isinstance(exception, Redirect):
            response.setStatus(exception.getStatus(), lock=1)
            return ""
        self.user = user_of(self.request)
        if self.user is not None:
            newSecurityManager(self.request, self.user)
        answer = answer_to(exception, self.request)
        if answer.attempt and self.user is not None:
            remember(self.request, answer.code)
        # Nobody behind us may turn the answer into a challenge or another status.
        response._has_challenged = True
        # The base tag would tell how far traversal came.
        response.base = ""
        for name, value in answer.headers.items():
            response.setHeader(name, value)
        if answer.status == 401 and not is_rest(self.request):
            response.redirect(login_address(site_of(self.request), self.request), lock=1)
            return ""
        response.setStatus(answer.status, lock=1)
        response.setHeader("Cache-Control", "no-store")
        if self.request.get("REQUEST_METHOD") == "HEAD":
            return ""  # nobody behind us takes the body away, and the next answer on the line would begin with it
        return self._json(answer) if is_rest(self.request) else self._html(answer)

    def _original(self) -> BaseException:
        """What was raised: the publisher replaces exceptions whose class it knows by name."""
        raised = sys.exc_info()[1]
        exception: BaseException = self.context
        return raised if isinstance(raised, DomainError) else exception

    def _json(self, answer: Answer) -> str:
        language = language_of(self.request)
        error: dict[str, Any] = {"type": answer.code, "message": self._say(answer.text, language)}
        if answer.fields:
            error["fields"] = {name: self._say(text, language) for name, text in answer.fields.items()}
        policy = queryMultiAdapter((site_of(self.request), self.request), ICORSPolicy)
        if policy is not None:
            policy.process_simple_request()
        self.request.response.setHeader("Content-Type", "application/json")
        return json.dumps({"error": error}, ensure_ascii=False)

    def _say(self, text: str, language: str | None = None) -> str:
        return str(translate(text, domain="saraban", context=self.request, target_language=language))

    def _html(self, answer: Answer) -> str:
        site = site_of(self.request)
        self.request.response.setHeader("Content-Type", "text/html; charset=utf-8")  # it may have been to be a file
        if answer.status == 429:
            return self._login_page(site, answer)
        self.answer = answer
        self.context = self.__parent__ = site
        # What stands on the page depends on what was published: always the same, there or not.
        self.request["PUBLISHED"] = self
        try:
            return str(self.page())
        except Exception:  # the frame itself may be what fails: the sentence must arrive nevertheless
            logger.exception("The page of a refusal could not be drawn")
            return self._plain_html()

    def _plain_html(self) -> str:
        heading, text = escape(self._say(self.title)), escape(self._say(self.answer.text))
        back = escape(site_of(self.request).absolute_url(), quote=True)
        return (
            f'<!DOCTYPE html><html lang="th"><head><meta charset="utf-8"><title>{heading}</title></head>'
            f'<body><h1>{heading}</h1><p>{text}</p><p><a href="{back}">{back}</a></p></body></html>'
        )

    def _login_page(self, site: Any, answer: Answer) -> str:
        """The login form again, saying why it does not let in."""
        self.request.form.clear()
        self.request["URL"] = f"{site.absolute_url()}/login"
        IStatusMessage(self.request).add(self._say(answer.text), type="error")
        return str(getMultiAdapter((site, self.request), name="login")())

    # For the template.
    @property
    def title(self) -> str:
        """The page's one heading, and what the browser's tab says."""
        headings = {
            403: _("heading_forbidden", default="Not allowed"),
            404: _("heading_not_found", default="Nothing here"),
            503: _("heading_busy", default="Please try again"),
        }
        if self.answer.status >= 500 and self.answer.status != 503:
            return _("heading_incident", default="Something went wrong")
        return headings.get(self.answer.status, _("heading_refused", default="This did not work"))

    def message(self) -> str:
        """The sentence."""
        return self._say(self.answer.text)

    def reasons(self) -> list[str]:
        """The sentences about single fields."""
        return [self._say(text) for text in self.answer.fields.values()]
