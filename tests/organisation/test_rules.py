"""What needs no site: groups, posts, locks, passwords, names."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date, datetime, timedelta

import pytest
from sqlalchemy import create_engine
from sqlalchemy.orm import Session
from zope.annotation.interfaces import IAnnotations
from zope.interface import implementer

from saraban.admin.city import accounts_of, head_post, sections_of
from saraban.admin.names import full_name
from saraban.data import table
from saraban.errors import Invalid
from saraban.ledger.schema import metadata
from saraban.organisation import chart, posts
from saraban.organisation.acting import best_post
from saraban.organisation.content import MAX_UNIT_ID, NAME, is_common_era
from saraban.organisation.door import ATTEMPTS, WINDOW, account, locked_for, record_failure
from saraban.organisation.functions import groups_of, local_roles
from saraban.organisation.naming import name_from
from saraban.organisation.passwords import weakness
from saraban.organisation.posts import Post, read_posts
from saraban.organisation.tables import Appointment, LoginFailure, UnitName, UnitRow
from saraban.organisation.units import read_table

NOW = datetime(2026, 4, 1, 3, 0)


@pytest.fixture
def session() -> Iterator[Session]:
    engine = create_engine("sqlite://")
    metadata().create_all(engine)
    with Session(engine) as opened:
        yield opened
    engine.dispose()


def appointment(unit: str, function: str, start: date, end: date | None = None, person: str = "somchai") -> Appointment:
    return Appointment(
        person=person,
        unit=unit,
        function=function,
        post_th="ตำแหน่ง",
        valid_from=start,
        valid_until=end,
        created_by="x",
        created_at=NOW,
    )


def test_groups_follow_from_posts() -> None:
    groups = groups_of("somchai", [("district-dusit.general", "officer"), ("district-dusit.general", "registrar")])
    assert set(groups) == {
        "district-dusit.general:officer",
        "district-dusit.general:registrar",
        "district-dusit.general:desk",
        "district-dusit:staff",
        "district-dusit.general/somchai",
    }
    assert groups_of("somchai", []) == ()


def test_who_is_on_the_desk() -> None:
    assert "a:desk" in groups_of("p", [("a", "head")])
    assert "a:desk" not in groups_of("p", [("a", "records"), ("a", "secret-registrar"), ("a", "officer")])


def test_local_roles_of_a_unit_name_its_own_groups_and_the_agency() -> None:
    roles = local_roles("district-dusit.general")
    assert roles["district-dusit:staff"] == ["Staff"]
    assert roles["district-dusit:administrator"] == ["Agency Administrator"]
    assert roles["district-dusit.general:registrar"] == ["Registrar"]
    assert not any(group.startswith("district-dusit:") and "Registrar" in names for group, names in roles.items())


def test_posts_in_force_on_a_day(session: Session) -> None:
    session.add_all(
        [
            appointment("a", "officer", date(2026, 1, 1), date(2026, 3, 31)),
            appointment("b", "head", date(2026, 4, 1)),
            appointment("c", "head", date(2026, 4, 1), person="other"),
        ]
    )
    session.flush()
    assert [post.unit for post in read_posts(session, "somchai", date(2025, 12, 31))] == []
    assert [post.unit for post in read_posts(session, "somchai", date(2026, 3, 31))] == ["a"]
    assert [post.unit for post in read_posts(session, "somchai", date(2026, 4, 1))] == ["b"]


def test_one_question_about_posts_in_a_request(session: Session, monkeypatch: pytest.MonkeyPatch) -> None:
    session.add(appointment("a", "officer", date(2020, 1, 1)))
    session.flush()
    asked = []

    @contextmanager
    def asking(context: object = None) -> Iterator[Session]:
        asked.append(context)
        yield session

    @implementer(IAnnotations)
    class Request(dict[str, object]):
        pass

    monkeypatch.setattr(posts, "asking", asking)
    monkeypatch.setattr("saraban.organisation.memo.getRequest", lambda request=Request(): request)  # noqa: B008
    for _time in range(3):
        assert [post.unit for post in posts.posts_of("somchai")] == ["a"]
    assert len(asked) == 1
    posts.forget_posts()
    posts.posts_of("somchai")
    assert len(asked) == 2


def test_a_post_is_written_with_its_capacity() -> None:
    post = Post("a", "a", "head", "รองปลัดกรุงเทพมหานคร", "Deputy", "by-delegation", "ปลัดกรุงเทพมหานคร")
    assert post.title() == "รองปลัดกรุงเทพมหานคร ปฏิบัติราชการแทนปลัดกรุงเทพมหานคร"
    assert Post("a", "a", "head", "ผู้อำนวยการเขต").title("en") == "ผู้อำนวยการเขต"


def test_one_acts_in_the_post_at_the_unit_else_in_the_agency_else_in_the_first() -> None:
    posts = (Post("x", "x", "head", "1"), Post("a.general", "a", "officer", "2"), Post("a", "a", "registrar", "3"))
    assert best_post(posts, "a") is posts[2]
    assert best_post(posts, "a.finance") is posts[1]
    assert best_post(posts, "z") is posts[0]
    assert best_post(()) is None


def unit_row(unit: str, agency: str, **values: object) -> UnitRow:
    base = {"parent": "", "uid": unit, "path": f"/saraban/agencies/{unit}", "title_th": unit, "fold": chart.folded((unit,))}
    return UnitRow(unit=unit, agency=agency, **{**base, **values})


def test_units_are_found_by_name_code_and_parent(session: Session) -> None:
    words = ("district-dusit", "สำนักงานเขตดุสิต", "Dusit District Office", "กท 9028")
    session.add_all(
        [
            unit_row("district-dusit", "district-dusit", title_th=words[1], fold=chart.folded(words), position=2),
            unit_row("district-dusit.general", "district-dusit", parent="district-dusit", position=1),
            unit_row("old", "old", active=False, position=1),
        ]
    )
    session.flush()
    for text in ("ดุสิต", "Dusit OFFICE", "๙๐๒๘", "กท9028".replace("กท", "กท "), "สํานักงานเขต"):
        assert [unit.unit for unit in chart.search_units(session, text)[1]][:1] == ["district-dusit"], text
    assert chart.search_units(session, "100%")[0] == 0
    assert [unit.unit for unit in chart.search_units(session, parent="district-dusit")[1]] == ["district-dusit.general"]
    assert chart.search_units(session)[0] == 3
    assert chart.search_units(session, active_only=True)[0] == 2
    assert chart.search_units(session, start=1, size=1)[0] == 3


def test_a_unit_whose_time_is_over_receives_nothing() -> None:
    row = unit_row("a", "a", active=True, valid_from=date(2026, 1, 1), valid_until=date(2026, 12, 31))
    assert [
        chart.info(row, day).active for day in (date(2025, 12, 31), date(2026, 1, 1), date(2026, 12, 31), date(2027, 1, 1))
    ] == [
        False,
        True,
        True,
        False,
    ]


def test_a_chart_of_any_depth_is_listed_in_order(session: Session) -> None:
    session.add(unit_row("a", "a"))
    parent = "a"
    for depth in range(12):
        session.add(unit_row(f"a.u{depth}", "a", parent=parent))
        parent = f"a.u{depth}"
    session.flush()
    assert [unit.unit for unit in chart.descendants(session, "a")] == [f"a.u{depth}" for depth in range(12)]


def test_old_letters_show_the_old_name(session: Session) -> None:
    session.add(unit_row("a", "a", title_th="สลป.", title_en="Secretariat"))
    session.add(UnitName(unit="a", title_th="กองกลาง", title_en="Central Division", until=NOW))
    session.add(UnitName(unit="a", title_th="กองแรก", title_en="First", until=NOW - timedelta(days=100)))
    session.flush()
    assert chart.name_at(session, "a", NOW - timedelta(days=200))[0] == "กองแรก"
    assert chart.name_at(session, "a", NOW - timedelta(days=1))[0] == "กองกลาง"
    assert chart.name_at(session, "a", NOW + timedelta(days=1))[0] == "สลป."


def fail(session: Session, *minutes: float, login: str = "somchai", address: str = "10.0.0.1") -> None:
    for minute in minutes:
        record_failure(session, login, address, NOW + timedelta(minutes=minute))
    session.flush()


def test_ten_failures_lock_one_account_at_one_address(session: Session) -> None:
    fail(session, *([0] * (ATTEMPTS - 1)))
    assert locked_for(session, "somchai", "10.0.0.1", NOW) == 0
    fail(session, 1)
    at = NOW + timedelta(minutes=1)
    assert locked_for(session, "somchai", "10.0.0.1", at) == WINDOW.total_seconds()
    assert locked_for(session, "SOMCHAI ", "10.0.0.1", at) > 0
    assert locked_for(session, "somchai", "10.0.0.2", at) == 0
    assert locked_for(session, "somying", "10.0.0.1", at) == 0
    assert locked_for(session, "somchai", "10.0.0.1", at + WINDOW - timedelta(seconds=1)) == 1
    assert locked_for(session, "somchai", "10.0.0.1", at + WINDOW) == 0


def test_failures_spread_over_more_than_a_quarter_of_an_hour_do_not_lock(session: Session) -> None:
    fail(session, *(number * 2 for number in range(ATTEMPTS)))
    assert locked_for(session, "somchai", "10.0.0.1", NOW + timedelta(minutes=18)) == 0


def test_old_failures_are_swept(session: Session) -> None:
    fail(session, 0)
    fail(session, 60 * 24 + 1)
    assert session.query(LoginFailure).count() == 1


def test_a_login_of_any_length_is_counted() -> None:
    assert len(account("x" * 5000)) == 64


@pytest.mark.parametrize(
    "password", ["short", "0123456789", "aaaaaaaaaaaa", "password123", "Qwertyuiop", "abcdefghijk", "somchai.district"]
)
def test_weak_passwords(password: str) -> None:
    assert weakness(password, ("somchai.district",)) is not None


@pytest.mark.parametrize("password", ["ฝนตกที่หน้าต่าง", "correct horse", "demo-only-7531", "x7Kp-29qLm!"])
def test_good_passwords(password: str) -> None:
    assert weakness(password, ("somchai",)) is None


def test_buddhist_years_are_refused() -> None:
    assert is_common_era(date(2026, 4, 1))
    assert is_common_era(None)
    with pytest.raises(Exception, match="2569"):
        is_common_era(date(2569, 4, 1))


def test_names_from_titles() -> None:
    assert name_from("Cleansing & Public Parks Section") == "cleansing-public-parks-section"
    assert name_from("ฝ่ายปกครอง") == ""
    assert NAME.fullmatch(name_from("A very long name " * 10))


def test_tables_in_utf8_and_in_the_thai_code_page() -> None:
    text = "id,name_th,parent\nteam,กลุ่มงาน,general\n"
    for data in (text.encode(), text.encode("utf-8-sig"), text.encode("cp874")):
        assert read_table(data) == [
            {
                "id": "team",
                "name_th": "กลุ่มงาน",
                "parent": "general",
                "name_en": "",
                "kind": "",
                "abbreviation": "",
                "letter_code": "",
                "valid_until": "",
                "successor": "",
            }
        ]
    with pytest.raises(Invalid):
        read_table(b"name,code\nx,y\n")
    with pytest.raises(Invalid):
        read_table(b'id,name_th\n"x,y\n')


def test_the_city_of_the_contract() -> None:
    agencies = table("agencies")
    assert len(agencies) == 78
    assert sum(row["active_for_routing"] == "yes" for row in agencies) == 77
    people = [account.person for row in agencies for account in accounts_of(row)]
    assert len(people) == len(set(people)) == 78 * 5 + 50 + 3
    assert max(map(len, people)) <= 64
    for row in agencies:
        ids = [section["id"] for section in sections_of(row)]
        assert "general" in ids
        assert all(len(f"{row['id']}.{id_}") <= MAX_UNIT_ID for id_ in ids)
        assert len(ids) == (10 if row["kind"] == "district" else 1)
        assert head_post(row)[0]
    names = {full_name(person) for person in people}
    assert len(names) > len(people) * 0.9
    assert full_name("registrar.district-dusit") == full_name("registrar.district-dusit")
