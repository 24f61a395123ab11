"""Letters for reports, made as in the tests of routing; databases as in those of the ledger."""

from __future__ import annotations

from tests.ledger.conftest import database, jar, kind, maker, mariadb_params, open_jar, place, postgresql_dsn
from tests.routing.conftest import office

__all__ = ["database", "jar", "kind", "maker", "mariadb_params", "office", "open_jar", "place", "postgresql_dsn"]
