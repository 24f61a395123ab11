"""A new index takes the place of the old one: what is saved at that very moment is in the new one, and found."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

import pytest
from tests.conftest import free_port
from tests.search.conftest import Node, letter

from saraban.search import indexing, places, rebuild, second
from saraban.search.client import Solr, solr

CORE = "swapped"


@pytest.fixture
def main(node: Node, monkeypatch: pytest.MonkeyPatch) -> Iterator[Solr]:
    """An index that is searched, with another beside it that a rebuild has filled; the worker knows of both."""
    monkeypatch.setenv("SARABAN_SOLR_URL", node.url)
    monkeypatch.setenv("SARABAN_SOLR_CORE", CORE)
    engine = solr()
    places.make(engine)
    other = rebuild.begin(wait=0)
    for one in (engine, other):
        indexing.send(one, [letter("known", "มีอยู่แล้ว")])
    assert second.beside(engine) is not None
    yield engine
    for core in (engine, other):
        if places.stands(core):
            core.cores("UNLOAD", core=core.core, deleteInstanceDir="true")
    second.forget()


def shown(engine: Solr) -> set[str]:
    """The letters that are found."""
    return {one["uid"] for one in engine.find({"q": "*:*"}, handler="select")["response"]["docs"]}


def save(uid: str) -> dict[str, str]:
    """What the worker does with a letter that was saved."""
    return indexing.Indexing()._send(indexing.Batch([letter(uid, "บันทึกเวลานั้น")]))


@pytest.mark.parametrize("swapped_after", [0, 1, 2])
def test_saved_while_the_two_change_places(main: Solr, monkeypatch: pytest.MonkeyPatch, swapped_after: int) -> None:
    """The worker writes twice: the two indexes change places before, between, or after."""
    sent: list[str] = []
    send = indexing.send

    def and_then(to: Solr, documents: Sequence[dict[str, Any]], *, visible: bool = True) -> dict[str, str]:
        if len(sent) == swapped_after:
            rebuild.finish()
        sent.append(to.core)
        return send(to, documents, visible=visible)

    monkeypatch.setattr(indexing, "send", and_then)
    assert save("now") == {}
    if swapped_after == len(sent):
        rebuild.finish()
    assert len(sent) == 2
    assert shown(main) == {"known", "now"}
    assert not second.stands(main)
    monkeypatch.setattr(indexing, "send", send)
    assert save("later") == {}
    assert shown(main) == {"known", "now", "later"}


def test_a_solr_starts_again_after_each_of_two_rebuilds(tmp_path: Path) -> None:
    """The index lies in the folder of the one that took its place: none is made beside it, nor the next in its folder."""
    node = Node(free_port(), tmp_path / "data")
    engine = Solr(node.url, "saraban")
    try:
        node.start()
        for uid in ("first", "second"):
            other = engine.beside(second.SUFFIX)
            places.make(other)
            indexing.send(other, [letter(uid, "ดัชนีใหม่")])
            places.take_the_place(other, engine)
            node.stop()
            node.start()
            assert shown(engine) == {uid}
            assert set(engine.cores("STATUS")["status"]) == {"saraban"}
            assert len(list((node.data / "cores").glob("*/core.properties"))) == 1
            assert len(list((node.data / "cores").iterdir())) == 1
    finally:
        node.stop()
