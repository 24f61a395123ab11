"""What is asked for, from the parameters of `@find` and `/find` (`api.md`, L25-L27, L32). Anything unknown is refused."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import date
from typing import Any, TypeVar

from saraban import _
from saraban.errors import Invalid
from saraban.letters.kinds import ALL_KINDS, SECRECIES, STATES, URGENCIES
from saraban.search.numbers import receive_number
from saraban.search.typed import LONGEST, Typed, understand
from saraban.thai.dates import DateRefused, parse, parse_year

FACETS = ("kind", "category", "urgency", "secrecy", "state", "year", "unit", "sender")
RELEVANCE = "relevance"
SORTS = (RELEVANCE, "register_number", "letter_number", "receive_date", "letter_date", "title")
ORDERS = {"ascending": False, "descending": True, "asc": False, "desc": True, "reverse": True}
SIZE = 25
MOST = 1000
DEEPEST = 100_000
FILTERS = (
    "text", "number", "receive_number", "kind", "category", "urgency", "secrecy", "state", "from", "to", "unit",
    "letter_date_from", "letter_date_to", "receive_date_from", "receive_date_to", "year",
)  # fmt: skip
"""The parameters that say what is looked for, as they stand in an address."""

Value = TypeVar("Value")


@dataclass(frozen=True)
class Range:
    """Days from … to, either of them open."""

    first: date | None = None
    last: date | None = None

    def __bool__(self) -> bool:
        return self.first is not None or self.last is not None


@dataclass(frozen=True)
class Wanted:
    """A question; empty means everything that the person may view."""

    typed: Typed = field(default_factory=Typed)
    number: str = ""
    receive_number: tuple[int, int | None] | None = None
    kinds: tuple[str, ...] = ()
    categories: tuple[str, ...] = ()
    urgencies: tuple[str, ...] = ()
    secrecies: tuple[str, ...] = ()
    states: tuple[str, ...] = ()
    sender: str = ""
    senders: tuple[str, ...] = ()
    """Other names of the same (`synonyms.py`)."""
    to: str = ""
    tos: tuple[str, ...] = ()
    units: tuple[str, ...] = ()
    letter_date: Range = field(default_factory=Range)
    receive_date: Range = field(default_factory=Range)
    years: tuple[int, ...] = ()
    either: bool = False
    """One fulfilled condition is enough (`op=or`)."""
    sort_on: str = RELEVANCE
    descending: bool = True
    facets: tuple[str, ...] = ()
    start: int = 0
    size: int = SIZE
    folder: str = ""
    """Only letters below this path."""

    @property
    def relevance(self) -> bool:
        """Whether the best come first; without words there is no better and worse."""
        return self.sort_on == RELEVANCE and bool(self.typed or self.number)

    def page(self, start: int, size: int) -> Wanted:
        """The same question for another page."""
        return replace(self, start=start, size=size)


class _Reader:
    """Reads parameters and gathers what is wrong with them."""

    def __init__(self, form: Mapping[str, Any]) -> None:
        self.form = form
        self.wrong: dict[str, str] = {}

    def texts(self, name: str) -> list[str]:
        """Everything that was given under a name."""
        given = self.form.get(name)
        values = given if isinstance(given, list | tuple) else [given]
        return [value.strip() for value in values if isinstance(value, str) and value.strip()]

    def text(self, name: str) -> str:
        """One text."""
        found = self.texts(name)
        if len(found) > 1 or (found and len(found[0]) > LONGEST):
            self.wrong[name] = _(
                "error_find_text", default="One text of at most ${most} characters.", mapping={"most": LONGEST}
            )
            return ""
        return found[0] if found else ""

    def words(self, name: str, known: Iterable[str] | None = None) -> tuple[str, ...]:
        """Known words, given several times or with commas between them."""
        given = self.texts(name)
        if known is None:
            return tuple(dict.fromkeys(value[:LONGEST] for value in given))
        words = [word.strip() for value in given for word in value.split(",") if word.strip()]
        allowed = tuple(known)
        if any(word not in allowed for word in words):
            self.wrong[name] = _(
                "error_field_choice", default="This must be one of: ${names}.", mapping={"names": ", ".join(allowed)}
            )
            return ()
        return tuple(dict.fromkeys(words))

    def read(self, name: str, by: Callable[[str], Value]) -> Value | None:
        """A date or year as people type it."""
        text = self.text(name)
        if not text:
            return None
        try:
            return by(text)
        except DateRefused:
            self.wrong[name] = _("error_find_date", default="This is not a date or year that can be understood.")
            return None

    def whole(self, name: str, default: int, most: int) -> int:
        """A whole number."""
        given = self.form.get(name)
        if given in (None, ""):
            return default
        try:
            found = int(str(given))
        except ValueError:
            found = -1
        if not 0 <= found <= most:
            self.wrong[name] = _(
                "error_number_range",
                default="A whole number from ${least} to ${most} is asked for.",
                mapping={"least": 0, "most": most},
            )
            return default
        return found


def read(form: Mapping[str, Any]) -> Wanted:
    """The question of these parameters. Raises Invalid with the names of those that cannot be understood.

    What is not named here (Solr's own parameters among it) is not read at all.
    """
    given = _Reader(form)
    sort = given.words("sort_on", SORTS)[:1] or (RELEVANCE,)
    order = given.words("sort_order", ORDERS)[:1]
    number = given.text("receive_number")
    received = receive_number(number) if number else None
    if number and received is None:
        given.wrong["receive_number"] = _("error_find_receive_number", default="A receive number is a whole number.")
    years = tuple(dict.fromkeys(year for text in given.texts("year") if (year := _year(text, given)) is not None))
    wanted = Wanted(
        typed=understand(given.text("text")),
        number=given.text("number"),
        receive_number=received,
        kinds=given.words("kind", ALL_KINDS),
        categories=given.words("category"),
        urgencies=given.words("urgency", URGENCIES),
        secrecies=given.words("secrecy", SECRECIES),
        states=given.words("state", STATES),
        sender=given.text("from"),
        to=given.text("to"),
        units=given.words("unit"),
        letter_date=_range("letter_date", given),
        receive_date=_range("receive_date", given),
        years=years,
        either=given.words("op", ("and", "or"))[:1] == ("or",),
        sort_on=sort[0],
        descending=ORDERS[order[0]] if order else sort[0] != "title",
        facets=given.words("facets", FACETS),
        start=given.whole("b_start", 0, DEEPEST),
        size=given.whole("b_size", SIZE, MOST),
    )
    if given.wrong:
        raise Invalid(fields=given.wrong)
    return wanted


def values(form: Mapping[str, Any]) -> dict[str, list[str]]:
    """What is asked and in which order, by parameter, as it was given: enough to ask the same again."""
    found: dict[str, list[str]] = {}
    for name in (*FILTERS, "op", "sort_on", "sort_order"):
        given = form.get(name) or []
        texts = [given] if isinstance(given, str) else given
        found[name] = [text.strip() for text in texts if isinstance(text, str) and text.strip()]
    return {name: texts for name, texts in found.items() if texts}


def below(question: Wanted, path: str) -> Wanted:
    """The same question, below a path."""
    return replace(question, folder=path)


def _range(name: str, given: _Reader) -> Range:
    return Range(given.read(f"{name}_from", parse), given.read(f"{name}_to", parse))


def _year(text: str, given: _Reader) -> int | None:
    try:
        return parse_year(text)
    except DateRefused:
        given.wrong["year"] = _("error_find_date", default="This is not a date or year that can be understood.")
        return None
