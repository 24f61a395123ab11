"""What is found, in which order, and by whom: a real Solr with letters made for the test."""

from __future__ import annotations

import pytest
from tests.search.conftest import ME, Desk, letter

from saraban.search.ask import END_MARK, MARK
from saraban.search.asker import Asker
from saraban.search.found import marked

DESK = ("Authenticated", "user:dusit:desk")


@pytest.fixture
def numbered(desk: Desk) -> Desk:
    """Letters with numbers that are easily mistaken for one another."""
    desk.hold(
        letter("circular", "ขอเชิญประชุม", number="กท 0403/ว 41"),
        letter("longer", "ขอเชิญประชุม", number="กท 0403/ว 412"),
        letter("plain", "ขอเชิญประชุม", number="กท 0403/41", received={"district-dusit": 123}),
        letter("other", "ขอเชิญประชุม", number="กท 403/9"),
        letter("words", "ประชุมครั้งที่ 123", text="ตามหนังสือที่ 123 ลงวันที่ 5", number="ศธ 04010/15"),
    )
    return desk


@pytest.mark.parametrize("text", ["กท ๐๔๐๓/ว ๔๑", "กท0403/ว41", "กท 0403/ว.41"])
def test_number_typed_any_way(numbered: Desk, text: str) -> None:  # E22
    assert numbered.uids(text=text)[0] == "circular"
    assert sorted(numbered.uids(text=text)) == sorted(numbered.uids(text="กท0403/ว41"))
    assert numbered.uids(number=text) == ["circular"]


@pytest.mark.parametrize(("text", "found"), [("ว41", {"circular"}), ("0403/ว 41", {"circular"}), ("41", {"circular", "plain"})])
def test_part_of_a_number(numbered: Desk, text: str, found: set[str]) -> None:
    assert set(numbered.uids(number=text)) == found
    assert set(numbered.uids(text=text)[: len(found)]) == found


def test_leading_zero_counts(numbered: Desk) -> None:  # E22
    assert numbered.uids(number="403/9") == ["other"]
    assert numbered.uids(number="0403/9") == []


@pytest.mark.parametrize("text", ["๑๒๓", "123"])
def test_bare_number_offers_receive_numbers_first(numbered: Desk, text: str) -> None:
    assert numbered.uids(text=text) == ["plain", "words"]


def test_receive_number_of_my_unit_only(numbered: Desk) -> None:
    other = Asker(DESK, ("district-phra-nakhon",), ("district-phra-nakhon",))
    assert numbered.uids(receive_number="๑๒๓") == ["plain"]
    assert numbered.uids(receive_number="123/2569") == ["plain"]
    assert numbered.uids(receive_number="123/2568") == []
    assert numbered.uids(other, receive_number="123") == []
    assert "plain" not in numbered.uids(other, text="123")
    assert numbered.uids(other, receive_date_from="2026-01-01") == []
    assert numbered.uids(receive_date_from="6 ม.ค. 69", receive_date_to="6 ม.ค. 69") == ["plain"]


def test_sorts(desk: Desk) -> None:  # E26, L27
    desk.hold(
        letter("nine", "ขาว", number="กท 0403/9", received={"district-dusit": 10}, letter_date="2026-01-01T00:00:00Z"),
        letter("ten", "เขต", number="กท 0403/10", received={"district-dusit": 9}, letter_date="2026-01-02T00:00:00Z"),
        letter("none", "กาญจนา"),
    )
    assert desk.uids(sort_on="letter_number") == ["ten", "nine", "none"]
    assert desk.uids(sort_on="letter_number", sort_order="ascending") == ["nine", "ten", "none"]
    assert desk.uids(sort_on="register_number") == ["nine", "ten", "none"]
    assert desk.uids(sort_on="register_number", sort_order="ascending")[:2] == ["ten", "nine"]
    assert desk.uids(sort_on="letter_date") == ["ten", "nine", "none"]
    assert desk.uids(sort_on="title") == ["none", "nine", "ten"]
    assert desk.uids(sort_on="title", sort_order="descending") == ["ten", "nine", "none"]


