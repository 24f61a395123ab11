"""Every service that is registered, asked with what it does not expect: a 4xx, never a 500 and never a broken connection."""

from __future__ import annotations

import pytest
from tests.conftest import City, Client
from tests.guards.test_strangers import asked

Registry = dict[str, dict[str, list[str]]]
BODIES: tuple[object, ...] = (
    {},
    [],
    "x",
    {
        "@type": "Letter", "users": 1, "text": [1], "title": {"a": 1}, "recipients": {"x": 1}, "filename": 3,
        "due_date": "2569-01-01", "units": "x", "on": "x", "level": 9,
    },
)  # fmt: skip
NOT_ASKED = ("@login", "@logout", "@close", "@users")
"""What ends a session or the matter that others are asked about, or belongs to accounts (`organisation/test_users.py`)."""


@pytest.mark.parametrize("user", ["registrar.permanent-secretary-secretariat", "registrar.district-dusit"])
def test_nothing_breaks(city: City, registry: Registry, places: dict[str, str], user: str) -> None:
    client, wrong, number = Client(city.url, user), [], 0
    for method, address, name in asked(registry["all"], places):
        if not method or method == "DELETE" or name.startswith(NOT_ASKED):
            continue
        for body in BODIES[:1] if method in ("GET", "HEAD", "OPTIONS") else BODIES:
            json = None if method in ("GET", "HEAD", "OPTIONS") else body
            told = client.request(method, address, headers={"Accept": "application/json"}, json=json, allow_redirects=False)
            number += 1
            if told.status_code >= 500:
                wrong.append((method, address, body, told.status_code))
    assert number > 500
    assert not wrong, "\n".join(map(str, wrong))
