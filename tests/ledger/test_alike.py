"""Rows that share most of their values, on all three databases: what was said, defaults, and nothing for nobody."""

from __future__ import annotations

from datetime import date, datetime

from sqlalchemy import event, select
from sqlalchemy.engine import Engine
from tests.ledger.places import CLERK
from ZODB.Connection import Connection

from saraban.ledger.acts import act
from saraban.ledger.alike import insert_alike, made_alike
from saraban.ledger.connection import reader
from saraban.routing.tables import Delivery, DeliveryStep

SENT = datetime(2026, 6, 1, 2, 0, 0, 123456)
TITLE = "ขอความอนุเคราะห์ \"ด่วน\" 100% :same_title 'x' \\ {เขต}"
SAME = {
    "letter_path": "/city/letter",
    "parent_id": None,
    "from_unit": "district-dusit",
    "sent_at": SENT,
    "title": TITLE,
    "letter_date": date(2026, 6, 1),
    "kind": "external",
    "follow_up": True,
}


def steps_of(made: list[Delivery]) -> list[dict[str, str | int | None]]:
    return [{"delivery_id": row.id, "to_unit": row.unit} for row in made]


def test_each_row_has_what_is_shared_and_its_own(jar: Connection) -> None:
    rows = [{"key": f"k{at}", "unit": f"หน่วย:{at}'\\", "agency": "district-dusit"} for at in range(850)]
    with act(jar, CLERK, "dispatch") as doing:
        made = made_alike(doing.session, Delivery, {**SAME, "letter_uid": "shared"}, rows)
        assert {(row.key, row.unit) for row in made} == {(row["key"], row["unit"]) for row in rows}
        assert len({row.id for row in made}) == 850
        insert_alike(
            doing.session,
            DeliveryStep,
            {
                "at": SENT,
                "person": "p",
                "person_name": "ชื่อ",
                "post": "o",
                "letter_uid": "shared",
                "what": "sent",
                "unit": "u",
                "note": "",
            },
            [*steps_of(made), {"delivery_id": None, "to_unit": ""}],
        )
    jar.transaction_manager.commit()
    with reader(jar) as session:
        found = list(session.scalars(select(Delivery).where(Delivery.letter_uid == "shared").order_by(Delivery.id)))
        steps = session.execute(
            select(DeliveryStep.delivery_id, DeliveryStep.to_unit).where(DeliveryStep.letter_uid == "shared")
        ).all()
    assert {row.key: row.unit for row in found} == {row["key"]: row["unit"] for row in rows}
    one = found[0]
    assert (one.title, one.sent_at, one.letter_date, one.follow_up) == (TITLE, SENT, date(2026, 6, 1), True)
    assert (one.parent_id, one.receive_number, one.due_date, one.sealed) == (None, None, None, None)
    assert (one.state, one.via, one.urgency, one.result, one.known_by) == ("sent", "system", "normal", "", "")
    assert {(step.delivery_id, step.to_unit) for step in steps} == {*((row.id, row.unit) for row in found), (None, "")}


def test_rows_are_written_in_the_order_in_which_they_are_said(jar: Connection) -> None:
    """Of steps that happened at one time the ids say which was first."""
    same = {"at": SENT, "person": "p", "letter_uid": "ordered", "delivery_id": None, "unit": "u"}
    said = [f"step {number * 7 % 200}" for number in range(200)]
    with act(jar, CLERK, "receive") as doing:
        insert_alike(doing.session, DeliveryStep, same, [{"what": what, "to_unit": ""} for what in said])
    jar.transaction_manager.commit()
    with reader(jar) as session:
        steps = select(DeliveryStep.what).where(DeliveryStep.letter_uid == "ordered").order_by(DeliveryStep.id)
        assert list(session.scalars(steps)) == said


def test_what_was_made_can_be_changed_in_the_same_act(jar: Connection) -> None:
    with act(jar, CLERK, "dispatch") as doing:
        (row,) = made_alike(
            doing.session, Delivery, {**SAME, "letter_uid": "changed"}, [{"key": "c", "unit": "u", "agency": "a"}]
        )
        row.state = "opened"
    jar.transaction_manager.commit()
    with reader(jar) as session:
        assert session.scalar(select(Delivery.state).where(Delivery.letter_uid == "changed")) == "opened"


def test_nobody_costs_nothing(jar: Connection) -> None:
    asked: list[str] = []

    def note(connection: object, cursor: object, statement: str, *rest: object) -> None:
        asked.append(statement)

    with act(jar, CLERK, "dispatch") as doing:
        engine = doing.session.get_bind()
        event.listen(engine.engine if not isinstance(engine, Engine) else engine, "before_cursor_execute", note)
        assert made_alike(doing.session, Delivery, {**SAME, "letter_uid": "none"}, []) == []
        insert_alike(doing.session, DeliveryStep, {"letter_uid": "none"}, [])
        assert asked == []
    jar.transaction_manager.abort()
