"""Rows of secret letters keep no digest by which they are known: whoever has the rows could try senders on it."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from saraban.ledger.tables import ID

revision = "0019"
down_revision = "0018"
branch_labels = None
depends_on = None

_DELIVERY = sa.table("delivery", sa.column("known_by", ID), sa.column("secrecy", ID))


def upgrade() -> None:
    """Forwards: what is secret is looked for by number and date, and its sender opened."""
    secret = _DELIVERY.c.secrecy.in_(("confidential", "secret"))
    op.get_bind().execute(sa.update(_DELIVERY).where(secret).values(known_by=""))


def downgrade() -> None:
    """Back: a digest cannot be made again without the keys; the letters stay as they are."""
