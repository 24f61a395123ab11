"""Series that agencies add, and what registers print."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import mysql

from saraban.ledger.tables import ID, PRIMARY_KEY, SHORT, TABLE, UTC_TIME

revision = "0009"
down_revision = "0008"
branch_labels = None
depends_on = None
_FILE = sa.LargeBinary().with_variant(mysql.LONGBLOB(), "mysql", "mariadb")


def upgrade() -> None:
    """Forwards."""
    op.create_table(
        "agency_series",
        sa.Column("id", PRIMARY_KEY, nullable=False),
        sa.Column("agency", ID, nullable=False),
        sa.Column("name", ID, nullable=False),
        sa.Column("title_th", SHORT, nullable=False),
        sa.Column("title_en", SHORT, nullable=False),
        sa.Column("pattern", SHORT, nullable=False),
        sa.Column("kinds", SHORT, nullable=False),
        sa.Column("active", sa.Boolean(), nullable=False),
        sa.Column("created_by", ID, nullable=False),
        sa.Column("created_at", UTC_TIME, nullable=False),
        sa.PrimaryKeyConstraint("id"),
        sa.UniqueConstraint("agency", "name"),
        **TABLE,
    )
    op.create_table(
        "print_job",
        sa.Column("id", PRIMARY_KEY, nullable=False),
        sa.Column("key", ID, nullable=False),
        sa.Column("unit", ID, nullable=False),
        sa.Column("book", ID, nullable=False),
        sa.Column("year", sa.Integer(), nullable=False),
        sa.Column("series", ID, nullable=False),
        sa.Column("from_seq", sa.Integer(), nullable=True),
        sa.Column("to_seq", sa.Integer(), nullable=True),
        sa.Column("thai_digits", sa.Boolean(), nullable=False),
        sa.Column("person", ID, nullable=False),
        sa.Column("state", ID, nullable=False),
        sa.Column("lines", sa.Integer(), nullable=False),
        sa.Column("total", sa.Integer(), nullable=False),
        sa.Column("pages", sa.Integer(), nullable=False),
        sa.Column("made_at", UTC_TIME, nullable=False),
        sa.PrimaryKeyConstraint("id"),
        sa.UniqueConstraint("key"),
        **TABLE,
    )
    op.create_table(
        "print_part",
        sa.Column("id", PRIMARY_KEY, nullable=False),
        sa.Column("job_id", PRIMARY_KEY, nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("sizes", sa.Text(), nullable=False),
        sa.Column("data", _FILE, nullable=False),
        sa.ForeignKeyConstraint(["job_id"], ["print_job.id"]),
        sa.PrimaryKeyConstraint("id"),
        sa.UniqueConstraint("job_id", "position"),
        **TABLE,
    )


def downgrade() -> None:
    """Back."""
    op.drop_table("print_part")
    op.drop_table("print_job")
    op.drop_table("agency_series")
