"""Pages that are opened for the first time by several persons at once."""

from __future__ import annotations

import ast
from threading import Event, Thread

import pytest
from chameleon import PageTemplate
from chameleon.tales import PythonExpr
from chameleon.template import BaseTemplate

from saraban.admin import compiling


def test_who_compiles_is_waited_for(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(compiling, "AFFECTED", True)
    monkeypatch.setattr(ast, "parse", ast.parse)  # as they were, at the end
    monkeypatch.setattr(BaseTemplate, "_compile", BaseTemplate._compile)
    compiling.compile_in_turn()
    compiling.compile_in_turn()
    inside, go, done = Event(), Event(), []

    class Slow(PythonExpr):
        def __init__(self, expression: str) -> None:
            inside.set()
            assert go.wait(10)
            super().__init__(expression)

    class Page(PageTemplate):
        expression_types = {**PageTemplate.expression_types, "slow": Slow}

    page = Thread(target=lambda: done.append(Page("<p>${slow: 6 * 7}</p>")()))
    other = Thread(target=lambda: done.append(ast.unparse(ast.parse("1+1"))))
    third = Thread(target=lambda: done.append(PageTemplate("<b>${1}</b>")()))
    page.start()
    assert inside.wait(10)
    other.start()
    third.start()
    other.join(0.3)
    assert not done
    go.set()
    for one in (page, other, third):
        one.join(10)
    assert sorted(done) == ["1 + 1", "<b>1</b>", "<p>42</p>"]
    assert done[0] == "<p>42</p>"
