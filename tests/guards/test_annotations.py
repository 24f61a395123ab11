"""Our content has its annotations to itself, and answers for attributes that it lacks as Dexterity would, only sooner."""

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

SAME = """
import transaction
from plone.dexterity.content import DexterityContent
from plone.dexterity.schema import SCHEMA_CACHE
from plone.dexterity.utils import createContent
from saraban.admin import boot

MISSING = object()

def theirs(obj, name):
    try:
        return DexterityContent.__getattr__(obj, name)
    except AttributeError:
        return MISSING

with boot.site() as site:
    compared = 0
    for type_ in ("Agencies", "Agency", "Unit", "Letters", "LetterFolder", "Letter", "Circular", "Attachment", "Deliveries"):
        obj = createContent(type_)
        schemas = [SCHEMA_CACHE.get(type_), *(one.interface for one in SCHEMA_CACHE.behavior_registrations(type_))]
        fields = {name for schema in schemas for name in schema.names(all=True)}
        for name in (*fields, "portal_workflow", "acl_users", "_anything", "POST_application_json_"):
            assert type(obj).__getattr__ is not DexterityContent.__getattr__
            try:
                ours = obj.__getattr__(name)
            except AttributeError:
                ours = MISSING
            assert ours == theirs(obj, name), (type_, name)
            compared += 1
    year = site.agencies["district-dusit"].letters.objectValues()[0]
    assert getattr(year.aq_base, "a").id == "a", "a child is an attribute"
    fti = site.portal_types["LetterFolder"]
    fti._updateProperty("behaviors", (*fti.behaviors, "plone.richtext"))
    assert year.text is None and not hasattr(year.aq_base, "nothing_of_this_name"), "a type that was changed has the new field"
    transaction.abort()
    print("compared", compared)
"""


def test_annotations_are_the_object_s_own(city: City) -> None:
    done = run(city, "py", "-c", ASK)
    assert done.stdout.startswith("kinds "), done.stdout + done.stderr


def test_attributes_are_those_of_dexterity(city: City) -> None:
    done = run(city, "py", "-c", SAME)
    assert done.stdout.startswith("compared "), done.stdout + done.stderr
