"""What is searched and not found: without who did, and counted so that nobody stands out."""

from datetime import date, datetime
from typing import Any

from sqlalchemy import Double, ForeignKey, Index, String
from sqlalchemy.orm import Mapped, mapped_column

from storage.tables.base import Base, Id, SlackId, Ts


class Miss(Base):
    """A search that found nothing: each of its terms, as it was written. Nothing says whose."""

    __tablename__ = "misses"
    id: Mapped[int] = mapped_column(Id, primary_key=True)
    team_id: Mapped[str] = mapped_column(SlackId)
    words: Mapped[dict[str, Any]]
    missed_on: Mapped[date]
    __table_args__ = (Index("ix_misses_day", "team_id", "missed_on"),)


class MissSeason(Base):
    """What the marks of a season are made with. It goes with them, and then nobody can tell whose
    they were."""

    __tablename__ = "miss_seasons"
    team_id: Mapped[str] = mapped_column(SlackId, primary_key=True)
    salt: Mapped[str] = mapped_column(String(64))
    began_at: Mapped[datetime]


class MissMark(Base):
    """That somebody looked for this in vain: a mark that is another for each theme, so that
    nothing joins what one person looked for."""

    __tablename__ = "miss_marks"
    team_id: Mapped[str] = mapped_column(SlackId, primary_key=True)
    theme: Mapped[str] = mapped_column(String(130), primary_key=True)
    mark: Mapped[str] = mapped_column(String(16), primary_key=True)


class Missing(Base):
    """What five different people looked for in vain, until it is found. `theme`: its terms."""

    __tablename__ = "missing"
    team_id: Mapped[str] = mapped_column(SlackId, primary_key=True)
    theme: Mapped[str] = mapped_column(String(130), primary_key=True)
    words: Mapped[list[str]]
    searches: Mapped[int]
    opened_at: Mapped[datetime]
    topic_id: Mapped[int | None] = mapped_column(ForeignKey("topics.id", ondelete="SET NULL"))
    question_id: Mapped[int | None] = mapped_column(  # what it finds now, and is to find
        ForeignKey("questions.id", ondelete="CASCADE")
    )
    closed_at: Mapped[datetime | None]
    __table_args__ = (Index("ix_missing_question", "question_id"),)


class FindingCheck(Base):
    """How well a workspace found, on a day, what was missing before: the mean of one over the
    place at which each stood."""

    __tablename__ = "finding_checks"
    team_id: Mapped[str] = mapped_column(SlackId, primary_key=True)
    checked_on: Mapped[date] = mapped_column(primary_key=True)
    queries: Mapped[int]
    rank: Mapped[float] = mapped_column(Double)  # from 0 to 1: 1 is always first


class FaqPost(Base):
    """The one message that shows a channel's FAQ."""

    __tablename__ = "faq_posts"
    team_id: Mapped[str] = mapped_column(SlackId, primary_key=True)
    channel_id: Mapped[str] = mapped_column(SlackId, primary_key=True)
    message_ts: Mapped[str] = mapped_column(Ts)


class FaqPick(Base):
    """A solved question that an admin picked for it."""

    __tablename__ = "faq_picks"
    team_id: Mapped[str] = mapped_column(SlackId, primary_key=True)
    channel_id: Mapped[str] = mapped_column(SlackId, primary_key=True)
    question_id: Mapped[int] = mapped_column(
        ForeignKey("questions.id", ondelete="CASCADE"), primary_key=True
    )
    picked_by: Mapped[str] = mapped_column(SlackId)
    picked_at: Mapped[datetime]
    __table_args__ = (Index("ix_faq_picks_question", "question_id"),)
