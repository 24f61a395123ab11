"""What is said to an exception, whoever raised it."""

from __future__ import annotations

import logging
from typing import Any

import pytest
from plone.restapi.exceptions import DeserializationError
from transaction.interfaces import TransientError
from zExceptions import BadRequest, MethodNotAllowed, NotFound, Unauthorized
from zope.annotation.interfaces import IAnnotations
from zope.interface import implementer

from saraban.errors import Forbidden, Invalid, Missing
from saraban.ledger.errors import LedgerBusy
from saraban.organisation.errors import AccountLocked, UnitInUse
from saraban.organisation.refusals import FOREIGN, act_of, answer_to, language_of


@implementer(IAnnotations)
class Request(dict[str, Any]):
    """As much of Zope's request as is asked for; its own annotations."""

    method = "GET"

    def __init__(self, path: str = "/saraban/x", language: str = "") -> None:
        super().__init__(PATH_INFO=path)
        self.language = language

    def getHeader(self, name: str) -> str | None:  # noqa: N802
        return self.language if name == "Accept-Language" else None


@pytest.mark.parametrize(
    ("exception", "status", "code"),
    [
        (Invalid(fields={"title": "x"}), 400, "Invalid"),
        (Forbidden(), 403, "Forbidden"),
        (Missing(), 404, "NotFound"),
        (NotFound(), 404, "NotFound"),
        (UnitInUse(), 409, "UnitInUse"),
        (AccountLocked(61), 429, "AccountLocked"),
        (BadRequest("no"), 400, "Invalid"),
        (DeserializationError("no"), 400, "Invalid"),
        (MethodNotAllowed(), 405, "MethodNotAllowed"),
        (TransientError(), 503, "Busy"),
        (LedgerBusy("locked"), 503, "Busy"),
        (Unauthorized(), 401, "Unauthorized"),
        (RuntimeError("secret words"), 500, "InternalError"),
    ],
)
def test_answers(exception: Exception, status: int, code: str) -> None:
    answer = answer_to(exception, Request())
    assert (answer.status, answer.code) == (status, code)
    assert "secret words" not in str(answer)


def test_a_genuine_404_is_said_like_a_hidden_one() -> None:
    hidden, absent = answer_to(Missing(), Request()), answer_to(NotFound("http://x/y"), Request())
    assert (hidden.code, hidden.text, hidden.fields, hidden.headers) == (
        absent.code,
        absent.text,
        absent.fields,
        absent.headers,
    )


def test_waiting_times() -> None:
    assert answer_to(AccountLocked(61), Request()).headers == {"Retry-After": "61"}
    assert answer_to(LedgerBusy("x"), Request()).headers["Retry-After"]


def test_what_was_given_up_is_logged_without_its_words(caplog: pytest.LogCaptureFixture) -> None:
    busy = LedgerBusy("Key (title)=(ความลับ) is locked")
    busy.__cause__ = OSError("ความลับ")
    answer_to(busy, Request())
    assert caplog.messages == ["given up, others were in the way: LedgerBusy of OSError"]


def test_fields_of_plone_restapi() -> None:
    errors = [{"field": "title", "message": "missing", "error": "x"}, {"message": "ด้วยกัน", "error": "x"}]
    english = answer_to(BadRequest(errors), Request(language="en")).fields
    assert english == {"title": "missing", "body": "ด้วยกัน"}
    # It has no Thai for much of what it says: then ours says less.
    assert answer_to(BadRequest(errors), Request(language="th")).fields == {"title": FOREIGN, "body": "ด้วยกัน"}


def test_an_incident_is_logged_with_its_number(caplog: pytest.LogCaptureFixture) -> None:
    with caplog.at_level(logging.ERROR, "saraban.incident"):
        answer = answer_to(RuntimeError("secret words"), Request())
    number = answer.text.mapping["incident"]  # type: ignore[attr-defined]
    assert number in caplog.text
    assert "secret words" in caplog.text


@pytest.mark.parametrize(
    ("header", "language"),
    [("th", "th"), ("en-GB,en;q=0.9", "en"), ("en;q=0.5, th;q=0.8", "th"), ("de, fr", "th"), ("", "th"), ("en;q=x", "th")],
)
def test_languages(header: str, language: str) -> None:
    assert language_of(Request(language=header)) == language


@pytest.mark.parametrize(
    ("path", "act"),
    [("/s/agencies/a/@register", "register"), ("/s/agencies/a", "get"), ("/s/@@people/", "people"), ("/s/เรื่องลับ", "get")],
)
def test_the_name_of_what_was_tried(path: str, act: str) -> None:
    assert act_of(Request(path)) == act
