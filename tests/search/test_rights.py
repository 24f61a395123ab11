"""Nothing else: whoever asks whatever, results, totals, facets and fragments are of letters that they may view (E28)."""

from __future__ import annotations

import random
from collections import Counter
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from tests.search.conftest import letter

from saraban.search.answer import answer
from saraban.search.asker import Asker
from saraban.search.client import Solr
from saraban.search.wanted import read

GROUPS = [f"user:{unit}:desk" for unit in ("dusit", "works", "finance", "audit")] + ["Manager", "user:works:staff"]
WORDS = ("ต้นไม้", "งบประมาณ", "ประชุม", "ก่อสร้าง", "ทะเบียน")
UNITS = ("district-dusit", "works", "finance.general")


@pytest.fixture(scope="module")
def many(synthetic: Solr) -> dict[str, dict[str, Any]]:
    """Letters with readers at random."""
    chance = random.Random(5)
    letters = {}
    for at in range(150):
        uid = f"r{at}"
        letters[uid] = letter(
            uid,
            " ".join(chance.sample(WORDS, 2)),
            f"เรื่อง{chance.choice(WORDS)} ลับเฉพาะ{uid}",
            allowed=chance.sample(GROUPS, chance.randint(0, 3)),
            kind=chance.choice(("internal", "order")),
            owner_unit=chance.choice(UNITS),
            agency="works",
            received={chance.choice(UNITS): chance.randint(1, 20)},
        )
    synthetic.clear()
    synthetic.update(list(letters.values()))
    return letters


def matches(document: dict[str, Any], text: str) -> bool:
    return all(part in document.get("title", "") or part in document["text"] for part in text.split())


@settings(max_examples=80, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    st.lists(st.sampled_from(GROUPS), max_size=4, unique=True),
    st.lists(st.sampled_from(WORDS), max_size=2, unique=True).map(" ".join),
    st.sampled_from([{}, {"kind": "order"}, {"op": "or", "kind": "order"}, {"year": "2568", "op": "or"}]),
)
def test_exactly_what_may_be_viewed(
    synthetic: Solr, many: dict[str, Any], groups: list[str], text: str, more: dict[str, str]
) -> None:
    asker = Asker(tuple(groups), ("works",), ("works",))
    found = answer(synthetic, read({"text": text, "facets": "kind,unit", "b_size": "1000", **more}), asker)
    mine = {uid for uid, document in many.items() if set(document.get("allowed", ())) & set(groups)}
    uids = {one.uid for one in found.hits}
    assert uids <= mine
    assert found.total == len(uids)
    if not more:
        assert uids == {uid for uid in mine if matches(many[uid], text)}
    seen = Counter(many[uid]["kind"] for uid in mine)
    for value, count in found.facets["kind"]:
        assert count <= seen[value]
    for one in found.hits:
        for fragment in one.fragments:
            assert not any(f"เฉพาะ{uid} " in f"{fragment} " for uid in many if uid not in mine)


@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.sampled_from(UNITS), st.integers(1, 20))
def test_receive_numbers_of_others_tell_nothing(synthetic: Solr, many: dict[str, Any], unit: str, number: int) -> None:
    asker = Asker(tuple(GROUPS), (unit,), (unit.partition(".")[0],))
    found = answer(synthetic, read({"receive_number": str(number), "b_size": "1000"}), asker)
    name = "receive_number_" + unit.replace(".", "__").replace("-", "_")
    assert {one.uid for one in found.hits} == {
        uid for uid, document in many.items() if document.get(name) == number and document.get("allowed")
    }


def test_hidden_letters_are_not_counted(synthetic: Solr, many: dict[str, Any]) -> None:
    asker = Asker(tuple(GROUPS))
    everything = answer(synthetic, read({"facets": "kind", "b_size": "1000"}), asker)
    hidden = [one.uid for one in everything.hits[:7]]
    rest = answer(synthetic, read({"facets": "kind", "b_size": "1000"}), asker, hidden)
    assert rest.total == everything.total - 7
    assert sum(count for _value, count in rest.facets["kind"]) == rest.total
