"""Foundation."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0001"
down_revision = None

Id = sa.BigInteger().with_variant(sa.Integer, "sqlite")
Time = sa.DateTime(timezone=True)


def upgrade() -> None:
    op.create_table(
        "digest_runs",
        sa.Column("team_id", sa.String(32), primary_key=True),
        sa.Column("channel_id", sa.String(32), primary_key=True),
        sa.Column("slot", sa.String(10), primary_key=True),
        sa.Column("since", Time, nullable=False),
        sa.Column("until", Time, nullable=False),
        sa.Column("skipped_at", Time, nullable=True),
        sa.Column("quiet_at", Time, nullable=True),
        sa.Column("posted_at", Time, nullable=True),
        sa.Column("message_ts", sa.String(32), nullable=True),
    )
    op.create_table(
        "digest_schedules",
        sa.Column("team_id", sa.String(32), primary_key=True),
        sa.Column("weekday", sa.Integer, nullable=False),
        sa.Column("hour", sa.Integer, nullable=False),
        sa.Column("minute", sa.Integer, nullable=False),
        sa.Column("timezone", sa.Text, nullable=False),
        sa.Column("next_run_at", Time, nullable=False),
    )
    op.create_table(
        "erased_messages",
        sa.Column("team_id", sa.String(32), primary_key=True),
        sa.Column("channel_id", sa.String(32), primary_key=True),
        sa.Column("message_ts", sa.String(32), primary_key=True),
        sa.Column("erased_at", Time, nullable=False),
    )
    op.create_table(
        "failed_events",
        sa.Column("id", Id, primary_key=True),
        sa.Column("reference", sa.String(12), nullable=False, unique=True),
        sa.Column("team_id", sa.String(32), nullable=True),
        sa.Column("body", sa.JSON, nullable=False),
        sa.Column("error", sa.Text, nullable=False),
        sa.Column("failed_at", Time, nullable=False),
    )
    op.create_table(
        "group_members",
        sa.Column("team_id", sa.String(32), primary_key=True),
        sa.Column("usergroup_id", sa.String(32), primary_key=True),
        sa.Column("user_id", sa.String(32), primary_key=True),
    )
    op.create_table(
        "marks",
        sa.Column("team_id", sa.String(32), primary_key=True),
        sa.Column("channel_id", sa.String(32), primary_key=True),
        sa.Column("message_ts", sa.String(32), primary_key=True),
        sa.Column("user_id", sa.String(32), primary_key=True),
        sa.Column("is_on", sa.Boolean, nullable=False),
        sa.Column("changed_at", Time, nullable=False),
    )
    op.create_table(
        "outbox",
        sa.Column("id", Id, primary_key=True),
        sa.Column("team_id", sa.String(32), nullable=False),
        sa.Column("kind", sa.String(40), nullable=False),
        sa.Column("subject", sa.String(120), nullable=False),
        sa.Column("lane", sa.String(32), nullable=False),
        sa.Column("key", sa.String(32), nullable=False),
        sa.Column("payload", sa.JSON, nullable=False),
        sa.Column("version", sa.Integer, nullable=False),
        sa.Column("owed_at", Time, nullable=False),
        sa.Column("due_at", Time, nullable=False),
        sa.Column("attempts", sa.Integer, nullable=False),
        sa.Column("claimed_until", Time, nullable=True),
        sa.Column("is_uncertain", sa.Boolean, nullable=False),
        sa.Column("gave_up_at", Time, nullable=True),
        sa.Column("error", sa.Text, nullable=True),
        sa.UniqueConstraint("team_id", "kind", "subject"),
    )
    op.create_index("ix_outbox_due", "outbox", ["gave_up_at", "due_at"])
    op.create_table(
        "people",
        sa.Column("team_id", sa.String(32), primary_key=True),
        sa.Column("user_id", sa.String(32), primary_key=True),
        sa.Column("name", sa.Text, nullable=False),
        sa.Column("timezone", sa.Text, nullable=True),
        sa.Column("is_admin", sa.Boolean, nullable=False),
        sa.Column("is_bot", sa.Boolean, nullable=False),
        sa.Column("is_guest", sa.Boolean, nullable=False),
        sa.Column("is_external", sa.Boolean, nullable=False),
        sa.Column("is_deactivated", sa.Boolean, nullable=False),
        sa.Column("read_at", Time, nullable=False),
    )
    op.create_table(
        "topics",
        sa.Column("id", Id, primary_key=True),
        sa.Column("team_id", sa.String(32), nullable=False),
        sa.Column("name", sa.Text, nullable=False),
        sa.Column("key", sa.String(80), nullable=False),
        sa.Column("keywords", sa.JSON, nullable=False),
        sa.Column("sponsor_id", sa.String(32), nullable=True),
        sa.Column("created_by", sa.String(32), nullable=False),
        sa.Column("created_at", Time, nullable=False),
        sa.UniqueConstraint("team_id", "key"),
    )
    op.create_table(
        "workspaces",
        sa.Column("team_id", sa.String(32), primary_key=True),
        sa.Column("name", sa.Text, nullable=False),
        sa.Column("url", sa.Text, nullable=False),
        sa.Column("bot_user_id", sa.String(32), nullable=False),
        sa.Column("joined_at", Time, nullable=False),
    )
    op.create_table(
        "channels",
        sa.Column("team_id", sa.String(32), primary_key=True),
        sa.Column("channel_id", sa.String(32), primary_key=True),
        sa.Column("name", sa.Text, nullable=False),
        sa.Column("is_private", sa.Boolean, nullable=False),
        sa.Column("is_shared", sa.Boolean, nullable=False),
        sa.Column("is_help", sa.Boolean, nullable=False),
        sa.Column("topic_id", Id, sa.ForeignKey("topics.id", ondelete="SET NULL"), nullable=True),
        sa.Column("members_read_at", Time, nullable=True),
        sa.Column("left_at", Time, nullable=True),
    )
    op.create_table(
        "experts",
        sa.Column("topic_id", Id, sa.ForeignKey("topics.id", ondelete="CASCADE"), primary_key=True),
        sa.Column("member_id", sa.String(32), primary_key=True),
        sa.Column("added_by", sa.String(32), nullable=False),
        sa.Column("added_at", Time, nullable=False),
    )
    op.create_index("ix_experts_member", "experts", ["member_id"])
    op.create_table(
        "questions",
        sa.Column("id", Id, primary_key=True),
        sa.Column("team_id", sa.String(32), nullable=False),
        sa.Column("channel_id", sa.String(32), nullable=False),
        sa.Column("message_ts", sa.String(32), nullable=True),
        sa.Column("thread_ts", sa.String(32), nullable=True),
        sa.Column("asker_id", sa.String(32), nullable=False),
        sa.Column("text", sa.Text, nullable=False),
        sa.Column("topic_id", Id, sa.ForeignKey("topics.id", ondelete="SET NULL"), nullable=True),
        sa.Column("is_asked_by_command", sa.Boolean, nullable=False),
        sa.Column("asked_at", Time, nullable=False),
        sa.Column("interrupted_ts", sa.String(32), nullable=True),
        sa.Column("claimed_by", sa.String(32), nullable=True),
        sa.Column("claimed_at", Time, nullable=True),
        sa.Column("solved_at", Time, nullable=True),
        sa.Column("withdrawn_at", Time, nullable=True),
        sa.Column("card_ts", sa.String(32), nullable=True),
        sa.Column("marker", sa.String(40), nullable=True),
        sa.UniqueConstraint("team_id", "channel_id", "thread_ts"),
    )
    op.create_index("ix_questions_asked", "questions", ["team_id", "channel_id", "asked_at"])
    op.create_index("ix_questions_asker", "questions", ["team_id", "asker_id"])
    op.create_table(
        "answers",
        sa.Column("id", Id, primary_key=True),
        sa.Column("team_id", sa.String(32), nullable=False),
        sa.Column("channel_id", sa.String(32), nullable=False),
        sa.Column("message_ts", sa.String(32), nullable=False),
        sa.Column(
            "question_id", Id, sa.ForeignKey("questions.id", ondelete="CASCADE"), nullable=False
        ),
        sa.Column("author_id", sa.String(32), nullable=False),
        sa.Column("text", sa.Text, nullable=False),
        sa.Column("answered_at", Time, nullable=False),
        sa.Column("said_at", Time, nullable=False),
        sa.Column("erased_at", Time, nullable=True),
        sa.UniqueConstraint("team_id", "channel_id", "message_ts"),
    )
    op.create_index("ix_answers_question", "answers", ["question_id"])
    op.create_table(
        "channel_members",
        sa.Column("team_id", sa.String(32), primary_key=True),
        sa.Column("channel_id", sa.String(32), primary_key=True),
        sa.Column("user_id", sa.String(32), primary_key=True),
        sa.ForeignKeyConstraint(
            ["team_id", "channel_id"],
            ["channels.team_id", "channels.channel_id"],
            ondelete="CASCADE",
        ),
    )
    op.create_index("ix_channel_members_user", "channel_members", ["team_id", "user_id"])
    op.create_table(
        "offers",
        sa.Column(
            "question_id", Id, sa.ForeignKey("questions.id", ondelete="CASCADE"), primary_key=True
        ),
        sa.Column("user_id", sa.String(32), primary_key=True),
        sa.Column("offered_at", Time, nullable=False),
        sa.Column("passed_at", Time, nullable=True),
    )
    op.create_table(
        "question_parts",
        sa.Column("team_id", sa.String(32), primary_key=True),
        sa.Column("channel_id", sa.String(32), primary_key=True),
        sa.Column("message_ts", sa.String(32), primary_key=True),
        sa.Column(
            "question_id", Id, sa.ForeignKey("questions.id", ondelete="CASCADE"), nullable=False
        ),
        sa.Column("text", sa.Text, nullable=False),
        sa.Column("said_at", Time, nullable=False),
    )
    op.create_index("ix_question_parts_question", "question_parts", ["question_id"])
    op.create_table(
        "kudos",
        sa.Column("id", Id, primary_key=True),
        sa.Column("team_id", sa.String(32), nullable=False),
        sa.Column("kind", sa.String(20), nullable=False),
        sa.Column("giver_id", sa.String(32), nullable=False),
        sa.Column("receiver_id", sa.String(32), nullable=False),
        sa.Column("question_id", Id, sa.ForeignKey("questions.id"), nullable=True),
        sa.Column("answer_id", Id, sa.ForeignKey("answers.id"), nullable=True),
        sa.Column("channel_id", sa.String(32), nullable=True),
        sa.Column("reason", sa.Text, nullable=True),
        sa.Column("given_at", Time, nullable=False),
        sa.Column("reverses_id", Id, sa.ForeignKey("kudos.id"), nullable=True, unique=True),
    )
    op.create_index("ix_kudos_channel", "kudos", ["team_id", "channel_id", "given_at"])
    op.create_index("ix_kudos_question", "kudos", ["question_id"])
    op.create_index("ix_kudos_receiver", "kudos", ["team_id", "receiver_id", "given_at"])
    op.create_table(
        "solutions",
        sa.Column(
            "answer_id", Id, sa.ForeignKey("answers.id", ondelete="CASCADE"), primary_key=True
        ),
        sa.Column(
            "question_id", Id, sa.ForeignKey("questions.id", ondelete="CASCADE"), nullable=False
        ),
        sa.Column("accepted_by", sa.String(32), nullable=False),
        sa.Column("accepted_at", Time, nullable=False),
    )
    op.create_index("ix_solutions_question", "solutions", ["question_id"])
    if op.get_bind().dialect.name == "sqlite":
        create_sqlite_index()
    else:
        create_postgres_index()


def create_sqlite_index() -> None:
    op.execute(
        "CREATE VIRTUAL TABLE search_index USING fts5("
        "question, solution, thread, tokenize = 'porter unicode61 remove_diacritics 2')"
    )
    version = op.get_bind().exec_driver_sql("SELECT sqlite_version()").scalar_one()
    if tuple(int(part) for part in version.split(".")) >= (3, 42):
        op.execute("INSERT INTO search_index(search_index, rank) VALUES ('secure-delete', 1)")


def create_postgres_index() -> None:
    op.create_table(
        "search_index",
        sa.Column(
            "question_id",
            sa.BigInteger,
            sa.ForeignKey("questions.id", ondelete="CASCADE"),
            primary_key=True,
        ),
        sa.Column("vector", postgresql.TSVECTOR, nullable=False),
    )
    op.create_index("ix_search_index_vector", "search_index", ["vector"], postgresql_using="gin")
