"""What the report of numbers walks: how many each unit asked for, and the reservation of a line."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0017"
down_revision = "0016"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Forwards."""
    op.create_index(
        "register_entry_asked",
        "register_entry",
        ["unit", "year", "sender", "state", "series", "issued_at", "direction"],
        sqlite_where=sa.text("direction = 'send'"),
        postgresql_where=sa.text("direction = 'send'"),
        mysql_length={"sender": 200},
        mariadb_length={"sender": 200},
    )
    op.create_index("reservation_entry", "reservation", ["entry_id"])


def downgrade() -> None:
    """Back."""
    if op.get_bind().dialect.name in ("mysql", "mariadb"):
        # A foreign key there keeps an index of its own, which gave way to ours.
        op.create_index("entry_id", "reservation", ["entry_id"])
    op.drop_index("reservation_entry", "reservation")
    op.drop_index("register_entry_asked", "register_entry")
