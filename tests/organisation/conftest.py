"""People and a look into the ledger, for the tests of the organisation."""

from __future__ import annotations

import json
import secrets
import sqlite3
from collections.abc import Callable
from typing import Any

import pytest
from tests.conftest import PASSWORD, City, Client


@pytest.fixture
def admin(city: City) -> Client:
    return city.client("site-admin")


@pytest.fixture
def person(city: City, admin: Client) -> Callable[[], str]:
    """Makes people without a post: each test has its own."""

    def make() -> str:
        name = f"person.{secrets.token_hex(4)}"
        answer = admin.post("/@users", json={"username": name, "email": f"{name}@bangkok.example", "password": PASSWORD})
        assert answer.status_code == 201, answer.text
        return name

    return make


@pytest.fixture
def appoint(admin: Client) -> Callable[..., dict[str, Any]]:
    """Appoints somebody as the site's administrator."""

    def do(person: str, unit: str, function: str = "officer", **values: Any) -> dict[str, Any]:
        data = {"person": person, "unit": unit, "function": function, "post_th": "เจ้าพนักงานธุรการ", **values}
        answer = admin.post(f"/agencies/{unit.partition('.')[0]}/@appointments", json=data)
        assert answer.status_code == 201, answer.text
        found: dict[str, Any] = answer.json()
        return found

    return do


@pytest.fixture
def ledger(city: City) -> Callable[..., list[dict[str, Any]]]:
    """Reads the ledger's rows."""

    def read(query: str, *arguments: Any) -> list[dict[str, Any]]:
        path = next((city.var / "database").glob("*.sqlite3"))
        connection = sqlite3.connect(f"file:{path}?mode=ro", uri=True)
        connection.row_factory = sqlite3.Row
        try:
            return [dict(row) for row in connection.execute(query, arguments)]
        finally:
            connection.close()

    return read


def error_of(answer: Any) -> dict[str, Any]:
    """The error of an answer, in the one shape that there is."""
    assert answer.headers["Content-Type"].startswith("application/json")
    content = json.loads(answer.text)
    assert set(content) == {"error"}
    error: dict[str, Any] = content["error"]
    assert set(error) <= {"type", "message", "fields"}
    assert error["type"]
    assert error["message"]
    return error
