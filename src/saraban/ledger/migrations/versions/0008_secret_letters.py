"""Where sealed letters lie: they are in no index, and their readers list them from here."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from saraban.ledger.tables import LONG

revision = "0008"
down_revision = "0007"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Forwards."""
    op.add_column("letter_key", sa.Column("path", LONG, nullable=False, server_default=""))


def downgrade() -> None:
    """Back."""
    op.drop_column("letter_key", "path")
