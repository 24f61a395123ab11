"""`bin/saraban unlock USER`: lets somebody log in again who was locked out by wrong passwords."""

from __future__ import annotations

import argparse

from saraban.admin import boot

HELP = "forget an account's wrong passwords, so that it may log in again"


def arguments(parser: argparse.ArgumentParser) -> None:
    """The options of the subcommand."""
    parser.add_argument("user", metavar="USER", help="the name that the person logs in with")


def run(options: argparse.Namespace) -> int:
    """Says how many wrong passwords there were."""
    from saraban.organisation.door import unlock

    with boot.site() as site:
        number = unlock(options.user, site)
    print(f"{options.user}: {number} wrong passwords forgotten")
    return 0
