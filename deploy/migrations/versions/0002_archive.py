"""What the archive keeps: dossiers, their events, counts by day, findings."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects.postgresql import JSONB

revision = "0002"
down_revision = "0001"

_MOMENT = sa.DateTime(timezone=True)


def upgrade() -> None:
    """Make the tables and the view that adds partitions up."""
    op.create_table(
        "dossier",
        sa.Column("code", sa.String(64), primary_key=True),
        sa.Column("unit", sa.String(35)),
        sa.Column("procedure", sa.String),
        sa.Column("state", sa.String(16), nullable=False),
        sa.Column("received_at", _MOMENT),
        sa.Column("due_at", _MOMENT),
        sa.Column("overdue_from", _MOMENT),
        sa.Column("waiting_since", _MOMENT),
        sa.Column("ended_at", _MOMENT),
        sa.Column("late", sa.Boolean),
        sa.Column("agency", sa.String(35)),
        sa.Column("facts", JSONB, nullable=False),
        sa.Column("counts", JSONB, nullable=False),
        sa.Column("next_change", _MOMENT),
        sa.Column("partition", sa.SmallInteger, nullable=False),
        sa.Column("offset", sa.BigInteger, nullable=False),
    )
    still_open, ended = sa.text("state in ('open', 'waiting')"), sa.text("state = 'ended'")
    op.create_index("ix_dossier_open", "dossier", ["unit", "overdue_from"], postgresql_where=still_open)
    op.create_index("ix_dossier_ended", "dossier", ["unit", "ended_at"], postgresql_where=ended)
    op.create_table(
        "dossier_event",
        sa.Column("code", sa.String(64), primary_key=True),
        sa.Column("source", sa.String, primary_key=True),
        sa.Column("id", sa.String, primary_key=True),
        sa.Column("type", sa.String, primary_key=True),
        sa.Column("time", sa.BigInteger, primary_key=True),
        sa.Column("sender", sa.String(35), nullable=False),
        sa.Column("system", sa.String, nullable=False),
        sa.Column("data", JSONB, nullable=False),
        sa.Column("arrived_at", _MOMENT, nullable=False),
    )
    op.create_table(
        "indicator_day",
        sa.Column("partition", sa.SmallInteger, primary_key=True),
        sa.Column("unit", sa.String(35), primary_key=True),
        sa.Column("day", sa.Date, primary_key=True),
        sa.Column("counts", JSONB, nullable=False),
        sa.Column("offset", sa.BigInteger, nullable=False),
    )
    op.execute(
        """
        create view indicator_day_count as
        select d.unit, d.day, p.key as procedure, m.key as measure, sum(m.value::bigint) as count
        from indicator_day d, jsonb_each(d.counts) p, jsonb_each_text(p.value) m
        group by d.unit, d.day, p.key, m.key
        having sum(m.value::bigint) <> 0
        """
    )
    op.create_table(
        "finding",
        sa.Column("subject", sa.String(200), primary_key=True),
        sa.Column("code", sa.String(40), primary_key=True),
        sa.Column("detail", sa.String, primary_key=True, server_default=sa.text("''")),
        sa.Column("unit", sa.String(35)),
        sa.Column("since", _MOMENT),
    )
    op.create_index("ix_finding_unit", "finding", ["unit"])
    op.create_table(
        "archive_position",
        sa.Column("topic", sa.String, primary_key=True),
        sa.Column("partition", sa.SmallInteger, primary_key=True),
        sa.Column("next_offset", sa.BigInteger, nullable=False),
        sa.Column("made_by", sa.String, nullable=False, server_default=sa.text("''")),
        sa.Column("as_of", _MOMENT),
        sa.Column("written_at", _MOMENT, nullable=False, server_default=sa.func.now()),
    )


def downgrade() -> None:
    """Drop them."""
    op.execute("drop view indicator_day_count")
    for table in ("archive_position", "finding", "indicator_day", "dossier_event", "dossier"):
        op.drop_table(table)
