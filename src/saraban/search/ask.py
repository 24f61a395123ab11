"""From a question to Solr's parameters.

What a person typed is only ever the value of a parameter that a query names (`v=$uq`): it cannot become syntax. The
security clause is a filter of its own, in every question.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from saraban.organisation.functions import agency_of
from saraban.search import gap, numbers, typed
from saraban.search.asker import Asker
from saraban.search.documents import LONGEST_TEXT, OPEN_LEVEL, unit_field
from saraban.search.filetexts import TOGETHER
from saraban.search.question import RUN, Question
from saraban.search.wanted import Range, Wanted
from saraban.thai.numbers import normal

WORDS, GAP, NEAR = "words", "gap", "near"
"""The questions that the handler `/find` knows (`solrconfig.xml`)."""
NEAR_MILLISECONDS = 1500
"""So long Solr looks for what comes near; then it answers with what it has."""
NUMBER_WEIGHT = 40
MARK, END_MARK = "\ue000", "\ue001"
"""Around what is found in a fragment: characters that no document holds."""
FIELDS = "uid,path,type,kind,urgency,state,agency,owner_unit,letter_date,number,title_runs,sender,to_text"
EXACT = "{!edismax qf='title_runs text_runs' v=$uq}"
OTHER_WAY = 0.05
"""What another word for the same counts beside the word itself; a long name counts ten times as much as its abbreviation."""
FACET_FIELDS = {
    "kind": "kind", "category": "category", "urgency": "urgency", "state": "state", "year": "year", "sender": "sender",
}  # fmt: skip
FACET_LIMIT = 30
_UNIT = re.compile(r"[a-z0-9.\-]{1,64}")


@dataclass
class Condition:
    """One condition of a question: a query, and the name by which facets leave it out."""

    query: str
    facet: str = ""


def days(field: str, asked: Range) -> str:
    """A query for days in a range."""
    first = f"{asked.first.isoformat()}T00:00:00Z" if asked.first else "*"
    last = f"{asked.last.isoformat()}T00:00:00Z" if asked.last else "*"
    return f"{field}:[{first} TO {last}]"


def allowed(question: Question) -> str:
    """The security clause: what the asker may view."""
    return question.terms("allowed", question.asker.principals)


def unit_condition(question: Question, unit: str) -> str:
    """Letters of a unit: it owns them; or they lie there, for the asker's own agencies; or those sent them there."""
    if not _UNIT.fullmatch(unit):
        return question.nothing()
    asker = question.asker
    if agency_of(unit) in asker.agencies:
        return question.terms("units", [unit])
    owned = question.terms("owner_unit", [unit])
    if not asker.agencies:
        return owned
    sent = question.both([question.terms("sent_to", [unit]), question.terms("agency", asker.agencies)])
    return question.either([owned, sent])


def own_units(wanted: Wanted, asker: Asker) -> tuple[str, ...]:
    """The units whose receive numbers and dates count: the asker's own, of these the ones asked for."""
    return tuple(unit for unit in asker.units if unit in wanted.units) or asker.units


def conditions(wanted: Wanted, question: Question) -> list[Condition]:
    """Everything that is asked but the words."""
    found: list[Condition] = []

    def some(facet: str, field: str, values: Iterable[str]) -> None:
        if values := tuple(values):
            found.append(Condition(question.terms(field, values), facet))

    some("kind", "kind", wanted.kinds)
    some("category", "category", wanted.categories)
    some("urgency", "urgency", wanted.urgencies)
    some("state", "state", wanted.states)
    if wanted.secrecies:
        found.append(Condition("*:*" if OPEN_LEVEL in wanted.secrecies else question.nothing(), "secrecy"))
    if wanted.units:
        found.append(Condition(question.either([unit_condition(question, unit) for unit in wanted.units]), "unit"))
    if wanted.years and wanted.receive_number is None:
        found.append(Condition(question.terms("year", map(str, wanted.years)), "year"))
    if wanted.number:
        found.append(Condition(number_condition(question, wanted.number)))
    if wanted.sender:
        names = (wanted.sender, *wanted.senders)
        found.append(Condition(question.either([question.contains("sender_runs", text=name) for name in names]), "sender"))
    if wanted.to:
        names = (wanted.to, *wanted.tos)
        sent = question.either([question.contains("sent_to_runs", text=name) for name in names])
        mine = question.both([sent, question.terms("agency", question.asker.agencies or ("",))])
        found.append(Condition(question.either([*(question.contains("to_runs", text=name) for name in names), mine])))
    if wanted.letter_date:
        found.append(Condition(days("letter_date", wanted.letter_date)))
    found += _of_own_units(wanted, question)
    return found


