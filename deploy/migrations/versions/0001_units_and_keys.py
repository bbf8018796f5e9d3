"""Units and the keys of systems."""

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None


def upgrade() -> None:
    """Make both tables."""
    op.create_table(
        "unit",
        sa.Column("code", sa.String(35), primary_key=True),
        sa.Column("name", sa.String, nullable=False),
        sa.Column("kind", sa.String, nullable=False, server_default=""),
        sa.Column("parent", sa.String(35), sa.ForeignKey("unit.code", deferrable=True, initially="DEFERRED")),
        sa.Column("aliases", sa.ARRAY(sa.String), nullable=False, server_default=sa.text("'{}'")),
        sa.Column("valid_from", sa.Date),
        sa.Column("valid_to", sa.Date),
        sa.Column("successor", sa.String(35), sa.ForeignKey("unit.code", deferrable=True, initially="DEFERRED")),
        sa.Column("position", sa.Integer, nullable=False, server_default=sa.text("0")),
    )
    op.create_index("ix_unit_parent", "unit", ["parent"])
    op.create_table(
        "system_key",
        sa.Column("id", sa.Integer, primary_key=True),
        sa.Column("system", sa.String, nullable=False),
        sa.Column("unit", sa.String(35), nullable=False),
        sa.Column("may_read", sa.Boolean, nullable=False, server_default=sa.text("false")),
        sa.Column("may_close", sa.Boolean, nullable=False, server_default=sa.text("false")),
        sa.Column("hash", sa.String(64), nullable=False, unique=True),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False, server_default=sa.func.now()),
        sa.Column("revoked_at", sa.DateTime(timezone=True)),
    )


def downgrade() -> None:
    """Drop both tables."""
    op.drop_table("system_key")
    op.drop_table("unit")
