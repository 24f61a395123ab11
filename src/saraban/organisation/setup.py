"""Plugins of the site's user folder."""

from __future__ import annotations

from typing import Any

from Products.PlonePAS.interfaces.group import IGroupIntrospection
from Products.PluggableAuthService.interfaces.plugins import (
    IAuthenticationPlugin,
    IGroupEnumerationPlugin,
    IGroupsPlugin,
    IValidationPlugin,
)

from saraban.errors import DomainError
from saraban.organisation.door import Door
from saraban.organisation.pas import PostGroups
from saraban.organisation.passwords import PasswordPolicy
from saraban.organisation.remembered import PLUGIN as POSTS
from saraban.organisation.remembered import Remembered
from saraban.organisation.usercache import RequestCacheManager

DOOR = "saraban_door"
PASSWORDS = "saraban_passwords"
CACHE = "saraban_request_cache"


def install(site: Any) -> None:
    """All that the organisation needs of a site."""
    install_plugins(site)
    install_cache(site)
    quiet_error_log(site)


def quiet_error_log(site: Any) -> None:
    """A refusal is an answer, not an error: Zope's log of errors leaves it out."""
    log = getattr(site, "error_log", None)
    if log is None:
        return
    names = {*log._ignored_exceptions, "BadRequest", "Forbidden"}
    waiting: list[type] = [DomainError]
    while waiting:
        kind = waiting.pop()
        names.add(kind.__name__)
        waiting.extend(kind.__subclasses__())
    log._ignored_exceptions = tuple(sorted(names))


def install_plugins(site: Any) -> None:
    """Adds the plugins that are not there yet; the door stands before every other authenticator."""
    folder = site.acl_users
    plugins = folder.plugins
    for name, plugin, title, interfaces in (
        (POSTS, PostGroups, "Groups from appointments", (IGroupsPlugin, IGroupEnumerationPlugin, IGroupIntrospection)),
        (DOOR, Door, "Lock-out after wrong passwords", (IAuthenticationPlugin,)),
        (PASSWORDS, PasswordPolicy, "Password policy", (IValidationPlugin,)),
    ):
        if name not in folder:
            folder._setObject(name, plugin(name, title))
        for interface in interfaces:
            if name not in plugins.listPluginIds(interface):
                plugins.activatePlugin(interface, name)
    if folder[POSTS].remembered is None:
        folder[POSTS].remembered = Remembered()
    while plugins.listPluginIds(IAuthenticationPlugin)[0] != DOOR:
        plugins.movePluginsUp(IAuthenticationPlugin, [DOOR])
    # Plone's own policy says in another sentence what ours says: one is enough.
    if "password_policy" in plugins.listPluginIds(IValidationPlugin):
        plugins.deactivatePlugin(IValidationPlugin, "password_policy")
    # Groups do not lie within groups here, and asking for each group's own groups took longer than everything else.
    if "recursive_groups" in plugins.listPluginIds(IGroupsPlugin):
        plugins.deactivatePlugin(IGroupsPlugin, "recursive_groups")


def install_cache(site: Any) -> None:
    """The user folder remembers while a request lasts."""
    if CACHE not in site:
        site._setObject(CACHE, RequestCacheManager(CACHE))
        manager = site[CACHE]
        manager.manage_afterAdd(manager, site)
    site.acl_users.ZCacheable_setManagerId(CACHE)
