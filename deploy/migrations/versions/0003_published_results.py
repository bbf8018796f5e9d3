"""Closings of periods, and the results that they froze."""

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"

_MOMENT = sa.DateTime(timezone=True)


def upgrade() -> None:
    """Make the tables."""
    op.create_table(
        "closing",
        sa.Column("id", sa.Integer, sa.Identity(always=True), primary_key=True),
        sa.Column("parent", sa.String(35), nullable=False),
        sa.Column("first_day", sa.Date, nullable=False),
        sa.Column("last_day", sa.Date, nullable=False),
        sa.Column("ruleset", sa.String, nullable=False),
        sa.Column("ruleset_fingerprint", sa.String, nullable=False),
        sa.Column("ruleset_text", sa.String, nullable=False),
        sa.Column("as_of", _MOMENT, nullable=False),
        sa.Column("revision", sa.BigInteger, nullable=False),
        sa.Column("units", sa.Integer, nullable=False),
        sa.Column("closed_at", _MOMENT, nullable=False),
        sa.Column("closed_system", sa.String, nullable=False),
        sa.Column("closed_unit", sa.String(35), nullable=False),
        sa.Column("decision", sa.String),
        sa.Column("note", sa.String),
        sa.Column("replaces", sa.Integer, sa.ForeignKey("closing.id")),
        sa.Column("reason", sa.String),
        sa.Column("replaced_at", _MOMENT),
    )
    op.create_index(
        "ux_closing_in_force",
        "closing",
        ["parent", "first_day", "last_day", "ruleset"],
        unique=True,
        postgresql_where=sa.text("replaced_at is null"),
    )
    op.create_table(
        "published_result",
        sa.Column("closing", sa.Integer, sa.ForeignKey("closing.id"), primary_key=True),
        sa.Column("unit", sa.String(35), primary_key=True),
        sa.Column("above", sa.String(35)),
        sa.Column("name", sa.String, nullable=False),
        sa.Column("kind", sa.String, nullable=False),
        sa.Column("place", sa.Integer, nullable=False),
        sa.Column("total", sa.Float, nullable=False),
        sa.Column("rank", sa.SmallInteger),
        sa.Column("kind_rank", sa.SmallInteger),
        sa.Column("score", sa.JSON, nullable=False),
        sa.Column("counts", sa.JSON, nullable=False),
        sa.Column("report", sa.JSON, nullable=False),
    )
    op.create_index("ix_published_result_unit", "published_result", ["unit"])
    op.create_table(
        "published_ranking",
        sa.Column("closing", sa.Integer, sa.ForeignKey("closing.id"), primary_key=True),
        sa.Column("parent", sa.String(35), primary_key=True),
        sa.Column("kind", sa.String, primary_key=True),
        sa.Column("document", sa.JSON, nullable=False),
    )


def downgrade() -> None:
    """Drop them."""
    for table in ("published_ranking", "published_result", "closing"):
        op.drop_table(table)
