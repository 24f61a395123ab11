"""The way of a letter between units, drawn as SVG: a tree that grows downwards and fits a phone (L29).

Each unit is a card, each sending an arrow to it that bears its date. Where many units are the end of the way they are folded by
state, so that a letter to 77 agencies is still one picture; who passed it on is always drawn.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from html import escape
from typing import Any

from saraban import _
from saraban.routing import durations
from saraban.routing.tables import Delivery

FEW = 6
"""So many units in a row are drawn each on its own."""
CARD, STEP, LINE, CHARACTERS = 300, 26, 20, 36
"""Pixels of a card's width, of a level's indentation, of a line of words; and how many letters fit a card."""
WORDS_ABOVE, GAP, INSET = 22, 10, 12
FOLDED = _("route_folded", default="${count} units")
REGISTERED_IN = _("route_registered_in", default="registered after ${time}")
CLOSED_IN = _("route_closed_in", default="closed after ${time}")
RECEIVE_NUMBER = _("route_receive_number", default="no. ${number}")
TITLE = _("route_title", default="The way of the letter between units")


@dataclass
class Node:
    """A unit on the way, or several of them folded."""

    title: str
    lines: list[str]
    arrow: str = ""
    """What stands at the arrow that leads here."""
    state: str = ""
    url: str = ""
    onward: list[Node] = field(default_factory=list)


def tree(rows: Sequence[Delivery], sb: Any, *, whole: bool = False) -> list[Node]:
    """The ways of a letter, one for each unit that sent it first; `whole` folds nothing."""
    ids = {row.id for row in rows}
    below: dict[int, list[Delivery]] = {}
    firsts: dict[str, list[Delivery]] = {}
    for row in rows:
        if row.parent_id in ids:
            below.setdefault(row.parent_id or 0, []).append(row)
        else:
            firsts.setdefault(row.from_unit, []).append(row)

    def of(row: Delivery) -> Node:
        return Node(
            sb.unit_title(row.unit), _said(row, sb), sb.datetime(row.sent_at), row.state, onward=onward(below.get(row.id, []))
        )

    def onward(sent: Sequence[Delivery]) -> list[Node]:
        ended = [row for row in sent if row.id not in below]
        if whole or len(ended) <= FEW:
            return [of(row) for row in sent]
        return [*(of(row) for row in sent if row.id in below), *_folded(ended, sb)]

    return [Node(sb.unit_title(unit) or sent[0].sender, [], onward=onward(sent)) for unit, sent in firsts.items()]


def _folded(rows: Sequence[Delivery], sb: Any) -> list[Node]:
    states: dict[str, list[Delivery]] = {}
    for row in rows:
        states.setdefault(row.state, []).append(row)
    found = []
    for state, some in states.items():
        first, last = (sb.datetime(end(row.sent_at for row in some)) for end in (min, max))
        said = [sb.state_title(state)]
        title = sb.words(FOLDED, count=sb.number(len(some))) if len(some) > 1 else sb.unit_title(some[0].unit)
        found.append(Node(title, said, first if first == last else f"{first} – {last}", state))
    return found


def _said(row: Delivery, sb: Any) -> list[str]:
    number = f"{row.receive_number}/{row.receive_year}" if row.receive_number else ""
    state = sb.state_title(row.state)
    lines = [f"{state} {sb.words(RECEIVE_NUMBER, number=sb.digits(number))}" if number else state]
    times = []
    if row.registered_at and row.from_unit:
        times.append(sb.words(REGISTERED_IN, time=_time(row.registered_at - row.sent_at, sb)))
    if row.closed_at and row.registered_at:
        times.append(sb.words(CLOSED_IN, time=_time(row.closed_at - row.registered_at, sb)))
    return [*lines, *times]


def _time(span: Any, sb: Any) -> str:
    return str(sb.digits(sb.words(durations.words(int(span.total_seconds())))))


def is_folded(rows: Sequence[Delivery]) -> bool:
    """Whether not every unit has a card of its own."""
    ids = {row.id for row in rows}
    parents = {row.parent_id for row in rows}
    ended: dict[tuple[int | None, str], int] = {}
    for row in rows:
        if row.id not in parents:
            key = (row.parent_id, "") if row.parent_id in ids else (None, row.from_unit)
            ended[key] = ended.get(key, 0) + 1
    return any(count > FEW for count in ended.values())


def svg(nodes: Sequence[Node], title: str) -> str:
    """Markup: the picture, as wide as its deepest branch, smaller where there is less room."""
    placed = list(_placed(nodes))
    deepest = max((depth for _node, depth, _top, _parent in placed), default=0)
    width = CARD + deepest * STEP + 2
    height = placed[-1][2] + _height(placed[-1][0]) + 2 if placed else 0
    size = f'width="{width}" height="{height}" viewBox="0 0 {width} {height}"'
    parts = [f'<svg class="route" role="img" {size} aria-label="{escape(title, quote=True)}">']
    for node, depth, top, parent in placed:
        left = depth * STEP + 1
        if depth:
            rail, middle = left - STEP + INSET, top + _height(node) // 2
            parts.append(
                f'<path class="way" d="M{rail} {parent} V{middle} H{left - 7}"></path>'
                f'<path class="head" d="M{left - 9} {middle - 5} L{left - 1} {middle} L{left - 9} {middle + 5} Z"></path>'
                f'<text class="date" x="{left}" y="{top - 6}">{escape(node.arrow)}</text>'
            )
        size = f'x="{left}" y="{top}" width="{CARD}" height="{_height(node)}"'
        parts.append(
            f'<rect class="stop {escape(node.state)}" {size} rx="6"></rect>'
            f'<text class="unit" x="{left + INSET}" y="{top + LINE}">{escape(shortened(node.title))}'
            f"<title>{escape(node.title)}</title></text>"
        )
        parts += [
            f'<text class="said" x="{left + INSET}" y="{top + LINE * (2 + number)}">{escape(shortened(line))}</text>'
            for number, line in enumerate(node.lines)
        ]
    return "".join(parts) + "</svg>"


def _height(node: Node) -> int:
    return LINE * (1 + len(node.lines)) + 10


def _placed(nodes: Sequence[Node]) -> Iterator[tuple[Node, int, int, int]]:
    """Each node with its depth, the top of its card, and the bottom of the card that it comes from."""
    top = 1
    waiting: list[tuple[Node, int, int]] = [(node, 0, 0) for node in reversed(nodes)]
    bottoms: dict[int, int] = {}
    while waiting:
        node, depth, parent = waiting.pop()
        top += WORDS_ABOVE if depth else 0
        yield node, depth, top, bottoms.get(parent, 0)
        bottoms[id(node)] = top + _height(node)
        top = bottoms[id(node)] + GAP
        waiting.extend((one, depth + 1, id(node)) for one in reversed(node.onward))


def shortened(text: str) -> str:
    """A text that fits a card: marks above and below a Thai letter take no room."""
    room = CHARACTERS
    for position, sign in enumerate(text):
        room -= unicodedata.category(sign) != "Mn"
        if room < 0:
            return text[:position].rstrip() + "…"
    return text
