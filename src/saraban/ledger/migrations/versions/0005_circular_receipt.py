"""Who read a circular."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from saraban.ledger.tables import ID, PRIMARY_KEY, SHORT, TABLE, UTC_TIME

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Forwards."""
    op.create_table(
        "circular_receipt",
        sa.Column("id", PRIMARY_KEY, nullable=False),
        sa.Column("circular_uid", ID, nullable=False),
        sa.Column("person", ID, nullable=False),
        sa.Column("person_name", SHORT, nullable=False),
        sa.Column("unit", ID, nullable=False),
        sa.Column("agency", ID, nullable=False),
        sa.Column("opened_at", UTC_TIME, nullable=False),
        sa.Column("acknowledged_at", UTC_TIME, nullable=True),
        sa.PrimaryKeyConstraint("id"),
        sa.UniqueConstraint("circular_uid", "person"),
        **TABLE,
    )
    op.create_index("circular_receipt_person", "circular_receipt", ["person", "opened_at"])


def downgrade() -> None:
    """Back."""
    op.drop_table("circular_receipt")
