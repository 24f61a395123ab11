"""Accounts by REST: nobody changes the name that stands in registers but who administers accounts."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from tests.conftest import City, Client

CLERK = "officer.district-dusit"
OTHER = "registrar.district-bang-rak"
WEAK = {"password": "Example-4711-word"}


@pytest.fixture
def admin(city: City) -> Client:
    return city.client("site-admin")


@pytest.fixture
def clerk(city: City) -> Client:
    return city.client(CLERK)


@pytest.fixture
def name(admin: Client) -> Iterator[str]:
    """The clerk's name, which stands again afterwards."""
    before = admin.get(f"/@users/{CLERK}").json()["fullname"]
    yield before
    assert admin.patch(f"/@users/{CLERK}", json={"fullname": before}).status_code == 204


@pytest.mark.parametrize("change", [{"fullname": "ผู้ว่าราชการกรุงเทพมหานคร"}, {"email": "x@bangkok.example"}, WEAK, {}])
@pytest.mark.parametrize("whose", [CLERK, OTHER, "nobody.there"])
def test_a_clerk_changes_no_account(clerk: Client, admin: Client, change: dict[str, str], whose: str) -> None:
    before = admin.get(f"/@users/{CLERK}").json()
    answer = clerk.patch(f"/@users/{whose}", json=change)
    assert (answer.status_code, answer.json()["error"]["type"]) == (403, "Forbidden")
    assert admin.get(f"/@users/{CLERK}").json() == before


def test_an_administrator_changes_a_name(admin: Client, name: str) -> None:
    assert admin.patch(f"/@users/{CLERK}", json={"fullname": "นางสาวใหม่ ทดสอบ"}).status_code == 204
    assert admin.get(f"/@users/{CLERK}").json()["fullname"] == "นางสาวใหม่ ทดสอบ" != name


def test_a_password_goes_past_no_policy(admin: Client) -> None:
    answer = admin.patch(f"/@users/{CLERK}", json={"password": "x"})
    assert answer.status_code == 400
    assert "reset-password" in answer.json()["error"]["fields"]["password"]


@pytest.mark.parametrize("address", ["/@users", "/@users/nobody.there", "/@users/a/b"])
def test_no_account_is_404(admin: Client, address: str) -> None:
    assert admin.patch(address, json={"fullname": "x"}).status_code == 404


def test_nothing_to_change_changes_nothing(admin: Client) -> None:
    before = admin.get(f"/@users/{CLERK}").json()
    assert admin.patch(f"/@users/{CLERK}").status_code == 204
    assert admin.get(f"/@users/{CLERK}").json() == before


@pytest.mark.parametrize("body", ["x", [1], {"fullname": 1}, {"email": None}, {"roles": "Manager"}, {"portrait": [1]}])
def test_what_is_no_object_is_400(admin: Client, body: Any) -> None:
    assert admin.patch(f"/@users/{CLERK}", json=body).status_code == 400


@pytest.mark.parametrize("name", ["secret.district-dusit", "director.district-dusit", "site-admin"])
def test_an_account_is_shown_with_all_its_groups(city: City, admin: Client, name: str) -> None:
    for asker in (admin, city.client(name)):
        told = asker.get(f"/@users/{name}")
        assert told.status_code == 200, told.text
        groups = {one["id"] for one in told.json()["groups"]["items"]}
        assert name.startswith("secret.") == ("district-dusit:cleared-secret" in groups)
    assert admin.get("/@users", params={"query": name}).status_code == 200
