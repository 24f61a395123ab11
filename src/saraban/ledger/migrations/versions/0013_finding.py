"""Texts of files, words that mean the same, saved searches, exports."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import mysql

from saraban.data import table
from saraban.ledger.tables import ID, LONG, PRIMARY_KEY, SHORT, TABLE, UTC_TIME

revision = "0013"
down_revision = "0012"
branch_labels = None
depends_on = None

_STATE = sa.String(16)
_LONG_TEXT = sa.Text().with_variant(mysql.MEDIUMTEXT(), "mysql", "mariadb")
_FILE = sa.LargeBinary().with_variant(mysql.LONGBLOB(), "mysql", "mariadb")


def upgrade() -> None:
    """Forwards."""
    op.create_table(
        "search_file_text",
        sa.Column("id", PRIMARY_KEY, nullable=False),
        sa.Column("uid", ID, nullable=False),
        sa.Column("sha256", sa.String(64), nullable=False),
        sa.Column("letter_uid", ID, nullable=False),
        sa.Column("state", _STATE, nullable=False),
        sa.Column("text", _LONG_TEXT, nullable=False),
        sa.Column("at", UTC_TIME, nullable=False),
        sa.PrimaryKeyConstraint("id"),
        sa.UniqueConstraint("uid", "sha256"),
        **TABLE,
    )
    op.create_index("search_file_text_letter", "search_file_text", ["letter_uid"])
    synonyms = op.create_table(
        "search_synonym",
        sa.Column("id", PRIMARY_KEY, nullable=False),
        sa.Column("words", LONG, nullable=False),
        sa.PrimaryKeyConstraint("id"),
        **TABLE,
    )
    assert synonyms is not None
    op.bulk_insert(synonyms, [{"words": row["words"]} for row in table("synonyms")])
    op.create_table(
        "search_saved",
        sa.Column("id", PRIMARY_KEY, nullable=False),
        sa.Column("person", ID, nullable=False),
        sa.Column("name", SHORT, nullable=False),
        sa.Column("query", sa.Text(), nullable=False),
        sa.Column("at", UTC_TIME, nullable=False),
        sa.PrimaryKeyConstraint("id"),
        sa.UniqueConstraint("person", "name"),
        **TABLE,
    )
    op.create_table(
        "search_export",
        sa.Column("id", PRIMARY_KEY, nullable=False),
        sa.Column("key", ID, nullable=False),
        sa.Column("person", ID, nullable=False),
        sa.Column("query", sa.Text(), nullable=False),
        sa.Column("language", sa.String(8), nullable=False),
        sa.Column("site_url", LONG, nullable=False),
        sa.Column("state", _STATE, nullable=False),
        sa.Column("written", sa.Integer(), nullable=False),
        sa.Column("total", sa.Integer(), nullable=False),
        sa.Column("found", sa.Integer(), nullable=False),
        sa.Column("size", sa.Integer(), nullable=False),
        sa.Column("asked_at", UTC_TIME, nullable=False),
        sa.Column("done_at", UTC_TIME, nullable=True),
        sa.Column("content", _FILE, nullable=True),
        sa.PrimaryKeyConstraint("id"),
        sa.UniqueConstraint("key"),
        **TABLE,
    )
    op.create_index("search_export_person", "search_export", ["person", "id"])


def downgrade() -> None:
    """Back."""
    op.drop_table("search_export")
    op.drop_table("search_saved")
    op.drop_table("search_synonym")
    op.drop_table("search_file_text")
