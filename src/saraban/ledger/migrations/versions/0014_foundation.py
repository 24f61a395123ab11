"""A unit that was merged or replaced names its successor (E33)."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from saraban.ledger.tables import ID

revision = "0014"
down_revision = "0013"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Forwards."""
    op.add_column("unit", sa.Column("successor", ID, nullable=False, server_default=""))
    op.create_index("unit_successor", "unit", ["successor"])


def downgrade() -> None:
    """Back."""
    op.drop_index("unit_successor", table_name="unit")
    op.drop_column("unit", "successor")
