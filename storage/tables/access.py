"""The tables of who reaches in from outside Slack."""

from datetime import datetime

from sqlalchemy import ForeignKey, Index, String, UniqueConstraint
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


class Webhook(Base):
    """A system outside Slack that is told what happens to questions that every colleague can
    read; what each call is signed with."""

    __tablename__ = "webhooks"
    id: Mapped[int] = mapped_column(Id, primary_key=True)
    team_id: Mapped[str] = mapped_column(SlackId)
    webhook_url: Mapped[str]
    webhook_secret: Mapped[str]
    kinds: Mapped[list[str]]  # see bot/access/webhooks.py
    made_by: Mapped[str] = mapped_column(SlackId)
    made_at: Mapped[datetime]
    __table_args__ = (Index("ix_webhooks_team", "team_id"),)


class WebhookCall(Base):
    """One thing that a webhook is told: once, whoever notices it. Its words are looked up when it
    is called."""

    __tablename__ = "webhook_calls"
    id: Mapped[int] = mapped_column(Id, primary_key=True)
    team_id: Mapped[str] = mapped_column(SlackId)
    webhook_id: Mapped[int] = mapped_column(ForeignKey("webhooks.id", ondelete="CASCADE"))
    kind: Mapped[str] = mapped_column(String(20))
    about: Mapped[str] = mapped_column(String(120))  # what tells it from others of its kind
    question_id: Mapped[int | None] = mapped_column(ForeignKey("questions.id", ondelete="CASCADE"))
    happened_at: Mapped[datetime]
    message_id: Mapped[str] = mapped_column(String(40))  # the same each time it is tried
    tried: Mapped[int] = mapped_column(default=0)
    told_at: Mapped[datetime | None]
    failed_at: Mapped[datetime | None]  # given up, until somebody has it sent again
    failed_why: Mapped[str | None]  # the last time
    __table_args__ = (
        UniqueConstraint("webhook_id", "kind", "about"),
        Index("ix_webhook_calls_question", "question_id"),
    )
