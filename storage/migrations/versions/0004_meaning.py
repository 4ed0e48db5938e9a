"""Vectors of what questions mean, for where the extra is installed."""

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"

Id = sa.BigInteger().with_variant(sa.Integer, "sqlite")


def upgrade() -> None:
    document = sa.ForeignKey("search_documents.question_id", ondelete="CASCADE")
    op.create_table(
        "search_vectors",
        sa.Column("question_id", Id, document, primary_key=True, autoincrement=False),
        sa.Column("model", sa.String(80), nullable=False),
        sa.Column("vector", sa.LargeBinary, nullable=False),
    )
