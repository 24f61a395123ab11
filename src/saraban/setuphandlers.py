"""What GenericSetup's files cannot say."""

from __future__ import annotations

from typing import Any

import transaction


def install(context: Any) -> None:
    """Installs the PAS plugins of the organisation, and quiets Zope's log of errors."""
    from saraban.organisation.setup import install as install_organisation

    install_organisation(context.aq_parent)


def apply_again(tool: Any) -> None:
    """An upgrade: the profile's files say the whole of what a site needs, so they are applied once more."""
    tool.runAllImportStepsFromProfile("profile-saraban:default", purge_old=False)


def name_superiors(tool: Any) -> None:
    """An upgrade: the agencies at the top give themselves and all below them the roles of those above."""
    from saraban.organisation.content import IAgency
    from saraban.organisation.subscribers import give_roles

    apply_again(tool)
    for agency in tool.aq_parent.agencies.objectValues():
        if IAgency.providedBy(agency) and not agency.parent_agency:
            give_roles(agency)


def forget_words_of_letters(tool: Any) -> None:
    """An upgrade: letters are not in the catalog's indexes of words any more; what these hold of them goes."""
    catalog = tool.aq_parent.portal_catalog
    indexes = [catalog._catalog.getIndex(name) for name in ("Title", "SearchableText")]
    letters = catalog.unrestrictedSearchResults(portal_type=["Letter", "Circular"])
    for number, brain in enumerate(letters, 1):
        for index in indexes:
            index.unindex_object(brain.getRID())
        if number % 1000 == 0:
            transaction.savepoint(optimistic=True)  # a million letters do not fit into memory
