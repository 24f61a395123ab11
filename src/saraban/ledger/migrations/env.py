"""Alembic's environment: runs on the connection that `saraban.ledger.schema` passes in."""

from alembic import context

from saraban.ledger import schema

context.configure(
    connection=context.config.attributes["connection"],
    target_metadata=schema.metadata(),
    compare_type=True,
    transactional_ddl=False,  # the caller has begun, and commits
)
context.run_migrations()
