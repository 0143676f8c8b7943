"""Alembic's environment: runs the revisions on the connection that it is given, within that connection's transaction.

Knows nothing of the store's path.
"""

from alembic import context

from retrieval.tables import tables

context.configure(connection=context.config.attributes["connection"], target_metadata=tables, transactional_ddl=True)
with context.begin_transaction():
    context.run_migrations()
