"""A search index of our own, the same on both databases; filled again after the start."""

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"

Id = sa.BigInteger().with_variant(sa.Integer, "sqlite")

TermText = sa.String(64).with_variant(sa.String(64, collation="C"), "postgresql")


def upgrade() -> None:
    op.drop_table("search_index")
    op.create_index("ix_questions_solved", "questions", ["team_id", "solved_at"])
    op.create_table(
        "search_terms",
        sa.Column("id", Id, primary_key=True),
        sa.Column("team_id", sa.String(32), nullable=False),
        sa.Column("term", TermText, nullable=False),
        sa.Column("backwards", TermText, nullable=False),
        sa.Column("documents", sa.Integer, nullable=False),
        sa.UniqueConstraint("team_id", "term"),
    )
    op.create_index("ix_search_terms_backwards", "search_terms", ["team_id", "backwards"])
    op.create_table(
        "search_documents",
        sa.Column(
            "question_id",
            Id,
            sa.ForeignKey("questions.id", ondelete="CASCADE"),
            primary_key=True,
            autoincrement=False,
        ),
        sa.Column("team_id", sa.String(32), nullable=False),
        sa.Column("terms", sa.LargeBinary, nullable=False),
        sa.Column("length", sa.Integer, nullable=False),
        sa.Column("analysis", sa.Integer, nullable=False),
    )
    op.create_table(
        "search_postings",
        sa.Column("term_id", Id, nullable=False),
        sa.Column("question_id", Id, nullable=False),
        sa.Column("channel", sa.Integer, nullable=False),
        sa.Column("weight", sa.Integer, nullable=False),
        sa.Column("length", sa.Integer, nullable=False),
        # On PostgreSQL the key's index answers alone, without looking at the rows.
        sa.PrimaryKeyConstraint(
            "term_id", "question_id", postgresql_include=["channel", "weight", "length"]
        ),
        sqlite_with_rowid=False,
    )
    op.create_table(
        "search_channels",
        sa.Column("number", sa.Integer, primary_key=True),
        sa.Column("team_id", sa.String(32), nullable=False),
        sa.Column("channel_id", sa.String(32), nullable=False),
        sa.UniqueConstraint("team_id", "channel_id"),
    )
    op.create_table(
        "search_totals",
        sa.Column("team_id", sa.String(32), primary_key=True),
        sa.Column("documents", sa.BigInteger, nullable=False),
        sa.Column("length", sa.BigInteger, nullable=False),
    )
