"""What was set and what it was before, who looks at App Home, and what explained itself where."""

import sqlalchemy as sa
from alembic import op

revision = "0027"
down_revision = "0026"

Id = sa.BigInteger().with_variant(sa.Integer, "sqlite")
SlackId = sa.String(32)
Time = sa.DateTime(timezone=True)


def upgrade() -> None:
    op.create_table(
        "changes",
        sa.Column("id", Id, primary_key=True),
        sa.Column("team_id", SlackId, nullable=False),
        sa.Column("setting", sa.String(20), nullable=False),
        sa.Column("subject", sa.String(40), nullable=False),
        sa.Column("before", sa.JSON, nullable=False),
        sa.Column("after", sa.JSON, nullable=False),
        sa.Column("changed_by", SlackId, nullable=False),
        sa.Column("changed_at", Time, nullable=False),
        sa.Column("undone_at", Time),
    )
    op.create_index("ix_changes_subject", "changes", ["team_id", "setting", "subject"])
    op.create_table(
        "home_views",
        sa.Column("team_id", SlackId, primary_key=True),
        sa.Column("user_id", SlackId, primary_key=True),
        sa.Column("opened_at", Time, nullable=False),
        sa.Column("welcomed_at", Time),
    )
    op.add_column("channels", sa.Column("announced_at", Time))
    op.add_column("channels", sa.Column("first_question_id", Id))
    op.add_column("channels", sa.Column("first_solved_id", Id))
    op.create_index("ix_channels_topic", "channels", ["team_id", "topic_id"])
    # Whether a question is its asker's first is looked up by its number too.
    op.drop_index("ix_questions_asker", "questions")
    op.create_index("ix_questions_asker", "questions", ["team_id", "asker_id", "id"])
    # Where people ask already, nothing needs to be explained.
    op.execute("UPDATE channels SET first_question_id = 0, first_solved_id = 0 WHERE is_help")
