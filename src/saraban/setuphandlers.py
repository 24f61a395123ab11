"""What GenericSetup's files cannot say."""

from __future__ import annotations

from typing import Any


def install(context: Any) -> None:
    """Installs the PAS plugins of the organisation, and quiets Zope's log of errors."""
    from saraban.organisation.setup import install as install_organisation

    install_organisation(context.aq_parent)
