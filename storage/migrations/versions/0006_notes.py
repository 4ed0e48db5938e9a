"""What comes next, and what is said privately: offers, and reminders that come once."""

import sqlalchemy as sa
from alembic import op

revision = "0006"
down_revision = "0005"

SlackId = sa.String(32)
Time = sa.DateTime(timezone=True)


def upgrade() -> None:
    with op.batch_alter_table("questions") as questions:
        questions.drop_column("nudged_at")
        questions.add_column(sa.Column("next_step", sa.String(10)))
        questions.add_column(sa.Column("next_at", Time))
        questions.add_column(sa.Column("hand_off_ts", sa.String(32)))
    with op.batch_alter_table("offers") as offers:
        offers.add_column(
            sa.Column("is_by_message", sa.Boolean, nullable=False, server_default=sa.false())
        )
        offers.add_column(sa.Column("told_at", Time))
    with op.batch_alter_table("availabilities") as availabilities:
        availabilities.add_column(sa.Column("wants_messages", sa.Boolean))
    op.create_table(
        "offer_notes",
        *[sa.Column(name, SlackId, primary_key=True) for name in ("team_id", "user_id")],
        sa.Column("channel_id", SlackId, nullable=False),
        sa.Column("message_ts", sa.String(32), nullable=False),
    )
    op.create_table(
        "nudges",
        sa.Column(
            "question_id",
            sa.BigInteger().with_variant(sa.Integer, "sqlite"),
            sa.ForeignKey("questions.id", ondelete="CASCADE"),
            primary_key=True,
            autoincrement=False,
        ),
        sa.Column("user_id", SlackId, primary_key=True),
        sa.Column("kind", sa.String(10), primary_key=True),
        sa.Column("nudged_at", Time, nullable=False),
    )
    op.create_table(
        "muted_nudges",
        *[sa.Column(name, SlackId, primary_key=True) for name in ("team_id", "user_id")],
        sa.Column("kind", sa.String(10), primary_key=True),
    )
