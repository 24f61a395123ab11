"""`bin/saraban create-site`: tables, the Plone site, Saraban's profile, and the demo city where the profile asks for it.

Every step looks whether it was done: a second call does nothing, an interrupted one goes on where it stopped.
"""

from __future__ import annotations

import argparse
import os
import sys
from typing import Any

from saraban.admin import boot
from saraban.admin.passwords import settle

HELP = "create or bring up to date: tables, site, and the demo city where the profile asks for it"
PROFILE = "saraban:default"


def arguments(parser: argparse.ArgumentParser) -> None:
    """The options of the subcommand."""
    parser.add_argument("--city", choices=("demo", "none"), help="the chart to begin with (as the built profile says)")


def run(options: argparse.Namespace) -> int:
    """Creates what is missing, in the order in which each step needs the one before."""
    with boot.application() as app:
        upgrade_tables(app)
        if not settle_secret_key(app) or not settle_seal_key(app):
            return 1
        create(app)
    with boot.site() as site:
        upgrade_profile(site)
        city = options.city or os.environ.get("SARABAN_CITY", "none")
        if city == "demo":
            fill(site)
        else:
            ensure_administrator(site)
    return 0


def upgrade_tables(context: Any) -> None:
    """Brings the ledger's tables to the state that this code needs."""
    from saraban.ledger import schema

    schema.upgrade(context)


def settle_secret_key(context: Any) -> bool:
    """Makes the key of secret letters once; never a second one, where letters are sealed with one that is not here."""
    from saraban.classification import master, rotation

    if master.holder().exists():
        return True
    if rotation.count(context):
        print(f"Letters are sealed with a key that is not in {master.holder().place}: put it back.", file=sys.stderr)
        return False
    if master.make():
        place = master.holder().place
        print(f"Created the key of secret letters, {place}: keep a copy of it, away from the backups of the data.")
    return True


def settle_seal_key(context: Any) -> bool:
    """Makes the key of the audit trail once; never a second one, where rows are sealed with one that is not here."""
    from saraban.ledger import audit, sealkey
    from saraban.ledger.connection import reader

    if sealkey.path().exists():
        return True
    with reader(context) as session:
        end = audit.end_of_chain(session)
    if end.signature:
        print(f"The audit trail is sealed with a key that is not in {sealkey.path()}: put it back.", file=sys.stderr)
        return False
    place = sealkey.make(end.position)
    print(f"Created the key of the audit trail, {place}: keep a copy of it where no administrator of the database can read it.")
    return True


def create(app: Any) -> None:
    """Creates the Plone site in Thai, without Plone's example content."""
    import transaction
    from Products.CMFPlone.factory import addPloneSite

    if boot.SITE in app:
        return
    print("Creating the site", flush=True)
    site = addPloneSite(
        app,
        boot.SITE,
        title="สารบรรณอิเล็กทรอนิกส์",
        distribution_name="classic",
        setup_content=False,
        default_language="th",
        portal_timezone="Asia/Bangkok",
    )
    # A distribution ignores `extension_ids`.
    site.portal_setup.runAllImportStepsFromProfile(f"profile-{PROFILE}")
    transaction.commit()


def upgrade_profile(site: Any) -> None:
    """Runs the upgrade steps of Saraban's profile that this site has not seen."""
    import transaction

    tool = site.portal_setup
    if tool.listUpgrades(PROFILE):
        print("Upgrading the site", flush=True)
        tool.upgradeProfile(PROFILE)
        transaction.commit()


def fill(site: Any) -> None:
    """Creates the agencies, units and accounts of the demo city that are not there."""
    from tqdm import tqdm

    from saraban.admin.city import build_city
    from saraban.data import table

    password = settle("SARABAN_DEMO_PASSWORD", "demo-password")
    with tqdm(total=len(table("agencies")), unit="agency", desc="city", disable=None) as bar:
        build_city(site, password, progress=lambda agency: bar.update(1))


def ensure_administrator(site: Any) -> None:
    """Begins an empty chart with the account `site-admin`; says where its first password is."""
    import transaction

    from saraban.admin.city import begin

    if site.acl_users.getUserById("site-admin") is not None:
        return
    begin(site, settle("SARABAN_ADMIN_PASSWORD", "admin-password"), [("site-admin", "Manager")])
    transaction.commit()
    print(f"Created the account site-admin with the password in {boot.var()}/admin-password: change it, and remove the file.")
