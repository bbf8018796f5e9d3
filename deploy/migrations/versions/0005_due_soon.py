"""Since when a dossier is due soon. The archive fills it in by itself: rows that other code made are made anew."""

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0004"


def upgrade() -> None:
    """Add the column."""
    op.add_column("dossier", sa.Column("soon_from", sa.DateTime(timezone=True)))


def downgrade() -> None:
    """Drop it."""
    op.drop_column("dossier", "soon_from")
