"""Reserved numbers."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from saraban.ledger.tables import ID, PRIMARY_KEY, TABLE, UTC_TIME

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Forwards."""
    op.create_table(
        "reservation",
        sa.Column("id", PRIMARY_KEY, nullable=False),
        sa.Column("key", ID, nullable=False),
        sa.Column("entry_id", PRIMARY_KEY, nullable=False),
        sa.Column("unit", ID, nullable=False),
        sa.Column("series", ID, nullable=False),
        sa.Column("purpose", sa.Text(), nullable=False),
        sa.Column("person", ID, nullable=False),
        sa.Column("made_at", UTC_TIME, nullable=False),
        sa.Column("expires", sa.Date(), nullable=False),
        sa.Column("state", ID, nullable=False),
        sa.ForeignKeyConstraint(["entry_id"], ["register_entry.id"]),
        sa.PrimaryKeyConstraint("id"),
        sa.UniqueConstraint("key"),
        **TABLE,
    )
    op.create_index("reservation_unit", "reservation", ["unit", "state", "expires"])


def downgrade() -> None:
    """Back."""
    op.drop_table("reservation")
