"""The browser layer: Saraban's views and overrides are there only where its profile is installed."""

from plone.app.z3cform.interfaces import IPloneFormLayer
from zope.publisher.interfaces.browser import IDefaultBrowserLayer


class ISarabanLayer(IPloneFormLayer, IDefaultBrowserLayer):
    """A request to a site that has Saraban."""
