"""The tables of what people set: what it was before, and who looks at App Home."""

from datetime import datetime
from typing import Any

from sqlalchemy import Index, String
from sqlalchemy.orm import Mapped, mapped_column

from storage.tables.base import Base, Id, SlackId


class Change(Base):
    """What somebody set, and what it was before, so that it can be taken back."""

    __tablename__ = "changes"
    id: Mapped[int] = mapped_column(Id, primary_key=True)
    team_id: Mapped[str] = mapped_column(SlackId)
    setting: Mapped[str] = mapped_column(String(20))  # see bot/community/settings.py
    subject: Mapped[str] = mapped_column(String(40))  # a topic, a channel; "" for the workspace
    before: Mapped[dict[str, Any]]
    after: Mapped[dict[str, Any]]
    changed_by: Mapped[str] = mapped_column(SlackId)
    changed_at: Mapped[datetime]
    undone_at: Mapped[datetime | None]
    __table_args__ = (Index("ix_changes_subject", "team_id", "setting", "subject"),)


class HomeView(Base):
    """Who looked at their App Home, and when: it is drawn anew for them when something in it
    changes."""

    __tablename__ = "home_views"
    team_id: Mapped[str] = mapped_column(SlackId, primary_key=True)
    user_id: Mapped[str] = mapped_column(SlackId, primary_key=True)
    opened_at: Mapped[datetime]
    welcomed_at: Mapped[datetime | None]  # an admin, by a message, where nothing was set up
