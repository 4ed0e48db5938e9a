"""The tables of who reaches in from outside Slack."""

from datetime import datetime

from sqlalchemy import ForeignKey, Index, String
from sqlalchemy.orm import Mapped, mapped_column

from storage.tables.base import Base, Id, SlackId, Ts


class Token(Base):
    """What a program of somebody's shows, to act and to see as they could in Slack. The secret
    itself is nowhere: they were shown it once."""

    __tablename__ = "tokens"
    id: Mapped[int] = mapped_column(Id, primary_key=True)
    team_id: Mapped[str] = mapped_column(SlackId)
    user_id: Mapped[str] = mapped_column(SlackId)
    name: Mapped[str]
    scopes: Mapped[list[str]]  # see bot/access/tokens.py
    secret_hash: Mapped[str] = mapped_column(String(64), unique=True)
    ending: Mapped[str] = mapped_column(String(4))  # the secret's last characters, to know it by
    made_at: Mapped[datetime]
    ends_at: Mapped[datetime]
    used_at: Mapped[datetime | None]  # to the minute
    __table_args__ = (Index("ix_tokens_user", "team_id", "user_id"),)


class Draft(Base):
    """A question that somebody's assistant wrote, and what they said of it."""

    __tablename__ = "drafts"
    id: Mapped[int] = mapped_column(Id, primary_key=True)
    team_id: Mapped[str] = mapped_column(SlackId)
    user_id: Mapped[str] = mapped_column(SlackId)
    assistant: Mapped[str]  # what they call it
    text: Mapped[str]
    channel_id: Mapped[str] = mapped_column(SlackId)
    drafted_at: Mapped[datetime]
    asked_at: Mapped[datetime | None]
    refused_at: Mapped[datetime | None]
    question_id: Mapped[int | None] = mapped_column(ForeignKey("questions.id", ondelete="SET NULL"))
    dm_id: Mapped[str | None] = mapped_column(SlackId)  # where the card is that asks them
    message_ts: Mapped[str | None] = mapped_column(Ts)
    __table_args__ = (
        Index("ix_drafts_user", "team_id", "user_id", "drafted_at"),
        Index("ix_drafts_question", "question_id"),
    )
