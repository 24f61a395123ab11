"""What search refuses."""

from __future__ import annotations

from saraban import _
from saraban.errors import DomainError


class TooManySaved(DomainError):
    """Nobody finds anything in a list of hundreds."""

    code = "TooManySavedSearches"
    text = _("error_too_many_saved", default="${most} searches are kept at most. Delete one first.")


class NameTaken(DomainError):
    """One name, one search."""

    code = "SavedSearchExists"
    text = _("error_saved_name", default="You keep a search of this name already.")


class ExportsWaiting(DomainError):
    """The worker makes lists for everybody."""

    code = "ExportsWaiting"
    text = _("error_exports_waiting", default="${most} of your lists are still being made. Wait for one of them.")


class ExportNotReady(DomainError):
    """There is no file yet, or there will be none."""

    code = "ExportNotReady"
    text = _("error_export_not_ready", default="This list is not finished.")
