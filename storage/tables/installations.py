"""The tables of many workspaces: where Askaround is installed, and Slack's pace in each."""

from datetime import datetime

from sqlalchemy import Double, String
from sqlalchemy.orm import Mapped, mapped_column

from storage.tables.base import Base, SlackId


class Installation(Base):
    """That Askaround was installed, and the tokens it got, sealed. For all workspaces of an
    organisation there is one, with the organisation's id (E…) in place of a workspace's."""

    __tablename__ = "installations"
    team_id: Mapped[str] = mapped_column(SlackId, primary_key=True)
    enterprise_id: Mapped[str | None] = mapped_column(SlackId)
    is_org_wide: Mapped[bool]
    app_id: Mapped[str] = mapped_column(SlackId)
    bot_id: Mapped[str] = mapped_column(SlackId)
    bot_user_id: Mapped[str] = mapped_column(SlackId)
    name: Mapped[str]
    url: Mapped[str]  # where permalinks start
    sealed_token: Mapped[str]
    sealed_refresh: Mapped[str | None]  # where tokens are rotated: what the next one is got with
    expires_at: Mapped[datetime | None]
    installed_at: Mapped[datetime]
    # Who gets the next token now, on the clock of storage/outbox: one at a time.
    turning_until: Mapped[float | None] = mapped_column(Double)
    turned_by: Mapped[str | None] = mapped_column(String(32))


class Gate(Base):
    """Slack's pace, shared by all replicas: until when a method is closed (`method:…`), when a
    channel's last turn to be posted in is over (`lane:…`), and whose turn comes when (`turn:…`).
    On the clock of storage/outbox."""

    __tablename__ = "gates"
    team_id: Mapped[str] = mapped_column(SlackId, primary_key=True)
    what: Mapped[str] = mapped_column(String(80), primary_key=True)
    until: Mapped[float] = mapped_column(Double)
