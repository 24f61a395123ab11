"""What a failed piece of background work means, in people's words; the machine's own stand folded below them."""

from __future__ import annotations

import re

from saraban import _

_TOO_MUCH = _(
    "trouble_too_much",
    default="The attached file is too large or too intricate for its text to be read. It can be opened as before, but a search "
    "does not find what stands in it.",
)
_UNREADABLE = _(
    "trouble_unreadable",
    default="The text of the attached file cannot be read: it is damaged, locked by a password, or not what its name says. "
    "The letter is whole, but a search does not find what stands in the file.",
)
_AWAY = _(
    "trouble_away",
    default="The service that does this did not answer. Try again when it is there; look at its state above first.",
)
_FULL = _("trouble_full", default="The disk of the server is full. Make room, then try again.")
_NOT_INSTALLED = _(
    "trouble_not_installed",
    default="A program that reads files (poppler-utils) is not installed on the server. Install it, then try again.",
)
_NOT_TAKEN = _(
    "trouble_not_taken",
    default="The search index did not take this letter. It is whole and stands in the registers, but a search may not find it. "
    "Try again; if it fails again, give the words below to who keeps the system.",
)
_OTHER = _(
    "trouble_other",
    default="It failed each time it was tried. Letters and registers are not touched by it. "
    "Try again; if it fails again, give the words below to who keeps the system.",
)
_BY_WORDS = (
    (re.compile(r"Errno 28|No space left|disk is full"), _FULL),
    (re.compile(r"not installed"), _NOT_INSTALLED),
    (re.compile(r"takes more than|unpacks to more"), _TOO_MUCH),
    (re.compile(r"SolrAway|Connection|Timeout|timed out|unreachable", re.IGNORECASE), _AWAY),
)
_BY_KIND = {
    "text": _UNREADABLE,
    "index": _NOT_TAKEN,
    "solr": _NOT_TAKEN,
    "print": _(
        "trouble_print", default="The register was not printed. Who asked for it can ask again, for fewer numbers at once."
    ),
    "export": _("trouble_export", default="The list was not made. Who asked for it can ask again, for fewer letters at once."),
}


def explained(kind: str, error: str) -> str:
    """What went wrong and what to do, as a message."""
    return next((message for pattern, message in _BY_WORDS if pattern.search(error)), _BY_KIND.get(kind, _OTHER))
