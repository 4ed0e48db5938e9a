"""Questions that are one: merged; replies that are a question of their own: split."""

import sqlalchemy as sa
from alembic import op

revision = "0009"
down_revision = "0008"

Id = sa.BigInteger().with_variant(sa.Integer, "sqlite")


def upgrade() -> None:
    with op.batch_alter_table("questions") as questions:
        questions.add_column(sa.Column("merged_into_id", Id))
        questions.create_foreign_key(
            "fk_questions_merged", "questions", ["merged_into_id"], ["id"], ondelete="SET NULL"
        )
        questions.add_column(sa.Column("merged_at", sa.DateTime(timezone=True)))
        questions.add_column(sa.Column("merged_by", sa.String(32)))
        questions.add_column(sa.Column("split_ts", sa.String(32)))
    op.create_index("ix_questions_merged", "questions", ["merged_into_id"])
    with op.batch_alter_table("answers") as answers:
        answers.add_column(sa.Column("thread_ts", sa.String(32)))