TITLE = "ขอความร่วมมือสำรวจต้นไม้ใหญ่ริมถนนสุขุมวิท"


@pytest.mark.parametrize(
    "text",
    [
        "ต้นไม้ใหญ่", "ร่วมมือสำรวจ", "ไม้ใหญ่ริมถ", "สํารวจ", "สำ\u200bรวจ", "สุขุมวิท ต้นไม้", "ต้นไม้ สุขุมวิท",
        '"ต้นไม้ใหญ่ริมถนน"', "สุขุมวิทต้นไม้", "เเบบรายงาน", "แบบ", "๒๕๖๙",
    ],
)  # fmt: skip
def test_found_by(desk: Desk, text: str) -> None:  # E23
    desk.hold(letter("tree", TITLE, text="ตามแบบรายงานประจำปี 2569"), letter("noise", "ขอยืมสถานที่", text="วันที่ 5"))
    found = desk.find(text=text)
    assert [one.uid for one in found.hits] == ["tree"]
    assert not found.near


@pytest.mark.parametrize("text", ["สำรวจต้นไม่ใหญ่ริมถนน", "ร่วมมือสำรวต้นไม้ใหญ่", "ถนนสุขุมวิด"])
def test_one_wrong_letter_comes_near(desk: Desk, text: str) -> None:
    desk.hold(letter("tree", TITLE), letter("noise", "ขอยืมสถานที่จัดประชุมใหญ่"))
    found = desk.find(text=text)
    assert found.hits[0].uid == "tree"
    assert found.near or len(found.hits) == 1


def test_exact_stands_above_near(desk: Desk) -> None:
    desk.hold(letter("near", "งบประมาณรายจ่ายประจำปี"), letter("exact", "ขอส่งงบประมาณ", text="รายจ่าย"))
    assert desk.uids(text="ขอส่งงบประมาณ") == ["exact"]


def test_phrase_exclusion_either(desk: Desk) -> None:
    desk.hold(
        letter("a", "ประชุมคณะกรรมการเขต", urgency="urgent"),
        letter("b", "ประชุมเขต คณะทำงาน"),
        letter("c", "ขอยืมรถ", urgency="urgent"),
    )
    assert set(desk.uids(text="ประชุม เขต")) == {"a", "b"}
    assert desk.uids(text='"คณะกรรมการ"') == ["a"]
    assert desk.uids(text="ประชุม -คณะทำงาน") == ["a"]
    assert desk.uids(text='ประชุม -"คณะ กรรมการ"') == ["b"]
    assert set(desk.uids(text="ยืมรถ คณะทำงาน", op="or")) == {"b", "c"}
    assert desk.uids(text="ประชุม", urgency="urgent") == ["a"]
    assert set(desk.uids(text="คณะทำงาน", urgency="urgent", op="or")) == {"a", "b", "c"}
    assert set(desk.uids(kind="order", urgency="urgent", op="or")) == {"a", "c"}


def test_conditions(desk: Desk) -> None:  # L25, L26
    desk.hold(
        letter(
            "a", kind="order", year=2567, sender="สำนักการโยธา", to_text="ผู้อำนวยการเขตดุสิต", letter_date="2024-02-29T00:00:00Z"
        ),
        letter("b", state="closed", category="งบประมาณ", sender="สำนักการคลัง"),
    )
    assert desk.uids(kind="order") == ["a"]
    assert set(desk.uids(kind=["order", "internal"])) == {"a", "b"}
    assert desk.uids(state="closed") == ["b"]
    assert desk.uids(category="งบประมาณ") == ["b"]
    assert desk.uids(sender="โยธา") == ["a"]
    assert desk.uids(sender="สํานัก", year="2567") == ["a"]
    assert desk.uids(to="เขตดุสิต") == ["a"]
    assert desk.uids(year="67") == ["a"]
    assert desk.uids(letter_date_from="29 ก.พ. 2567", letter_date_to="2024-02-29") == ["a"]  # E25
    assert desk.uids(secrecy="secret") == []
    assert set(desk.uids(secrecy=["normal", "secret"])) == {"a", "b"}


