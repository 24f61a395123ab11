"""Figures of reports, kept by unit, level and month."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import mysql

from saraban.ledger.tables import ID, PRIMARY_KEY, TABLE, UTC_TIME

revision = "0015"
down_revision = "0014"
branch_labels = None
depends_on = None

_PACKED = sa.LargeBinary().with_variant(mysql.MEDIUMBLOB(), "mysql", "mariadb")


def upgrade() -> None:
    """Forwards."""
    op.create_table(
        "report_month",
        sa.Column("unit", ID, nullable=False),
        sa.Column("secrecy", ID, nullable=False),
        sa.Column("month", sa.Integer(), nullable=False, autoincrement=False),
        sa.Column("received", sa.Integer(), nullable=False),
        sa.Column("registered", sa.Integer(), nullable=False),
        sa.Column("closed", sa.Integer(), nullable=False),
        sa.Column("late", sa.Integer(), nullable=False),
        sa.Column("times", _PACKED, nullable=False),
        sa.PrimaryKeyConstraint("unit", "secrecy", "month"),
        **TABLE,
    )
    op.create_table(
        "report_sent",
        sa.Column("unit", ID, nullable=False),
        sa.Column("book", ID, nullable=False),
        sa.Column("month", sa.Integer(), nullable=False, autoincrement=False),
        sa.Column("sent", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("unit", "book", "month"),
        **TABLE,
    )
    op.create_table(
        "report_mark",
        sa.Column("id", PRIMARY_KEY, nullable=False, autoincrement=False),
        sa.Column("turn", PRIMARY_KEY, nullable=False),
        sa.Column("settled", PRIMARY_KEY, nullable=False),
        sa.Column("begun", UTC_TIME, nullable=False),
        sa.Column("unit", ID, nullable=True),
        sa.Column("month", sa.Integer(), nullable=False),
        sa.Column("as_of", UTC_TIME, nullable=True),
        sa.PrimaryKeyConstraint("id"),
        **TABLE,
    )


def downgrade() -> None:
    """Back."""
    op.drop_table("report_mark")
    op.drop_table("report_sent")
    op.drop_table("report_month")
