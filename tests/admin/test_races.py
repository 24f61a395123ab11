"""Two persons, two processes, one delivery, the same moment: one of them wins, on every database (L16, L18-L20; E05).

A hundred rounds of each race. Who won the last round starts a little later in the next, so that both come to the lock as
nearly together as the clock allows, and both win some.
"""

from __future__ import annotations

import json
import sqlite3
import threading
import time
from collections import Counter
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from dataclasses import dataclass
from typing import Any

import pytest
from tests.admin.pairs import Pair
from tests.conftest import City

SENDER = "district-dusit"
ROUNDS = 100
PER_LETTER = 50
STEP_SECONDS = 0.001
"""How much later the winner of a round starts in the next."""
Answers = tuple[int, str]
"""Status and code of the refusal."""


@dataclass(frozen=True)
class Side:
    """One of the two: whose desk it is, and the requests that they send, one after the other."""

    sends: bool
    """The sender's registrar; else the receiver's."""
    verbs: tuple[str, ...]
    done: tuple[str, ...]
    """What the audit trail and the movement say when this side has won."""
    lost: tuple[Answers, ...]
    """What this side is answered when it loses, verb by verb."""


REGISTER = Side(False, ("register",), ("registered",), ((404, "NotFound"),))
RECALL = Side(True, ("recall",), ("recalled",), ((409, "NothingToRecall"),))
AGAIN = Side(False, ("register",), ("registered",), ((409, "AlreadyRegistered"),))
RETURN = Side(False, ("return",), ("returned",), ((409, "AlreadyRegistered"),))
AFTER_RETURN = Side(False, ("register",), ("registered",), ((409, "Returned"),))
CLOSE = Side(False, ("register", "close"), ("registered", "closed"), ((404, "NotFound"), (404, "NotFound")))
RACES = {
    "recall against register": (RECALL, REGISTER),
    "register twice": (AGAIN, AGAIN),
    "return against register": (RETURN, AFTER_RETURN),
    "close against recall": (CLOSE, RECALL),
}


@dataclass(frozen=True)
class Round:
    """A delivery that nobody has registered yet."""

    letter: str
    delivery: str
    unit: str

    @property
    def key(self) -> str:
        return self.delivery.rpartition("/")[2]

    def act(self, city: City, side: Side) -> list[Answers]:
        """What one side does, and is answered."""
        client = city.client(f"registrar.{SENDER if side.sends else self.unit}")
        here = self.letter if side.sends else self.delivery
        body = {"recipients": [self.unit], "note": "ส่งผิดหน่วย", "reason": "ส่งผิด", "result": "เสร็จ"}
        found = []
        for verb in side.verbs:
            answer = client.post(f"{city.url}{here}/@{verb}", json=body)
            code = "" if answer.ok else answer.json()["error"]["type"]
            found.append((answer.status_code, code))
        return found


def deliveries(city: City, number: int) -> list[Round]:
    """So many deliveries to different units, of a few letters."""
    registrar = city.client(f"registrar.{SENDER}")
    found: list[Round] = []
    while len(found) < number:
        draft = {"@type": "Letter", "kind": "internal", "title": "ขอเชิญประชุม"}
        letter = registrar.post(f"/agencies/{SENDER}/letters", json=draft).json()["@id"]
        made = registrar.post(f"{letter}/@dispatch", json={"recipients": "all-agencies"})
        assert made.status_code == 200, made.text
        path = letter.removeprefix(city.url)
        rows = made.json()["deliveries"][:PER_LETTER]
        found += [Round(path, one["@id"].removeprefix(city.url), one["unit"]) for one in rows]
    return found[:number]


def run_race(both: Sequence[City], sides: tuple[Side, Side], rounds: Sequence[Round]) -> Counter[int]:
    """All rounds; how often each side won."""
    wins: Counter[int] = Counter()
    head_start = [0.0, 0.0]
    with ThreadPoolExecutor(2) as threads:
        for one in rounds:
            barrier = threading.Barrier(2)

            def start(position: int, one: Round = one, barrier: threading.Barrier = barrier) -> list[Answers]:
                barrier.wait()
                time.sleep(head_start[position])
                return one.act(both[position], sides[position])

            answers = list(threads.map(start, (0, 1)))
            won = [position for position in (0, 1) if answers[position] == [(200, "")] * len(sides[position].verbs)]
            assert len(won) == 1, (one, answers)
            loser = 1 - won[0]
            assert tuple(answers[loser]) == sides[loser].lost, (one, answers)
            wins[won[0]] += 1
            lead = head_start[won[0]] - head_start[loser] + STEP_SECONDS
            head_start[won[0]], head_start[loser] = max(lead, 0.0), max(-lead, 0.0)
    return wins


