"""What GenericSetup's files cannot say."""

from __future__ import annotations

from typing import Any


def install(context: Any) -> None:
    """Installs the PAS plugins of the organisation, and quiets Zope's log of errors."""
    from saraban.organisation.setup import install as install_organisation

    install_organisation(context.aq_parent)


def apply_again(tool: Any) -> None:
    """An upgrade: the profile's files say the whole of what a site needs, so they are applied once more."""
    tool.runAllImportStepsFromProfile("profile-saraban:default", purge_old=False)