def number_condition(question: Question, number: str) -> str:
    """Letters with this number, in whatever digits and spaces it was typed (E22)."""
    return f"{{!term f=number_forms v=${question.value(normal(number))}}}"


def _of_own_units(wanted: Wanted, question: Question) -> list[Condition]:
    found: list[Condition] = []
    units = own_units(wanted, question.asker)
    if wanted.receive_number is not None:
        sequence, year = wanted.receive_number
        years = (year,) if year is not None else wanted.years
        found.append(Condition(received_as(question, units, sequence, years)))
    if wanted.receive_date:
        asked = [days(f"receive_date_{unit_field(unit)}", wanted.receive_date) for unit in units]
        found.append(Condition(question.either(asked) if asked else question.nothing()))
    return found


def received_as(question: Question, units: Iterable[str], sequence: int, years: tuple[int, ...] = ()) -> str:
    """Letters that one of these units received under this number."""
    asked = []
    for unit in units:
        field = unit_field(unit)
        queries = [f"receive_number_{field}:{sequence}"]
        if years:
            queries.append(question.either([f"receive_year_{field}:{year}" for year in years]))
        asked.append(question.both(queries))
    return question.either(asked) if asked else question.nothing()


def words(wanted: Wanted, question: Question, how: str) -> str:
    """The words, as the handler's question of that name; numbers first where a number was typed."""
    text = wanted.typed
    question.parameters["uq"] = text.text
    question.parameters["hq"] = " ".join(dict.fromkeys([*text.parts, *(part for parts in text.also for part in parts)]))
    if how == GAP:
        return gap.query(question, text.text, text.words, ranked=wanted.relevance and wanted.descending)
    if how == NEAR:
        question.parameters["nq"] = typed.runs(text.text)
        return "{!query v=$near}"
    ways = [_other_way(question, parts) for parts in text.also]
    if wanted.either and len(text.parts) > 1:
        return question.either([*(query for part in text.parts for query in _one_part(question, part)), *ways])
    asked = question.either(["{!query v=$word}" if len(text.parts) == 1 else "{!query v=$words}", *ways])
    if not text.number:
        return asked
    first = [number_condition(question, text.number)]
    received = numbers.receive_number(text.number)
    if received is not None:
        first.append(received_as(question, question.asker.units, received[0], (received[1],) if received[1] else ()))
    name = question.value(question.either(first))
    return question.either([asked, f"{{!query v=${question.value('{!boost b=' + str(NUMBER_WEIGHT) + ' v=$' + name + '}')}}}"])


def _one_part(question: Question, part: str) -> list[str]:
    """One of several parts that are enough each: as it was typed, or all of its words."""
    name = question.value(part)
    found = [f"{{!edismax qf='title^0.4 text^0.1' v=${name}}}"]
    if len(typed.squeezed(part)) >= RUN:
        found.append(f"{{!edismax qf='title_runs^4 text_runs' v=${name}}}")
    return found


def _other_way(question: Question, parts: Iterable[str]) -> str:
    """Other words for the same: each of them stands there, letter for letter."""
    found = question.every([_stands(question, part) for part in parts])
    return f"{{!boost b={OTHER_WAY} v=${question.value(found)}}}"


def _stands(question: Question, part: str) -> str:
    fields = "title_runs^4 text_runs" if len(typed.squeezed(part)) >= RUN else "title^0.4 text^0.1"
    return f"{{!edismax qf='{fields}' v=${question.value(part)}}}"


def _exact(question: Question, wanted: Wanted, how: str) -> str:
    """A query for letters that hold what was typed letter for letter, or another word for it."""
    if how == GAP:
        return "{!edismax qf='title_runs text_runs' v=$split}"
    ways = [question.every([_stands(question, part) for part in parts]) for parts in wanted.typed.also]
    return question.either([EXACT, *ways])


def _say_exact(question: Question, wanted: Wanted, how: str) -> None:
    """Asks whether there are such letters: without one, others that come near are looked for."""
    name = question.value(_exact(question, wanted, how))
    if wanted.relevance and wanted.descending and not wanted.start:
        # They stand first: asked of those that are shown only, which spares going through all of them again.
        question.parameters["fl"] += f",exact:query(${name},0)"
    else:
        question.parameters.update({"facet": "true", "facet.query": [f"{{!query key=exact v=${name}}}"]})


