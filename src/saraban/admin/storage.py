"""Where the built profile keeps its data, read from zope.conf without opening anything."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Any

from saraban.admin import boot


@dataclass(frozen=True)
class Store:
    """A database and the folder of files beside it."""

    kind: str
    """`sqlite`, `postgresql` or `mariadb`."""
    settings: dict[str, str]
    """`path`; `dsn`; or `host`, `port`, `db`, `user`, `passwd`."""
    blobs: Path


def store() -> Store:
    """What zope.conf says of its main database, the environment's values filled in."""
    from Zope2.Startup.options import ZopeWSGIOptions

    boot.prepare_var()
    options = ZopeWSGIOptions(configfile=str(boot.zope_conf()))()
    section = options.configroot.databases[0].config.storage.config
    kind, settings = _settings(section.adapter)
    return Store(kind, settings, Path(section.blob_dir))


def _settings(factory: Any) -> tuple[str, dict[str, str]]:
    config = factory.config
    if hasattr(config, "data_dir"):
        return "sqlite", {"path": str(Path(config.data_dir) / "main.sqlite3")}
    if hasattr(config, "dsn"):
        return "postgresql", {"dsn": config.dsn}
    names = ("host", "port", "db", "user", "passwd")
    return "mariadb", {name: str(getattr(config, name)) for name in names if getattr(config, name) is not None}
