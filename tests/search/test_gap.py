"""What was typed stands there but for one place, or with a dash in it; what was typed as a whole comes first."""

from __future__ import annotations

from typing import Any

import pytest
from tests.search.conftest import ME, Desk, letter

from saraban.search import ask, gap
from saraban.search.client import READ_SECONDS
from saraban.search.wanted import read

TITLE = "ขอความร่วมมือสำรวจต้นไม้ใหญ่ริมถนนสุขุมวิท"
NOISE = [
    letter(f"noise{n}", title, text="ขอความร่วมมือ สำรวจ ต้นไม้ ใหญ่ ริมทาง ถนน สุขุมวิท " * 5)
    for n, title in enumerate(("ขอความร่วมมือตัดต้นไม้ริมถนนสุขุมวิท", "สำรวจความร่วมมือของถนนใหญ่", "ต้นไม้ใหญ่สำรวจแล้ว"))
]


@pytest.mark.parametrize(
    "text", ["ร่วมมือสำรวขต้นไม้ใหญ่", "ร่วมมือสำรวต้นไม้ใหญ่", "ร่วมมือสำรวจจต้นไม้ใหญ่", "ร่วมมิอสำรวจต้นไม้ใหญ่", "ร่วมมือสำรวจต้นไม้ไหญ่"]
)
def test_one_wrong_letter_among_many_like_it(desk: Desk, text: str) -> None:
    desk.hold(letter("tree", TITLE), *NOISE)
    assert desk.uids(text=text)[0] == "tree"


@pytest.mark.parametrize(("text", "uid"), [("งบประมาณสะพาน", "thai"), ("regionpurple", "latin"), ("ประยุทธ์52,861,813", "mixed")])
def test_two_words_without_a_space(desk: Desk, text: str, uid: str) -> None:
    desk.hold(
        letter("thai", "ขอตั้งงบประมาณ", text="เพื่อซ่อมสะพาน"),
        letter("latin", "The purple line", text="in this region"),
        letter("mixed", "คำสั่งของพลเอกประยุทธ์", text="จำนวน 52,861,813 บาท"),
        letter("half", "สะพาน purple ประยุทธ์ในภูมิภาค"),
    )
    assert desk.uids(text=text)[0] == uid


def test_a_dash_is_text_where_nothing_is_left_out_by_it(desk: Desk) -> None:
    desk.hold(letter("dash", "เศรษฐกิจปรับตัวร้อยละ -4.4 จากปีก่อน"), letter("other", "งบประมาณปีก่อน โควิด"))
    assert desk.uids(text="ตัวร้อยละ -4.4 จากปี") == ["dash"]
    assert desk.uids(text="งบประมาณ -โควิด") == []


def test_the_whole_stands_above_its_parts_in_a_subject(desk: Desk) -> None:
    text = "กระทรวงสาธารณสุข ประจำจังหวัด"
    desk.hold(
        letter("parts", "ประจำจังหวัดโดยกระทรวงสาธารณสุข", text="ประจำจังหวัด กระทรวงสาธารณสุข"),
        letter("whole", "การประชุม", text="ผู้แทนกระทรวงสาธารณสุขประจำจังหวัดเข้าร่วมประชุมหารือแนวทางการดำเนินงาน"),
    )
    assert desk.uids(text=text) == ["whole", "parts"]


def test_sorted_otherwise_the_exact_ones_are_known_too(desk: Desk) -> None:
    """A later page and another order ask the same question as the first page."""
    desk.hold(letter("tree", TITLE), *NOISE)
    forms: list[dict[str, Any]] = [{"sort_on": "title"}, {"b_start": "1"}, {"sort_order": "ascending"}]
    for form in forms:
        found = desk.find(text="สำรวจต้นไม้ใหญ่ริม", **form)
        assert not found.near
        assert found.total == desk.find(text="สำรวจต้นไม้ใหญ่ริม").total


def test_pieces_are_cut_where_a_character_can_be_seen_alone() -> None:
    assert gap.pairs("กิ่งไม้น้ำ") == [
        ("กิ่", "งไม้น้ำ"), ("กิ่ง", "ไม้น้ำ"), ("กิ่งไ", "ม้น้ำ"), ("กิ่งไม้", "น้ำ"),
    ]  # fmt: skip
    assert gap.pairs("กขค") == []
    assert len(gap.pairs("ก" * 200)) == gap.MOST


COMMON = "ข่าวทำเนียบรัฐบาล"


def test_words_that_stand_in_every_subject(desk: Desk) -> None:
    """More letters pass than are put in order by all that is asked: all are counted, and one that holds more comes first."""
    many = gap.BEST + 100
    desk.hold(
        letter("first", f"{COMMON} เรื่องสะพานพระราม"),
        *(letter(f"many{n}", f"{COMMON} ที่ {n}", text=f"{COMMON} " * 3) for n in range(many)),
    )
    found = desk.find(text="ข่าวทำเนียบรัฐบาบ")
    assert found.near
    assert found.total == many + 1
    assert desk.uids(text="บาลเรื่องสะพานพระรามม")[0] == "first"


def test_two_words_in_a_text_among_many_subjects_with_one_of_them(desk: Desk) -> None:
    desk.hold(
        letter("both", "รายงานประจำปี", text="เรื่องการระบายน้ำ และต่อมาเสนอปรับปรุงสวนสาธารณะ"),
        *(letter(f"one{n}", f"ปรับปรุงสวนสาธารณะ ที่ {n}") for n in range(gap.BEST + 100)),
    )
    assert desk.uids(text="การระบายน้ำสวนสาธารณะ")[0] == "both"


@pytest.mark.parametrize("how", [ask.GAP, ask.NEAR])
def test_what_comes_near_is_looked_for_in_a_bounded_time(how: str) -> None:
    asked = ask.parameters(read({"text": "ข่าวทำเนียบรัฐบาบ"}), ME, how=how)
    assert asked["timeAllowed"] / 1000 < READ_SECONDS / 2
    assert "timeAllowed" not in ask.parameters(read({"text": "ข่าวทำเนียบรัฐบาล"}), ME)


def test_what_is_sorted_by_a_date_is_not_put_in_order_twice() -> None:
    assert "rq" in ask.parameters(read({"text": "ข่าวทำเนียบรัฐบาบ"}), ME, how=ask.GAP)
    assert "rq" not in ask.parameters(read({"text": "ข่าวทำเนียบรัฐบาบ", "sort_on": "letter_date"}), ME, how=ask.GAP)
