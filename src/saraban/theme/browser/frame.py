"""What the frame shows around a page: rail, acting unit, person, language, messages."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode

from AccessControl import getSecurityManager
from plone import api
from plone.protect.authenticator import createToken
from Products.Five import BrowserView
from Products.statusmessages.interfaces import IStatusMessage
from zope.component import queryMultiAdapter
from zope.i18n import translate

from saraban import _
from saraban.lazy import cached_property
from saraban.ledger.connection import reader
from saraban.organisation.acting import current_person, person_name
from saraban.organisation.allow import may
from saraban.organisation.chart import units
from saraban.organisation.functions import ADMINISTRATOR, HEAD, OFFICER, REGISTRAR, SECRET_REGISTRAR
from saraban.organisation.posts import posts_of
from saraban.routing.notices import unread
from saraban.theme import static_files
from saraban.theme.preferences import LANGUAGES, acting_post, language, posts, thai_digits

PRODUCT = _("product_name", default="Correspondence")
READ_AUDIT = "Saraban: Read audit trail"
BEST_ON_A_PHONE = 4
"""As many entries, and one for the rest, have room for a thumb at 390 px."""

CONTENT_POLICY = "; ".join(
    (
        "default-src 'self'",
        "script-src 'self' 'wasm-unsafe-eval'",  # scans in JPEG 2000 and JBIG2, in the reader of PDF
        "style-src 'self' 'unsafe-inline'",  # letters in HTML keep their styles
        "img-src 'self' data: blob:",
        "font-src 'self' data:",  # of the PDF that is read
        "object-src 'none'",
        "base-uri 'none'",
        "form-action 'self'",
        "frame-ancestors 'self'",
    )
)

SECTIONS = (
    ("desk", _("nav_desk", default="Desk")),
    ("letters", _("nav_letters", default="Letters")),
    ("registers", _("nav_registers", default="Registers")),
    ("circulars", _("nav_circulars", default="Circulars")),
    ("archive", _("nav_archive", default="Archive")),
    ("booking", _("nav_booking", default="Booking")),
    ("reports", _("nav_reports", default="Reports")),
    ("audit", _("nav_audit", default="Audit trail")),
    ("administration", _("nav_administration", default="Admin")),
)
"""The rail: each entry is a page of the site by that name, and is shown where that page exists."""

OF_A_POST = ("desk", "letters", "registers", "circulars")
REPORT_READERS = (REGISTRAR, HEAD, OFFICER, SECRET_REGISTRAR)

WITHIN = {"compose": "letters", "receive": "letters", "find": "letters", "agencies": "letters"}
"""Pages that light another entry than their own."""


@dataclass(frozen=True)
class Section:
    """One entry of the rail."""

    name: str
    title: str
    address: str
    current: bool


@dataclass(frozen=True)
class ActingUnit:
    """One unit in which the person may act."""

    unit: str
    title: str
    post: str
    current: bool


class Frame(BrowserView):
    """Data of the frame, for `main_template`."""

    @cached_property
    def site(self) -> Any:
        """The site."""
        return api.portal.get()

    @cached_property
    def site_url(self) -> str:
        """The site's address."""
        return str(self.site.absolute_url())

    @cached_property
    def static_url(self) -> str:
        """Where style, script and icons are, in today's version."""
        return f"{self.site_url}/{static_files.NAME}/{static_files.version()}"

    @cached_property
    def person(self) -> str:
        """The id of the person who is logged in; empty when nobody is."""
        return current_person()

    @cached_property
    def name(self) -> str:
        """The person's name."""
        return person_name(self.person) if self.person else ""

    @cached_property
    def manages(self) -> bool:
        """Whether the person manages the site itself."""
        return bool(self.person) and "Manager" in getSecurityManager().getUser().getRoles()

    @cached_property
    def language(self) -> str:
        """The language of the page."""
        return language(self.request)

    @cached_property
    def token(self) -> str:
        """The token that a form of ours carries."""
        return str(createToken())

    def here(self) -> str:
        """The address to come back to after a choice in the frame."""
        if self.request.method != "GET":
            return str(self.site_url)
        query = self.request.environ.get("QUERY_STRING", "")
        return str(self.request.get("ACTUAL_URL", self.site_url)) + (f"?{query}" if query else "")

    def title(self, view: Any) -> str:
        """What the browser's tab says: the page, then the product."""
        found = (getattr(view, name, None) for name in ("page_title", "title", "heading", "label"))
        own = next((one for one in found if one), None)
        own = (own() if callable(own) else own) or self._title_of_context()
        product = translate(PRODUCT, context=self.request)
        words = translate(own, context=self.request) if own else ""
        return f"{words} – {product}" if words and words != product else product

    def _title_of_context(self) -> str:
        title = getattr(self.context, "Title", None)
        return str(title()) if callable(title) else ""

    def needs_plone(self, view: Any) -> bool:
        """Whether a page needs Plone's own styles and scripts: Plone's pages do, ours only when they say so."""
        declared = getattr(view, "needs_plone_resources", None)
        if declared is not None:
            return bool(declared)
        return not any(base.__module__.startswith("saraban.") for base in type(view).__mro__)

    def guard(self, with_plone: bool) -> None:
        """Tells the browser to run and fetch nothing but what is ours, whatever slips into a page. Plone's pages need more."""
        response = self.request.response
        response.setHeader("X-Content-Type-Options", "nosniff")
        if not with_plone:
            response.setHeader("Content-Security-Policy", CONTENT_POLICY)

    def plone_settings(self, wanted: bool) -> dict[str, str]:
        """What Plone's scripts read from the body's attributes."""
        return dict(self.context.restrictedTraverse("@@plone_patterns_settings")()) if wanted else {}

    def sections(self, view: Any) -> list[Section]:
        """The entries of the rail that this person has."""
        if not self.person:
            return []
        lit = getattr(view, "section", "") or self._section_of_address()
        return [
            Section(name, title, f"{self.site_url}/{name}", name == lit)
            for name, title in SECTIONS
            if self._is_there(name) and self._is_for(name)
        ]

    def folded_from(self, view: Any) -> int:
        """From which entry on a phone folds the rail into a menu."""
        count = len(self.sections(view))
        return count if count <= BEST_ON_A_PHONE + 1 else BEST_ON_A_PHONE

    def _is_for(self, name: str) -> bool:
        """Most entries are for some, the correspondence for who holds a post: what leads to nothing is not shown."""
        if name == "audit":
            return self.reads_audit
        held = posts_of(self.person)
        if name == "reports":
            return any(post.function in REPORT_READERS for post in held)
        if name in OF_A_POST:
            return bool(held)
        return name != "administration" or self.administers

    def _is_there(self, name: str) -> bool:
        return queryMultiAdapter((self.site, self.request), name=name) is not None

    def has(self, name: str) -> bool:
        """Whether the site has a page of this name."""
        return self._is_there(name)

    def _page_of_address(self) -> str:
        return str(self.request.get("ACTUAL_URL", ""))[len(self.site_url) :].strip("/").split("/")[0].lstrip("@")

    def _section_of_address(self) -> str:
        page = self._page_of_address()
        return WITHIN.get(page, page)

    @cached_property
    def administers(self) -> bool:
        """Whether the person administers an agency, or the site."""
        return self.manages or any(post.function == ADMINISTRATOR for post in posts_of(self.person))

    @cached_property
    def reads_audit(self) -> bool:
        """Whether the person reads the audit trail."""
        return may(READ_AUDIT, self.site)

    @cached_property
    def notices(self) -> int:
        """How many notices the person has not seen."""
        if not self.person or not posts_of(self.person):
            return 0
        with reader(self.site) as session:
            return unread(session, self.person)

    @cached_property
    def acting_units(self) -> list[ActingUnit]:
        """The units in which the person may act, the present one marked."""
        held = posts() if self.person else ()
        now = acting_post(self.request) if held else None
        known = units([post.unit for post in held]) if held else {}
        return [
            ActingUnit(
                post.unit,
                known[post.unit].title(self.language) if post.unit in known else post.unit,
                post.title(self.language),
                now is not None and post.unit == now.unit,
            )
            for post in held
        ]

    @cached_property
    def acting(self) -> ActingUnit | None:
        """The unit in which the person acts now."""
        return next((unit for unit in self.acting_units if unit.current), None)

    @property
    def languages(self) -> list[tuple[str, str, bool]]:
        """Each language: its code, its own name, whether it is this page's."""
        return [(code, name, code == self.language) for code, name in LANGUAGES.items()]

    @property
    def thai_digits(self) -> bool:
        """Whether figures are in Thai digits."""
        return thai_digits(self.request)

    @property
    def searched(self) -> str:
        """What was searched for on this page."""
        return str(self.request.form.get("text", "")) if self._page_of_address() == "find" else ""

    def messages(self) -> list[tuple[str, str]]:
        """The messages for this page, (kind, words); they are shown once."""
        return [(message.type, message.message) for message in IStatusMessage(self.request).show()]

    def with_query(self, address: str, **parameters: str) -> str:
        """An address with parameters."""
        return f"{address}?{urlencode(parameters)}" if parameters else address
