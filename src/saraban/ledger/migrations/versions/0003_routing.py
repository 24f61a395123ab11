"""Deliveries, their steps, assignments."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from saraban.ledger.tables import ID, LONG, PRIMARY_KEY, SHORT, TABLE, UTC_TIME

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Forwards."""
    op.create_table(
        "delivery",
        sa.Column("id", PRIMARY_KEY, nullable=False),
        sa.Column("key", ID, nullable=False),
        sa.Column("letter_uid", ID, nullable=False),
        sa.Column("letter_path", LONG, nullable=False),
        sa.Column("unit", ID, nullable=False),
        sa.Column("agency", ID, nullable=False),
        sa.Column("parent_id", PRIMARY_KEY, nullable=True),
        sa.Column("from_unit", ID, nullable=False),
        sa.Column("via", ID, nullable=False),
        sa.Column("state", ID, nullable=False),
        sa.Column("receive_number", sa.Integer(), nullable=True),
        sa.Column("receive_year", sa.Integer(), nullable=True),
        sa.Column("sent_at", UTC_TIME, nullable=False),
        sa.Column("opened_at", UTC_TIME, nullable=True),
        sa.Column("registered_at", UTC_TIME, nullable=True),
        sa.Column("registered_by", ID, nullable=False),
        sa.Column("closed_at", UTC_TIME, nullable=True),
        sa.Column("result", sa.Text(), nullable=False),
        sa.Column("publish", ID, nullable=False),
        sa.Column("due_date", sa.Date(), nullable=True),
        sa.Column("follow_up", sa.Boolean(), nullable=False),
        sa.Column("known_by", ID, nullable=False),
        sa.Column("title", LONG, nullable=False),
        sa.Column("number", SHORT, nullable=False),
        sa.Column("letter_date", sa.Date(), nullable=True),
        sa.Column("kind", ID, nullable=False),
        sa.Column("urgency", ID, nullable=False),
        sa.Column("secrecy", ID, nullable=False),
        sa.Column("sender", LONG, nullable=False),
        sa.ForeignKeyConstraint(
            ["parent_id"],
            ["delivery.id"],
        ),
        sa.PrimaryKeyConstraint("id"),
        sa.UniqueConstraint("key"),
        **TABLE,
    )
    op.create_index("delivery_desk", "delivery", ["unit", "sent_at", "id"], unique=False)
    op.create_index("delivery_desk_state", "delivery", ["unit", "state", "sent_at", "id"], unique=False)
    op.create_index("delivery_known", "delivery", ["unit", "known_by"], unique=False)
    op.create_index("delivery_letter", "delivery", ["letter_uid", "unit"], unique=False)
    op.create_table(
        "assignment",
        sa.Column("id", PRIMARY_KEY, nullable=False),
        sa.Column("delivery_id", PRIMARY_KEY, nullable=False),
        sa.Column("person", ID, nullable=False),
        sa.Column("unit", ID, nullable=False),
        sa.Column("instruction", sa.Text(), nullable=False),
        sa.Column("due_date", sa.Date(), nullable=True),
        sa.Column("state", ID, nullable=False),
        sa.Column("given_by", ID, nullable=False),
        sa.Column("given_at", UTC_TIME, nullable=False),
        sa.Column("closed_at", UTC_TIME, nullable=True),
        sa.ForeignKeyConstraint(
            ["delivery_id"],
            ["delivery.id"],
        ),
        sa.PrimaryKeyConstraint("id"),
        sa.UniqueConstraint("delivery_id", "person"),
        **TABLE,
    )
    op.create_index("assignment_person", "assignment", ["person", "state", "due_date"], unique=False)
    op.create_table(
        "delivery_step",
        sa.Column("id", PRIMARY_KEY, nullable=False),
        sa.Column("letter_uid", ID, nullable=False),
        sa.Column("delivery_id", PRIMARY_KEY, nullable=True),
        sa.Column("at", UTC_TIME, nullable=False),
        sa.Column("what", ID, nullable=False),
        sa.Column("unit", ID, nullable=False),
        sa.Column("to_unit", ID, nullable=False),
        sa.Column("person", ID, nullable=False),
        sa.Column("person_name", SHORT, nullable=False),
        sa.Column("post", SHORT, nullable=False),
        sa.Column("note", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(
            ["delivery_id"],
            ["delivery.id"],
        ),
        sa.PrimaryKeyConstraint("id"),
        **TABLE,
    )
    op.create_index("delivery_step_letter", "delivery_step", ["letter_uid", "at", "id"], unique=False)


def downgrade() -> None:
    """Backwards."""
    op.drop_table("delivery_step")
    op.drop_table("assignment")
    op.drop_table("delivery")
