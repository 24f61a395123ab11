"""What nobody keeps is told to the post of head, not to who held it then; and each says for themselves that they saw it."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from saraban.ledger.tables import ID, PRIMARY_KEY, TABLE, UTC_TIME

revision = "0018"
down_revision = "0017"
branch_labels = None
depends_on = None

_NOTICE = sa.table(
    "notice",
    *(sa.column(name, ID) for name in ("person", "unit", "kind")),
    *(sa.column(name, PRIMARY_KEY) for name in ("id", "delivery_id")),
    *(sa.column(name, UTC_TIME) for name in ("at", "read_at")),
)
_SEEN = sa.table("notice_seen", sa.column("notice_id", PRIMARY_KEY), sa.column("person", ID), sa.column("at", UTC_TIME))
_UNKEPT = sa.select(_NOTICE).where(_NOTICE.c.kind == "unkept").order_by(_NOTICE.c.id)


def upgrade() -> None:
    """Forwards: of the notices to the heads of an agency about one delivery the first becomes the post's."""
    op.create_table(
        "notice_seen",
        sa.Column("notice_id", PRIMARY_KEY, nullable=False),
        sa.Column("person", ID, nullable=False),
        sa.Column("at", UTC_TIME, nullable=False),
        sa.ForeignKeyConstraint(["notice_id"], ["notice.id"]),
        sa.PrimaryKeyConstraint("notice_id", "person"),
        **TABLE,
    )
    connection = op.get_bind()
    first: dict[tuple[str, int], int] = {}
    seen: dict[tuple[int, str], dict[str, object]] = {}
    for row in connection.execute(_UNKEPT).all():
        kept = first.setdefault((row.unit, row.delivery_id), row.id)
        if row.read_at is not None:
            seen[kept, row.person] = {"notice_id": kept, "person": row.person, "at": row.read_at}
        if kept == row.id:
            to_post = sa.update(_NOTICE).where(_NOTICE.c.id == kept)
            connection.execute(to_post.values(person=f"{row.unit}:head", read_at=None))
        else:
            connection.execute(sa.delete(_NOTICE).where(_NOTICE.c.id == row.id))
    if seen:
        connection.execute(sa.insert(_SEEN), list(seen.values()))


def downgrade() -> None:
    """Back: who has seen one has it as their own again; the post's own stays, and is to nobody."""
    connection = op.get_bind()
    told = sa.select(_NOTICE, _SEEN.c.person.label("by"), _SEEN.c.at.label("seen")).join(
        _SEEN, _SEEN.c.notice_id == _NOTICE.c.id
    )
    lines = [
        {
            "person": row.by,
            "unit": row.unit,
            "kind": row.kind,
            "delivery_id": row.delivery_id,
            "at": row.at,
            "read_at": row.seen,
        }
        for row in connection.execute(told).all()
    ]
    if lines:
        connection.execute(sa.insert(_NOTICE), lines)
    op.drop_table("notice_seen")
