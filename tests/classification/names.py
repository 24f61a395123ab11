"""Says as JSON which views and services are there for each kind of object: run inside the city by the sweep.

`all` are those of Zope, Plone and us by kind of object, `ours` those of our rooms alone, `uncovered` those of ours that are for
a kind of object that the sweep does not know: whoever adds one adds the kind here, and its address to the sweep. `catalog`
names the indexes of the catalog.
"""

from __future__ import annotations

import json
import sys
from typing import Any

from plone.browserlayer.utils import registered_layers
from plone.dexterity.utils import createContent
from zope.component import getGlobalSiteManager, getSiteManager
from zope.interface import alsoProvides
from zope.publisher.interfaces.browser import IDefaultBrowserLayer

from saraban.admin import boot
from saraban.routing.content import DeliveryItem
from saraban.routing.tables import Delivery


def module_of(factory: Any) -> str:
    """Where a view was written: the classes that ZCML makes stand before the one that it was given."""
    classes = getattr(factory, "__mro__", None) or type(factory).__mro__
    modules = [str(one.__module__) for one in classes]
    return next((one for one in modules if one.startswith("saraban.")), modules[0])


def main() -> None:
    """Prints kind of object → names of views; services by `paths` of the sweep."""
    found: dict[str, dict[str, list[str]]] = {"all": {}, "ours": {}}
    with boot.site() as site:
        request = site.REQUEST
        alsoProvides(request, IDefaultBrowserLayer, *registered_layers())
        agency = site.agencies["district-dusit"]
        unit = agency["general"] if "general" in agency.objectIds() else next(iter(agency.objectValues("Unit")), None)
        year = next(iter(agency.letters.objectValues()))
        contexts = {
            "site": site,
            "agencies": site.agencies,
            "agency": agency,
            "unit": unit,
            "letters": agency.letters,
            "folder": next(iter(year.objectValues())),
            "deliveries": agency.deliveries,
            "circulars": agency.circulars,
            "letter": createContent("Letter"),
            "circular": createContent("Circular"),
            "attachment": createContent("Attachment"),
            "delivery": DeliveryItem(Delivery(key="0" * 32), ()),
        }
        adapters = [*getGlobalSiteManager().registeredAdapters(), *getSiteManager().registeredAdapters()]
        pairs = [one for one in adapters if len(one.required) == 2 and one.name and one.required[1].providedBy(request)]
        own = [one for one in pairs if module_of(one.factory).startswith("saraban.")]
        for name, context in contexts.items():
            found["all"][name] = sorted({one.name for one in pairs if one.required[0].providedBy(context)})
            found["ours"][name] = sorted({one.name for one in own if one.required[0].providedBy(context)})
        known = contexts.values()
        uncovered = {
            f"{one.name} for {one.required[0].__name__}" for one in own if not any(map(one.required[0].providedBy, known))
        }
        found["uncovered"] = {"": sorted(uncovered)}
        found["catalog"] = {"indexes": sorted(site.portal_catalog.indexes())}
    sys.stdout.write(json.dumps(found) + "\n")


main()