def ask(city: City, statement: str) -> list[tuple[Any, ...]]:
    """Rows of the city's ledger."""
    environment = city.environment
    connect: Callable[[], Any]
    if "SARABAN_DSN" in environment:
        import psycopg2

        connect = lambda: psycopg2.connect(environment["SARABAN_DSN"])  # noqa: E731
    elif "SARABAN_MYSQL_HOST" in environment:
        import MySQLdb

        names = {"host": "HOST", "port": "PORT", "database": "DATABASE", "user": "USER", "password": "PASSWORD"}
        given = {name: environment[f"SARABAN_MYSQL_{variable}"] for name, variable in names.items()}
        connect = lambda: MySQLdb.connect(**{**given, "port": int(given["port"]), "charset": "utf8mb4"})  # noqa: E731
    else:
        file = next((city.var / "database").glob("main.sqlite3"))
        connect = lambda: sqlite3.connect(f"file:{file}?mode=ro", uri=True)  # noqa: E731
    with closing(connect()) as connection, closing(connection.cursor()) as cursor:
        cursor.execute(statement)
        return list(cursor.fetchall())


def check_books(city: City, rounds: Sequence[Round], sides: tuple[Side, Side]) -> None:
    """State, movement, register and audit trail of each delivery tell the same story, of one winner."""
    keys = ", ".join(f"'{one.key}'" for one in rounds)
    states: dict[str, str] = dict(ask(city, f"SELECT d.key, d.state FROM delivery d WHERE d.key IN ({keys})"))
    steps: dict[str, list[str]] = {key: [] for key in states}
    joined = "FROM delivery_step s JOIN delivery d ON d.id = s.delivery_id"
    for key, what in ask(city, f"SELECT d.key, s.what {joined} WHERE d.key IN ({keys}) ORDER BY s.id"):
        steps[key].append(what)
    entries = "FROM register_entry e JOIN delivery d ON d.letter_uid = e.document_uid AND d.unit = e.unit"
    lines = Counter(row[0] for row in ask(city, f"SELECT d.key {entries} WHERE d.key IN ({keys}) AND e.direction = 'receive'"))
    acts: dict[str, list[str]] = {key: [] for key in states}
    for key, act in ask(city, f"SELECT uid, act FROM audit WHERE uid IN ({keys}) AND outcome = 'done' ORDER BY id"):
        acts[key].append(act)
    stories = {
        side.done[-1]: (("dispatched", *side.done), () if side.sends else side.verbs, int("registered" in side.done))
        for side in sides
    }
    for key, state in states.items():
        told, done, registered = stories[state]
        assert tuple(steps[key]) == told, (key, state, steps[key])
        assert tuple(acts[key]) == done, (key, state, acts[key])
        assert lines[key] == registered, (key, state)
    recalls = ask(city, f"SELECT detail FROM audit WHERE act = 'recall' AND outcome = 'done' AND person = 'registrar.{SENDER}'")
    recalled = Counter(unit for (detail,) in recalls for unit in json.loads(detail)["units"])
    by_unit = Counter(one.unit for one in rounds if states[one.key] == "recalled")
    assert all(recalled[unit] >= number for unit, number in by_unit.items())


@pytest.mark.parametrize("race", sorted(RACES))
@pytest.mark.parametrize("pair", ["sqlite", "postgresql", "mariadb"], indirect=True, scope="session")
def test_one_of_two_wins(pair: Pair, race: str) -> None:
    sides = RACES[race]
    rounds = deliveries(pair.both[0], ROUNDS)
    wins = run_race(pair.both, sides, rounds)
    check_books(pair.both[0], rounds, sides)
    assert min(wins[0], wins[1]) > ROUNDS // 20, wins  # it was a race
