"""Time in SQL, the same on each database: seconds of a time, and its month on a Bangkok calendar."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from sqlalchemy import BigInteger, ColumnElement, Integer, cast, extract, func, literal, literal_column

AHEAD = timedelta(hours=7)
"""Bangkok before UTC, all year round: no daylight saving time since 1920."""


def seconds(dialect: str, moment: Any) -> ColumnElement[int]:
    """Whole seconds of a UTC time since 1970, fractions cut off."""
    if dialect == "sqlite":
        return cast(func.strftime("%s", moment), Integer)
    if dialect == "postgresql":
        return cast(func.floor(extract("epoch", moment)), BigInteger)
    return func.timestampdiff(literal_column("SECOND"), literal("1970-01-01"), moment)


def month(dialect: str, moment: Any) -> ColumnElement[int]:
    """The month in Bangkok of a UTC time, as `year * 12 + month - 1`."""
    hours = AHEAD // timedelta(hours=1)
    there: Any
    if dialect == "sqlite":
        there = func.datetime(moment, literal_column(f"'+{hours} hours'"))
    elif dialect == "postgresql":
        there = moment + literal_column(f"INTERVAL '{hours} hours'")
    else:
        there = func.timestampadd(literal_column("HOUR"), literal_column(str(hours)), moment)
    return cast(extract("year", there) * literal_column("12") + extract("month", there) - literal_column("1"), Integer)
