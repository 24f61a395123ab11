"""`GET /saraban/@openapi`: our services as OpenAPI 3.1, drawn from what is registered, so that it cannot fall behind."""

from __future__ import annotations

import inspect
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from importlib.metadata import version
from typing import Any

from zope.component import getGlobalSiteManager
from zope.interface import Interface

from saraban.admin.api import parameters, schemas
from saraban.errors import Forbidden
from saraban.interfaces import ISarabanLayer
from saraban.organisation.acting import current_person
from saraban.organisation.rest import ReadService

PLACES = {
    "Interface": "",
    "IPloneSiteRoot": "",
    "ISiteRoot": "",
    "IAgencies": "/agencies",
    "IAgency": "/agencies/{agency}",
    "IUnit": "/agencies/{agency}/{unit}",
    "IChartUnit": "/agencies/{agency}",
    "ILetters": "/agencies/{agency}/letters",
    "ILetter": "/agencies/{agency}/letters/{year}/{part}/{letter}",
    "IAttachment": "/agencies/{agency}/letters/{year}/{part}/{letter}/{attachment}",
    "ILetterFolder": "/agencies/{agency}/letters/{year}/{part}",
    "IDeliveries": "/agencies/{agency}/deliveries",
    "IDelivery": "/agencies/{agency}/deliveries/{delivery}",
    "ICirculars": "/agencies/{agency}/circulars",
    "ICircular": "/agencies/{agency}/circulars/{year}/{part}/{circular}",
}
"""Where the objects of an interface have their address. Clients use the `@id` that they were given."""
_NAME = re.compile(r"(GET|HEAD|POST|PATCH|DELETE|PUT)_application_json_(@.*)?")
_ADDRESS = re.compile(r"(GET|HEAD|POST|PATCH|DELETE) [<@/][^:;.,( ]*(?: \{[^}]*\})?[.:;]?")
"""How a docstring says where its service is."""
_METHODS = {"GET": "read", "POST": "add", "PATCH": "change", "DELETE": "delete"}
OPEN = ("@health",)


@dataclass(frozen=True)
class Registered:
    """A service of ours."""

    method: str
    name: str
    interface: str
    factory: Any

    @property
    def path(self) -> str:
        """Its address below the site."""
        place = PLACES.get(self.interface, f"/{{{self.interface.removeprefix('I').lower()}}}")
        return (f"{place}/{self.name}" if self.name else place or "/") + getattr(self.factory, "below", "")

    @property
    def keys(self) -> tuple[str, ...]:
        """How the tables of schemas name it, the closest first."""
        if not self.name:
            return (f"{self.method} {self.interface}",)
        return f"{self.method} {self.name} {self.interface}", f"{self.method} {self.name}", self.name


def registered() -> Iterator[Registered]:
    """Our services, once each."""
    seen: set[tuple[str, str]] = set()
    for one in getGlobalSiteManager().registeredAdapters():
        found = _NAME.fullmatch(one.name) if ISarabanLayer in one.required and one.provided is Interface else None
        if found is None or not getattr(one.factory, "described", True):
            continue
        service = Registered(found[1], found[2] or "", one.required[0].__name__, one.factory)
        if (service.method, service.path) not in seen:
            seen.add((service.method, service.path))
            yield service


def _looked_up(table: Mapping[str, Any], service: Registered) -> Any:
    return next((table[key] for key in service.keys if key and key in table), None)


def _words(thing: Any) -> str:
    return inspect.getdoc(thing) or ""


def _parameters(service: Registered) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = [
        {"name": name, "in": "path", "required": True, "schema": schemas.TEXT}
        for name in re.findall(r"\{([^}]+)\}", service.path)
    ]
    queries = dict(_looked_up(parameters.QUERIES, service) or {}) if service.method == "GET" else {}
    if service.method == "GET" and service.name in parameters.BATCHED:
        queries.update({"b_start": schemas.WHOLE, "b_size": schemas.WHOLE})
    found += [{"name": name, "in": "query", "schema": schema} for name, schema in queries.items()]
    if getattr(service.factory, "numbered", False):
        found.append({"$ref": "#/components/parameters/IdempotencyKey"})
    return found


