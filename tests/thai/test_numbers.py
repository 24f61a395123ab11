"""Letter numbers (`domain.md` 1.3, E22, E26)."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from saraban.thai.digits import to_thai
from saraban.thai.numbers import LetterNumber, OrderNumber, Pattern, PatternRefused, normal, parse, sort_key


@pytest.mark.parametrize(
    ("text", "parts"),
    [
        ("กท 0403/3656", ("กท", "", "0403", "", False, 3656)),
        ("กท ๐๔๐๓/ว ๔๑", ("กท", "", "0403", "", True, 41)),
        ("กท0403/ว211", ("กท", "", "0403", "", True, 211)),
        ("มท 0201.2/ว 3993", ("มท", "", "0201", "2", True, 3993)),
        ("กค (กวจ) 0405.2/ว119", ("กค", "กวจ", "0405", "2", True, 119)),
        ("กค(กวจ) 0405.2 / ว.119", ("กค", "กวจ", "0405", "2", True, 119)),
    ],
)
def test_letters(text: str, parts: tuple[str, str, str, str, bool, int]) -> None:
    found = parse(text)
    assert isinstance(found, LetterNumber)
    assert (found.prefix, found.committee, found.digits, found.sub, found.circular, found.sequence) == parts
    assert found.text == text


def test_marks_before_the_number() -> None:
    found = parse("ด่วนที่สุด ลับ ที่ กท 0403/12")
    assert isinstance(found, LetterNumber)
    assert (found.urgency, found.secrecy, found.code) == ("ด่วนที่สุด", "ลับ", "กท 0403")
    assert normal("ด่วนที่สุด ที่ กท 0403/12") == normal("กท 0403/12")


@pytest.mark.parametrize("text", ["2786/2561", "ที่ ๒๗๘๖/๒๕๖๑", " 2786 / 2561 "])
def test_orders(text: str) -> None:
    assert parse(text) == OrderNumber(text, 2786, 2561)
    assert normal(text) == "2786/2561"


@pytest.mark.parametrize("text", ["PM6409-0002", "22-15-63", "กท 403/12", "", "ไม่มีเลขที่", "12/2021", "กท 0403/"])
def test_outside_numbers_are_not_refused(text: str) -> None:
    assert parse(text) is None
    assert normal(text) == normal(normal(text))


@pytest.mark.parametrize(
    "spellings",
    [
        ("กท ๐๔๐๓/ว ๔๑", "กท0403/ว41", "กท 0403/ว.41", "กท 0403/ ว ๔๑"),
        ("ว 41", "ว41", "ว.41", "ว. ๔๑"),
        ("กค (กวจ) 0405.2/ว119", "กค(กวจ)0405.2/ว 119"),
        ("PM6409-0002", "pm6409\u20130002", "PM 6409-0002"),
        ("๑๒๓", "123"),
    ],
)
def test_same_number(spellings: tuple[str, ...]) -> None:
    assert len({normal(spelling) for spelling in spellings}) == 1


def test_leading_zero_counts() -> None:
    assert normal("กท 0403/1") != normal("กท 403/1")


@pytest.mark.parametrize(
    ("pattern", "written"),
    [
        ("{code}/{seq}", "กท 0403/41"),
        ("{code}/ว {seq}", "กท 0403/ว 41"),
        ("{seq}/{year}", "41/2561"),
        ("สัญญา {code}-{year}-{seq}", "สัญญา กท 0403-2561-41"),
    ],
)
def test_written(pattern: str, written: str) -> None:
    assert Pattern(pattern).write("กท 0403", 41, 2561) == written


@pytest.mark.parametrize(
    ("pattern", "reason"),
    [
        ("{code}/", "sequence"),
        ("{seq}/{unit}", "braces"),
        ("{seq}/{year", "braces"),
        ("{seq}/{seq}", "twice"),
        ("{seq}{year}", "digits"),
        ("25{year}/{seq}", "digits"),
        ("๑{seq}", "digits"),
        ("{code}{seq}", "digits"),
        ("{seq}" + "ก" * 60, "long"),
    ],
)
def test_a_pattern_whose_numbers_are_not_clear_is_refused(pattern: str, reason: str) -> None:  # L24
    with pytest.raises(PatternRefused) as refused:
        Pattern(pattern)
    assert refused.value.reason == reason


@given(
    prefix=st.text(alphabet=st.characters(min_codepoint=0x0E01, max_codepoint=0x0E2E), min_size=2, max_size=2),
    digits=st.text(alphabet="0123456789", min_size=4, max_size=4),
    sub=st.sampled_from(["", ".2", ".10"]),
    sequence=st.integers(1, 99999),
    circular=st.booleans(),
)
def test_what_is_written_is_read(prefix: str, digits: str, sub: str, sequence: int, circular: bool) -> None:
    code = f"{prefix} {digits}{sub}"
    text = Pattern("{code}/ว {seq}" if circular else "{code}/{seq}").write(code, sequence, 2569)
    for spelling in (text, to_thai(text), text.replace(" ", "")):
        found = parse(spelling)
        assert isinstance(found, LetterNumber)
        assert (found.code, found.sequence, found.circular) == (code, sequence, circular)
        assert normal(spelling) == normal(text)


@given(st.text())
def test_any_text_has_a_normal_spelling(text: str) -> None:
    assert normal(normal(text)) == normal(text)
    sort_key(text)


def test_numbers_sort_as_numbers() -> None:
    numbers = ["กท 0403/10", "กท ๐๔๐๓/๙", "กท 0403/ว 2", "กท 0403/100"]
    assert sorted(numbers, key=sort_key) == ["กท ๐๔๐๓/๙", "กท 0403/10", "กท 0403/100", "กท 0403/ว 2"]
