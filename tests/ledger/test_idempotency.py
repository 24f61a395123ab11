"""The same request again gets the same answer (E18)."""

from __future__ import annotations

import threading
from collections.abc import Callable
from datetime import timedelta

import pytest
from persistent.mapping import PersistentMapping
from tests.ledger.places import CLERK, letters
from ZODB.Connection import Connection

from saraban.ledger import clock, idempotency, numbers
from saraban.ledger.acts import act
from saraban.ledger.connection import LedgerBusy, alone, reader, session_of
from saraban.ledger.idempotency import Answer, IdempotencyKeyReused, answered, fingerprint, remember
from saraban.ledger.numbers import Book

BODY = fingerprint("POST", "/letters/1/@dispatch", b'{"to": ["district-dusit"]}')


def dispatch(jar: Connection, key: str, body: str = BODY) -> Answer:
    """A verb with an Idempotency-Key, not yet committed."""
    with act(jar, CLERK, "dispatch", key) as doing:
        series = Book(key, "send", "external")
        numbers.lock(doing, [series])
        before = answered(doing.session, CLERK.person, key, body)
        if before is not None:
            return before
        entry = numbers.issue(doing, series, write=str, document_uid=key)
        letters(jar)[f"{key}-{entry.seq}"] = PersistentMapping()
        answer = Answer(200, f'{{"number": {entry.seq}}}')
        remember(doing.session, CLERK.person, key, body, answer.status, answer.body)
    return answer


def test_same_key_gives_the_same_answer_and_no_second_number(jar: Connection) -> None:
    answers = []
    for _ in range(3):
        answers.append(dispatch(jar, "same"))
        jar.transaction_manager.commit()
    assert answers == [Answer(200, '{"number": 1}')] * 3
    assert "same-2" not in letters(jar)


def test_other_body_is_refused_with_409(jar: Connection) -> None:
    dispatch(jar, "other")
    jar.transaction_manager.commit()
    with pytest.raises(IdempotencyKeyReused) as refusal:
        dispatch(jar, "other", fingerprint("POST", "/letters/1/@dispatch", b"{}"))
    jar.transaction_manager.abort()
    assert (refusal.value.code, refusal.value.status) == ("IdempotencyKeyReused", 409)


@pytest.mark.parametrize("same", [b'{ "b": [1],\n"a": "\\u0e01" }', '{"a": "ก", "b": [1]}'.encode()])
def test_a_body_is_what_it_says_however_it_is_written(same: bytes) -> None:
    first = fingerprint("POST", "/x", '{"b":[1],"a":"ก"}'.encode())
    assert fingerprint("POST", "/x", same) == first
    assert fingerprint("POST", "/x", b'{"a": "\\u0e01", "b": [2]}') != first
    assert fingerprint("POST", "/x", b"") == fingerprint("POST", "/x", b"{}")


def test_key_belongs_to_one_person(jar: Connection) -> None:
    dispatch(jar, "personal")
    jar.transaction_manager.commit()
    with reader(jar) as session:
        assert answered(session, "somebody-else", "personal", BODY) is None


def test_failed_request_may_be_sent_again(jar: Connection) -> None:
    dispatch(jar, "failed")
    jar.transaction_manager.abort()
    assert dispatch(jar, "failed") == Answer(200, '{"number": 1}')
    jar.transaction_manager.commit()


def test_both_at_once_get_one_answer(open_jar: Callable[[], Connection]) -> None:
    answers: list[Answer] = []
    jars = [open_jar() for _ in range(4)]

    def send(jar: Connection) -> None:
        while True:
            jar.transaction_manager.begin()
            try:
                answer = dispatch(jar, "at-once")
                jar.transaction_manager.commit()
            except LedgerBusy:
                jar.transaction_manager.abort()
            else:
                answers.append(answer)
                return

    threads = [threading.Thread(target=send, args=(jar,)) for jar in jars]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(30)
    assert answers == [Answer(200, '{"number": 1}')] * 4


def test_answer_that_came_meanwhile_makes_the_request_be_tried_again(jar: Connection) -> None:
    """Without a common lock the second one fails at the unique key, and finds the answer when Zope tries again."""
    with alone(jar) as session:
        remember(session, "p", "meanwhile", BODY, 200, "{}")
    with pytest.raises(LedgerBusy):
        remember(session_of(jar), "p", "meanwhile", BODY, 200, "{}")
    jar.transaction_manager.abort()


def test_old_keys_are_forgotten(jar: Connection) -> None:
    with alone(jar) as session:
        remember(session, "p", "old", BODY, 200, "{}")
    with alone(jar) as session:
        idempotency.forget(session, clock.now() - timedelta(days=1))
        assert answered(session, "p", "old", BODY) is not None
        idempotency.forget(session, clock.now() + timedelta(seconds=1))
        assert answered(session, "p", "old", BODY) is None
