"""`<letter>/@@print`: the letter on its official paper, for the printer (`domain.md` 1.2 and 2.4).

The browser counts the pages, so what stands on every page is written as margin boxes: the page number from the second page on;
of a secret letter its mark at the top and the bottom, which copy it is, and which page of how many.
"""

from __future__ import annotations

from Products.Five.browser.pagetemplatefile import ViewPageTemplateFile

from saraban import _
from saraban.classification.levels import WORDS
from saraban.letters.browser.compose import Layout
from saraban.letters.browser.layout import Paper
from saraban.routing.browser.letter import LetterPage
from saraban.thai.digits import to_thai

ORDINARY = '@top-center { content: "- " counter(page, thai) " -"; }'
FIRST = "@page :first { @top-center { content: none; } }"
MARK = 'content: "%s"; color: #b3161b; font-size: 22pt; font-weight: 700;'
PAGES = 'content: "หน้า " counter(page, thai) " ของ " counter(pages, thai) " หน้า"; padding-right: 2cm;'
COPY = 'content: "%s"; padding-left: 3cm;'


class Print(LetterPage):
    """The paper alone; what stands around it on the screen is not printed."""

    index = ViewPageTemplateFile("templates/letterprint.pt")
    PRINT = _("letter_print", default="Print on official paper")

    def paper(self) -> Paper:
        """The letter as it is kept."""
        return Layout(self.context, self.request).paper()

    def margins(self) -> str:
        """A style: what stands in the margins of every page."""
        if not self.context.is_secret:
            return f"@page {{ {ORDINARY} }} {FIRST}"
        mark = MARK % WORDS[self.context.secrecy]
        boxes = f"@top-center {{ {mark} }} @bottom-center {{ {mark} }} @bottom-right {{ {PAGES} }}"
        if self.own_copy():
            boxes += f" @bottom-left {{ {COPY % to_thai(self.own_copy())} }}"
        return f"@page {{ {boxes} }}"
