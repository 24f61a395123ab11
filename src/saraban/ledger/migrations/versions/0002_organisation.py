"""Units, appointments, failed logins."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from saraban.ledger.tables import ID, LONG, PRIMARY_KEY, SHORT, TABLE, UTC_TIME

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Forwards."""
    op.create_table(
        "appointment",
        sa.Column("id", PRIMARY_KEY, nullable=False),
        sa.Column("person", ID, nullable=False),
        sa.Column("unit", ID, nullable=False),
        sa.Column("function", ID, nullable=False),
        sa.Column("post_th", SHORT, nullable=False),
        sa.Column("post_en", SHORT, nullable=False),
        sa.Column("capacity", ID, nullable=False),
        sa.Column("acting_for", SHORT, nullable=False),
        sa.Column("order_number", SHORT, nullable=False),
        sa.Column("valid_from", sa.Date(), nullable=False),
        sa.Column("valid_until", sa.Date(), nullable=True),
        sa.Column("created_by", ID, nullable=False),
        sa.Column("created_at", UTC_TIME, nullable=False),
        sa.PrimaryKeyConstraint("id"),
        **TABLE,
    )
    op.create_index("appointment_person", "appointment", ["person"], unique=False)
    op.create_index("appointment_unit", "appointment", ["unit", "function"], unique=False)
    op.create_table(
        "login_failure",
        sa.Column("id", PRIMARY_KEY, nullable=False),
        sa.Column("person", ID, nullable=False),
        sa.Column("address", ID, nullable=False),
        sa.Column("at", UTC_TIME, nullable=False),
        sa.PrimaryKeyConstraint("id"),
        **TABLE,
    )
    op.create_index("login_failure_person", "login_failure", ["person", "address", "at"], unique=False)
    op.create_table(
        "unit",
        sa.Column("unit", ID, nullable=False),
        sa.Column("agency", ID, nullable=False),
        sa.Column("parent", ID, nullable=False),
        sa.Column("uid", ID, nullable=False),
        sa.Column("path", LONG, nullable=False),
        sa.Column("title_th", LONG, nullable=False),
        sa.Column("title_en", LONG, nullable=False),
        sa.Column("abbreviation", SHORT, nullable=False),
        sa.Column("kind", ID, nullable=False),
        sa.Column("letter_code", SHORT, nullable=False),
        sa.Column("active", sa.Boolean(), nullable=False),
        sa.Column("valid_from", sa.Date(), nullable=True),
        sa.Column("valid_until", sa.Date(), nullable=True),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("fold", LONG, nullable=False),
        sa.PrimaryKeyConstraint("unit"),
        **TABLE,
    )
    op.create_index("unit_agency", "unit", ["agency", "unit"], unique=False)
    op.create_index("unit_parent", "unit", ["parent"], unique=False)
    op.create_table(
        "unit_name",
        sa.Column("id", PRIMARY_KEY, nullable=False),
        sa.Column("unit", ID, nullable=False),
        sa.Column("title_th", LONG, nullable=False),
        sa.Column("title_en", LONG, nullable=False),
        sa.Column("until", UTC_TIME, nullable=False),
        sa.PrimaryKeyConstraint("id"),
        **TABLE,
    )
    op.create_index("unit_name_unit", "unit_name", ["unit", "until"], unique=False)


def downgrade() -> None:
    """Backwards."""
    op.drop_table("unit_name")
    op.drop_table("unit")
    op.drop_table("login_failure")
    op.drop_table("appointment")
