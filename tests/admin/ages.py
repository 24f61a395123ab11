"""Says in which shape a city is, as far as upgrades change it; with `back`, sets it back to what the first version was like.

    bin/py tests/admin/ages.py [back]

Prints lines of JSON: the shape, and with `back` that before and that after. To be run by the program of a city's environment.
"""

from __future__ import annotations

import json
import sys
from collections.abc import Callable
from typing import Any

import transaction
from alembic import command
from plone import api
from Products.CMFCore.Expression import Expression
from zope.event import notify
from zope.lifecycleevent import ObjectModifiedEvent

from saraban.admin import boot
from saraban.organisation.functions import SUPERIOR, local_roles

PROFILE = "saraban:default"
REPORTS = "Saraban: Read reports of the agency"
TABLES = "0014"
"""The first of the revisions after it that can be taken back without a loss."""
WORKFLOWS = ("saraban_chart", "saraban_classification", "saraban_letter")
ABOVE, BELOW = "district-dusit", "district-bang-bon"
CLERK = f"registrar.{ABOVE}"
INDEXES = ("Title", "SearchableText")
COMMENT = "python:state_change.kwargs.get('comment', '')"


class Words:
    """A letter as the catalog knew it once."""

    def __init__(self, title: str) -> None:
        self.title = title

    def Title(self) -> str:  # noqa: N802 - Plone's name
        """Its words."""
        return self.title

    SearchableText = Title


def agencies(site: Any) -> list[Any]:
    """All of them."""
    return [one for one in site.agencies.objectValues() if one.portal_type == "Agency"]


def letters(site: Any) -> list[Any]:
    """What the catalog has of letters."""
    return list(site.portal_catalog.unrestrictedSearchResults(portal_type=["Letter", "Circular"]))


def shape(site: Any) -> dict[str, Any]:
    """What each step of the upgrade changes."""
    from saraban.ledger import schema

    catalog, places = site.portal_catalog._catalog, agencies(site)
    found = letters(site)
    return {
        "version": list(site.portal_setup.getLastVersionForProfile(PROFILE)),
        "tables": schema.revision(site),
        "type": site.portal_types.Letter.global_allow,
        "reports": sorted(one["name"] for one in site.rolesOfPermission(REPORTS) if one["selected"]),
        "superiors": sum(SUPERIOR in roles for one in places for roles in one.__ac_local_roles__.values()),
        "role": SUPERIOR in site.acl_users.portal_role_manager.listRoleIds(),
        "words": {name: sum(catalog.getIndex(name).index.has_doc(one.getRID()) for one in found) for name in INDEXES},
        "schemas": list(site.portal_types["Plone Site"].behaviors),
        "remembered": site.acl_users.saraban_posts.remembered is not None,
        "comments": [site.portal_workflow[name].variables["comments"].default_expr.text for name in WORKFLOWS],
    }


def live_a_little(site: Any) -> None:
    """A letter that the catalog knows, and an agency below another, whatever the city did before."""
    from saraban.letters import operations

    with api.env.adopt_user(CLERK):
        letter = operations.draft(site.agencies[ABOVE], {"kind": "internal", "title": "ก่อนปรับรุ่น"})
    site.portal_catalog.catalog_object(letter, idxs=["portal_type"])
    below = site.agencies[BELOW]
    below.parent_agency = ABOVE
    notify(ObjectModifiedEvent(below))
    transaction.commit()


def first_version(site: Any) -> None:
    """Takes back what the steps did, each in its own way."""
    site.portal_setup.setLastVersionForProfile(PROFILE, ("1",))
    site.portal_types.Letter.global_allow = not site.portal_types.Letter.global_allow
    site.manage_permission(REPORTS, ["Manager"], acquire=1)
    for agency in agencies(site):
        agency.__ac_local_roles__ = local_roles(agency.unit_id)
    site.__ac_roles__ = tuple(role for role in site.__ac_roles__ if role != SUPERIOR)
    site.acl_users.portal_role_manager.removeRole(SUPERIOR)
    del site.acl_users.saraban_posts.remembered
    for one in letters(site):
        for name in INDEXES:
            site.portal_catalog._catalog.getIndex(name).index_object(one.getRID(), Words(f"หนังสือ {one.getRID()}"))
    site.portal_types["Plone Site"].behaviors = ("plone.basic", "plone.categorization", "plone.richtext")
    for name in WORKFLOWS:
        site.portal_workflow[name].variables["comments"].default_expr = Expression(COMMENT)


def take_tables_back(site: Any) -> None:
    """To an older revision."""
    from saraban.ledger import schema
    from saraban.ledger.connection import engine_of

    with engine_of(site).connect() as connection:
        connection.exec_driver_sql("BEGIN IMMEDIATE")
        configuration = schema.configuration()
        configuration.attributes["connection"] = connection
        command.downgrade(configuration, TABLES)
        connection.commit()


def main() -> None:
    """Prints."""
    acts: tuple[Callable[[Any], None], ...] = (first_version, take_tables_back) if "back" in sys.argv[1:] else ()
    with boot.site() as site:
        if acts:
            live_a_little(site)
        found = [shape(site)]
        for act in acts:
            act(site)
            transaction.commit()
        found += [shape(site)] if acts else []
    sys.stdout.writelines(f"{json.dumps(one)}\n" for one in found)


if __name__ == "__main__":
    main()
