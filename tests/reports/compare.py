"""Of a running city: whether what the worker keeps is what the ledger says. Says when it was, and each month that differs."""

from __future__ import annotations

import json
import sys

from sqlalchemy import select

from saraban.admin import boot
from saraban.ledger import clock
from saraban.ledger.connection import reader
from saraban.ledger.tables import RegisterEntry
from saraban.reports import counting, periods
from saraban.reports.keeping import EVERY_LEVEL, kept_as_of
from saraban.reports.tables import UnitMonth, UnitNumbers
from saraban.routing.books import SENT
from saraban.routing.tables import Delivery


def main() -> None:
    """All units, the last twelve months."""
    with boot.site() as site, reader(site) as session:
        period = periods.period(periods.RECENT)
        assert period is not None
        units = list(session.scalars(select(Delivery.unit).distinct()))
        within = period.first, period.first + periods.MONTHS
        kept = {
            (one.unit, one.secrecy, one.month): (one.received, one.registered, one.closed, one.late)
            for one in session.scalars(select(UnitMonth).where(UnitMonth.month.in_(range(*within))))
        }
        came = {
            key: (one.received, one.registered, one.closed, one.late)
            for key, one in counting.came(session, units, EVERY_LEVEL, *within).items()
        }
        lines = session.scalars(select(UnitNumbers).where(UnitNumbers.month.in_(range(*within))))
        numbers = {(one.unit, one.book, one.month): one.sent for one in lines}
        senders = list(session.scalars(select(RegisterEntry.unit).distinct()))
        sent = counting.sent(session, senders, SENT, *within)
        differ = [str(one) for one in {*kept.items()} ^ {*came.items()} | {*numbers.items()} ^ {*sent.items()}]
        said = {"as_of": clock.iso(kept_as_of(session)), "months": len(came), "sent": len(sent), "differ": differ}
        sys.stdout.write(json.dumps(said) + "\n")


if __name__ == "__main__":
    main()
