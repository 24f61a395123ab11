"""Due dates, phrases, notices, corrections; what an agency sets for itself."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import mysql

from saraban.ledger.tables import ID, LONG, PRIMARY_KEY, SHORT, TABLE, UTC_TIME

revision = "0012"
down_revision = "0011"
branch_labels = None
depends_on = None

_WHOLE_LETTER = sa.Text().with_variant(mysql.MEDIUMTEXT(), "mysql", "mariadb")


def upgrade() -> None:
    """Forwards."""
    op.add_column("delivery", sa.Column("urgent_by", UTC_TIME, nullable=True))
    op.create_index("delivery_due", "delivery", ["state", "due_date"])
    op.create_table(
        "agency_setting",
        sa.Column("agency", ID, nullable=False),
        sa.Column("due_days", ID, nullable=False),
        sa.Column("changed_by", ID, nullable=False),
        sa.Column("changed_at", UTC_TIME, nullable=False),
        sa.PrimaryKeyConstraint("agency"),
        **TABLE,
    )
    op.create_table(
        "extra_holiday",
        sa.Column("id", PRIMARY_KEY, nullable=False),
        sa.Column("agency", ID, nullable=False),
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("title", SHORT, nullable=False),
        sa.PrimaryKeyConstraint("id"),
        sa.UniqueConstraint("agency", "day"),
        **TABLE,
    )
    op.create_table(
        "agency_word",
        sa.Column("id", PRIMARY_KEY, nullable=False),
        sa.Column("agency", ID, nullable=False),
        sa.Column("subject", ID, nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("word", SHORT, nullable=False),
        sa.PrimaryKeyConstraint("id"),
        sa.UniqueConstraint("agency", "subject", "word"),
        **TABLE,
    )
    op.create_table(
        "phrase",
        sa.Column("id", PRIMARY_KEY, nullable=False),
        sa.Column("person", ID, nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("text", LONG, nullable=False),
        sa.PrimaryKeyConstraint("id"),
        sa.UniqueConstraint("person", "position"),
        **TABLE,
    )
    op.create_table(
        "duty_mark",
        sa.Column("id", PRIMARY_KEY, nullable=False),
        sa.Column("delivery_id", PRIMARY_KEY, nullable=False),
        sa.Column("kind", ID, nullable=False),
        sa.Column("due", sa.Date(), nullable=False),
        sa.Column("at", UTC_TIME, nullable=False),
        sa.ForeignKeyConstraint(["delivery_id"], ["delivery.id"]),
        sa.PrimaryKeyConstraint("id"),
        sa.UniqueConstraint("delivery_id", "kind", "due"),
        **TABLE,
    )
    op.create_table(
        "notice",
        sa.Column("id", PRIMARY_KEY, nullable=False),
        sa.Column("person", ID, nullable=False),
        sa.Column("unit", ID, nullable=False),
        sa.Column("kind", ID, nullable=False),
        sa.Column("delivery_id", PRIMARY_KEY, nullable=False),
        sa.Column("at", UTC_TIME, nullable=False),
        sa.Column("read_at", UTC_TIME, nullable=True),
        sa.ForeignKeyConstraint(["delivery_id"], ["delivery.id"]),
        sa.PrimaryKeyConstraint("id"),
        **TABLE,
    )
    op.create_index("notice_person", "notice", ["person", "read_at", "id"])
    op.create_table(
        "letter_version",
        sa.Column("id", PRIMARY_KEY, nullable=False),
        sa.Column("letter_uid", ID, nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("ended_at", UTC_TIME, nullable=False),
        sa.Column("person", ID, nullable=False),
        sa.Column("person_name", SHORT, nullable=False),
        sa.Column("post", SHORT, nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("content", _WHOLE_LETTER, nullable=False),
        sa.PrimaryKeyConstraint("id"),
        sa.UniqueConstraint("letter_uid", "version"),
        **TABLE,
    )


def downgrade() -> None:
    """Back."""
    op.drop_table("letter_version")
    op.drop_table("notice")
    op.drop_table("duty_mark")
    op.drop_table("phrase")
    op.drop_table("agency_word")
    op.drop_table("extra_holiday")
    op.drop_table("agency_setting")
    op.drop_index("delivery_due", "delivery")
    op.drop_column("delivery", "urgent_by")
