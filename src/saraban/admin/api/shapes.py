"""Words in which the schemas of the OpenAPI description are written."""

from __future__ import annotations

from typing import Any

Schema = dict[str, Any]

TEXT: Schema = {"type": "string"}
WHOLE: Schema = {"type": "integer"}
DAY: Schema = {"type": "string", "format": "date"}
MOMENT: Schema = {"type": "string", "format": "date-time"}
SWITCH: Schema = {"type": "boolean"}
ADDRESS: Schema = {"type": "string", "format": "uri"}
NOTHING: Schema = {"type": "object", "maxProperties": 0}


def one_of(*names: str) -> Schema:
    """One of the known words."""
    return {"type": "string", "enum": list(names)}


def list_of(items: Schema) -> Schema:
    """A list."""
    return {"type": "array", "items": items}


def fields(required: tuple[str, ...] = (), /, **properties: Schema) -> Schema:
    """An object; names with a trailing underscore stand for words that Python keeps for itself."""
    found: Schema = {"type": "object", "properties": {name.rstrip("_"): schema for name, schema in properties.items()}}
    return {**found, "required": list(required)} if required else found


def whole(**properties: Schema) -> Schema:
    """An object that always has all of its properties."""
    return fields(tuple(properties), **properties)


def maybe(schema: Schema) -> Schema:
    """Or null."""
    return {**schema, "type": [schema["type"], "null"]}


def page_of(items: Schema, /, **more: Schema) -> Schema:
    """One page of a list."""
    listed = {"@id": ADDRESS, "items": list_of(items), "items_total": WHOLE}
    return fields((*listed, *more), **listed, **more, batching=ref("Batching"))


def ref(name: str) -> Schema:
    """A schema of the components."""
    return {"$ref": f"#/components/schemas/{name}"}
