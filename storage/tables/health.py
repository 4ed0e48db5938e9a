"""What was counted of how a community does."""

from datetime import date, datetime
from typing import Any

from sqlalchemy import String
from sqlalchemy.orm import Mapped, mapped_column

from storage.tables.base import Base, SlackId


class HealthReading(Base):
    """Counts of a whole workspace (the subject is empty) or of a topic (its id), up to a
    midnight; each day's takes the place of the one before."""

    __tablename__ = "health_readings"
    team_id: Mapped[str] = mapped_column(SlackId, primary_key=True)
    subject: Mapped[str] = mapped_column(String(20), primary_key=True)
    until: Mapped[datetime]
    figures: Mapped[dict[str, Any]]


class HealthWeek(Base):
    """One week of a workspace or of a topic, from Monday at midnight UTC: counts, of which nobody
    is named. `people`: who asked in the twelve weeks that end with it."""

    __tablename__ = "health_weeks"
    team_id: Mapped[str] = mapped_column(SlackId, primary_key=True)
    subject: Mapped[str] = mapped_column(String(20), primary_key=True)
    began_at: Mapped[datetime] = mapped_column(primary_key=True)
    asked: Mapped[int]
    answered: Mapped[int]
    askers: Mapped[int]
    newcomers: Mapped[int]
    helping: Mapped[int]
    people: Mapped[int]


class ChannelWeek(Base):
    """What was said to everybody in a help channel in one week, and asked nothing: how much, how
    much of it only greets, and how much whoever wrote most of it wrote."""

    __tablename__ = "channel_weeks"
    team_id: Mapped[str] = mapped_column(SlackId, primary_key=True)
    channel_id: Mapped[str] = mapped_column(SlackId, primary_key=True)
    began_at: Mapped[datetime] = mapped_column(primary_key=True)
    posts: Mapped[int]
    hellos: Mapped[int]
    by_one: Mapped[int]


class GapReader(Base):
    """Whom an admin named to read what people keep asking."""

    __tablename__ = "gap_readers"
    team_id: Mapped[str] = mapped_column(SlackId, primary_key=True)
    user_id: Mapped[str] = mapped_column(SlackId, primary_key=True)
    named_by: Mapped[str] = mapped_column(SlackId)
    named_at: Mapped[datetime]


class TaughtTheme(Base):
    """That a training taught what people kept asking. `theme`: its terms, in order."""

    __tablename__ = "taught_themes"
    team_id: Mapped[str] = mapped_column(SlackId, primary_key=True)
    theme: Mapped[str] = mapped_column(String(100), primary_key=True)
    taught_on: Mapped[date]
    marked_by: Mapped[str] = mapped_column(SlackId)
    marked_at: Mapped[datetime]
