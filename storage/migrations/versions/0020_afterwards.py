"""What is said once a question is asked: kinds of replies, ends, and a workspace's own marks."""

import sqlalchemy as sa
from alembic import op

revision = "0020"
down_revision = "0019"

Time = sa.DateTime(timezone=True)


def upgrade() -> None:
    for name in ("stuck_at", "over_at", "closed_at", "reopened_at"):
        op.add_column("questions", sa.Column(name, Time))
    op.add_column("questions", sa.Column("closed_why", sa.String(10)))
    op.add_column("question_parts", sa.Column("edited_to", sa.Text))
    kind = sa.Column("kind", sa.String(10), nullable=False, server_default="answer")
    op.add_column("answers", kind)
    pressed = sa.Column("is_pressed", sa.Boolean, nullable=False, server_default=sa.false())
    op.add_column("marks", pressed)
    marks = sa.Column("marks", sa.JSON, nullable=False, server_default="[]")
    op.add_column("workspaces", marks)
