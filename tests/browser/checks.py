"""What every page is checked for: accessibility, no English on a Thai page, one h1, no sideways scrolling."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page

ALLOWED = frozenset({"English", "PDF", "CSV", "XLSX", "Plone"})
"""Names that Thai readers know by these letters."""

_LATIN_WORDS = """
() => {
  const found = new Set();
  const passed = 'script, style, noscript, code, [lang="en"], [translate="no"], [data-content]';
  const note = (text) => { for (const word of text.match(/[A-Za-z]{2,}/g) || []) found.add(word); };
  const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
  while (walker.nextNode()) {
    const parent = walker.currentNode.parentElement;
    if (!parent || parent.closest(passed) || !parent.checkVisibility({visibilityProperty: true})) continue;
    note(walker.currentNode.data);
  }
  const heard = '[placeholder], [aria-label], [title], [alt], input[type=submit], input[type=button]';
  for (const element of document.body.querySelectorAll(heard)) {
    if (element.closest(passed) || !element.checkVisibility({visibilityProperty: true})) continue;
    for (const name of ['placeholder', 'aria-label', 'title', 'alt']) note(element.getAttribute(name) || '');
    if (element.matches('input[type=submit], input[type=button]')) note(element.value);
  }
  note(document.title);
  return [...found];
}
"""


def english_words(page: Page, allow: Iterable[str] = ()) -> list[str]:
    """The Latin words that can be seen on a page, or heard from it, beyond what is allowed."""
    known = {word.lower() for word in (*ALLOWED, *allow)}
    return sorted(word for word in page.evaluate(_LATIN_WORDS) if word.lower() not in known)


def no_english(page: Page, allow: Iterable[str] = ()) -> None:
    """Fails on an English word on a Thai page.

    What people wrote themselves (subjects, names) stands in elements with `data-content` and is passed over.
    """
    assert page.evaluate("document.documentElement.lang") == "th"
    words = english_words(page, allow)
    assert not words, f"English on {page.url}: {words}"


def accessible(page: Page, **options: Any) -> None:
    """Fails where axe-core finds a breach of WCAG 2.1 A or AA."""
    asked = {"runOnly": {"type": "tag", "values": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa"]}, **options}
    breaches = Axe().run(page, options=asked).response["violations"]
    assert not breaches, "\n".join(
        f"{page.url}: {breach['id']}: {breach['help']}: {[node['html'][:200] for node in breach['nodes'][:3]]}"
        for breach in breaches
    )


def well_formed(page: Page) -> None:
    """One h1, a title that says more than the product, and nothing wider than the window."""
    assert page.locator("h1").count() == 1, page.url
    assert " – " in page.title(), page.title()
    width, window = page.evaluate("[document.documentElement.scrollWidth, window.innerWidth]")
    assert width <= window, f"{page.url} is {width} wide in a window of {window}"


def sound(page: Page, allow: Iterable[str] = ()) -> None:
    """All of it, for a Thai page."""
    well_formed(page)
    no_english(page, allow)
    accessible(page)
