"""Bar charts as SVG, drawn here: rows of a label, what it says, and bars below, as wide as the page.

Widths are shares of the picture, so that letters keep their size on a phone and on paper. The table beneath a chart says the
same to who does not see it.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from html import escape

LABEL, BAR, THIN, BETWEEN = 20, 12, 6, 12
"""Pixels: a line of words, a bar, a bar that lies over another, and the room between rows."""


@dataclass(frozen=True)
class Bar:
    """A bar: its value, and its class in the style sheet."""

    value: float
    kind: str


@dataclass(frozen=True)
class Row:
    """A line of the chart: bars lie over each other, the longest first."""

    label: str
    said: str
    bars: Sequence[Bar]


def bars(rows: Sequence[Row], title: str, *, apart: bool = False) -> str:
    """Markup. `title` is what the chart is of; what it shows stands in the page's heading.

    With `apart` what a row says has a line of its own, for long labels.
    """
    most = max((bar.value for row in rows for bar in row.bars), default=0) or 1
    words = LABEL * (2 if apart else 1)
    lines = []
    for position, row in enumerate(rows):
        top = position * (words + BAR + BETWEEN)
        said = f'x="0" y="{top + 2 * LABEL - 5}"' if apart else f'x="100%" y="{top + LABEL - 5}" text-anchor="end"'
        lines.append(
            f'<text x="0" y="{top + LABEL - 5}">{escape(row.label)}</text>'
            f'<text {said} class="said">{escape(row.said)}</text>'
            f'<rect x="0" y="{top + words}" width="100%" height="{BAR}" rx="2" class="track"></rect>'
        )
        for number, bar in enumerate(row.bars):
            height = THIN if number else BAR
            lines.append(
                f'<rect x="0" y="{top + words + (BAR - height) / 2:g}" width="{100 * bar.value / most:.2f}%" height="{height}"'
                f' rx="2" class="{escape(bar.kind)}"></rect>'
            )
    height = len(rows) * (words + BAR + BETWEEN)
    return (
        f'<svg class="chart" role="img" width="100%" height="{height}" aria-label="{escape(title, quote=True)}">'
        + "".join(lines)
        + "</svg>"
    )
