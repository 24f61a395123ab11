"""`bin/saraban verify-audit`: walks the audit trail's chain and names the first row that is not as it was sealed."""

from __future__ import annotations

import argparse
import sys

from tqdm import tqdm

from saraban.admin import boot

HELP = "check the audit trail's chain; name the first row that was changed, removed, inserted or swapped"
NO_KEY = 2
"""Exit code where the chain cannot be checked."""


def arguments(parser: argparse.ArgumentParser) -> None:
    """No options."""


def run(options: argparse.Namespace) -> int:
    """Exit code 1 where a row is not as it was sealed, 2 without the chain's key."""
    from sqlalchemy import func, select

    from saraban.ledger import audit, clock, sealkey
    from saraban.ledger.connection import reader
    from saraban.ledger.tables import AuditSeal

    try:
        key = sealkey.load()
    except sealkey.SealKeyMissing as missing:
        print(missing, file=sys.stderr)
        return NO_KEY
    with boot.site() as site:
        with reader(site) as session:
            total = session.scalar(select(func.count()).select_from(AuditSeal))
        with tqdm(total=total, unit="row", desc="audit trail", disable=None) as bar:
            verdict = audit.verify(site, progress=bar.update)
    until = clock.iso(verdict.sealed_at) or "-"
    print(f"{verdict.sealed} rows are sealed, to row {verdict.sealed_to}, at {until}, with key {key.name}")
    if key.since:
        print(f"The first {key.since} of them were sealed before there was a key.")
    if verdict.ok:
        print("The audit trail is whole.")
        return 0
    print(f"Row {verdict.first_bad} is not as it was sealed: {verdict.reason}.")
    return 1
