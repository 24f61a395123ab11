"""`@dashboard`: the figures of the desk (L7, B8); `@sent`: what the person's desks sent that is still under way."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any
from urllib.parse import urlencode

from plone import api
from zope.i18n import translate

from saraban.errors import Missing
from saraban.ledger.connection import reader
from saraban.organisation.acting import current_person
from saraban.organisation.desks import desk_units
from saraban.organisation.functions import HEAD, REGISTRAR
from saraban.organisation.posts import posts_of
from saraban.organisation.rest import ReadService, batch, some_of, switch, window
from saraban.routing import queries
from saraban.routing.desks import all_units
from saraban.routing.queries import UNREGISTERED
from saraban.routing.serialize import deliveries_json
from saraban.routing.standing import figures, standing


class Dashboard(ReadService):
    """`GET /@dashboard`: what waits for the person in each function, by SQL alone."""

    def answer(self) -> Mapping[str, Any]:
        """Each figure with the list that it counts; the open ones also by kind of letter."""
        person, site_url = current_person(), self.context.absolute_url()
        secret = bool(switch(self.request, "secret"))
        posts = posts_of(person)
        units = self.units(all_units(secret=secret))
        headed = desk_units((HEAD,))
        with reader(self.context) as session:
            found = standing(session, units, person, sorted({post.unit for post in posts}), headed, secret=secret)
        registered = units if secret else desk_units((REGISTRAR,))
        shown = figures(
            found,
            desks=bool(units),
            registers=not {*registered}.isdisjoint(units),
            heads=not secret and not {*headed}.isdisjoint(units),
        )
        here = {"secret": "1" if secret else "0"}
        if unit := str(self.request.form.get("unit", "")):
            here["unit"] = unit
        return {
            "@id": f"{site_url}/@dashboard?{urlencode(here)}",
            "items": [
                {
                    "name": one.name,
                    "title": translate(one.title, context=self.request),
                    "function": one.function,
                    "count": one.count,
                    "list": f"{site_url}/{one.service}?{urlencode({**one.asked, **here}, doseq=True)}",
                }
                for one in shown
            ],
            "kinds": [
                {
                    "kind": kind,
                    "to_register": sum(states[one] for one in UNREGISTERED),
                    "in_progress": states["registered"],
                    "to_sign": states["pending"],
                    "signed": states["signed"],
                }
                for kind, states in sorted(found.kinds.items())
            ],
        }

    def units(self, mine: list[str]) -> list[str]:
        """The desks that are meant. Raises Missing for one that the person has not."""
        asked = str(self.request.form.get("unit", ""))
        if asked and asked not in mine:
            raise Missing()
        return [asked] if asked else mine


class Sent(ReadService):
    """`GET /@sent`: deliveries that the person's desks sent or passed on, the longest under way first."""

    def answer(self) -> Mapping[str, Any]:
        """Not registered ones unless `state` says otherwise."""
        states = some_of(self.request, "state", queries.STATES) or UNREGISTERED
        start, size = window(self.request)
        units = [unit] if (unit := str(self.request.form.get("unit", ""))) else None
        with reader(self.context) as session:
            page = queries.sent(session, states, start=start, size=size, units=units, secret=switch(self.request, "secret"))
        items = deliveries_json(api.portal.get(), page.rows, {})
        return batch(self.request, f"{self.context.absolute_url()}/@sent", page.total, items)
