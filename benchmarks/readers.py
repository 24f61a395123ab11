"""Appoints as many officers as a city has, so that as many persons can open one circular.

    PYTHONPATH=benchmarks SARABAN_HOME=… SARABAN_VAR=… SARABAN_DEMO_PASSWORD=… bin/testpy benchmarks/readers.py 10000

`reader-0` … are officers of the central registries of all agencies but the sender of `circulars.py`, spread evenly, with the
demo password, which is hashed once. Those that are there already stay. Never on a city that anybody needs.
"""

from __future__ import annotations

import argparse
import os
from datetime import date
from typing import Any

import transaction
from AuthEncoding import AuthEncoding
from sqlalchemy import insert
from tqdm import tqdm

from circulars import SENDER
from saraban.admin import boot
from saraban.ledger import clock
from saraban.ledger.connection import session_of
from saraban.organisation import chart
from saraban.organisation.functions import OFFICER
from saraban.organisation.tables import Appointment

CHUNK = 500


def name_of(number: int) -> str:
    """The id of a reader."""
    return f"reader-{number}"


def appoint(site: Any, names: list[str], agencies: list[str], password: str) -> None:
    """Accounts and posts, in one transaction."""
    folder = site.acl_users
    for name in names:
        folder.source_users.addUser(name, name, password)
        folder.portal_role_manager.assignRoleToPrincipal("Member", name)
    posts = [
        {
            "person": name,
            "unit": agencies[int(name.rpartition("-")[2]) % len(agencies)],
            "function": OFFICER,
            "post_th": "เจ้าพนักงานธุรการ",
            "valid_from": date(2020, 1, 1),
            "created_by": "benchmark",
            "created_at": clock.now(),
        }
        for name in names
    ]
    session_of(site).execute(insert(Appointment), posts)
    transaction.commit()


def main() -> None:
    """Tops up to the number."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("number", type=int)
    wanted = parser.parse_args().number
    password = AuthEncoding.pw_encrypt(os.environ["SARABAN_DEMO_PASSWORD"])
    with boot.site() as site:
        known = set(site.acl_users.source_users.listUserIds())
        missing = [name for name in map(name_of, range(wanted)) if name not in known]
        agencies = [agency.unit for agency in chart.agencies() if agency.unit != SENDER]
        for start in tqdm(range(0, len(missing), CHUNK), unit=f" x {CHUNK}"):
            appoint(site, missing[start : start + CHUNK], agencies, password)


if __name__ == "__main__":
    main()
