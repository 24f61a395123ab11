"""Says as JSON which views and services are there for each kind of object: run inside the city by the sweep."""

from __future__ import annotations

import json
import sys

from plone.browserlayer.utils import registered_layers
from plone.dexterity.utils import createContent
from zope.component import getGlobalSiteManager, getSiteManager
from zope.interface import alsoProvides
from zope.publisher.interfaces.browser import IDefaultBrowserLayer

from saraban.admin import boot
from saraban.routing.content import DeliveryItem
from saraban.routing.tables import Delivery


def main() -> None:
    """Prints name of the kind of object → names of views; services as `GET @movement`."""
    found: dict[str, list[str]] = {}
    with boot.site() as site:
        request = site.REQUEST
        alsoProvides(request, IDefaultBrowserLayer, *registered_layers())
        agency = site.agencies["district-dusit"]
        year = next(iter(agency.letters.objectValues()))
        contexts = {
            "site": site,
            "agencies": site.agencies,
            "agency": agency,
            "letters": agency.letters,
            "folder": next(iter(year.objectValues())),
            "deliveries": agency.deliveries,
            "letter": createContent("Letter"),
            "attachment": createContent("Attachment"),
            "delivery": DeliveryItem(Delivery(key="0" * 32), ()),
        }
        adapters = [*getGlobalSiteManager().registeredAdapters(), *getSiteManager().registeredAdapters()]
        pairs = [one for one in adapters if len(one.required) == 2 and one.name and one.required[1].providedBy(request)]
        for name, context in contexts.items():
            found[name] = sorted({one.name for one in pairs if one.required[0].providedBy(context)})
    sys.stdout.write(json.dumps(found) + "\n")


main()
