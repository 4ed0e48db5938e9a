"""The tables of what people decide about what is kept, and of who changed what."""

from datetime import datetime

from sqlalchemy import BigInteger, Index, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from storage.tables.base import Base, SlackId


class AuditEntry(Base):
    """One change or look, as it was written down when it was made. Rows are only ever added, and
    each one's hash covers the one before. People stand in it by their number."""

    __tablename__ = "audit"
    team_id: Mapped[str] = mapped_column(SlackId, primary_key=True)
    number: Mapped[int] = mapped_column(BigInteger, primary_key=True, autoincrement=False)
    what: Mapped[str] = mapped_column(String(40))  # see bot/audit.py
    by: Mapped[int | None]  # None: the operator, or the bot by itself
    person: Mapped[int | None]  # whom it is about
    channel_id: Mapped[str | None] = mapped_column(SlackId)
    subject: Mapped[str | None] = mapped_column(String(40))  # what it is about, by its number
    named: Mapped[str | None]  # and as people call it
    before: Mapped[str | None]
    after: Mapped[str | None]
    reason: Mapped[str | None]
    at: Mapped[datetime]
    hash: Mapped[str] = mapped_column(String(64))


class AuditHead(Base):
    """The last entry of a workspace: without it nobody could tell that the last ones are gone."""

    __tablename__ = "audit_heads"
    team_id: Mapped[str] = mapped_column(SlackId, primary_key=True)
    number: Mapped[int] = mapped_column(BigInteger)
    hash: Mapped[str] = mapped_column(String(64))


class AuditPerson(Base):
    """Who has a number in the audit. Gone, once they had themselves erased: the entries stay."""

    __tablename__ = "audit_people"
    team_id: Mapped[str] = mapped_column(SlackId, primary_key=True)
    number: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    user_id: Mapped[str] = mapped_column(SlackId)
    __table_args__ = (UniqueConstraint("team_id", "user_id"),)


class Erasure(Base):
    """Somebody whose things are being erased, step by step; gone when nothing of them is left."""

    __tablename__ = "erasures"
    team_id: Mapped[str] = mapped_column(SlackId, primary_key=True)
    user_id: Mapped[str] = mapped_column(SlackId, primary_key=True)
    alias: Mapped[str] = mapped_column(SlackId)  # stands for them in what stays
    keeps_words: Mapped[bool]  # what they asked and answered stays, without their name
    asked_at: Mapped[datetime]
    asked_by: Mapped[str] = mapped_column(SlackId)  # themselves, or an admin for who has left
    stage: Mapped[int] = mapped_column(default=0)  # how many of the steps are through
    questions: Mapped[int] = mapped_column(default=0)  # erased so far
    answers: Mapped[int] = mapped_column(default=0)


class StayingOut(Base):
    """Somebody of whom nothing is kept: in a channel, or anywhere (its id is empty)."""

    __tablename__ = "staying_out"
    team_id: Mapped[str] = mapped_column(SlackId, primary_key=True)
    user_id: Mapped[str] = mapped_column(SlackId, primary_key=True)
    channel_id: Mapped[str] = mapped_column(SlackId, primary_key=True)
    since: Mapped[datetime]


class Retention(Base):
    """How long a kind of thing is kept: in a channel, or in all that have no rule of their own
    (the id is empty)."""

    __tablename__ = "retention"
    team_id: Mapped[str] = mapped_column(SlackId, primary_key=True)
    channel_id: Mapped[str] = mapped_column(SlackId, primary_key=True)
    kind: Mapped[str] = mapped_column(String(10), primary_key=True)  # bot/privacy/retention.py
    months: Mapped[int]
    chosen_at: Mapped[datetime]


class Notice(Base):
    """That somebody was told what is kept of them, when that began."""

    __tablename__ = "notices"
    team_id: Mapped[str] = mapped_column(SlackId, primary_key=True)
    user_id: Mapped[str] = mapped_column(SlackId, primary_key=True)
    told_at: Mapped[datetime]


class NamelessChannel(Base):
    """A channel in which one can ask without a name."""

    __tablename__ = "nameless_channels"
    team_id: Mapped[str] = mapped_column(SlackId, primary_key=True)
    channel_id: Mapped[str] = mapped_column(SlackId, primary_key=True)
    allowed_at: Mapped[datetime]


class NamelessAsk(Base):
    """Who asked without a name, sealed with the installation's key. All else knows a mask."""

    __tablename__ = "nameless_asks"
    mask: Mapped[str] = mapped_column(SlackId, primary_key=True)
    team_id: Mapped[str] = mapped_column(SlackId)
    sealed: Mapped[str]
    tag: Mapped[str] = mapped_column(String(64))  # the same for all asks of a person; see the vault
    asked_at: Mapped[datetime]
    forget_at: Mapped[datetime]
    __table_args__ = (Index("ix_nameless_asks_tag", "team_id", "tag", "asked_at"),)


class NamelessBlock(Base):
    """Somebody, whoever they are, who cannot ask without a name any more."""

    __tablename__ = "nameless_blocks"
    team_id: Mapped[str] = mapped_column(SlackId, primary_key=True)
    tag: Mapped[str] = mapped_column(String(64), primary_key=True)
    since: Mapped[datetime]
