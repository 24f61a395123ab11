"""Clearances, keys of sealed letters, need-to-know; room for sealed texts in registers and deliveries."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from saraban.ledger.tables import ID, PRIMARY_KEY, SHORT, TABLE, UTC_TIME

revision = "0007"
down_revision = "0006"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Forwards."""
    op.create_table(
        "clearance",
        sa.Column("id", PRIMARY_KEY, nullable=False),
        sa.Column("person", ID, nullable=False),
        sa.Column("level", ID, nullable=False),
        sa.Column("order_number", SHORT, nullable=False),
        sa.Column("order_date", sa.Date(), nullable=False),
        sa.Column("valid_from", sa.Date(), nullable=False),
        sa.Column("valid_until", sa.Date(), nullable=True),
        sa.Column("given_by", ID, nullable=False),
        sa.Column("given_at", UTC_TIME, nullable=False),
        sa.PrimaryKeyConstraint("id"),
        **TABLE,
    )
    op.create_index("clearance_person", "clearance", ["person", "level"])
    op.create_table(
        "letter_key",
        sa.Column("uid", ID, nullable=False),
        sa.Column("level", ID, nullable=False),
        sa.Column("wrapped", SHORT, nullable=False),
        sa.Column("master", ID, nullable=False),
        sa.PrimaryKeyConstraint("uid"),
        **TABLE,
    )
    op.create_index("letter_key_master", "letter_key", ["master"])
    op.create_table(
        "master_key",
        sa.Column("id", PRIMARY_KEY, autoincrement=False, nullable=False),
        sa.Column("master", ID, nullable=False),
        sa.PrimaryKeyConstraint("id"),
        **TABLE,
    )
    op.create_table(
        "need_to_know",
        sa.Column("id", PRIMARY_KEY, nullable=False),
        sa.Column("letter_uid", ID, nullable=False),
        sa.Column("person", ID, nullable=False),
        sa.Column("unit", ID, nullable=False),
        sa.Column("agency", ID, nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("given_by", ID, nullable=False),
        sa.Column("given_at", UTC_TIME, nullable=False),
        sa.Column("withdrawn_by", ID, nullable=False),
        sa.Column("withdrawn_at", UTC_TIME, nullable=True),
        sa.PrimaryKeyConstraint("id"),
        **TABLE,
    )
    op.create_index("need_to_know_letter", "need_to_know", ["letter_uid", "person"])
    op.add_column("register_entry", sa.Column("sealed", sa.Text(), nullable=True))
    op.add_column("delivery", sa.Column("sealed", sa.Text(), nullable=True))
    op.create_index("delivery_secrecy", "delivery", ["unit", "secrecy", "sent_at", "id"])


def downgrade() -> None:
    """Back, as long as no letter is sealed: without its key it would be lost."""
    if op.get_bind().execute(sa.text("SELECT count(*) FROM letter_key")).scalar():
        raise RuntimeError("There are sealed letters: lower them to normal first.")
    op.drop_index("delivery_secrecy", "delivery")
    op.drop_column("delivery", "sealed")
    op.drop_column("register_entry", "sealed")
    for table in ("need_to_know", "master_key", "letter_key", "clearance"):
        op.drop_table(table)
