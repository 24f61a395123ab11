"""Digits, and the one spelling of Thai text (E23)."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from saraban.thai.collation import sort_key
from saraban.thai.digits import to_arabic, to_thai
from saraban.thai.folding import fold

THAI = st.text(
    alphabet=st.one_of(st.characters(min_codepoint=0x0E01, max_codepoint=0x0E5B), st.sampled_from(" ab\u200b\u00ad."))
)


def test_digits() -> None:
    assert to_thai("กท 0403/41") == "กท ๐๔๐๓/๔๑"
    assert to_thai(2564) == "๒๕๖๔"
    assert to_arabic("กท ๐๔๐๓/๔๑") == "กท 0403/41"


@given(st.integers(min_value=0))
def test_digits_there_and_back(number: int) -> None:
    assert to_arabic(to_thai(number)) == str(number)


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("ส\u0e4d\u0e32นักงาน", "สำนักงาน"),  # as PDFs give it
        ("น\u0e4d\u0e49\u0e32", "น้ำ"),
        ("น\u0e49\u0e4d\u0e32", "น้ำ"),
        ("น\u0e33\u0e49", "น้ำ"),
        ("เเขวง", "แขวง"),
        ("ท\u0e48\u0e35", "ที่"),
        ("สิทธ\u0e4c\u0e34", "สิทธิ์"),
        ("ท\u0e35\u0e48\u0e48", "ที่"),
        ("ก\u0e49\u0e39", "กู้"),
        ("กรุง\u200bเทพ\ufeff", "กรุงเทพ"),
        ("พ.ศ. ๒๕๖๔", "พ.ศ. 2564"),
        ("BMA  Bangkok\n", "bma bangkok"),
        ("e\u0301", "\u00e9"),
        ("", ""),
    ],
)
def test_one_spelling(typed: str, meant: str) -> None:
    assert fold(typed) == fold(meant) == meant


def test_words_that_differ_stay_different() -> None:
    assert len({fold(word) for word in ("มา", "ม้า", "หมา", "ไม่", "ใหม่", "เก", "แก")}) == 7


@given(st.one_of(THAI, st.text()))
def test_folding_twice_changes_nothing(text: str) -> None:
    assert fold(fold(text)) == fold(text)


def test_dictionary_order() -> None:
    words = ["เขตดุสิต", "แขวง", "ขาว", "เกาะ", "กา", "ก้า", "ไก่", "สำนัก"]
    assert sorted(words, key=sort_key) == ["กา", "ก้า", "เกาะ", "ไก่", "ขาว", "เขตดุสิต", "แขวง", "สำนัก"]
