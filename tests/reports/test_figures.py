"""The figures of a report against what Python counts of the same rows, on each database."""

from __future__ import annotations

import math
import random
from collections import defaultdict
from datetime import date, datetime, timedelta
from typing import Any

import pytest
import ZODB
from sqlalchemy import Engine, insert
from sqlalchemy.orm import Session

from saraban.classification.levels import NORMAL
from saraban.ledger import clock
from saraban.ledger.connection import begin_write, engine_of
from saraban.ledger.tables import RegisterEntry
from saraban.reports import periods, queries
from saraban.reports.queries import Report
from saraban.reports.spans import PRECISION
from saraban.routing.desks import Place
from saraban.routing.tables import Assignment, Delivery

UNITS = ("district-dusit", "district-dusit.general")
PERIOD = periods.Period("2568", periods.index(date(2025, 1, 1)))


@pytest.fixture(scope="module")
def engine(database: ZODB.DB) -> Engine:
    with database.transaction() as jar:
        return engine_of(jar)


def rows() -> list[dict[str, Any]]:
    """Deliveries of two years, the same in every run; some secret, some elsewhere, some at the edge of a Bangkok year."""
    chance = random.Random(5)
    found: list[dict[str, Any]] = []
    for number in range(600):
        sent = datetime(2024, 7, 1) + timedelta(minutes=chance.randrange(2 * 365 * 24 * 60))
        if number < 4:
            sent = datetime(2024 + number // 2, 12, 31, 16 + number % 2, 59, 59, 900_000)
        opened = sent + timedelta(seconds=chance.randrange(90_000), microseconds=chance.randrange(1_000_000))
        registered = opened + timedelta(seconds=chance.randrange(400_000))
        closed = registered + timedelta(hours=chance.randrange(1, 700))
        state = chance.choice(["sent", "opened", "registered", "closed", "closed", "closed", "recalled", "returned"])
        due = clock.bangkok(sent).date() + timedelta(days=chance.randrange(1, 20)) if chance.random() < 0.6 else None
        found.append(
            {
                "id": number + 1, "key": f"{number:032x}", "letter_uid": f"{number:032x}", "letter_path": "/",
                "unit": chance.choice([*UNITS, "district-sathon"]), "agency": "district-dusit",
                "from_unit": chance.choice(["", "x"]), "via": "system", "state": state,
                "registered_by": "", "result": "", "publish": "", "follow_up": False,
                "known_by": "", "title": "t", "number": "", "kind": "internal", "urgency": "normal", "sender": "",
                "secrecy": "secret" if chance.random() < 0.1 else NORMAL, "sent_at": sent, "due_date": due,
                "opened_at": opened if state not in ("sent", "recalled") else None,
                "registered_at": registered if state in ("registered", "closed") else None,
                "closed_at": closed if state == "closed" else None,
            }
        )  # fmt: skip
    return found


@pytest.fixture(scope="module")
def found(engine: Engine) -> Report:
    given = [
        {
            "delivery_id": row["id"], "person": person, "unit": row["unit"], "instruction": "", "state": "open",
            "given_by": "x", "given_at": row["registered_at"] + timedelta(hours=1 + hours),
        }
        for row in rows() if row["registered_at"] for hours, person in enumerate(("a", "b"))
    ]  # fmt: skip
    line = {
        "book": "b", "unit": UNITS[0], "direction": "send", "series": "internal", "number": "1", "issued_by": "x",
        "letter_number": "", "sender": "", "addressee": "", "subject": "", "action": "", "remark": "",
    }  # fmt: skip
    states = ("issued", "issued", "cancelled", "reserved")
    lines = [
        {**line, "year": 2568, "seq": n, "state": states[n], "date": date(2025, 3, 1), "issued_at": datetime(2025, 3, 1, n)}
        for n in range(4)
    ]
    with Session(engine) as session:
        begin_write(session)
        session.execute(insert(Delivery), rows())
        session.execute(insert(Assignment), given)
        session.execute(insert(RegisterEntry), lines)
        session.commit()
        return queries.report(session, [Place(unit, NORMAL) for unit in UNITS], PERIOD)


def wanted() -> list[dict[str, Any]]:
    mine = [row for row in rows() if row["unit"] in UNITS and row["secrecy"] == NORMAL and row["state"] != "recalled"]
    return [row for row in mine if clock.bangkok(row["sent_at"]).year == 2025]


def test_volume_by_month_and_unit(found: Report) -> None:
    months: dict[int, int] = defaultdict(int)
    for row in wanted():
        months[periods.index(clock.bangkok(row["sent_at"]).date())] += 1
    assert {of: volume.received for of, volume in found.months.items() if volume.received} == months
    for unit in UNITS:
        here = [row for row in wanted() if row["unit"] == unit]
        volume = found.volumes[unit]
        assert volume.received == len(here)
        assert volume.registered == sum(row["registered_at"] is not None for row in here)
        assert volume.closed == sum(row["state"] == "closed" for row in here)
        assert volume.open == sum(row["state"] in ("sent", "opened", "registered") for row in here)
        late = [
            row
            for row in here
            if row["due_date"]
            and (
                (row["state"] == "closed" and clock.bangkok(row["closed_at"]).date() > row["due_date"])
                or (row["state"] in ("sent", "opened", "registered") and row["due_date"] < clock.today())
            )
        ]
        assert volume.late == len(late)


def test_what_was_sent_are_numbers_that_letters_have(found: Report) -> None:
    assert found.total.sent == 2
    assert found.months[periods.index(date(2025, 3, 1))].sent == 2


@pytest.mark.parametrize("unit", ["", *UNITS])
def test_percentiles_are_of_nearest_rank_within_their_precision(found: Report, unit: str) -> None:
    ends = {
        "opened": ("sent_at", "opened_at"),
        "registered": ("sent_at", "registered_at"),
        "closed": ("registered_at", "closed_at"),
        "whole": ("sent_at", "closed_at"),
    }
    for step, (begin, end) in ends.items():
        taken = sorted(
            int((row[end] - row[begin]).total_seconds())
            for row in wanted()
            if row[begin]
            and row[end]
            and unit in ("", row["unit"])
            and (row["from_unit"] or begin == "registered_at" or step == "whole")
        )
        times = found.time(step, unit)
        assert times is not None
        assert times.count == len(taken)
        for share, shown in ((0.5, times.median), (0.9, times.most)):
            exact = taken[math.ceil(len(taken) * share) - 1]
            assert abs(shown - exact) <= exact * PRECISION


def test_given_means_first_given(found: Report) -> None:
    times = found.time("given")
    assert times is not None
    assert (times.median, times.most) == (3600, 3600)  # the middle of its interval, by chance


def test_backlog_is_what_is_open_now_whenever_it_came(found: Report) -> None:
    for unit in UNITS:
        here = [
            row
            for row in rows()
            if row["unit"] == unit and row["secrecy"] == NORMAL and row["state"] in ("sent", "opened", "registered")
        ]
        backlog = found.backlogs[unit]
        assert backlog.open == len(here) == sum(backlog.ages)
        assert backlog.overdue == sum(row["due_date"] is not None and row["due_date"] < clock.today() for row in here)


def test_names_of_periods() -> None:
    def begins(name: str, today: date | None = None) -> date:
        found = periods.period(name, today) if today else periods.period(name)
        assert found is not None
        return found.start

    assert begins("2569") == date(2026, 1, 1)
    assert begins("budget-2569") == date(2025, 10, 1)
    assert begins("recent", date(2026, 11, 26)) == date(2025, 12, 1)
    assert periods.period("last year") is None
    assert periods.choices(date(2026, 11, 26))[:2] == ["recent", "budget-2570"]
