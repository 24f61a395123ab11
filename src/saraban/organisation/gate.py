"""The gate: who learns what, at every address of the site.

1. `enter`, when a request comes to the site: is it text at all (`incoming`), and who is it? Nobody gets further than the few
   open addresses: REST answers 401 and a page sends to the login form, before anything is looked up. So an address that is
   there and one that is not look alike.
2. `admit`, when the address is found: whoever may not View the nearest document gets the 404 of an address that is not there,
   and so does everybody but the administrators of the site for pages and services that are Plone's and not Saraban's: its own
   dashboard, its form for sending pages by mail, parts of pages that were never meant to be asked for.
3. `refusals.Refusal` answers what was raised; `keep_refusal` writes it into the audit trail once the request is undone.
"""

from __future__ import annotations

import re
from typing import Any
from urllib.parse import quote

from AccessControl import Unauthorized
from Acquisition import aq_base
from plone.rest.events import mark_as_api_request
from plone.rest.interfaces import IAPIRequest
from plone.rest.traverse import RESTWrapper
from Products.CMFCore.interfaces import IContentish, ISiteRoot
from zExceptions import NotFound, Redirect
from zope.annotation.interfaces import IAnnotations
from zope.interface import Interface, directlyProvides
from zope.interface.declarations import Implements
from zope.publisher.interfaces.browser import IBrowserView

from saraban.ledger import audit
from saraban.organisation import asking, incoming
from saraban.organisation.allow import VIEW, may
from saraban.organisation.setup import DOOR

OPEN_SERVICES = {"@health", "@login"}
"""REST services of the site that answer anybody."""
OPEN_PAGES = {"login", "sb-preferences", "favicon.ico"}
"""Pages of the site that answer anybody."""
OPEN_NAMESPACES = ("sb-static", "++resource++", "++plone++", "++theme++", "++webresource++", "++unique++")
"""Where static files come from."""

SITE_SETUP = "Plone Site Setup: Overview"
"""Who has it uses Plone's own pages and all of plone.restapi's services."""
STANDARD_SERVICES = {
    "", "@actions", "@breadcrumbs", "@contextnavigation", "@history", "@lock", "@login", "@login-renew", "@logout",
    "@navigation", "@navroot", "@querystring", "@querystring-search", "@search", "@site", "@types", "@users",
    "@vocabularies", "@workflow",
}  # fmt: skip
"""plone.restapi's services that everybody has, as far as the permission of each goes; of vocabularies only Saraban's own. The
others write where no act of ours does (addresses of one's choice, comments, mails), or tell who is in other agencies."""
_SERVICE = re.compile(r"[A-Z]+_[^@]*_(@?[a-z-]*)")

_OPEN = "saraban.gate.open"
_USER = "saraban.gate.user"
_SITE = "saraban.gate.site"
_REFUSAL = "saraban.gate.refusal"


class IGuarded(Interface):
    """A request that has come to a site with Saraban."""


def marks_of(request: Any) -> tuple[Any, ...]:
    """The interfaces that a request is marked with, without the specification that `directlyProvidedBy` works out of them.

    A request that was not marked yet provides what its class implements.
    """
    provides = request.__provides__
    return () if isinstance(provides, Implements) else provides.__bases__[:-1]


def mark(request: Any, interface: Any) -> None:
    """Marks a request after all other marks."""
    directlyProvides(request, *marks_of(request), interface)


def notes(request: Any) -> Any:
    """What the gate remembers of a request."""
    return IAnnotations(request)


def user_of(request: Any) -> Any:
    """The person's user object, None for nobody."""
    return notes(request).get(_USER)


def site_of(request: Any) -> Any:
    """The site that the request came to."""
    return notes(request).get(_SITE)


def is_rest(request: Any) -> bool:
    """Does the answer have to be JSON."""
    return IAPIRequest.providedBy(request)


def names_ahead(request: Any) -> list[str]:
    """The names of the address that are not traversed yet, without those that only say how to traverse."""
    names = reversed(request.get("TraversalRequestNameStack") or [])
    return [name for name in names if name not in ("VirtualHostRoot", "++api++") and not name.startswith("_vh_")]


def is_open(request: Any, names: list[str]) -> bool:
    """May anybody have what is at this address."""
    if is_rest(request):
        return not request._rest_cors_preflight and len(names) == 1 and names[0] in OPEN_SERVICES
    if len(names) == 1:
        return names[0].removeprefix("@@") in OPEN_PAGES or names[0].startswith(OPEN_NAMESPACES)
    return bool(names) and names[0].startswith(OPEN_NAMESPACES)


def enter(site: Any, event: Any) -> None:
    """A request comes to the site."""
    request = event.request
    if DOOR not in site.acl_users or _is_root_ahead(request):
        return
    if IGuarded.providedBy(request):
        _enter_again(request)
        return
    # First of all interfaces: the answer to an exception is ours, whatever else the request is marked with.
    directlyProvides(request, IGuarded, *marks_of(request))
    remembered = notes(request)
    remembered[_SITE] = site
    stack = request.get("TraversalRequestNameStack") or []
    if "++api++" in stack[-3:] and not is_rest(request):
        mark_as_api_request(request, "application/json")
    asking.recognise(request, names_ahead(request))
    incoming.check(request)
    incoming.forget_broken_credentials(request)
    user = remembered[_USER] = authenticate(site, request)
    open_ = remembered[_OPEN] = is_open(request, names_ahead(request))
    if user is not None or open_:
        return
    if is_rest(request):
        raise Unauthorized()
    raise Redirect(login_address(site, request))


