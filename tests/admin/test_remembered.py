"""Posts and units are remembered by every thread of every process, and forgotten by all the moment one changes (E34)."""

from __future__ import annotations

import secrets
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest
from tests.admin.pairs import SERVERS, Pair
from tests.conftest import PASSWORD, City, Client

HERE = "/agencies/district-dusit"
ROUNDS = 12
THREADS = 4
"""Of a process; each has a memory of its own."""


def seen(city: City, person: str) -> set[int]:
    """What the agency's address answers the person, asked by many at once, so that every thread of the process is."""
    with ThreadPoolExecutor(THREADS * 2) as threads:
        return set(threads.map(lambda _: Client(city.url, person).get(HERE).status_code, range(THREADS * 4)))


@pytest.mark.parametrize("pair", ["sqlite", *sorted(SERVERS)], indirect=True, scope="session")
def test_a_post_that_ends_in_one_process_is_over_in_the_other(pair: Pair) -> None:
    one, other = pair.both
    admins: list[Client] = [Client(city.url, "site-admin") for city in (one, other)]
    person = f"person.{secrets.token_hex(4)}"
    account = {"username": person, "email": f"{person}@bangkok.example", "password": PASSWORD}
    assert admins[0].post("/@users", json=account).status_code == 201
    post: dict[str, Any] = {"person": person, "unit": "district-dusit", "function": "officer", "post_th": "เจ้าพนักงานธุรการ"}
    for number in range(ROUNDS):
        admin, there = admins[number % 2], (other, one)[number % 2]
        made = admin.post(f"{HERE}/@appointments", json=post)
        assert made.status_code == 201, made.text
        assert seen(there, person) == {200}
        ended = admin.post(f"{HERE}/@end-appointment", json={"appointment": made.json()["id"]})
        assert ended.status_code == 200, ended.text
        assert seen(there, person) == {404}


@pytest.mark.parametrize("pair", ["sqlite", *sorted(SERVERS)], indirect=True, scope="session")
def test_a_unit_that_is_renamed_in_one_process_has_its_new_name_in_the_other(pair: Pair) -> None:
    one, other = pair.both
    sender = Client(one.url, "registrar.district-dusit")
    draft = {"@type": "Letter", "kind": "internal", "title": "ชื่อใหม่", "body": "เนื้อหา"}
    letter = sender.post(f"{HERE}/letters", json=draft).json()["@id"].removeprefix(one.url)
    there = "district-yan-nawa"
    assert sender.post(f"{letter}/@dispatch", json={"recipients": [there]}).status_code == 200

    def title(number: int) -> str:
        found = Client((one, other)[number % 2].url, "registrar.district-dusit").get(f"{letter}/@deliveries").json()
        return str(found["items"][0]["unit_title"])

    for number in range(ROUNDS // 2):
        name = f"สำนักงานเขตยานนาวา {number}"
        renamed = Client((one, other)[number % 2].url, "site-admin").patch(f"/agencies/{there}", json={"title": name})
        assert renamed.status_code == 204, renamed.text
        with ThreadPoolExecutor(THREADS * 2) as threads:
            assert set(threads.map(title, range(THREADS * 6))) == {name}
