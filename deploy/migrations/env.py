"""What Alembic runs: the migrations, on the connection that `migrate` opened."""

from alembic import context

from services.common import archived, published  # noqa: F401  their tables are part of Base
from services.common.database import Base

context.configure(connection=context.config.attributes["connection"], target_metadata=Base.metadata)
with context.begin_transaction():
    context.run_migrations()