def _summary(service: Registered, more: str) -> str:
    """The first words about a service, without its address, which stands above them."""
    words = " ".join(_words(service.factory).partition("\n\n")[0].replace("`", "").split())
    rest = _ADDRESS.sub("", words).lstrip(":; ") or more
    if rest[0].isupper():
        return rest
    name = (service.name.lstrip("@") or _METHODS.get(service.method, "")).capitalize()
    return f"{name} {rest}" if rest.startswith("(") else f"{name}: {rest}"


def _success(service: Registered) -> dict[str, Any]:
    """What is answered when it went well, by status."""
    words = _words(getattr(service.factory, "run", None) or getattr(service.factory, "answer", None)) or "The answer."
    schema = _looked_up(schemas.ANSWERS, service)
    if service.name in parameters.PRINTED:
        return {"200": {"description": words, "content": {"application/pdf": {}}}}
    if schema is None and service.method == "GET":
        schema = {"type": "object"}
    if schema is None:
        status = "200" if service.method == "HEAD" else str(getattr(service.factory, "empty", 204))
        return {status: {"description": words}}
    good: dict[str, Any] = {"description": words, "content": {"application/json": {"schema": schema}}}
    for type_ in parameters.FILES if service.name == "@register-book" else ():
        good["content"][type_] = {}
    found = {str(getattr(service.factory, "success", 200)): good}
    if service.name == "@receive":
        found["201"] = good
    if service.name in OPEN:
        found["503"] = {**good, "description": "People cannot work: what is down says so."}
    if service.method == "PATCH":
        found["204"] = {"description": "Changed."}
    return found


def _operation(service: Registered) -> dict[str, Any]:
    more = _words(service.factory).partition("\n\n")[2]
    words_in_id = f"{service.method} {service.interface.removeprefix('I')} {service.name.removeprefix('@')}"
    good = _success(service)
    found: dict[str, Any] = {
        "operationId": "-".join(re.findall(r"[A-Za-z]+", words_in_id)).lower(),
        "summary": _summary(service, next(iter(good.values()))["description"]),
        "responses": {**good, "default": {"$ref": "#/components/responses/Refusal"}},
    }
    if more:
        found["description"] = more
    parameters = _parameters(service)
    if parameters:
        found["parameters"] = parameters
    body = _looked_up(schemas.BODIES, service)
    if service.method in ("POST", "PATCH") and body is not None:
        found["requestBody"] = {"content": {"application/json": {"schema": body}}}
    if service.name in OPEN:
        found["security"] = []
    return found


def description(address: str) -> dict[str, Any]:
    """The whole description, of the site at an address."""
    paths: dict[str, dict[str, Any]] = {}
    for service in sorted(registered(), key=lambda one: (one.path, one.method)):
        paths.setdefault(service.path, {})[service.method.lower()] = _operation(service)
    refusal = {"application/json": {"schema": schemas.ref("Error")}}
    return {
        "openapi": "3.1.0",
        "info": {
            "title": "Saraban",
            "version": version("saraban"),
            "description": "Official correspondence. Addresses of documents are the @id that an answer gives."
            " A circular is a letter: what is described of a letter holds at its address, too.",
        },
        "servers": [{"url": address}],
        "security": [{"basic": []}, {"token": []}],
        "paths": paths,
        "components": {
            "schemas": schemas.COMPONENTS,
            "parameters": {
                "IdempotencyKey": {
                    "name": "Idempotency-Key",
                    "in": "header",
                    "description": "The same key of the same person gets the same answer again.",
                    "schema": {"type": "string", "maxLength": 200},
                }
            },
            "responses": {"Refusal": {"description": "Why not, in the asked language.", "content": refusal}},
            "securitySchemes": {
                "basic": {"type": "http", "scheme": "basic"},
                "token": {"type": "http", "scheme": "bearer", "bearerFormat": "JWT"},
            },
        },
    }


class OpenApi(ReadService):
    """The description of our services, for those who write programs against them."""

    def answer(self) -> Mapping[str, Any]:
        """OpenAPI 3.1."""
        if not current_person():
            raise Forbidden()
        return description(self.context.absolute_url())
