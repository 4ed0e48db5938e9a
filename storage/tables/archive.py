"""The tables of what was taken in from before the bot was there."""

from datetime import datetime
from typing import Any

from sqlalchemy import JSON, ForeignKey, Index, String
from sqlalchemy.orm import Mapped, mapped_column

from storage.tables.base import Base, Id, SlackId, Ts


class Import(Base):
    """An archive that is taken in, and how far. Gone once it was undone."""

    __tablename__ = "imports"
    id: Mapped[int] = mapped_column(Id, primary_key=True)
    team_id: Mapped[str] = mapped_column(SlackId)
    source: Mapped[str] = mapped_column(String(20))  # see bot/archive/archives.py
    name: Mapped[str] = mapped_column(String(200))  # of the file or folder
    checksum: Mapped[str] = mapped_column(String(64))  # the same archive goes on where it stopped
    started_by: Mapped[str | None] = mapped_column(SlackId)  # None: from the terminal
    started_at: Mapped[datetime]
    ended_at: Mapped[datetime | None]
    stopped_at: Mapped[datetime | None]  # by an admin, until they say go on
    undone_at: Mapped[datetime | None]  # since then it is being taken out again
    places_done: Mapped[int] = mapped_column(default=0)  # channels that are taken in whole
    threads_done: Mapped[int] = mapped_column(default=0)  # of the next channel
    figures: Mapped[dict[str, Any]] = mapped_column(JSON, default=dict)  # counts alone
    __table_args__ = (Index("ix_imports_archive", "team_id", "checksum"),)


class Archived(Base):
    """Where a question of an archive comes from, and how sure it is what solved it."""

    __tablename__ = "archived"
    question_id: Mapped[int] = mapped_column(
        Id, ForeignKey("questions.id", ondelete="CASCADE"), primary_key=True, autoincrement=False
    )
    import_id: Mapped[int] = mapped_column(ForeignKey("imports.id", ondelete="CASCADE"))
    team_id: Mapped[str] = mapped_column(SlackId)
    how_sure: Mapped[str] = mapped_column(String(10))  # see bot/archive/judging.py
    why: Mapped[str] = mapped_column(String(10))
    link: Mapped[str | None]  # where it is read, if that is not Slack
    confirmed_at: Mapped[datetime | None]  # somebody who knows says that this was the answer
    confirmed_by: Mapped[str | None] = mapped_column(SlackId)
    ask_at: Mapped[datetime | None]  # when somebody is asked about it next; None: nobody is
    __table_args__ = (
        Index("ix_archived_ask", "ask_at"),
        Index("ix_archived_import", "import_id"),
        Index("ix_archived_sure", "team_id", "how_sure", "confirmed_at"),
    )


class Checker(Base):
    """Who is asked whether replies of an archive were the answer, and how much that was lately."""

    __tablename__ = "checkers"
    team_id: Mapped[str] = mapped_column(SlackId, primary_key=True)
    user_id: Mapped[str] = mapped_column(SlackId, primary_key=True)
    asked_at: Mapped[datetime | None]  # when the last week of asking began
    asked: Mapped[int] = mapped_column(default=0)  # about how many since then
    off_at: Mapped[datetime | None]  # they do not want to be


class HistoryReading(Base):
    """How far a channel's history is read, from the newest message to the oldest."""

    __tablename__ = "history_readings"
    import_id: Mapped[int] = mapped_column(
        ForeignKey("imports.id", ondelete="CASCADE"), primary_key=True
    )
    team_id: Mapped[str] = mapped_column(SlackId)
    channel_id: Mapped[str] = mapped_column(SlackId, primary_key=True)
    oldest_ts: Mapped[str] = mapped_column(Ts)
    before_ts: Mapped[str] = mapped_column(Ts)  # all from there on is read
    threads: Mapped[list[str]] = mapped_column(JSON, default=list)  # of that, still to be read
    is_last_page: Mapped[bool] = mapped_column(default=False)


class ImportedPerson(Base):
    """Whom we know by an import alone."""

    __tablename__ = "imported_people"
    import_id: Mapped[int] = mapped_column(
        ForeignKey("imports.id", ondelete="CASCADE"), primary_key=True
    )
    team_id: Mapped[str] = mapped_column(SlackId, primary_key=True)
    user_id: Mapped[str] = mapped_column(SlackId, primary_key=True)


class ImportedChannel(Base):
    """Which channels we know by an import alone."""

    __tablename__ = "imported_channels"
    import_id: Mapped[int] = mapped_column(
        ForeignKey("imports.id", ondelete="CASCADE"), primary_key=True
    )
    team_id: Mapped[str] = mapped_column(SlackId, primary_key=True)
    channel_id: Mapped[str] = mapped_column(SlackId, primary_key=True)
