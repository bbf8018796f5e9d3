"""Webhooks, and the digests of notices that are posted to them."""

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"

_MOMENT = sa.DateTime(timezone=True)


def upgrade() -> None:
    """Make the tables."""
    op.create_table(
        "webhook",
        sa.Column("id", sa.Integer, sa.Identity(), primary_key=True),
        sa.Column("url", sa.String, nullable=False),
        sa.Column("unit", sa.String(35), nullable=False),
        sa.Column("kinds", sa.ARRAY(sa.String), nullable=False),
        sa.Column("secret", sa.String, nullable=False),
        sa.Column("created_at", _MOMENT, nullable=False, server_default=sa.func.now()),
        sa.Column("removed_at", _MOMENT),
        sa.Column("why_removed", sa.String),
    )
    op.create_table(
        "digest",
        sa.Column("id", sa.BigInteger, sa.Identity(), primary_key=True),
        sa.Column("webhook", sa.Integer, sa.ForeignKey("webhook.id"), nullable=False),
        sa.Column("unit", sa.String(35), nullable=False),
        sa.Column("kind", sa.String(16), nullable=False),
        sa.Column("state", sa.String(16), nullable=False),
        sa.Column("size", sa.Integer, nullable=False),
        sa.Column("opened_at", _MOMENT, nullable=False, server_default=sa.func.now()),
        sa.Column("next_at", _MOMENT, nullable=False),
        sa.Column("body", sa.String),
        sa.Column("tries", sa.SmallInteger, nullable=False, server_default=sa.text("0")),
        sa.Column("answer", sa.String),
        sa.Column("delivered_at", _MOMENT),
        sa.Column("told_at", _MOMENT),
    )
    op.create_index(
        "ux_digest_gathering",
        "digest",
        ["webhook", "unit", "kind"],
        unique=True,
        postgresql_where=sa.text("state = 'gathering'"),
    )
    op.create_index(
        "ix_digest_next", "digest", ["next_at"], postgresql_where=sa.text("state in ('gathering', 'waiting')")
    )
    op.create_index("ix_digest_dead", "digest", ["id"], postgresql_where=sa.text("state = 'dead'"))
    op.create_index(
        "ix_digest_untold",
        "digest",
        ["id"],
        postgresql_where=sa.text("state = 'delivered' and kind = 'late' and told_at is null"),
    )
    op.create_table(
        "digest_notice",
        sa.Column("notice", sa.String, primary_key=True),
        sa.Column("webhook", sa.Integer, sa.ForeignKey("webhook.id"), primary_key=True),
        sa.Column("digest", sa.BigInteger, sa.ForeignKey("digest.id"), nullable=False),
        sa.Column("code", sa.String(64), nullable=False),
        sa.Column("procedure", sa.String, nullable=False),
        sa.Column("received_at", sa.String, nullable=False),
        sa.Column("due_at", sa.String, nullable=False),
        sa.Column("late_from", sa.String, nullable=False),
    )
    op.create_index("ix_digest_notice_digest", "digest_notice", ["digest"])
    op.create_table(
        "notice_position",
        sa.Column("topic", sa.String, primary_key=True),
        sa.Column("partition", sa.SmallInteger, primary_key=True),
        sa.Column("next_offset", sa.BigInteger, nullable=False),
    )


def downgrade() -> None:
    """Drop them."""
    for table in ("notice_position", "digest_notice", "digest", "webhook"):
        op.drop_table(table)
