"""Who is asked when, and what comes next."""

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0004"

Id = sa.BigInteger().with_variant(sa.Integer, "sqlite")
SlackId = sa.String(32)
Time = sa.DateTime(timezone=True)


def upgrade() -> None:
    with op.batch_alter_table("questions") as questions:
        questions.add_column(
            sa.Column("stage", sa.String(10), nullable=False, server_default="few")
        )
        for name in ("routed_at", "step_at", "handed_off_at", "nudged_at"):
            questions.add_column(sa.Column(name, Time))
    op.create_index("ix_questions_step", "questions", ["step_at"])
    # What was asked before is not escalated all at once: it rests until something happens.
    op.execute("UPDATE questions SET stage = 'rest'")
    with op.batch_alter_table("offers") as offers:
        offers.add_column(sa.Column("team_id", SlackId, nullable=False, server_default=""))
        offers.add_column(sa.Column("solved_like", sa.Integer, nullable=False, server_default="0"))
        offers.add_column(sa.Column("referred_by", SlackId))
    op.execute(
        "UPDATE offers SET team_id ="
        " (SELECT team_id FROM questions WHERE questions.id = offers.question_id)"
    )
    op.create_index("ix_offers_user", "offers", ["team_id", "user_id", "offered_at"])
    with op.batch_alter_table("topics") as topics:
        for name in ("next_after", "everybody_after", "hand_off_after"):
            topics.add_column(sa.Column(name, sa.Integer))
        topics.add_column(sa.Column("hand_off_channel_id", SlackId))
    op.create_table(
        "availabilities",
        *person(),
        sa.Column("away_until", Time),
        sa.Column("days", sa.String(7)),
        sa.Column("starts", sa.Integer),
        sa.Column("ends", sa.Integer),
        sa.Column("daily_limit", sa.Integer),
    )
    op.create_table(
        "quiet_times",
        *person(),
        sa.Column("starts_at", Time),
        sa.Column("ends_at", Time),
        sa.Column("read_at", Time, nullable=False),
    )
    op.create_table(
        "pauses",
        key("topic_id", "topics.id"),
        sa.Column("user_id", SlackId, primary_key=True),
        sa.Column("paused_at", Time, nullable=False),
    )
    op.create_table(
        "rhythms",
        *person(),
        sa.Column("amount", sa.Double, nullable=False),
        sa.Column("last_at", Time, nullable=False),
    )
    op.create_table(
        "referrals",
        key("question_id", "questions.id"),
        sa.Column("from_id", SlackId, primary_key=True),
        sa.Column("to_id", SlackId, nullable=False),
        sa.Column("team_id", SlackId, nullable=False),
        sa.Column("topic_id", Id, sa.ForeignKey("topics.id", ondelete="SET NULL")),
        sa.Column("referred_at", Time, nullable=False),
    )
    op.create_index("ix_referrals_topic", "referrals", ["team_id", "topic_id"])


def person() -> list[sa.Column[str]]:
    return [sa.Column(name, SlackId, primary_key=True) for name in ("team_id", "user_id")]


def key(name: str, of: str) -> sa.Column[int]:
    """A part of the key whose row takes this one with it when it goes."""
    foreign = sa.ForeignKey(of, ondelete="CASCADE")
    return sa.Column(name, Id, foreign, primary_key=True, autoincrement=False)
