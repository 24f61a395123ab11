"""Dates, figures and chips in the person's language and digits."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from types import SimpleNamespace
from typing import Any

import pytest
from freezegun import freeze_time

from saraban.theme.browser.format import Format
from saraban.theme.browser.pager import Pager, start_of
from saraban.theme.negotiation import Negotiation, accepted

SITE = SimpleNamespace(portal_url=lambda: "http://x")


def asked(cookies: dict[str, str] | None = None, language: str = "th", **headers: str) -> Any:
    values = {"LANGUAGE": language}
    return SimpleNamespace(
        cookies=cookies or {},
        get=values.get,
        getHeader=lambda name: headers.get(name.replace("-", "_").lower()),
        environ={"PATH_INFO": "/saraban/desk"},
        form={},
    )


@pytest.fixture
def thai() -> Format:
    return Format(SITE, asked())


@pytest.fixture
def english() -> Format:
    return Format(SITE, asked(language="en"))


def test_dates(thai: Format, english: Format) -> None:
    moment = datetime(2021, 4, 9, 2, 30)
    assert thai.date("2021-04-09") == thai.date(date(2021, 4, 9)) == thai.date(moment) == "9 เม.ย. 64"
    assert thai.datetime(moment) == thai.datetime("2021-04-09T09:30:00+07:00") == "9 เม.ย. 64 09.30 น."
    assert thai.long_date(moment) == "9 เมษายน 2564"
    assert english.datetime(moment) == "9 Apr 2021 09:30"
    assert 'datetime="2021-04-09T09:30:00+07:00"' in thai.stamp(moment)
    for nothing in (None, ""):
        assert thai.date(nothing) == thai.time(nothing) == thai.stamp(nothing) == thai.due_chip(nothing) == ""


def test_thai_digits_only_in_thai() -> None:
    chosen = {"saraban_digits": "thai"}
    assert Format(SITE, asked(chosen)).date("2021-04-09") == "๙ เม.ย. ๖๔"
    assert Format(SITE, asked(chosen)).number(1234) == "๑,๒๓๔"
    assert Format(SITE, asked(chosen, "en")).number(1234) == "1,234"


@freeze_time("2026-11-26 05:00:00")
@pytest.mark.parametrize(
    ("ago", "words"),
    [
        (timedelta(seconds=5), "just now"),
        (timedelta(minutes=1), "1 minute ago"),
        (timedelta(minutes=59), "59 minutes ago"),
        (timedelta(hours=3), "3 hours ago"),
        (timedelta(days=6), "6 days ago"),
        (timedelta(days=7), "19 Nov 2026"),
    ],
)
def test_how_long_ago(english: Format, ago: timedelta, words: str) -> None:
    assert english.relative(datetime(2026, 11, 26, 5) - ago) == words


@freeze_time("2026-11-26 18:00:00")  # the 27th in Bangkok
@pytest.mark.parametrize(
    ("day", "kind", "words"),
    [
        (25, "late", "2 days late"),
        (26, "late", "1 day late"),
        (27, "soon", "Due today"),
        (28, "soon", "Due tomorrow"),
        (30, "soon", "Due in 3 days"),
    ],
)
def test_terms(english: Format, day: int, kind: str, words: str) -> None:
    chip = english.due_chip(date(2026, 11, day))
    assert f'class="chip {kind}"' in chip
    assert words in chip


def test_chips_hold_words_and_no_markup(english: Format) -> None:
    assert english.urgency_chip("normal") == english.secrecy_chip("normal") == ""
    assert "Most urgent" in english.urgency_chip("most-urgent")
    assert "<b>" not in english.chip("<b>", '"><b>')


def test_names_that_nobody_knows(thai: Format) -> None:
    assert thai.kind_title("nothing") == "nothing"
    assert thai.state_title("") == ""


@pytest.mark.parametrize(
    ("header", "language"),
    [("", ""), ("en-US,en;q=0.9,th;q=0.8", "en"), ("de, th;q=0.5", "th"), ("th;q=0, en;q=0.1", "en"), ("en;q=x, th", "th")],
)
def test_asked_languages(header: str, language: str) -> None:
    assert accepted(header) == language


def test_language_of_pages_and_of_rest() -> None:
    assert Negotiation(None, asked(accept_language="en")).language == "th"
    assert Negotiation(None, asked({"I18N_LANGUAGE": "en"})).language == "en"
    assert Negotiation(None, asked({"I18N_LANGUAGE": "xx"})).language == "th"
    assert Negotiation(None, asked(accept="application/json", accept_language="en")).language == "en"


def test_pages_of_a_list() -> None:
    request = asked()
    request.form = {"b_start": "50", "text": "ถนน", "_authenticator": "secret"}
    pager = Pager.of(request, "http://x/find", 120)
    assert pager.previous == "http://x/find?text=%E0%B8%96%E0%B8%99%E0%B8%99"
    assert pager.next.endswith("&b_start=100")
    assert "secret" not in pager.next
    request.form = {"b_start": "-1"}
    assert start_of(request) == 0
