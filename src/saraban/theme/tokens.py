"""Plone's protection against forged requests, without what our pages do not need of it.

Plone parses every page once more to put a token into each form, the searching ones included, and a script beside
them. A page that provides `IOwnTokens` writes the token into its own forms and checks it itself; the check that nothing
was written without it stays as it is.
"""

from __future__ import annotations

from typing import Any

from plone.protect.auto import ProtectTransform

from saraban.page import IOwnTokens


class Tokens(ProtectTransform):
    """The transform of plone.protect for requests to our site."""

    def transform(self, result: Any, encoding: str) -> Any:
        """Leaves pages alone that carry their tokens; takes the token out of addresses."""
        published = self.request.get("PUBLISHED")
        if IOwnTokens.providedBy(getattr(published, "__self__", published)):
            return None
        changed = super().transform(result, encoding)
        tree = getattr(changed, "tree", None)
        if tree is not None:
            for field in tree.getroot().xpath("//form[not(@method) or @method='get']//input[@name='_authenticator']"):
                field.getparent().remove(field)
        return changed
