"""What GenericSetup's files cannot say."""

from __future__ import annotations

from typing import Any


def install(context: Any) -> None:
    """Installs the PAS plugins of the organisation."""
    from saraban.organisation.setup import install_plugins

    install_plugins(context.aq_parent)
