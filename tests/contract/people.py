"""Who plays in the scenes, and what is done there in the same way."""

from __future__ import annotations

import base64
from datetime import date, timedelta

from tests.conftest import City

SENDER, RECEIVER, OTHER = "district-dusit", "permanent-secretary-secretariat", "district-phra-nakhon"
HERE, THERE = f"/agencies/{SENDER}", f"/agencies/{RECEIVER}"
REGISTRAR, REGISTRAR_THERE = f"registrar.{SENDER}", f"registrar.{RECEIVER}"
OFFICER_THERE, DIRECTOR, DIRECTOR_THERE = f"officer.{RECEIVER}", f"director.{SENDER}", f"director.{RECEIVER}"
SECRET, ADMIN, AUDITOR = f"secret.{SENDER}", "site-admin", "auditor"
PDF = base64.b64encode(b"%PDF-1.7\n% an example\n").decode()
TUS = {"Tus-Resumable": "1.0.0"}
IN_A_WEEK = (date.today() + timedelta(days=7)).isoformat()


ALONE = {"items_total": 1, "batching": None}
"""How a list is written that other tests make longer."""


def fresh(city: City) -> int:
    """A number that no letter from outside has yet."""
    return int(city.client(REGISTRAR).get(f"{HERE}/@register-book", params={"b_size": "1"}).json()["items_total"]) + 10_000
