"""How much of a channel is heard, what we were unsure about, files, and workflows that ask."""

import sqlalchemy as sa
from alembic import op

revision = "0019"
down_revision = "0018"

SlackId = sa.String(32)
Ts = sa.String(32)
Time = sa.DateTime(timezone=True)


def upgrade() -> None:
    for column in (
        sa.Column("mode", sa.String(10), nullable=False, server_default="asking"),
        sa.Column("boldness", sa.Integer, nullable=False, server_default="0"),
    ):
        op.add_column("channels", column)
    has_files = sa.Column("has_files", sa.Boolean, nullable=False, server_default=sa.false())
    op.add_column("questions", has_files)
    create_unsure_messages()
    create_files()
    op.create_table(
        "asking_forms",
        sa.Column("team_id", SlackId, primary_key=True),
        sa.Column("channel_id", SlackId, primary_key=True),
        sa.Column("key", sa.String(80), primary_key=True),
        sa.Column("name", sa.Text, nullable=False),
        sa.ForeignKeyConstraint(
            ["team_id", "channel_id"],
            ["channels.team_id", "channels.channel_id"],
            ondelete="CASCADE",
        ),
    )


def create_unsure_messages() -> None:
    op.create_table(
        "unsure_messages",
        sa.Column("team_id", SlackId, primary_key=True),
        sa.Column("channel_id", SlackId, primary_key=True),
        sa.Column("message_ts", Ts, primary_key=True),
        sa.Column("author_id", SlackId, nullable=False),
        sa.Column("kind", sa.String(10), nullable=False),
        sa.Column("said_at", Time, nullable=False),
        sa.Column("shown_on", sa.Date),
        sa.Column("is_asked", sa.Boolean),
        sa.Column("judged_at", Time),
    )
    author = ["team_id", "author_id", "shown_on"]
    op.create_index("ix_unsure_messages_author", "unsure_messages", author, unique=True)
    place = ["team_id", "channel_id", "author_id", "said_at"]
    op.create_index("ix_unsure_messages_place", "unsure_messages", place)


def create_files() -> None:
    op.create_table(
        "files",
        sa.Column("team_id", SlackId, primary_key=True),
        sa.Column("channel_id", SlackId, primary_key=True),
        sa.Column("message_ts", Ts, primary_key=True),
        sa.Column("file_id", SlackId, primary_key=True),
        sa.Column("kind", sa.String(10), nullable=False),
        sa.Column("title", sa.Text, nullable=False),
        sa.Column("words", sa.Text, nullable=False),
        sa.Column("kept_at", Time, nullable=False),
    )
    op.create_index("ix_files_file", "files", ["team_id", "file_id"])
