"""Opens Zope for the programs: where this checkout keeps what, and a site with a user and a request."""

from __future__ import annotations

import logging
import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache
from io import BytesIO
from pathlib import Path
from typing import Any

SITE = "saraban"
"""Id of the site: `http://localhost:8080/saraban`."""


def home() -> Path:
    """The checkout that this program belongs to."""
    return Path(os.environ["SARABAN_HOME"])


def var() -> Path:
    """Where the data of this installation lie, as an absolute path."""
    return Path(os.environ.get("SARABAN_VAR") or home() / "instance" / "var").resolve()


def zope_conf() -> Path:
    """The configuration that buildout wrote for the chosen profile."""
    return Path(os.environ.get("SARABAN_ZOPE_CONF") or home() / "parts" / "instance" / "etc" / "zope.conf")


def prepare_var() -> Path:
    """Makes the folders that Zope expects, for the owner and the group only, and settles what zope.conf reads."""
    place = var()
    os.environ["SARABAN_VAR"] = str(place)
    dsn = os.environ.get("SARABAN_DSN", "")
    if "://" in dsn:
        os.environ["SARABAN_DSN"] = _as_keywords(dsn)
    for folder in (place, place / "blobs", place / "cache", place / "database", place / "log"):
        folder.mkdir(mode=0o750, parents=True, exist_ok=True)
    return place


def _as_keywords(address: str) -> str:
    """`postgresql://…` in libpq's other form: RelStorage adds a keyword of its own to what it is given."""
    from psycopg2.extensions import make_dsn, parse_dsn

    return str(make_dsn(**parse_dsn(address)))


def is_running() -> bool:
    """Whether supervisor runs the programs of this SARABAN_VAR."""
    try:
        os.kill(int((var() / "supervisord.pid").read_text()), 0)
    except (OSError, ValueError):
        return False
    return True


def log_to_stderr(level: int = logging.INFO) -> None:
    """Sends every record to standard error, where supervisor takes it."""
    logging.basicConfig(
        level=level, stream=sys.stderr, format="%(asctime)s %(levelname)-7s [%(name)s] [%(threadName)s] %(message)s", force=True
    )


@cache
def configure() -> None:
    """Loads Zope with all its products and opens the database: once in a process, some seconds.

    At once, and not when the application is first asked for: whoever imports `Testing` in between gets an empty database
    in memory instead.
    """
    import Zope2
    from Zope2.Startup.run import configure_wsgi

    prepare_var()
    configure_wsgi(str(zope_conf()))
    Zope2.startup_wsgi()


def _request() -> Any:
    """A request of nobody, from nowhere: what Plone's code expects around the application."""
    from zope.interface import alsoProvides
    from zope.publisher.interfaces.browser import IDefaultBrowserLayer
    from ZPublisher.HTTPRequest import HTTPRequest
    from ZPublisher.HTTPResponse import HTTPResponse

    environ = {"SERVER_NAME": "localhost", "SERVER_PORT": "80", "REQUEST_METHOD": "GET"}
    request = HTTPRequest(BytesIO(), environ, HTTPResponse(stdout=BytesIO()))
    request._steps = ["noobject"]
    request["ACTUAL_URL"] = request.get("URL")
    alsoProvides(request, IDefaultBrowserLayer)
    return request


@contextmanager
def application() -> Iterator[Any]:
    """Zope's root, in a transaction that is aborted at the end unless it was committed."""
    import transaction
    import Zope2
    from AccessControl.SecurityManagement import newSecurityManager, noSecurityManager
    from AccessControl.users import system
    from zope.component.hooks import setSite
    from zope.globalrequest import clearRequest, setRequest
    from ZPublisher.BaseRequest import RequestContainer

    configure()
    app = Zope2.app()
    request = _request()
    app = app.__of__(RequestContainer(REQUEST=request))
    setRequest(request)
    newSecurityManager(None, system)
    try:
        yield app
    finally:
        # First the site: aborting may take away the site whose utilities the indexing queue would ask for.
        setSite(None)
        transaction.abort()
        noSecurityManager()
        clearRequest()
        app._p_jar.close()


@contextmanager
def site() -> Iterator[Any]:
    """The site, current and with Saraban's layer on the request; the system's own user acts."""
    from zope.component.hooks import setSite
    from zope.interface import alsoProvides

    from saraban.interfaces import ISarabanLayer

    with application() as app:
        if SITE not in app:
            raise SystemExit("There is no site yet: bin/saraban create-site")
        found = app[SITE]
        setSite(found)
        alsoProvides(app.REQUEST, ISarabanLayer)
        yield found
