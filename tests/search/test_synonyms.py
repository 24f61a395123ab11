"""Words that mean the same are found by each other (issue: synonyms and abbreviations of the city)."""

from __future__ import annotations

from typing import Any

import pytest
from tests.search.conftest import ME, Desk, letter

from saraban.data import table
from saraban.search.answer import answer
from saraban.search.nearwords import nearest
from saraban.search.synonyms import Alike, _looked_up, widen
from saraban.search.wanted import read

SEEDS = _looked_up(row["words"] for row in table("synonyms"))


@pytest.mark.parametrize(
    ("typed", "found"),
    [
        ("ผว.กทม.", "ผู้ว่าราชการกรุงเทพมหานคร"),
        ("ผวกทม", "ผู้ว่าราชการกรุงเทพมหานคร"),
        ("ผู้ว่าราชการกรุงเทพมหานคร", "ผว.กทม."),
        ("สลป.", "สำนักงานเลขานุการปลัดกรุงเทพมหานคร"),
        ("สำนักงานเขตดุสิต", "เขตดุสิต"),
        ("สนข.ดุสิต ประชุม", "สำนักงานเขตดุสิต เชิญประชุม"),
        ("คำสั่งผู้ว่าราชการกรุงเทพมหานครเรื่องน้ำท่วม", "คำสั่ง ผว.กทม. เรื่องน้ำท่วม"),
        ("พ.ร.บ. งปม.", "พระราชบัญญัติว่าด้วยงบประมาณ"),
    ],
)
def test_found_by_another_word(desk: Desk, typed: str, found: str) -> None:
    desk.hold(letter("a", found), letter("b", "เรื่องอื่นซึ่งไม่เกี่ยวกัน"))
    answered = ask(desk, text=typed)
    assert [one.uid for one in answered.hits] == ["a"]
    assert not answered.near
    assert "<mark>" in answered.hits[0].marked_title


def ask(desk: Desk, sender: str = "", **form: Any) -> Any:
    return answer(desk.engine, widen(read({**form, "from": sender}), SEEDS), ME)


def test_the_word_itself_comes_first(desk: Desk) -> None:
    desk.hold(letter("other", "หนังสือถึงผู้ว่าราชการกรุงเทพมหานคร"), letter("same", "หนังสือถึง ผว.กทม."))
    assert [one.uid for one in ask(desk, text="ผว.กทม.").hits] == ["same", "other"]


def test_senders_and_addressees_too(desk: Desk) -> None:
    desk.hold(letter("a", "x", sender="สำนักการคลัง"), letter("b", "x", sender="สำนักอนามัย", to_text="ผู้ว่าราชการกรุงเทพมหานคร"))
    assert [one.uid for one in ask(desk, sender="สนค.").hits] == ["a"]
    assert [one.uid for one in ask(desk, to="ผว.กทม.").hits] == ["b"]


def test_a_short_word_is_not_seen_inside_another() -> None:
    # รพ. would stand in thousands of words.
    assert SEEDS.ways(("การพิมพ์",)) == ()
    assert SEEDS.ways(("เรื่องรพีพรรณ",)) == ()


def test_an_empty_list_changes_nothing() -> None:
    question = read({"text": "ผว.กทม."})
    assert widen(question, Alike({})) == question


def test_a_number_stays_a_number() -> None:
    known = _looked_up(["กท = กรุงเทพมหานคร", "41 = สี่สิบเอ็ด"])
    assert widen(read({"text": "41"}), known).typed.also == ()


def test_seeds_name_every_abbreviation_of_the_chart() -> None:
    for agency in table("agencies"):
        if agency["abbreviation"]:
            assert agency["name_th"] in SEEDS.others(agency["abbreviation"])


@pytest.mark.parametrize(
    ("typed", "title", "meant"),
    [
        ("งบประมาร", "ขออนุมัติงบประมาณรายจ่าย", "งบประมาณ"),
        ("ประชมุ", "เชิญประชุมคณะกรรมการ", "ประชุม"),
        ("ดับเพลิ้ง", "ฝึกซ้อมดับเพลิง", "ดับเพลิง"),
        ("งบประมาณ", "เรื่องอื่นโดยสิ้นเชิง", ""),
    ],
)
def test_near_words(typed: str, title: str, meant: str) -> None:
    assert nearest(typed, [title]) == meant
