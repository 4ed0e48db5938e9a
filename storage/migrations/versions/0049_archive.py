"""What was taken in from before the bot was there."""

import sqlalchemy as sa
from alembic import op

revision = "0049"
down_revision = "0048"

Id = sa.BigInteger().with_variant(sa.Integer, "sqlite")
SlackId = sa.String(32)
Time = sa.DateTime(timezone=True)


def of_import() -> sa.Column[int]:
    return sa.Column(
        "import_id", Id, sa.ForeignKey("imports.id", ondelete="CASCADE"), primary_key=True
    )


def upgrade() -> None:
    op.create_table(
        "imports",
        sa.Column("id", Id, primary_key=True),
        sa.Column("team_id", SlackId, nullable=False),
        sa.Column("source", sa.String(20), nullable=False),
        sa.Column("name", sa.String(200), nullable=False),
        sa.Column("checksum", sa.String(64), nullable=False),
        sa.Column("started_by", SlackId),
        sa.Column("started_at", Time, nullable=False),
        sa.Column("ended_at", Time),
        sa.Column("stopped_at", Time),
        sa.Column("undone_at", Time),
        sa.Column("places_done", sa.Integer, nullable=False),
        sa.Column("threads_done", sa.Integer, nullable=False),
        sa.Column("figures", sa.JSON, nullable=False),
    )
    op.create_index("ix_imports_archive", "imports", ["team_id", "checksum"])
    op.create_table(
        "archived",
        sa.Column(
            "question_id",
            Id,
            sa.ForeignKey("questions.id", ondelete="CASCADE"),
            primary_key=True,
            autoincrement=False,
        ),
        sa.Column("import_id", Id, sa.ForeignKey("imports.id", ondelete="CASCADE"), nullable=False),
        sa.Column("team_id", SlackId, nullable=False),
        sa.Column("how_sure", sa.String(10), nullable=False),
        sa.Column("why", sa.String(10), nullable=False),
        sa.Column("link", sa.Text),
        sa.Column("confirmed_at", Time),
        sa.Column("confirmed_by", SlackId),
    )
    op.create_index("ix_archived_import", "archived", ["import_id"])
    op.create_index("ix_archived_sure", "archived", ["team_id", "how_sure", "confirmed_at"])
    op.create_table(
        "history_readings",
        of_import(),
        sa.Column("team_id", SlackId, nullable=False),
        sa.Column("channel_id", SlackId, primary_key=True),
        sa.Column("oldest_ts", SlackId, nullable=False),
        sa.Column("before_ts", SlackId, nullable=False),
        sa.Column("threads", sa.JSON, nullable=False),
        sa.Column("is_last_page", sa.Boolean, nullable=False),
    )
    for name, whose in (("imported_people", "user_id"), ("imported_channels", "channel_id")):
        op.create_table(
            name,
            of_import(),
            sa.Column("team_id", SlackId, primary_key=True),
            sa.Column(whose, SlackId, primary_key=True),
        )
    op.add_column("questions", sa.Column("import_id", Id))
    op.create_index("ix_questions_import", "questions", ["import_id"])
