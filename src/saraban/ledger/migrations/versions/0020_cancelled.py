"""Registers say who gave a number up, and when (E10)."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from saraban.ledger.tables import ID, UTC_TIME

revision = "0020"
down_revision = "0019"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Forwards: of numbers that were given up before nobody is named."""
    op.add_column("register_entry", sa.Column("cancelled_by", ID, nullable=False, server_default=""))
    op.add_column("register_entry", sa.Column("cancelled_at", UTC_TIME, nullable=True))


def downgrade() -> None:
    """Back."""
    op.drop_column("register_entry", "cancelled_at")
    op.drop_column("register_entry", "cancelled_by")
