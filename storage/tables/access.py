"""The tables of who reaches in from outside Slack."""

from datetime import datetime

from sqlalchemy import Index, String
from sqlalchemy.orm import Mapped, mapped_column

from storage.tables.base import Base, Id, SlackId


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
