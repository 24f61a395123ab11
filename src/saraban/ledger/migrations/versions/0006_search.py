"""The short index of search."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from saraban.ledger.tables import ID, LONG, PRIMARY_KEY, SHORT, TABLE

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Forwards."""
    op.create_table(
        "search_letter",
        sa.Column("id", PRIMARY_KEY, nullable=False),
        sa.Column("uid", ID, nullable=False),
        sa.Column("path", LONG, nullable=False),
        sa.Column("read_at", sa.BigInteger(), nullable=False),
        sa.Column("type", ID, nullable=False),
        sa.Column("kind", ID, nullable=False),
        sa.Column("urgency", ID, nullable=False),
        sa.Column("category", SHORT, nullable=False),
        sa.Column("state", ID, nullable=False),
        sa.Column("agency", ID, nullable=False),
        sa.Column("owner_unit", ID, nullable=False),
        sa.Column("year", sa.Integer(), nullable=False),
        sa.Column("letter_date", sa.Date(), nullable=True),
        sa.Column("created", sa.Date(), nullable=False),
        sa.Column("number", SHORT, nullable=False),
        sa.Column("number_sort", LONG, nullable=False),
        sa.Column("number_forms", LONG, nullable=False),
        sa.Column("title", LONG, nullable=False),
        sa.Column("title_sort", LONG, nullable=False),
        sa.Column("sender", LONG, nullable=False),
        sa.Column("to_text", LONG, nullable=False),
        sa.Column("sender_words", LONG, nullable=False),
        sa.Column("to_words", LONG, nullable=False),
        sa.Column("words", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("id"),
        sa.UniqueConstraint("uid"),
        **TABLE,
    )
    op.create_table(
        "search_reader",
        sa.Column("principal", sa.String(200), nullable=False),
        sa.Column("letter_id", PRIMARY_KEY, autoincrement=False, nullable=False),
        sa.ForeignKeyConstraint(["letter_id"], ["search_letter.id"]),
        sa.PrimaryKeyConstraint("principal", "letter_id"),
        **TABLE,
    )
    op.create_index("search_reader_letter", "search_reader", ["letter_id"])


def downgrade() -> None:
    """Back."""
    op.drop_table("search_reader")
    op.drop_table("search_letter")
