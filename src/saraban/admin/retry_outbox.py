"""`bin/saraban retry-outbox`: shows what the worker could not do, and lets it try again or gives it up."""

from __future__ import annotations

import argparse

from saraban.admin import boot

HELP = "list what the worker could not do; --all or --id tries again, --drop gives up"


def arguments(parser: argparse.ArgumentParser) -> None:
    """The options of the subcommand."""
    choice = parser.add_mutually_exclusive_group()
    choice.add_argument("--all", action="store_true", help="let everything be tried again")
    choice.add_argument("--id", type=int, action="append", default=[], help="let this row be tried again (more than once)")
    choice.add_argument("--drop", type=int, action="append", default=[], metavar="ID", help="give this row up (more than once)")


def run(options: argparse.Namespace) -> int:
    """Exit code 1 while failed rows remain."""
    from saraban.ledger import outbox
    from saraban.ledger.connection import alone, reader

    with boot.site() as site:
        with alone(site) as session:
            rows = outbox.failures(session, limit=1_000_000) if options.all else []
            again = sum(outbox.retry(session, number) for number in [*options.id, *(row.id for row in rows)])
            dropped = sum(outbox.drop(session, number) for number in options.drop)
        with reader(site) as session:
            left = outbox.failures(session, limit=1000)
            for row in left:
                print(f"{row.id:>8} {row.kind:<8} {row.attempts} tries  {row.subject}\n         {row.error}")
    print(f"{again} to be tried again, {dropped} given up, {len(left)} failed rows left")
    return 1 if left else 0
