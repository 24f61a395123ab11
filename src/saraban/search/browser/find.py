"""`/find?text=`: the page of search. Every state of it is an address: it can be kept, sent to a colleague, gone back to."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any
from urllib.parse import urlencode

from Products.Five.browser.pagetemplatefile import ViewPageTemplateFile
from zope.component.hooks import getSite
from zope.i18n import translate

from saraban import _
from saraban.errors import DomainError, Invalid
from saraban.lazy import cached_property
from saraban.ledger.connection import reader
from saraban.letters.kinds import ALL_KINDS, STATES, URGENCIES
from saraban.organisation import settings
from saraban.organisation.acting import current_person
from saraban.organisation.posts import posts_of
from saraban.page import Page
from saraban.routing.browser.page import Window
from saraban.search import exports, nearwords, saved, service, wanted
from saraban.search.api.find import address_of
from saraban.search.found import CATALOG, Found, Hit
from saraban.search.tables import SavedSearch
from saraban.search.titles import language_of, title_of
from saraban.search.wanted import Wanted

FACETS = ("kind", "year", "unit", "urgency", "state", "sender")
FACET_TITLES = {
    "kind": _("find_facet_kind", default="Kind"),
    "year": _("find_facet_year", default="Year"),
    "unit": _("find_facet_unit", default="Unit"),
    "urgency": _("find_facet_urgency", default="Urgency"),
    "state": _("find_facet_state", default="State"),
    "sender": _("find_facet_sender", default="From"),
}
FACET_PARAMETER = {"sender": "from"}
SHOWN = 8
"""Values of a facet that are seen at once; the others unfold."""
FIELDS = {
    "text": _("find_field_text", default="Words"),
    "number": _("find_field_number", default="Letter number"),
    "receive_number": _("find_field_receive_number", default="Receive number of my unit"),
    "kind": FACET_TITLES["kind"],
    "category": _("find_field_category", default="Category"),
    "urgency": FACET_TITLES["urgency"],
    "secrecy": _("find_field_secrecy", default="Secrecy"),
    "state": FACET_TITLES["state"],
    "from": FACET_TITLES["sender"],
    "to": _("find_field_to", default="To"),
    "unit": FACET_TITLES["unit"],
    "letter_date_from": _("find_field_letter_date_from", default="Dated from"),
    "letter_date_to": _("find_field_letter_date_to", default="Dated until"),
    "receive_date_from": _("find_field_receive_date_from", default="Received by my unit from"),
    "receive_date_to": _("find_field_receive_date_to", default="Received by my unit until"),
    "year": FACET_TITLES["year"],
}
SORTS = {
    "relevance": _("find_sort_relevance", default="Best match"),
    "letter_date": _("find_sort_letter_date", default="Date of the letter"),
    "receive_date": _("find_sort_receive_date", default="Day received by my unit"),
    "register_number": _("find_sort_register_number", default="Receive number of my unit"),
    "letter_number": _("find_sort_letter_number", default="Letter number"),
    "title": _("find_sort_title", default="Subject"),
}
DETAILS = tuple(name for name in FIELDS if name not in ("text", "unit", "secrecy"))
SIZE = 20
BEGIN = (
    _("find_begin", default="Two words are enough"),
    _("find_begin_text", default="Type what you remember: part of the subject or the text, a number in any digits, a name."),
)


@dataclass(frozen=True)
class Link:
    """A way to a changed question."""

    title: str
    url: str
    count: int = 0
    chosen: bool = False


class Find(Page):
    """The page of search."""

    section = "letters"
    index = ViewPageTemplateFile("find.pt")
    found: Found | None = None
    question: Wanted | None = None
    SORTS, DETAILS, BEGIN = SORTS, DETAILS, BEGIN

    def handle(self) -> str:
        """Keeps the search, forgets a kept one, or has its results made into a list."""
        form = self.request.form
        if "forget" in form:
            number = str(form["forget"])
            saved.delete(self.context, int(number) if number.isdecimal() and len(number) < 19 else 0)
            self.say(_("saved_forgotten", default="The saved search is deleted."))
            return self.go(self.url)
        asked = saved.form_of(str(form.get("query", "")))
        if form.get("verb") == "export":
            exports.order(self.context, asked, language_of(self.request))
            return self.go(f"{self.context.absolute_url()}/find-exports")
        row = saved.save(self.context, str(form.get("name", "")), asked)
        self.say(_("saved_kept", default="The search is saved as “${name}”.", mapping={"name": row.name}))
        return self.go(f"{self.url}?{row.query}")

    def refuse(self, refusal: DomainError) -> None:
        """After a refusal of what was posted: the page of the same question, and why."""
        super().refuse(refusal)
        if self.request.method == "POST":
            self.request.form.update(saved.form_of(str(self.request.form.get("query", ""))))

    def show(self) -> Any:
        """Reads the question, asks, shows; what cannot be understood is said at its field."""
        try:
            question = wanted.read({**self.request.form, "facets": ",".join(FACETS)})
        except Invalid as refusal:
            self.refuse(refusal)
            return self.index()
        self.question = replace(question, size=min(question.size, 100) if "b_size" in self.request.form else SIZE)
        if self.asked:
            self.found = service.find(self.question)
        return self.index()

    # The question
    @property
    def title(self) -> str:  # type: ignore[override]
        """What the browser's tab says."""
        name = self.words(_("find_title", default="Search letters"))
        text = self.text("text")
        return f"{text} – {name}" if text else name

    @property
    def url(self) -> str:
        """This page, without its query."""
        return f"{getSite().absolute_url()}/find"

    @cached_property
    def values(self) -> dict[str, list[str]]:
        """What is asked, by parameter; a parameter may have several values."""
        return wanted.values(self.request.form)

    @property
    def asked(self) -> bool:
        """Whether anything is looked for."""
        return any(name in self.values for name in wanted.FILTERS)

    @property
    def detailed(self) -> bool:
        """Whether the form with all fields is open."""
        return bool(self.errors) or any(
            name in self.values for name in DETAILS if name not in ("kind", "urgency", "state", "year")
        )

    @property
    def query(self) -> str:
        """The question as it stands in the address."""
        return self.address({}).partition("?")[2]

    @cached_property
    def saved(self) -> list[SavedSearch]:
        """The searches that the person keeps."""
        with reader(self.context) as session:
            return saved.mine(session, current_person())

    @property
    def meant(self) -> str:
        """Near words in the place of those that stand nowhere; empty where all of them stand somewhere."""
        found = self.found
        if found is None or self.question is None or found.engine == CATALOG or (found.total and not found.near):
            return ""
        return nearwords.meant(self.question)

    def text(self, name: str) -> str:
        """The value of a field of the form."""
        return next(iter(self.values.get(name, ())), "")

    def address(self, changes: dict[str, list[str]]) -> str:
        """This page with a changed question."""
        pairs = {**self.values, **changes}
        query = urlencode([(name, value) for name, values in pairs.items() for value in values])
        return f"{self.url}?{query}" if query else self.url

    def without(self, name: str, value: str) -> str:
        """This page without one of the conditions."""
        return self.address({name: [one for one in self.values.get(name, ()) if one != value]})

    def chips(self) -> list[Link]:
        """The conditions beside the words; each can be taken off."""
        return [
            Link(f"{self.words(FIELDS[name])}: {self.value_title(name, value)}", self.without(name, value))
            for name, values in self.values.items()
            if name in FIELDS and name != "text"
            for value in values
        ]

    def value_title(self, name: str, value: str) -> str:
        """A condition's value in words."""
        return title_of(name, value, self.request) if name in FACETS else value

    def field_title(self, name: str) -> Any:
        """What a field of the form is called."""
        return FIELDS[name]

    def choices(self, name: str) -> list[tuple[str, str]] | None:
        """The values of a field of the form; None where it is typed."""
        titles: dict[str, Any] = {
            "kind": {key: kind.title for key, kind in ALL_KINDS.items()},
            "category": self.categories,
            "urgency": URGENCIES,
            "state": STATES,
        }.get(name, {})
        if not titles:
            return None
        everything = self.words(_("find_any", default="any"))
        return [("", everything), *((key, self.words(title)) for key, title in titles.items())]

    @cached_property
    def categories(self) -> dict[str, str]:
        """The categories of the person's agencies (L21), and the one that is asked for; none where they defined none."""
        agencies = dict.fromkeys(post.agency for post in posts_of(current_person()))
        with reader(self.context) as session:
            found = [word for agency in agencies for word in settings.words_of(session, agency, settings.CATEGORY)]
        return {word: word for word in (*found, *self.values.get("category", ()))} if found else {}

    def kept(self, *names: str) -> list[tuple[str, str]]:
        """Hidden fields of a form that does not show these conditions."""
        return [(name, value) for name, values in self.values.items() if name in names for value in values]

    # The answer
    @property
    def away(self) -> bool:
        """Whether Solr was away, so that less is found."""
        return self.found is not None and self.found.engine == CATALOG

    @property
    def window(self) -> Window:
        """The way to the other pages."""
        assert self.found is not None
        assert self.question is not None
        size = self.question.size or SIZE
        changes = {"b_size": [str(size)]} if "b_size" in self.request.form else {}
        return Window(
            self.found.total,
            self.question.start,
            size,
            lambda at: self.address({**changes, "b_start": [str(at)] if at else []}),
        )

    def facets(self) -> list[dict[str, Any]]:
        """The left side: values with their counts; a chosen one is taken off by its link."""
        if self.found is None:
            return []
        found = []
        for name in FACETS:
            links = [self._facet_link(name, value, count) for value, count in self.found.facets.get(name, ())]
            if name == "year":
                links.sort(key=lambda link: link.title, reverse=True)
            if links:
                title = FACET_TITLES[name]
                found.append({"name": name, "title": self.words(title), "links": links[:SHOWN], "more": links[SHOWN:]})
        return found

    def _facet_link(self, name: str, value: str, count: int) -> Link:
        parameter = FACET_PARAMETER.get(name, name)
        title = title_of(name, value, self.request)
        chosen = value in self.values.get(parameter, ())
        if chosen:
            return Link(title, self.without(parameter, value), count, chosen=True)
        several = parameter != "from"
        return Link(title, self.address({parameter: [*(self.values.get(parameter, ()) if several else ()), value]}), count)

    def url_of(self, one: Hit) -> str:
        """Where the letter opens."""
        return address_of(getSite(), one)

    def advice(self) -> list[Link]:
        """Nothing was found: which condition to drop, and what is found then."""
        if self.found is None or self.question is None or self.found.total:
            return []
        found: list[Link] = []
        for name in self.values:
            if name in FIELDS and len(found) < 6:
                rest = {key: value for key, value in self.values.items() if key != name}
                if not any(key in wanted.FILTERS for key in rest):
                    continue
                total = service.find(replace(wanted.read(rest), size=0)).total
                if total:
                    what = ", ".join(self.value_title(name, value) for value in self.values[name])
                    found.append(Link(f"{self.words(FIELDS[name])}: {what}", self.address({name: []}), total))
        return sorted(found, key=lambda link: -link.count) or self._words_alone()

    def _words_alone(self) -> list[Link]:
        """Several conditions are in the way: none of them but the words."""
        conditions = [name for name in self.values if name in FIELDS and name != "text"]
        if len(conditions) < 2 or not self.text("text"):
            return []
        total = service.find(replace(wanted.read({"text": self.text("text")}), size=0)).total
        what = ", ".join(self.words(FIELDS[name]) for name in conditions)
        return [Link(what, self.address({name: [] for name in conditions}), total)] if total else []

    # Words
    def words(self, message: Any) -> str:
        """A message in the person's language."""
        return str(translate(message, domain="saraban", context=self.request))
