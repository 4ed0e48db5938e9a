"""Who is named as an expert is asked first; who is one stays one, and is told nothing."""

import sqlalchemy as sa
from alembic import op

revision = "0026"
down_revision = "0025"

Id = sa.BigInteger().with_variant(sa.Integer, "sqlite")
SlackId = sa.String(32)
Ts = sa.String(32)
Time = sa.DateTime(timezone=True)


def upgrade() -> None:
    op.add_column("workspaces", sa.Column("silence_is_yes_at", Time))
    op.create_table(
        "invitations",
        sa.Column("topic_id", Id, nullable=False),
        sa.Column("user_id", SlackId, nullable=False),
        sa.Column("team_id", SlackId, nullable=False),
        sa.Column("usergroup_id", SlackId),
        sa.Column("invited_by", SlackId, nullable=False),
        sa.Column("invited_at", Time, nullable=False),
        sa.Column("accepted_at", Time),
        sa.Column("declined_at", Time),
        sa.Column("withdrawn_at", Time),
        sa.Column("message_ts", Ts),
        sa.PrimaryKeyConstraint("topic_id", "user_id"),
        sa.ForeignKeyConstraint(["topic_id"], ["topics.id"], ondelete="CASCADE"),
    )
    op.create_index("ix_invitations_user", "invitations", ["team_id", "user_id"])
    # Whoever has the role by a user group knows it by now.
    op.execute(
        "INSERT INTO invitations (topic_id, user_id, team_id, usergroup_id, invited_by, "
        "invited_at, accepted_at) "
        "SELECT experts.topic_id, group_members.user_id, topics.team_id, MIN(experts.member_id), "
        "MIN(experts.added_by), MIN(experts.added_at), MIN(experts.added_at) "
        "FROM experts JOIN topics ON topics.id = experts.topic_id "
        "JOIN group_members ON group_members.team_id = topics.team_id "
        "AND group_members.usergroup_id = experts.member_id "
        "GROUP BY experts.topic_id, group_members.user_id, topics.team_id"
    )
