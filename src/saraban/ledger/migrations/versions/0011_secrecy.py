"""Whose a secret letter is and since when: its readers list it from here, newest first, a page at a time."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from saraban.ledger.tables import ID, UTC_TIME

revision = "0011"
down_revision = "0010"
branch_labels = None
depends_on = None

PLACE = "agencies"
"""A path is `/<site>/agencies/<agency>/letters/…`."""


def upgrade() -> None:
    """Forwards. Of letters that are there already the agency is read from where they lie; their time stays unknown."""
    for name in ("agency", "unit", "author"):
        op.add_column("letter_key", sa.Column(name, ID, nullable=False, server_default=""))
    op.add_column("letter_key", sa.Column("made_at", UTC_TIME, nullable=True))
    op.create_index("letter_key_agency", "letter_key", ["agency", "made_at"])
    keys = sa.table("letter_key", sa.column("uid", ID), sa.column("path", sa.String), sa.column("agency", ID))
    connection = op.get_bind()
    for uid, path in connection.execute(sa.select(keys.c.uid, keys.c.path)).all():
        _before, _place, below = path.partition(f"/{PLACE}/")
        connection.execute(keys.update().where(keys.c.uid == uid).values(agency=below.partition("/")[0]))


def downgrade() -> None:
    """Back."""
    op.drop_index("letter_key_agency", "letter_key")
    for name in ("made_at", "author", "unit", "agency"):
        op.drop_column("letter_key", name)
