"""What is sent fits the schema; what looks the same is folded the same in Python and in Solr."""

from __future__ import annotations

import re
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from tests.conftest import HOME
from tests.search.conftest import letter

from saraban.search.client import READ_SECONDS, Solr
from saraban.search.documents import unit_field
from saraban.search.typed import runs, squeezed
from saraban.thai.folding import fold

SENT = {
    "uid": "string", "read_at": "long", "path": "string", "allowed": "string", "type": "string", "kind": "string",
    "urgency": "string", "category": "string", "state": "string", "agency": "string", "owner_unit": "string",
    "units": "string", "sent_to": "string", "sent_to_runs": "runs", "year": "int", "letter_date": "date", "created": "date",
    "number": "key", "number_forms": "string", "number_sort": "string", "title": "words", "sender": "string",
    "to_text": "key", "text": "words",
}  # fmt: skip
OF_A_UNIT = {"receive_number_*": "int", "receive_year_*": "int", "receive_date_*": "date", "register_*": "long"}


def test_every_field_is_in_solr(synthetic: Solr) -> None:
    fields = synthetic.request("GET", f"{synthetic.core}/schema/fields")["fields"]
    types = {field["name"]: field["type"] for field in fields}
    assert {name: types.get(name) for name in SENT} == SENT
    dynamic = synthetic.request("GET", f"{synthetic.core}/schema/dynamicfields")["dynamicFields"]
    assert {field["name"]: field["type"] for field in dynamic} == OF_A_UNIT


def test_names_of_units_do_not_meet() -> None:
    units = ["district-dusit", "district-dusit.general", "district-dusit-general", "district.dusit", "a.b-c", "a-b.c", "a.b.c"]
    names = {unit_field(unit) for unit in units}
    assert len(names) == len(units)
    assert all(re.fullmatch(r"[a-z0-9_]+", name) for name in names)


def _folded(engine: Solr, text: str) -> str:
    asked = {"analysis.fieldtype": "folded", "analysis.fieldvalue": text, "wt": "json"}
    answer = engine.request("POST", f"{engine.core}/analysis/field", data=asked)
    steps: list[Any] = answer["analysis"]["field_types"]["folded"]["index"]
    return " ".join(str(steps[-1][0]["text"]).split()) if steps and steps[-1] else ""


CONSONANT = st.sampled_from("กขคงจดตนบปผพมยรลวสหอ")
BEFORE = st.sampled_from(["", "", "เ", "แ", "โ", "เเ"])
MARKS = st.sampled_from(["", "", "่", "้", "ิ", "ี่", "่ี", "ุ้", "ุ้", "ำ", "ํา", "้ำ", "ํ้า", "ำ้", "้ํา", "์", "่่", "ิิ", "ั", "้ั", "ุ์", "์ุ", "ๆ"])
BETWEEN = st.sampled_from(["", "", "", "\u200b", "\ufeff", "\u00ad", " ", "๑", "7", "A", "-"])
SYLLABLE = st.tuples(BEFORE, CONSONANT, MARKS, BETWEEN).map("".join)


@settings(max_examples=300, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.lists(SYLLABLE, min_size=1, max_size=8).map("".join))
def test_folding_agrees(synthetic: Solr, text: str) -> None:  # E23
    assert _folded(synthetic, text) == fold(text)


@settings(max_examples=200, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.lists(SYLLABLE, min_size=2, max_size=8).map("".join))
def test_runs_agree(synthetic: Solr, text: str) -> None:
    """What is asked in runs of three (`near`, `gap`) is what Solr cuts."""
    asked = {"analysis.fieldtype": "runs", "analysis.fieldvalue": text, "wt": "json"}
    answer = synthetic.request("POST", f"{synthetic.core}/analysis/field", data=asked)
    steps: list[Any] = answer["analysis"]["field_types"]["runs"]["index"]
    cut = [str(token["text"]) for token in steps[-1]] if len(squeezed(text)) >= 3 else []
    flat = squeezed(text)
    assert cut == [flat[at : at + 3] for at in range(len(flat) - 2)]
    assert runs(text) == " ".join(dict.fromkeys(cut))


@settings(max_examples=100, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.lists(SYLLABLE, min_size=2, max_size=8).map("".join))
def test_a_question_has_the_runs_that_cover_it(synthetic: Solr, text: str) -> None:
    """Every third, and the last one, each at its place: as a phrase they find what all runs find."""
    asked = {"analysis.fieldtype": "runs", "analysis.query": text, "wt": "json"}
    answer = synthetic.request("POST", f"{synthetic.core}/analysis/field", data=asked)
    steps: list[Any] = answer["analysis"]["field_types"]["runs"]["query"]
    flat = squeezed(text)
    cut = [(token["position"] - 1, str(token["text"])) for token in steps[-1]] if len(flat) >= 3 else []
    assert cut == [(at, flat[at : at + 3]) for at in range(len(flat) - 2) if at % 3 == 0 or at == len(flat) - 3]


@pytest.mark.parametrize(
    "text", ["สํานัก", "สำนัก", "นํ้า", "น้ำ", "น้ํา", "เเขวง", "สำ\u200bนัก", "เ\u200bเขวง", "๑๒๓", "ที่่", "กิ่ง", "ก่ิง", "ก่่ิง"]
)
def test_folding_of_known_faults(synthetic: Solr, text: str) -> None:
    assert _folded(synthetic, text) == fold(text)


def test_older_reading_never_wins(synthetic: Solr) -> None:
    new = letter("u1", "ใหม่")
    synthetic.update([new])
    synthetic.update([letter("u1", "เก่า", read_at=new["read_at"] - 1)])
    asked = {"q": "uid:u1", "fl": "title_runs"}
    assert synthetic.find(asked, handler="select")["response"]["docs"] == [{"title_runs": "ใหม่"}]
    synthetic.update([{"uid": "u1", "read_at": new["read_at"] + 1}])
    synthetic.update([new])
    assert synthetic.find(asked, handler="select")["response"]["docs"] == [{}]


def test_solr_gives_up_before_its_client_does() -> None:
    """Else one question that takes long makes Solr seem away, for everybody."""
    text = (HOME / "instance/solr/home/configsets/saraban/conf/solrconfig.xml").read_text()
    (milliseconds,) = re.findall(r'<int name="timeAllowed">(\d+)</int>', text)
    assert int(milliseconds) <= (READ_SECONDS - 0.5) * 1000


@pytest.mark.parametrize("path", ["stream", "sql", "export", "graph", "terms", "debug/dump", "config", "schema"])
def test_doors_are_closed(synthetic: Solr, path: str) -> None:
    import requests

    answer = requests.post(
        f"{synthetic.urls}/{synthetic.core}/{path}", json={"add-field": {"name": "x", "type": "string"}}, timeout=10
    )
    assert answer.status_code in (400, 403, 404)
