"""`bin/saraban`: one program for the people who run the system.

Each subcommand is a module with `HELP`, `arguments(parser)` and `run(options) -> int`; it is imported when it is asked for, so
that `--help` does not wait for Zope. Exit codes: 0 done, 1 something is wrong with the data or was refused, 2 wrong usage,
3 a load is done but refused lines, 130 stopped by Ctrl-C (every command can be run again).
"""

from __future__ import annotations

import argparse
import importlib
import logging
import os
import signal
import sys
from collections.abc import Sequence
from types import FrameType

from saraban.admin import boot

COMMANDS = {
    "create-site": "create_site",
    "load": "load",
    "check": "check",
    "reindex": "reindex",
    "verify-audit": "verify_audit",
    "backup": "backup",
    "restore": "restore",
    "unlock": "unlock",
    "migrate": "migrate",
    "retry-outbox": "retry_outbox",
    "announce": "announce",
    "rotate-secret-key": "rotate_secret_key",
}


def parser_of(names: Sequence[str] = tuple(COMMANDS)) -> argparse.ArgumentParser:
    """The parser with the subcommands `names`."""
    parser = argparse.ArgumentParser(prog="saraban", description="Administration of Saraban.")
    subcommands = parser.add_subparsers(dest="command", required=True, metavar="COMMAND")
    for name in names:
        module = importlib.import_module(f"saraban.admin.{COMMANDS[name]}")
        one = subcommands.add_parser(name, help=module.HELP, description=module.HELP)
        module.arguments(one)
        one.set_defaults(run=module.run)
    return parser


def _interrupt(number: int, frame: FrameType | None) -> None:
    raise KeyboardInterrupt


def main(arguments: Sequence[str] | None = None) -> int:
    """Runs one subcommand and answers its exit code."""
    chosen = parser_of().parse_args(arguments)
    # Being told to stop is the same as Ctrl-C: the transaction is given up, what was committed stays.
    signal.signal(signal.SIGTERM, _interrupt)
    # What Plone warns of while a site is made helps nobody at a terminal.
    boot.log_to_stderr(logging.ERROR)
    try:
        return int(chosen.run(chosen))
    except KeyboardInterrupt:
        print("Stopped. It can be run again.", file=sys.stderr)
        return 130
    except BrokenPipeError:
        # `bin/saraban … | head`: nobody reads on, and Python must not complain when it flushes.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return 1
    except OSError as error:
        if error.filename is None:
            raise
        print(f"{error.strerror}: {error.filename}", file=sys.stderr)
        return 1
