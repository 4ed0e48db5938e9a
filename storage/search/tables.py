"""The tables of the search index."""

from sqlalchemy import BigInteger, ForeignKey, Index, Integer, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from storage.tables import Base, Id, SlackId

# In PostgreSQL too, terms are in the order of their bytes: what begins alike stands together.
TermText = String(64).with_variant(String(64, collation="C"), "postgresql")


class SearchTerm(Base):
    """A term of the search index, and in how many documents it is: exact while they are few,
    close enough when they are many (see storage/search/vocabulary.py)."""

    __tablename__ = "search_terms"
    id: Mapped[int] = mapped_column(Id, primary_key=True)
    team_id: Mapped[str] = mapped_column(SlackId)
    term: Mapped[str] = mapped_column(TermText)
    backwards: Mapped[str] = mapped_column(TermText)  # the term from its end, to find its endings
    documents: Mapped[int]
    __table_args__ = (
        UniqueConstraint("team_id", "term"),
        Index("ix_search_terms_backwards", "team_id", "backwards"),
    )


class SearchDocument(Base):
    """A question in the search index: its terms in their order, to compare neighbours, to
    match phrases, and to take it out again."""

    __tablename__ = "search_documents"
    question_id: Mapped[int] = mapped_column(
        Id, ForeignKey("questions.id", ondelete="CASCADE"), primary_key=True, autoincrement=False
    )
    team_id: Mapped[str] = mapped_column(SlackId)
    terms: Mapped[bytes]  # numbers of terms, 4 bytes each; 0 between two fields
    length: Mapped[int]
    analysis: Mapped[int]  # which way of taking text apart made it


class SearchVector(Base):
    """What a question in the search index means, as a model saw it; gone with its words."""

    __tablename__ = "search_vectors"
    question_id: Mapped[int] = mapped_column(
        Id,
        ForeignKey("search_documents.question_id", ondelete="CASCADE"),
        primary_key=True,
        autoincrement=False,
    )
    model: Mapped[str] = mapped_column(String(80))
    vector: Mapped[bytes]  # one signed byte a dimension


class SearchPosting(Base):
    """That a term is in a document, how heavily, how long the document is, and in which
    channel: all that ranking needs, in one row, found by the term."""

    __tablename__ = "search_postings"
    term_id: Mapped[int] = mapped_column(Id, primary_key=True, autoincrement=False)
    question_id: Mapped[int] = mapped_column(Id, primary_key=True, autoincrement=False)
    channel: Mapped[int]  # the number in search_channels
    weight: Mapped[int]
    length: Mapped[int]
    __table_args__ = ({"sqlite_with_rowid": False},)  # the rows lie in the order of the terms


class SearchChannel(Base):
    """A channel's number in the postings, where its identifier would take most of the room."""

    __tablename__ = "search_channels"
    number: Mapped[int] = mapped_column(Integer, primary_key=True)
    team_id: Mapped[str] = mapped_column(SlackId)
    channel_id: Mapped[str] = mapped_column(SlackId)
    __table_args__ = (UniqueConstraint("team_id", "channel_id"),)


class SearchTotal(Base):
    """How many documents a workspace has in the index, and how long they are together."""

    __tablename__ = "search_totals"
    team_id: Mapped[str] = mapped_column(SlackId, primary_key=True)
    documents: Mapped[int] = mapped_column(BigInteger)
    length: Mapped[int] = mapped_column(BigInteger)
