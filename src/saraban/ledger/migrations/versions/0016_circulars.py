"""What lists of circulars and their reminders walk: indexes that hold all that is asked."""

from __future__ import annotations

from typing import Any

import sqlalchemy as sa
from alembic import op

revision = "0016"
down_revision = "0015"
branch_labels = None
depends_on = None

# Circulars alone where the database has indexes of a part, so that no other delivery pays. What an index says by itself
# PostgreSQL does not look up in it, and the columns behind the kind would be of no use: so it is said otherwise.
_CIRCULARS: dict[str, Any] = {
    "sqlite_where": sa.text("kind = 'circular'"),
    "postgresql_where": sa.text("kind >= 'circular' AND kind <= 'circular'"),
}
_OF_CIRCULARS: dict[str, list[str]] = {
    "delivery_circular": [
        *("agency", "kind", "secrecy", "sent_at", "id", "letter_uid", "state", "from_unit", "letter_date"),
    ],
    "delivery_circular_letter": ["agency", "kind", "secrecy", "letter_uid", "id", "state"],
    "delivery_circular_sent": ["kind", "state", "sent_at"],
}


def upgrade() -> None:
    """Forwards."""
    for name, columns in _OF_CIRCULARS.items():
        op.create_index(name, "delivery", columns, **_CIRCULARS)
    op.drop_index("circular_receipt_person", "circular_receipt")  # nobody asked for the time
    op.create_index("circular_receipt_person", "circular_receipt", ["person", "circular_uid"])
    op.create_index("circular_receipt_agency", "circular_receipt", ["circular_uid", "agency"])
    op.create_index("notice_delivery", "notice", ["delivery_id", "kind"])


def downgrade() -> None:
    """Back."""
    if op.get_bind().dialect.name in ("mysql", "mariadb"):
        # A foreign key there keeps an index of its own, which gave way to ours.
        op.create_index("delivery_id", "notice", ["delivery_id"])
    op.drop_index("notice_delivery", "notice")
    op.drop_index("circular_receipt_agency", "circular_receipt")
    op.drop_index("circular_receipt_person", "circular_receipt")
    op.create_index("circular_receipt_person", "circular_receipt", ["person", "opened_at"])
    for name in _OF_CIRCULARS:
        op.drop_index(name, "delivery")
