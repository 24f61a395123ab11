"""Annotations of our content belong to the object, and are stored: Python keeps the types of a class under the same name."""

from __future__ import annotations

from tests.conftest import City, run

ASK = """
from zope.annotation.interfaces import IAnnotations
from saraban.admin import boot
from saraban.ledger.attributes import Plain

def below(cls):
    for one in cls.__subclasses__():
        yield one
        yield from below(one)

with boot.site() as site:
    assert len(site.agencies.objectIds()) == 78, "the order of the agencies was not stored"
    kinds = [one for one in set(below(Plain)) if one.__module__.endswith(".content")]
    assert len(kinds) >= 8, kinds
    for kind in kinds:
        assert not hasattr(kind("one"), "__annotations__"), kind
    letter, other = (next(one for one in kinds if one.__name__ == "Letter")(name) for name in ("one", "other"))
    IAnnotations(letter)["key"] = "value"
    assert dict(IAnnotations(letter)) == {"key": "value"} and not dict(IAnnotations(other))
    print("kinds", len(kinds))
"""


def test_annotations_are_the_object_s_own(city: City) -> None:
    done = run(city, "py", "-c", ASK)
    assert done.stdout.startswith("kinds "), done.stdout + done.stderr
