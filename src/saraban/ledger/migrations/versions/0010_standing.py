"""What dashboards and reports count by: indexes that hold all that is counted."""

from __future__ import annotations

from alembic import op

revision = "0010"
down_revision = "0009"
branch_labels = None
depends_on = None

MADE = {
    "delivery_standing": ["unit", "secrecy", "state", "kind", "due_date"],
    "delivery_list": ["unit", "secrecy", "state", "sent_at", "id"],
    "delivery_away": ["from_unit", "secrecy", "state", "sent_at", "id"],
    "delivery_parent": ["parent_id"],
}
# No list asks for a unit's deliveries without their level any more.
GONE = {
    "delivery_desk": ["unit", "sent_at", "id"],
    "delivery_desk_state": ["unit", "state", "sent_at", "id"],
}


def upgrade() -> None:
    """Forwards."""
    for name, columns in MADE.items():
        op.create_index(name, "delivery", columns)
    for name in GONE:
        op.drop_index(name, "delivery")


def downgrade() -> None:
    """Back."""
    for name, columns in GONE.items():
        op.create_index(name, "delivery", columns)
    if op.get_bind().dialect.name in ("mysql", "mariadb"):
        # A foreign key there keeps an index of its own, which gave way to ours.
        op.create_index("parent_id", "delivery", ["parent_id"])
    for name in MADE:
        op.drop_index(name, "delivery")
