"""`bin/saraban verify-audit`: walks the audit trail's chain and names the first row that is not as it was sealed."""

from __future__ import annotations

import argparse

from tqdm import tqdm

from saraban.admin import boot

HELP = "check the audit trail's chain; name the first row that was changed, removed, inserted or swapped"


def arguments(parser: argparse.ArgumentParser) -> None:
    """No options."""


def run(options: argparse.Namespace) -> int:
    """Exit code 1 where a row is not as it was sealed."""
    from sqlalchemy import func, select

    from saraban.ledger import audit, clock
    from saraban.ledger.connection import reader
    from saraban.ledger.tables import AuditSeal

    with boot.site() as site:
        with reader(site) as session:
            total = session.scalar(select(func.count()).select_from(AuditSeal))
        with tqdm(total=total, unit="row", desc="audit trail", disable=None) as bar:
            verdict = audit.verify(site, progress=bar.update)
    until = clock.iso(verdict.sealed_at) or "-"
    print(f"{verdict.sealed} rows are sealed, to row {verdict.sealed_to}, at {until}")
    if verdict.ok:
        print("The audit trail is whole.")
        return 0
    print(f"Row {verdict.first_bad} is not as it was sealed: {verdict.reason}.")
    return 1
