"""Channels' own topics; and who is asked whether they may be asked, and why."""

import sqlalchemy as sa
from alembic import op

revision = "0024"
down_revision = "0023"

SlackId = sa.String(32)


def upgrade() -> None:
    op.add_column("topics", sa.Column("made_for", SlackId))
    op.add_column("proposals", sa.Column("alike", sa.Integer, nullable=False, server_default="0"))
    op.add_column("proposals", sa.Column("named_by", SlackId))
    with op.batch_alter_table("proposals") as proposals:
        key = sa.ForeignKey("questions.id", name="fk_proposals_question", ondelete="SET NULL")
        proposals.add_column(
            sa.Column("question_id", sa.BigInteger().with_variant(sa.Integer, "sqlite"), key)
        )
