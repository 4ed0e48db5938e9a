"""Somebody's replies are found without looking through all."""

from alembic import op

revision = "0048"
down_revision = "0047"


def upgrade() -> None:
    op.create_index("ix_answers_author", "answers", ["team_id", "author_id"])
