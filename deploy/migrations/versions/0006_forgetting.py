"""Indexes by which digests are found that can be forgotten."""

import sqlalchemy as sa
from alembic import op

revision = "0006"
down_revision = "0005"


def upgrade() -> None:
    """Make them."""
    op.create_index("ix_digest_delivered", "digest", ["delivered_at"], postgresql_where=sa.text("state = 'delivered'"))
    op.create_index("ix_digest_undelivered", "digest", ["webhook"], postgresql_where=sa.text("state <> 'delivered'"))


def downgrade() -> None:
    """Drop them."""
    op.drop_index("ix_digest_undelivered", "digest")
    op.drop_index("ix_digest_delivered", "digest")
