"""Short ways to letters in the states that the tests need."""

from __future__ import annotations

from collections.abc import Callable
from itertools import count
from typing import Any

import pytest
from tests.conftest import City

SENDER = "district-dusit"
RECEIVER = "permanent-secretary-secretariat"
BYSTANDER = "district-phra-nakhon"
_serial = count(1)


class Office:
    """What registrars do all day, in one line each."""

    def __init__(self, city: City) -> None:
        self.city = city

    def user(self, function: str, agency: str = SENDER, language: str = "en") -> Any:
        """A person of the demo city."""
        return self.city.client(f"{function}.{agency}" if agency else function, language)

    def draft(self, **fields: Any) -> str:
        """A draft of the sender's registrar."""
        data = {"@type": "Letter", "kind": "internal", "title": f"ขอเชิญประชุม {next(_serial)}", **fields}
        answer = self.user("registrar").post(f"/agencies/{SENDER}/letters", json=data)
        assert answer.status_code == 201, answer.text
        return str(answer.json()["@id"])

    def dispatch(self, letter: str, *recipients: str) -> dict[str, Any]:
        """The letter, numbered and sent."""
        answer = self.user("registrar").post(f"{letter}/@dispatch", json={"recipients": list(recipients) or [RECEIVER]})
        assert answer.status_code == 200, answer.text
        return dict(answer.json())

    def sent(self, *recipients: str, **fields: Any) -> tuple[str, str]:
        """A letter that was sent, and its first delivery."""
        letter = self.draft(**fields)
        return letter, self.dispatch(letter, *recipients)["deliveries"][0]["@id"]

    def registered(self, **fields: Any) -> tuple[str, str]:
        """A letter that the receiver registered."""
        letter, delivery = self.sent(**fields)
        answer = self.user("registrar", RECEIVER).post(f"{delivery}/@register", json={})
        assert answer.status_code == 200, answer.text
        return letter, delivery

    def book(self, agency: str, **query: Any) -> list[dict[str, Any]]:
        """The lines of a register book, all of them: other tests fill the same books."""
        found: list[dict[str, Any]] = []
        while True:
            asked = {**query, "b_size": 1000, "b_start": len(found)}
            answer = self.user("registrar", agency).get(f"/agencies/{agency}/@register-book", params=asked)
            assert answer.status_code == 200, answer.text
            found += answer.json()["items"]
            if len(found) >= answer.json()["items_total"]:
                return found


@pytest.fixture(scope="session")
def office(city: City) -> Office:
    """The office that the tests work in."""
    return Office(city)


@pytest.fixture
def refused() -> Callable[..., dict[str, Any]]:
    """Checks a refusal: its status, code, sentence."""

    def check(answer: Any, status: int, code: str, field: str = "") -> dict[str, Any]:
        assert answer.status_code == status, answer.text
        error = answer.json()["error"]
        assert error["type"] == code, error
        assert error["message"]
        if field:
            assert error["fields"][field], error
        return dict(error)

    return check
