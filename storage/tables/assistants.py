"""The table of what assistants do for people."""

from datetime import datetime

from sqlalchemy import ForeignKey, Index
from sqlalchemy.orm import Mapped, mapped_column

from storage.tables.base import Base, Id, SlackId, Ts


class Draft(Base):
    """A question that somebody's assistant wrote, and what they said of it."""

    __tablename__ = "drafts"
    id: Mapped[int] = mapped_column(Id, primary_key=True)
    team_id: Mapped[str] = mapped_column(SlackId)
    user_id: Mapped[str] = mapped_column(SlackId)
    assistant: Mapped[str]  # what they call it
    text: Mapped[str]  # empty once they decided: the question has it
    channel_id: Mapped[str] = mapped_column(SlackId)
    drafted_at: Mapped[datetime]
    asked_at: Mapped[datetime | None]
    refused_at: Mapped[datetime | None]
    question_id: Mapped[int | None] = mapped_column(ForeignKey("questions.id", ondelete="SET NULL"))
    posted_in: Mapped[str | None] = mapped_column(SlackId)  # where the card is that asks them
    message_ts: Mapped[str | None] = mapped_column(Ts)
    __table_args__ = (
        Index("ix_drafts_user", "team_id", "user_id", "drafted_at"),
        Index("ix_drafts_question", "question_id"),
    )