def test_units(desk: Desk) -> None:
    elsewhere = Asker(DESK, ("works",), ("works",))
    desk.hold(
        letter("mine", units=["district-dusit", "works"], sent_to=["works"], sent_to_runs=["สำนักการโยธา"]),
        letter("theirs", agency="works", owner_unit="works", units=["works", "district-dusit", "finance"], sent_to=["finance"]),
    )
    assert set(desk.uids(unit="district-dusit")) == {"mine", "theirs"}
    assert set(desk.uids(unit="works")) == {"mine", "theirs"}  # sent there by us; owned by them
    assert desk.uids(unit="finance") == []  # where others' letters lie is not ours to know
    assert desk.uids(elsewhere, unit="finance") == ["theirs"]
    assert desk.uids(to="โยธา") == ["mine"]
    assert desk.uids(elsewhere, to="โยธา") == []
    assert desk.find(facets="unit").facets["unit"] == [("district-dusit", 2), ("works", 1)]
    assert desk.uids(unit="x} OR *:*") == []


def test_facets_leave_out_their_own_filter(desk: Desk) -> None:
    desk.hold(letter("a", kind="order"), letter("b"), letter("c"))
    found = desk.find(kind="order", facets="kind,urgency,year,secrecy")
    assert found.total == 1
    assert found.facets["kind"] == [("internal", 2), ("order", 1)]
    assert found.facets["urgency"] == [("normal", 1)]
    assert found.facets["year"] == [("2569", 1)]
    assert found.facets["secrecy"] == [("normal", 1)]


def test_a_mark_does_not_cut_a_letter_from_its_vowel() -> None:
    assert marked(f"{MARK}นายกร{END_MARK}ั{MARK}ฐมนตรี{END_MARK} ที่") == "<mark>นายกรัฐมนตรี</mark> ที่"


def test_fragments_are_escaped_and_cut_at_words(desk: Desk) -> None:
    desk.hold(letter("a", "<b>ต้นไม้</b>", text="คำนำ " * 60 + "<script>ต้นไม้ใหญ่</script> ในสวนสาธารณะ " + "ลงท้าย " * 60))
    one = desk.find(text="ต้นไม้").hits[0]
    assert one.marked_title == "&lt;b&gt;<mark>ต้นไม้</mark>&lt;/b&gt;"
    assert "<mark>ต้นไม้</mark>ใหญ่" in one.fragments[0]
    assert "<script" not in "".join(one.fragments)
    assert len(one.fragments[0]) < 400


HOSTILE = [
    "{!term f=allowed}Reader", "allowed:Reader", "*:*", "_query_:\"*:*\"", "uid:[* TO *]", "-x", "a OR *:*", "$all",
    "{!v=$all}", "ก}\" OR *:* {", "\\", "((((", "a" * 400, "\x00\x1f", "🙂", "%s ${jndi:ldap://x}", "'; DROP TABLE letters --",
]  # fmt: skip


@pytest.mark.parametrize("text", HOSTILE)
def test_nobody_gets_around_the_rights(desk: Desk, text: str) -> None:
    desk.hold(letter("a", "ต้นไม้ Reader", allowed=["user:somebody else", "Reader"]))
    for name in ("text", "number", "sender", "to", "unit", "category"):
        found = desk.find(ME, **{name: text}, facets="kind,unit,sender")
        assert found.total == 0
        assert not any(found.facets.values())


def test_principals_are_values(desk: Desk) -> None:
    desk.hold(letter("a", allowed=["Reader"]))
    assert desk.uids(Asker(("user:x\x1fReader", "user:,Reader", "Reader\x1f"))) == []
    assert desk.uids(Asker(())) == []
    assert desk.uids(Asker(("Reader",))) == ["a"]
    assert desk.uids(ME) == []
