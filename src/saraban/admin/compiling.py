"""Templates and expressions are compiled one at a time, where this Python mixes up threads that read source at once.

While a syntax tree is made the garbage collector may let another thread run; the depth of both trees was counted in one place,
and a page that was opened for the first time could fail with `SystemError: AST constructor recursion depth mismatch`
(https://github.com/python/cpython/issues/106905).
"""

from __future__ import annotations

import ast
import sys
from collections.abc import Callable
from functools import wraps
from threading import RLock
from typing import Any

AFFECTED = sys.version_info < (3, 11, 8) or (3, 12) <= sys.version_info < (3, 12, 2)
_turn = RLock()


def compile_in_turn() -> None:
    """From now on in this process: Chameleon's templates, and whatever asks `ast.parse`, as RestrictedPython does."""
    from chameleon.template import BaseTemplate

    if AFFECTED and not hasattr(ast.parse, "__wrapped__"):
        ast.parse = _in_turn(ast.parse)
        BaseTemplate._compile = _in_turn(BaseTemplate._compile)  # type: ignore[method-assign]


def _in_turn(compiled: Callable[..., Any]) -> Callable[..., Any]:
    @wraps(compiled)
    def one_at_a_time(*arguments: Any, **options: Any) -> Any:
        with _turn:
            return compiled(*arguments, **options)

    return one_at_a_time
