"""The parameters of `@find`: what is read from them, and what is refused."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from saraban.errors import Invalid
from saraban.search.wanted import Range, read


@pytest.mark.parametrize(
    ("form", "field"),
    [
        ({"sort_on": "allowed"}, "sort_on"),
        ({"sort_order": "sideways"}, "sort_order"),
        ({"op": "xor"}, "op"),
        ({"facets": "kind,allowed"}, "facets"),
        ({"kind": "poem"}, "kind"),
        ({"secrecy": "top-secret"}, "secrecy"),
        ({"letter_date_from": "29 ก.พ. 2566"}, "letter_date_from"),  # E25
        ({"receive_date_to": "tomorrow"}, "receive_date_to"),
        ({"year": "3000"}, "year"),
        ({"receive_number": "many"}, "receive_number"),
        ({"b_start": "-1"}, "b_start"),
        ({"b_size": "1001"}, "b_size"),
        ({"number": ["1", "2"]}, "number"),
        ({"text": "x" * 401}, "text"),
    ],
)
def test_refused(form: dict[str, Any], field: str) -> None:
    with pytest.raises(Invalid) as refusal:
        read(form)
    assert set(refusal.value.fields) == {field}


@pytest.mark.parametrize("text", ["2021-04-09", "9 เม.ย. 64", "๙ เมษายน ๒๕๖๔", "9/4/2564"])
def test_dates_of_both_eras(text: str) -> None:  # E24
    assert read({"letter_date_from": text}).letter_date == Range(date(2021, 4, 9))


@pytest.mark.parametrize("text", ["2564", "64", "2021", "๖๔"])
def test_years(text: str) -> None:  # E24, L32
    assert read({"year": text}).years == (2564,)


def test_parameters_of_solr_are_not_read() -> None:
    inert = {"fq": "*:*", "fl": "*", "q.op": "OR", "qt": "/select", "shards": "x", "uq": "{!term f=allowed}x", "rows": "9"}
    assert read({"text": "ต้นไม้", **inert}) == read({"text": "ต้นไม้"})


def test_orders() -> None:
    assert read({"sort_on": "letter_date"}).descending
    assert not read({"sort_on": "title"}).descending
    assert not read({"sort_on": "letter_number", "sort_order": "ascending"}).descending
