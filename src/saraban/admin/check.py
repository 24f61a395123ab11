"""`bin/saraban check`: is everything consistent, from documents to the search index? While the programs run."""

from __future__ import annotations

import argparse
import logging
from typing import Any

from tqdm import tqdm

from saraban.admin import boot
from saraban.admin.checks.finding import Check, Finding

HELP = "compare documents, registers, deliveries, chart and files; with --repair put right what can be"


def arguments(parser: argparse.ArgumentParser) -> None:
    """The options of the subcommand."""
    parser.add_argument("--repair", action="store_true", help="put right what can be; files are moved, never deleted")
    parser.add_argument(
        "--only", action="append", metavar="NAME", help="chart, registers, letters, files or search (more than once)"
    )


def all_checks() -> list[Check]:
    """In the order in which a person would look."""
    from saraban.admin.checks import chart, files, letters, registers, search

    return [
        Check("chart", chart.count, chart.examine),
        Check("registers", registers.count, registers.examine),
        Check("letters", letters.count, letters.examine),
        Check("files", files.count, files.examine),
        Check("search", search.count, search.examine),
    ]


def run(options: argparse.Namespace) -> int:
    """Exit code 1 while something is wrong that was not repaired."""
    # What cannot be loaded is a finding, in words: ZODB's own report of each try says less at more length.
    logging.getLogger("ZODB.Connection").setLevel(logging.CRITICAL)
    found = repaired = 0
    with boot.site() as site:
        checks = all_checks()
        unknown = set(options.only or ()) - {check.name for check in checks}
        if unknown:
            print(f"There is no check {', '.join(sorted(unknown))}: {', '.join(check.name for check in checks)}")
            return 2
        for check in checks:
            if options.only and check.name not in options.only:
                continue
            with tqdm(total=check.count(site), desc=check.name, disable=None) as bar:
                findings = []
                for finding in check.examine(site, bar.update):
                    if finding.wrong:
                        findings.append(finding)
                    bar.write(f"{finding.subject}: {finding.text}")
            found += len(findings)
            if options.repair:
                repaired += repair(site, findings)
    if repaired:
        print(f"{repaired} of them repaired; run it again to see")
    print("Everything is consistent." if not found else f"{found} findings")
    return 1 if found > repaired else 0


def repair(site: Any, findings: list[Finding]) -> int:
    """Each in a transaction of its own, with a row in the audit trail."""
    import transaction

    from saraban.admin.acting import retried
    from saraban.ledger.acts import Actor, act

    done = 0
    for finding in findings:
        if finding.repair is None:
            continue

        def one(finding: Finding = finding) -> None:
            assert finding.repair is not None
            with act(site, Actor(person="system", name="system"), "repair"):
                finding.repair()
            transaction.commit()

        retried(one)
        done += 1
    return done
