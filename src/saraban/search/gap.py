"""What was typed stands there but for one place: a wrong, missing or doubled letter, or a space that was not typed.

One half of it must be there as it stands, and all of its runs of three but the few that one letter takes. Few letters pass,
and of a common word many do. So all that pass are only put in order by the half; the best of them once more, by all that
is asked: first come those that hold all of it in two pieces, each cut being a question of its own.
"""

from __future__ import annotations

from saraban.search import typed
from saraban.search.question import Question

LEAST = 8
"""Of fewer characters a half says too little."""
LOST = 3
"""A letter stands in three runs."""
SHORTEST = 3
MOST = 30
"""Places of which it is asked whether the text falls apart there."""
WEIGHT = 10
BEST = 1000
"""So many letters are put in order by all that is asked."""
FIELDS = "title_runs^4 text_runs"
_MARKS = "\u0e31\u0e33\u0e34\u0e35\u0e36\u0e37\u0e38\u0e39\u0e3a\u0e45\u0e47\u0e48\u0e49\u0e4a\u0e4b\u0e4c\u0e4d\u0e4e"


def fits(text: str) -> bool:
    """Whether there is enough of it."""
    return len(typed.squeezed(text)) >= LEAST


def query(question: Question, text: str, words: tuple[str, ...], *, ranked: bool = True) -> str:
    """The handler's question of that name; `words` are those that the dictionary sees in the text.

    `ranked`: the best come first, and not a number or a date.
    """
    flat = typed.squeezed(text)
    runs = typed.runs(text)
    middle = len(flat) // 2
    left, right = flat[:middle], flat[middle:]
    question.parameters.update(
        nq=runs,
        most=max(1, runs.count(" ") + 1 - LOST),
        left=left,
        right=right,
        split=" ".join(words),
        hq=" ".join((left, right, *words)),
    )
    if ranked:
        pieces = question.either([question.every([_stands(question, piece) for piece in pair]) for pair in pairs(flat)])
        question.parameters.update(
            pieces=f"{{!boost b={WEIGHT} v=${question.value(pieces)}}}",
            rq=f"{{!rerank reRankQuery=$gap_best reRankDocs={BEST} reRankWeight=1}}",
        )
    return "{!query v=$gap}"


def pairs(flat: str) -> list[tuple[str, str]]:
    """A text in two pieces, cut before each character that can be seen alone; the middle ones of many."""
    cuts = [at for at in range(SHORTEST, len(flat) - SHORTEST + 1) if flat[at] not in _MARKS]
    spare = max(0, len(cuts) - MOST)
    return [(flat[:at], flat[at:]) for at in cuts[spare // 2 : spare // 2 + MOST]]


def _stands(question: Question, piece: str) -> str:
    return f"{{!edismax qf='{FIELDS}' v=${question.value(piece)}}}"