def _is_root_ahead(request: Any) -> bool:
    """Behind a proxy the site may be the root of a virtual host, which is set by what stands right behind it in the address.

    Then the request comes here a second time, and only then are the addresses of the site what people see.
    """
    # The next two are Zope's: who sets the root, and what it is. Further on they would only lead past the gate.
    ahead = (request.get("TraversalRequestNameStack") or [])[-2:]
    return len(ahead) == 2 and ahead[0].startswith("/")


def _enter_again(request: Any) -> None:
    """A request within a request, such as the theme's for its rules: for the same person."""
    outer = request.other.get("PARENT_REQUEST")  # a form can have a field of that name
    if outer is not None:
        open_ = is_open(request, names_ahead(request))
        notes(request).update({_SITE: site_of(outer), _USER: user_of(outer), _OPEN: open_})


def authenticate(site: Any, request: Any) -> Any:
    """The user whom the request's credentials name, asked of the site's user folder, then of those above it."""
    folder = site.acl_users
    while folder is not None:
        found = _find(folder, request)
        if found is not None:
            return found
        above = folder.aq_parent.aq_parent if hasattr(folder, "aq_parent") else None
        above = getattr(above, "acl_users", None)
        if above is None or aq_base(above) is aq_base(folder):
            return None
        folder = above
    return None


def user_above(request: Any) -> Any:
    """The user of an address outside every site, asked of Zope's own user folder."""
    parents = request.get("PARENTS") or ()
    folder = getattr(parents[-1], "acl_users", None) if parents else None
    return _find(folder, request) if folder is not None else None


def _find(folder: Any, request: Any) -> Any:
    plugins = getattr(aq_base(folder), "plugins", None)
    if plugins is None:
        return None
    plugins = folder.plugins
    for user_id, login in folder._extractUserIds(request, plugins):
        user = folder._findUser(plugins, user_id, login, request=request)
        if user is not None:
            return user
    return None


def login_address(site: Any, request: Any) -> str:
    """The login form, which leads back to where the person wanted to go."""
    address = f"{site.absolute_url()}/login"
    if request.get("REQUEST_METHOD", "GET") not in ("GET", "HEAD"):
        return address
    wanted = request["ACTUAL_URL"].rstrip("/")
    if wanted == site.absolute_url():
        return address
    if request.get("QUERY_STRING"):
        wanted = f"{wanted}?{request['QUERY_STRING']}"
    return f"{address}?came_from={quote(wanted, safe='')}"


def nearest(request: Any) -> Any:
    """The document nearest to the address, as far as traversal came."""
    for item in (request.get("PUBLISHED"), *(request.get("PARENTS") or ())):
        found = item.context if isinstance(item, RESTWrapper) else item
        if IContentish.providedBy(found) or ISiteRoot.providedBy(found):
            return found
    return None


def admit(event: Any) -> None:
    """The address is found: may the person see what it leads to, and is what they ask put as it is read there."""
    request = event.request
    if not IGuarded.providedBy(request):
        return
    context = nearest(request)
    at_root = context is None or ISiteRoot.providedBy(context)
    user = user_of(request)
    if user is None:
        if not at_root:
            raise Unauthorized()
        incoming.check_types(request)
        return
    if not at_root and not may(VIEW, context):
        raise NotFound()
    ours = notes(request).get(_OPEN) or is_for_staff(request["PUBLISHED"], is_rest(request))
    site = site_of(request)
    if not ours and site is not None and not may(SITE_SETUP, site):
        raise NotFound()
    if ours or is_rest(request):
        incoming.check_types(request)


def is_for_staff(published: Any, rest: bool) -> bool:
    """Is it a page or a service of Saraban, or one of plone.restapi's that everybody has.

    A template alone is no page but a part of pages.
    """
    view = aq_base(getattr(published, "__self__", published))
    if not IBrowserView.providedBy(view):
        return False
    if any(one.__module__.startswith("saraban.") for one in type(view).__mro__):
        return True
    name = _SERVICE.fullmatch(getattr(view, "__name__", "")) if rest else None
    if name is None or name[1] not in STANDARD_SERVICES:
        return False
    return name[1] != "@vocabularies" or all(one.startswith("saraban.") for one in view.params)


def remember_refusal(request: Any, refusal: dict[str, Any]) -> None:
    """What `keep_refusal` will write once the transaction is undone."""
    notes(request)[_REFUSAL] = refusal


def keep_refusal(event: Any) -> None:
    """The request is over, and undone: the audit trail keeps the refusal, in a transaction of its own."""
    request = event.request
    if getattr(event, "retry", False) or not IGuarded.providedBy(request):
        return
    refusal = notes(request).pop(_REFUSAL, None)
    if refusal is not None:
        audit.refused(context=site_of(request), **refusal)