def phrases(wanted: Wanted, question: Question) -> list[str]:
    """Filters for what stands in quotes, and for what must not be there."""
    found = []
    for phrase in wanted.typed.phrases:
        found.append(question.contains("title_runs", "text_runs", text=phrase))
    for excluded in wanted.typed.excluded:
        found.append(question.without(question.contains("title_runs", "text_runs", text=excluded)))
    return found


def sort_of(wanted: Wanted, asker: Asker) -> str:
    """Solr's order: what has no number or date stands last whichever way it is sorted."""
    way = "desc" if wanted.descending else "asc"
    own = [unit_field(unit) for unit in own_units(wanted, asker)]
    if wanted.relevance:
        return f"score {way},created desc,uid asc"
    if wanted.sort_on == "register_number":
        keys = [f"register_{unit}" for unit in own]
    elif wanted.sort_on == "receive_date":
        keys = [f"receive_date_{unit}" for unit in own]
    elif wanted.sort_on == "letter_number":
        keys = ["number_sort"]
    elif wanted.sort_on == "title":
        keys = ["title_sort"]
    elif wanted.sort_on == "letter_date":
        keys = ["letter_date"]
    else:
        return f"created {way},uid asc"
    return ",".join([*(f"{key} {way}" for key in keys[:5]), "created desc", "uid asc"])


def parameters(
    wanted: Wanted, asker: Asker, *, how: str = "", hidden: Iterable[str] = (), shown: bool = True
) -> dict[str, Any]:
    """Everything that Solr is asked. `hidden` are letters that the index still shows and the asker may not view any more."""
    question = Question(asker)
    how = how or WORDS
    asked = conditions(wanted, question)
    filters = [allowed(question)]
    if hidden := tuple(hidden):
        filters.append(question.without(question.terms("uid", hidden)))
    if wanted.folder:
        filters.append(f"{{!prefix f=path v=${question.value(wanted.folder + '/')}}}")
    text = words(wanted, question, how) if wanted.typed else ""
    if wanted.either and (asked or text):
        pieces = [condition.query for condition in asked]
        question.parameters["q"] = question.either([*([text] if text else []), *pieces])
        filters += phrases(wanted, question) if not pieces else []
    else:
        question.parameters["q"] = text or "{!query v=$all}"
        filters += phrases(wanted, question)
        for condition in asked:
            name = question.value(condition.query)
            filters.append(f"{{!query {f'tag=f_{condition.facet} ' if condition.facet else ''}v=${name}}}")
    question.parameters.update(
        fq=filters,
        fl=FIELDS,
        start=wanted.start,
        rows=wanted.size,
        sort=sort_of(wanted, asker),
    )
    if wanted.facets:
        question.parameters.update(_facets(wanted))
    if wanted.typed and how != NEAR:
        _say_exact(question, wanted, how)
    if how in (GAP, NEAR):
        question.parameters["timeAllowed"] = NEAR_MILLISECONDS
    if wanted.typed and shown:
        question.parameters.update(_fragments())
    return question.parameters


def _facets(wanted: Wanted) -> dict[str, Any]:
    fields = [f"{{!ex=f_{name} key={name}}}{FACET_FIELDS[name]}" for name in wanted.facets if name in FACET_FIELDS]
    if "unit" in wanted.facets:
        fields += ["{!ex=f_unit key=owner_unit}owner_unit", "{!ex=f_unit key=units}units"]
    return {"facet": "true", "facet.field": fields, "facet.mincount": 1, "facet.limit": FACET_LIMIT, "facet.sort": "count"}


def _fragments() -> dict[str, Any]:
    return {
        "hl": "true",
        "hl.method": "unified",
        "hl.fl": "title_runs,text_runs",
        "hl.snippets": 2,
        "hl.fragsize": 130,
        "hl.bs.type": "WORD",
        "hl.bs.language": "th",
        "hl.bs.country": "TH",
        "hl.tag.pre": MARK,
        "hl.tag.post": END_MARK,
        "hl.defaultSummary": "true",
        "hl.requireFieldMatch": "true",
        # Runs that overlap are joined anyway, and finding each by itself takes half of the time.
        "hl.weightMatches": "false",
        "hl.maxAnalyzedChars": LONGEST_TEXT + TOGETHER,
        "f.title_runs.hl.fragsize": 0,
    }


def stale(asker: Asker, uids: Iterable[str]) -> dict[str, Any]:
    """Which of these letters does the index show to the asker."""
    question = Question(asker)
    known = tuple(uids)
    filters = [allowed(question), question.terms("uid", known)]
    question.parameters.update(fq=filters, fl="uid,path", rows=len(known), q="{!query v=$all}")
    return question.parameters
