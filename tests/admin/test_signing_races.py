"""Two clicks at once, in two processes: one signature, one chain, one story, on every database (`api.md`, Signing)."""

from __future__ import annotations

import threading
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest
from tests.admin.pairs import Pair
from tests.admin.test_races import Answers, ask
from tests.conftest import City

AGENCY = "district-bang-na"
ROUNDS = 25
DIRECTOR, OFFICER = f"director.{AGENCY}", f"officer.{AGENCY}"
CLICK: tuple[str, str, dict[str, Any]] = (DIRECTOR, "sign", {"method": "click"})
BACK: tuple[str, str, dict[str, Any]] = (OFFICER, "send-back", {"note": "แก้วรรคสอง"})
SUBMIT: tuple[str, str, dict[str, Any]] = (OFFICER, "submit", {"signers": [DIRECTOR]})


def at_once(both: tuple[City, City], letter: str, acts: tuple[Any, Any]) -> list[Answers]:
    """What two people are answered who press their buttons at the same moment, each in another process."""
    barrier = threading.Barrier(2)

    def press(side: int) -> Answers:
        who, verb, data = acts[side]
        client = both[side].client(who)
        barrier.wait()
        answer = client.post(f"{both[side].url}{letter}/@{verb}", json=data)
        return answer.status_code, "" if answer.ok else answer.json()["error"]["type"]

    with ThreadPoolExecutor(2) as threads:
        return list(threads.map(press, (0, 1)))


def draft(city: City) -> tuple[str, str]:
    made = city.client(OFFICER).post(f"/agencies/{AGENCY}/letters", json={"@type": "Letter", "title": "ขออนุมัติ"}).json()
    return str(made["@id"]).removeprefix(city.url), str(made["UID"])


def submitted(city: City) -> tuple[str, str]:
    letter, uid = draft(city)
    answer = city.client(OFFICER).post(f"{city.url}{letter}/@submit", json=SUBMIT[2])
    assert answer.status_code == 200, answer.text
    return letter, uid


def story(city: City, uid: str) -> tuple[list[str], list[str], list[tuple[Any, ...]]]:
    """What the movement, the audit trail and the chains say."""
    steps = [row[0] for row in ask(city, f"SELECT what FROM delivery_step WHERE letter_uid = '{uid}' ORDER BY id")]
    acts = [row[0] for row in ask(city, f"SELECT act FROM audit WHERE uid = '{uid}' AND outcome = 'done' ORDER BY id")]
    joined = "FROM signing_turn t JOIN signing_chain c ON c.id = t.chain_id"
    return steps, acts, ask(city, f"SELECT c.round, c.state, t.state {joined} WHERE c.letter_uid = '{uid}' ORDER BY c.round")


SENT_BACK = (["created", "submitted", "sent-back"], ["draft", "submit", "send-back"], [(1, "ended", "turn")])
SIGNED = (["created", "submitted", "signed"], ["draft", "submit", "sign"], [(1, "signed", "done")])
THEN_BACK = (
    ["created", "submitted", "signed", "sent-back"], ["draft", "submit", "sign", "send-back"], [(1, "ended", "done")],
)  # fmt: skip
pairs = pytest.mark.parametrize("pair", ["sqlite", "postgresql", "mariadb"], indirect=True, scope="session")


@pairs
def test_two_clicks_give_one_signature(pair: Pair) -> None:
    for _round in range(ROUNDS):
        letter, uid = submitted(pair.both[0])
        assert sorted(at_once(pair.both, letter, (CLICK, CLICK))) == [(200, ""), (409, "AlreadySigned")]
        assert story(pair.both[0], uid) == SIGNED


@pairs
def test_a_draft_is_submitted_once(pair: Pair) -> None:
    for _round in range(ROUNDS):
        letter, uid = draft(pair.both[0])
        assert sorted(at_once(pair.both, letter, (SUBMIT, SUBMIT))) == [(200, ""), (409, "NotADraft")]
        assert story(pair.both[0], uid) == (["created", "submitted"], ["draft", "submit"], [(1, "open", "turn")])


@pairs
def test_what_is_taken_back_is_not_signed(pair: Pair) -> None:
    """Whichever comes first: what was signed and then taken back is void, what was taken back is not signed."""
    for _round in range(ROUNDS):
        letter, uid = submitted(pair.both[0])
        click, back = at_once(pair.both, letter, (CLICK, BACK))
        assert back == (200, "")
        assert click in ((200, ""), (409, "NotInSigning"))
        assert story(pair.both[0], uid) == (THEN_BACK if click == (200, "") else SENT_BACK)
