"""How the way of a letter is laid out before it is drawn."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from saraban.routing.browser import route
from saraban.routing.tables import Delivery

SENT = datetime(2026, 1, 5, 2, 0)


class Words:
    """What a page says, in ids."""

    def unit_title(self, unit: str) -> str:
        return unit

    def state_title(self, state: str) -> str:
        return state

    def datetime(self, moment: datetime) -> str:
        return moment.isoformat()

    def number(self, value: int) -> str:
        return str(value)

    def digits(self, value: Any) -> str:
        return str(value)

    def words(self, message: Any, **mapping: str) -> str:
        return " ".join([str(message), *mapping.values()])


def delivery(number: int, unit: str, state: str = "sent", parent: int | None = None, from_unit: str = "a") -> Delivery:
    registered = SENT + timedelta(hours=5) if state == "registered" else None
    return Delivery(
        id=number, unit=unit, state=state, parent_id=parent, from_unit=from_unit, sent_at=SENT, registered_at=registered,
        receive_number=number if registered else None, receive_year=2569, sender="",
    )  # fmt: skip


def test_few_stand_each_on_its_own() -> None:
    rows = [delivery(1, "b", "registered"), delivery(2, "c"), delivery(3, "b.1", parent=1, from_unit="b")]
    (root,) = route.tree(rows, Words())
    assert [(node.title, [one.title for one in node.onward]) for node in root.onward] == [("b", ["b.1"]), ("c", [])]
    assert root.onward[0].lines == ["registered route_receive_number 1/2569", "route_registered_in duration_hours"]
    assert not route.is_folded(rows)


def test_many_are_folded_by_state_but_not_who_passed_it_on() -> None:
    rows = [delivery(n, f"u{n}", "registered" if n % 3 else "sent") for n in range(1, 78)]
    rows.append(delivery(100, "u5.1", parent=5, from_unit="u5"))
    (root,) = route.tree(rows, Words())
    assert [(node.title, node.state) for node in root.onward] == [
        ("u5", "registered"),
        ("route_folded 51", "registered"),
        ("route_folded 25", "sent"),
    ]
    assert route.is_folded(rows)
    (whole,) = route.tree(rows, Words(), whole=True)
    assert len(whole.onward) == 77


def test_the_picture_is_as_wide_as_its_deepest_branch_and_says_nothing_as_markup() -> None:
    rows = [delivery(1, "<b>"), delivery(2, "c", parent=1, from_unit="b")]
    picture = route.svg(route.tree(rows, Words()), 'way "1"')
    assert f'width="{route.CARD + 2 * route.STEP + 2}"' in picture
    assert "<b>" not in picture
    assert picture.count('class="way"') == 2


def test_words_fit_a_card_by_what_takes_room() -> None:
    thai = "ที่" * route.CHARACTERS
    assert route.shortened(thai) == thai
    assert route.shortened("x" * (route.CHARACTERS + 1)) == "x" * route.CHARACTERS + "…"
