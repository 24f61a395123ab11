"""What is typed into the box (E22, E23), and numbers (E22, E26). Without Solr."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from saraban.search import numbers, typed
from saraban.search.typed import understand


@pytest.mark.parametrize("text", ["กท ๐๔๐๓/ว ๔๑", "กท0403/ว41", "กท 0403/ว.41", "ที่ กท 0403/ว 41"])
def test_one_number_in_any_spelling(text: str) -> None:  # E22
    assert understand(text).number == "กท0403/ว41"


@pytest.mark.parametrize(
    ("text", "number"),
    [
        ("๑๒๓", "123"),
        ("123", "123"),
        ("ว ๔๑", "ว41"),
        ("0403/ว 41", "0403/ว41"),
        ("2786/2561", "2786/2561"),
        ("กท0403", "กท0403"),
    ],
)
def test_looks_like_a_number(text: str, number: str) -> None:
    assert understand(text).number == number


@pytest.mark.parametrize("text", ["งบประมาณ 2569", "โควิด-19 ระลอก 3", "กรุงเทพมหานคร", "ประชุมครั้งที่ 3"])
def test_does_not_look_like_a_number(text: str) -> None:
    assert not understand(text).number


def test_forms_of_a_number() -> None:
    assert set(numbers.forms("กท ๐๔๐๓/ว ๔๑")) == {"กท0403/ว41", "0403/ว41", "ว41", "41", "กท0403", "0403"}
    assert "403" not in numbers.forms("กท 0403/41")  # a leading zero counts
    assert set(numbers.forms("2786/2561")) == {"2786/2561", "2786"}
    assert {"กค(กวจ)0405.2/ว119", "ว119", "119"} <= set(numbers.forms("กค (กวจ) 0405.2/ว119"))
    assert numbers.forms("") == []


def test_numbers_sort_as_numbers() -> None:  # E26
    written = ["กท 0403/10", "กท 0403/๙", "กท 0403/100", "กท 0402/11"]
    assert sorted(written, key=numbers.sort_form) == ["กท 0402/11", "กท 0403/๙", "กท 0403/10", "กท 0403/100"]


@pytest.mark.parametrize(
    ("text", "found"),
    [("๑๒๓", (123, None)), ("123/2563", (123, 2563)), ("123 / ๒๕๖๓", (123, 2563)), ("x", None), ("1/63", None)],
)
def test_receive_number(text: str, found: object) -> None:
    assert numbers.receive_number(text) == found


def test_phrases_and_exclusions() -> None:
    asked = understand('ตัดต้นไม้ "ถนน สุขุมวิท" -งบประมาณ -"ขอ ยืม" “ซอย 3”')
    assert asked.parts == ("ตัดต้นไม้", "ถนน", "สุขุมวิท", "ซอย", "3")
    assert asked.phrases == ("ถนน สุขุมวิท", "ซอย 3")
    assert asked.excluded == ("ขอ ยืม", "งบประมาณ")


@pytest.mark.parametrize("text", ["+ - ! ( ) { } [ ] ^ ~ * ? : \\ / & |", '""', '"', "--", "“ ”"])
def test_signs_alone_mean_nothing(text: str) -> None:
    assert understand(text).meaningless


def test_nothing_typed_is_everything() -> None:
    assert not understand("  ").meaningless
    assert not understand("").text


@given(st.text(max_size=60))
def test_no_sign_of_a_query_is_left(text: str) -> None:
    asked = understand(text)
    for piece in (asked.text, *asked.phrases, *asked.excluded):
        assert not set(piece) & set('+-!(){}[]^~*?:\\/&|"')


def test_spelling() -> None:  # E23
    assert understand("สํานักงาน").text == understand("สำนักงาน").text == understand("สำ\u200bนักงาน").text
    assert understand("เเขวง").text == understand("แขวง").text


def test_pieces_are_not_syllables() -> None:
    assert typed.pieces(["เจล", "แอ", "ล", "กอ", "ฮอร์"]) == ("เจลแอลกอ", "ฮอร์")
    assert typed.pieces(["งบประมาณ", "รายจ่าย"]) == ("งบประมาณ", "รายจ่าย")


def test_runs() -> None:
    assert typed.runs("ก ข-คง") == "กขค ขคง"
    assert typed.runs("กข") == ""
