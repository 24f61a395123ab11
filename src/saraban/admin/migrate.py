"""`bin/saraban migrate`: brings tables and the site's profile to what this code needs. `make run` does it by itself."""

from __future__ import annotations

import argparse

from saraban.admin import boot
from saraban.admin.create_site import settle_seal_key, upgrade_profile, upgrade_tables

HELP = "bring the tables and the site's profile up to date after an upgrade"


def arguments(parser: argparse.ArgumentParser) -> None:
    """No options."""


def run(options: argparse.Namespace) -> int:
    """Does nothing where there is nothing to do."""
    from saraban.ledger import schema

    with boot.application() as app:
        before = schema.revision(app)
        upgrade_tables(app)
        print(f"Tables: {before or 'none'} → {schema.revision(app)}")
        if not settle_seal_key(app):
            return 1
    with boot.site() as site:
        upgrade_profile(site)
    return 0
