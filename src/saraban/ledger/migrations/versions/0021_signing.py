"""The chain of approval, and notices about letters that are not sent yet."""

from __future__ import annotations

from typing import Any

import sqlalchemy as sa
from alembic import op

from saraban.ledger.tables import ID, LONG, PRIMARY_KEY, SHORT, TABLE, UTC_TIME

revision = "0021"
down_revision = "0020"
branch_labels = None
depends_on = None

_NOTICE = sa.table("notice", sa.column("delivery_id", PRIMARY_KEY))
_SEEN = sa.table("notice_seen", sa.column("notice_id", PRIMARY_KEY), sa.column("person", ID), sa.column("at", UTC_TIME))


def upgrade() -> None:
    """Forwards."""
    op.create_table(
        "signing_chain",
        sa.Column("id", PRIMARY_KEY, nullable=False),
        sa.Column("letter_uid", ID, nullable=False),
        sa.Column("round", sa.Integer(), nullable=False),
        sa.Column("letter_path", LONG, nullable=False),
        sa.Column("agency", ID, nullable=False),
        sa.Column("owner_unit", ID, nullable=False),
        sa.Column("state", ID, nullable=False),
        sa.Column("submitted_by", ID, nullable=False),
        sa.Column("submitted_at", UTC_TIME, nullable=False),
        sa.Column("changed_at", UTC_TIME, nullable=False),
        sa.Column("portal_type", ID, nullable=False),
        sa.Column("kind", ID, nullable=False),
        sa.Column("urgency", ID, nullable=False),
        sa.Column("secrecy", ID, nullable=False),
        sa.Column("title", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("id"),
        sa.UniqueConstraint("letter_uid", "round"),
        **TABLE,
    )
    walked = ["secrecy", "state", "submitted_at", "id", "kind"]
    op.create_index("signing_chain_agency", "signing_chain", ["agency", *walked])
    op.create_index("signing_chain_unit", "signing_chain", ["owner_unit", *walked])
    op.create_table(
        "signing_turn",
        sa.Column("id", PRIMARY_KEY, nullable=False),
        sa.Column("chain_id", PRIMARY_KEY, nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("role", ID, nullable=False),
        sa.Column("person", ID, nullable=False),
        sa.Column("unit", ID, nullable=False),
        sa.Column("state", ID, nullable=False),
        sa.Column("since", UTC_TIME, nullable=True),
        sa.Column("at", UTC_TIME, nullable=True),
        sa.Column("person_name", SHORT, nullable=False),
        sa.Column("post", SHORT, nullable=False),
        sa.Column("capacity", ID, nullable=False),
        sa.Column("method", ID, nullable=False),
        sa.Column("digest", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(["chain_id"], ["signing_chain.id"]),
        sa.PrimaryKeyConstraint("id"),
        sa.UniqueConstraint("chain_id", "position"),
        **TABLE,
    )
    op.create_index("signing_turn_person", "signing_turn", ["person", "state", "since", "id"])
    op.add_column("notice", sa.Column("letter_uid", ID, nullable=True))
    op.create_index("notice_letter", "notice", ["letter_uid", "kind"])
    _let_be_without_delivery(True)


def downgrade() -> None:
    """Back: what is about letters is told no more."""
    op.execute(sa.delete(_NOTICE).where(_NOTICE.c.delivery_id.is_(None)))
    _let_be_without_delivery(False)
    op.drop_index("notice_letter", "notice")
    op.drop_column("notice", "letter_uid")
    op.drop_table("signing_turn")
    op.drop_table("signing_chain")


def _let_be_without_delivery(allowed: bool) -> None:
    """Whether a notice may name no delivery. SQLite has to write the table anew, and lets nothing point at it meanwhile."""
    connection = op.get_bind()
    if connection.dialect.name != "sqlite":
        op.alter_column("notice", "delivery_id", existing_type=sa.BigInteger(), nullable=allowed)
        return
    seen: list[dict[str, Any]] = [dict(row) for row in connection.execute(sa.select(_SEEN)).mappings()]
    connection.execute(sa.delete(_SEEN))
    with op.batch_alter_table("notice") as notice:
        notice.alter_column("delivery_id", existing_type=sa.Integer(), nullable=allowed)
    if seen:
        connection.execute(sa.insert(_SEEN), seen)
