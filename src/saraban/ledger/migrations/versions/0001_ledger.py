"""The ledger's own tables; the audit trail is append-only by trigger."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from saraban.ledger.migrations.append_only import allow_changes, forbid_changes
from saraban.ledger.tables import ID, LONG, NEVER_AGAIN, PRIMARY_KEY, SHORT, TABLE, UTC_TIME

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Forwards."""
    op.create_table(
        "audit",
        sa.Column("id", PRIMARY_KEY, nullable=False),
        sa.Column("at", UTC_TIME, nullable=False),
        sa.Column("person", ID, nullable=False),
        sa.Column("post", SHORT, nullable=False),
        sa.Column("unit", ID, nullable=False),
        sa.Column("act", ID, nullable=False),
        sa.Column("uid", ID, nullable=False),
        sa.Column("address", ID, nullable=False),
        sa.Column("outcome", ID, nullable=False),
        sa.Column("detail", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("id"),
        **NEVER_AGAIN,
    )
    op.create_index("audit_person", "audit", ["person", "id"], unique=False)
    op.create_index("audit_uid", "audit", ["uid", "id"], unique=False)
    op.create_table(
        "audit_seal",
        sa.Column("position", PRIMARY_KEY, autoincrement=False, nullable=False),
        sa.Column("audit_id", PRIMARY_KEY, nullable=False),
        sa.Column("digest", ID, nullable=False),
        sa.Column("sealed_at", UTC_TIME, nullable=False),
        sa.PrimaryKeyConstraint("position"),
        sa.UniqueConstraint("audit_id"),
        **TABLE,
    )
    op.create_index("audit_seal_time", "audit_seal", ["sealed_at"], unique=False)
    op.create_table(
        "idempotency_key",
        sa.Column("id", PRIMARY_KEY, nullable=False),
        sa.Column("person", ID, nullable=False),
        sa.Column("key", SHORT, nullable=False),
        sa.Column("fingerprint", ID, nullable=False),
        sa.Column("status", sa.Integer(), nullable=False),
        sa.Column("answer", sa.Text(), nullable=False),
        sa.Column("at", UTC_TIME, nullable=False),
        sa.PrimaryKeyConstraint("id"),
        sa.UniqueConstraint("person", "key"),
        **TABLE,
    )
    op.create_table(
        "lease",
        sa.Column("name", ID, nullable=False),
        sa.Column("holder", SHORT, nullable=False),
        sa.Column("until", UTC_TIME, nullable=False),
        sa.PrimaryKeyConstraint("name"),
        **TABLE,
    )
    op.create_table(
        "number_series",
        sa.Column("id", PRIMARY_KEY, nullable=False),
        sa.Column("book", sa.String(length=160), nullable=False),
        sa.Column("year", sa.Integer(), nullable=False),
        sa.Column("last", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("id"),
        sa.UniqueConstraint("book", "year"),
        **TABLE,
    )
    op.create_table(
        "outbox",
        sa.Column("id", PRIMARY_KEY, nullable=False),
        sa.Column("kind", ID, nullable=False),
        sa.Column("operation", ID, nullable=False),
        sa.Column("subject", sa.String(length=600), nullable=False),
        sa.Column("uid", ID, nullable=False),
        sa.Column("payload", sa.Text(), nullable=False),
        sa.Column("created_at", UTC_TIME, nullable=False),
        sa.Column("due_at", UTC_TIME, nullable=False),
        sa.Column("attempts", sa.Integer(), nullable=False),
        sa.Column("state", sa.String(length=16), nullable=False),
        sa.Column("error", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("id"),
        **NEVER_AGAIN,
    )
    op.create_index("outbox_due", "outbox", ["kind", "state", "due_at", "id"], unique=False)
    op.create_index("outbox_subject", "outbox", ["subject", "id"], unique=False)
    op.create_table(
        "register_entry",
        sa.Column("id", PRIMARY_KEY, nullable=False),
        sa.Column("book", sa.String(length=160), nullable=False),
        sa.Column("unit", ID, nullable=False),
        sa.Column("direction", sa.String(length=16), nullable=False),
        sa.Column("series", ID, nullable=False),
        sa.Column("year", sa.Integer(), nullable=False),
        sa.Column("seq", sa.Integer(), nullable=False),
        sa.Column("number", SHORT, nullable=False),
        sa.Column("date", sa.Date(), nullable=False),
        sa.Column("document_uid", ID, nullable=True),
        sa.Column("letter_number", SHORT, nullable=False),
        sa.Column("letter_date", sa.Date(), nullable=True),
        sa.Column("sender", LONG, nullable=False),
        sa.Column("addressee", LONG, nullable=False),
        sa.Column("subject", LONG, nullable=False),
        sa.Column("action", LONG, nullable=False),
        sa.Column("remark", LONG, nullable=False),
        sa.Column("state", sa.String(length=16), nullable=False),
        sa.Column("issued_by", ID, nullable=False),
        sa.Column("issued_at", UTC_TIME, nullable=False),
        sa.PrimaryKeyConstraint("id"),
        sa.UniqueConstraint("book", "year", "seq"),
        **TABLE,
    )
    op.create_index("register_entry_document", "register_entry", ["document_uid"], unique=False)
    op.create_index("register_entry_unit", "register_entry", ["unit", "direction", "year", "issued_at"], unique=False)

    forbid_changes({"audit": "id", "audit_seal": "position"})


def downgrade() -> None:
    """Backwards."""
    allow_changes(["audit", "audit_seal"])
    op.drop_table("register_entry")
    op.drop_table("outbox")
    op.drop_table("number_series")
    op.drop_table("lease")
    op.drop_table("idempotency_key")
    op.drop_table("audit_seal")
    op.drop_table("audit")
