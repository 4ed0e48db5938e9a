"""The tables of what is said when: digests, the outbox, what failed, and what was missed."""

from datetime import datetime
from typing import Any

from sqlalchemy import BigInteger, Double, ForeignKey, Index, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from storage.tables.base import Base, Id, SlackId, Ts


class DigestSchedule(Base):
    """When a digest comes, in local time: a workspace's weekly ones (the subject is empty), or
    one of another kind about a person or a topic."""

    __tablename__ = "digest_schedules"
    team_id: Mapped[str] = mapped_column(SlackId, primary_key=True)
    kind: Mapped[str] = mapped_column(String(10), primary_key=True)  # see `bot/recognition/digests`
    subject: Mapped[str] = mapped_column(String(40), primary_key=True)
    cadence: Mapped[str] = mapped_column(String(10))  # weekly, monthly
    weekday: Mapped[int]  # Monday is 0
    hour: Mapped[int]
    minute: Mapped[int]
    timezone: Mapped[str]
    next_run_at: Mapped[datetime]
    last_slot: Mapped[str | None] = mapped_column(String(10))  # the last one that happened
    paused_at: Mapped[datetime | None]
    skips_next: Mapped[bool] = mapped_column(default=False)
    __table_args__ = (Index("ix_digest_schedules_due", "next_run_at"),)


class DigestRun(Base):
    """One digest about a channel, person or topic; the key makes it happen once a slot, whoever
    ticks."""

    __tablename__ = "digest_runs"
    team_id: Mapped[str] = mapped_column(SlackId, primary_key=True)
    kind: Mapped[str] = mapped_column(String(10), primary_key=True)
    subject: Mapped[str] = mapped_column(String(40), primary_key=True)
    slot: Mapped[str] = mapped_column(String(10), primary_key=True)  # local: 2026-W48 or 2026-11
    since: Mapped[datetime]
    until: Mapped[datetime]
    skipped_at: Mapped[datetime | None]  # somebody wished so, or it was too late to be worth it
    quiet_at: Mapped[datetime | None]  # nothing happened, so nothing was said
    posted_at: Mapped[datetime | None]
    channel_id: Mapped[str | None] = mapped_column(SlackId)  # where its messages are
    message_ts: Mapped[str | None] = mapped_column(Ts)
    more_ts: Mapped[list[str]] = mapped_column(default=list)  # what did not fit, in its thread
    named: Mapped[list[str]] = mapped_column(default=list)  # the people in it
    told: Mapped[list[int]] = mapped_column(default=list)  # the questions in it
    __table_args__ = (Index("ix_digest_runs_until", "team_id", "until"),)


class ManagerNote(Base):
    """What a person's help did, in their words, for the manager they chose. It is sent when they
    agreed to what they saw."""

    __tablename__ = "manager_notes"
    id: Mapped[int] = mapped_column(Id, primary_key=True)
    team_id: Mapped[str] = mapped_column(SlackId)
    user_id: Mapped[str] = mapped_column(SlackId)
    manager_id: Mapped[str] = mapped_column(SlackId)
    text: Mapped[str]
    period: Mapped[str] = mapped_column(String(10))  # see `bot/recognition/managers`
    since: Mapped[datetime]
    drafted_at: Mapped[datetime]
    shown: Mapped[dict[str, Any]]  # the questions they saw in it, each with a mark of its words
    thanks: Mapped[dict[str, Any]] = mapped_column(default=dict)  # those they chose, likewise
    elsewhere: Mapped[int]  # questions that are only counted
    agreed_at: Mapped[datetime | None]
    channel_id: Mapped[str | None] = mapped_column(SlackId)  # where its message is
    message_ts: Mapped[str | None] = mapped_column(Ts)
    __table_args__ = (
        Index("ix_manager_notes_user", "team_id", "user_id", "agreed_at"),
        Index("ix_manager_notes_manager", "team_id", "manager_id", "agreed_at"),
    )


class ThanksPost(Base):
    """Where thanks were said, so that a name can be taken out of them."""

    __tablename__ = "thanks_posts"
    kudos_id: Mapped[int] = mapped_column(ForeignKey("kudos.id"), primary_key=True)
    team_id: Mapped[str] = mapped_column(SlackId)
    channel_id: Mapped[str] = mapped_column(SlackId)
    message_ts: Mapped[str] = mapped_column(Ts)


class Outbox(Base):
    """What we owe Slack: one row a thing, however often it changed."""

    __tablename__ = "outbox"
    id: Mapped[int] = mapped_column(Id, primary_key=True)
    team_id: Mapped[str] = mapped_column(SlackId)
    kind: Mapped[str] = mapped_column(String(40))
    subject: Mapped[str] = mapped_column(String(120))
    lane: Mapped[str] = mapped_column(SlackId)  # the channel it goes to: Slack paces these
    key: Mapped[str] = mapped_column(String(32))  # goes out in the message's metadata
    payload: Mapped[dict[str, Any]]
    version: Mapped[int]  # rises with each change, so that a change while sending is not lost
    owed_at: Mapped[datetime]
    due_at: Mapped[datetime]
    attempts: Mapped[int] = mapped_column(default=0)
    held_until: Mapped[float | None] = mapped_column(Double)  # on the clock of storage/outbox
    held_by: Mapped[str | None] = mapped_column(String(32))  # the claim; nobody's while it waits
    waits_for: Mapped[str | None] = mapped_column(String(10))  # see bot/outbox
    is_uncertain: Mapped[bool] = mapped_column(default=False)  # it may have reached Slack
    gave_up_at: Mapped[datetime | None]
    error: Mapped[str | None]
    __table_args__ = (
        UniqueConstraint("team_id", "kind", "subject"),
        Index("ix_outbox_due", "gave_up_at", "due_at"),
    )


class Quote(Base):
    """A private message of ours that quotes a question or its replies."""

    __tablename__ = "quotes"
    team_id: Mapped[str] = mapped_column(SlackId, primary_key=True)
    question_id: Mapped[int] = mapped_column(
        ForeignKey("questions.id", ondelete="CASCADE"), primary_key=True
    )
    channel_id: Mapped[str] = mapped_column(SlackId, primary_key=True)  # a direct one
    message_ts: Mapped[str] = mapped_column(Ts, primary_key=True)
    user_id: Mapped[str] = mapped_column(SlackId)  # who reads it
    __table_args__ = (Index("ix_quotes_message", "team_id", "channel_id", "message_ts"),)


class FailedEvent(Base):
    """An event whose listener failed: it is run again a few times, and then when told to."""

    __tablename__ = "failed_events"
    id: Mapped[int] = mapped_column(Id, primary_key=True)
    reference: Mapped[str] = mapped_column(String(12), unique=True)
    team_id: Mapped[str | None] = mapped_column(SlackId)
    body: Mapped[dict[str, Any]]
    error: Mapped[str]
    failed_at: Mapped[datetime]
    attempts: Mapped[int] = mapped_column(default=0)  # to run it again
    retry_at: Mapped[datetime | None]  # None: it waits for an operator


class ErasedMessage(Base):
    """A message deleted before we heard of it: its late copy must not come back."""

    __tablename__ = "erased_messages"
    team_id: Mapped[str] = mapped_column(SlackId, primary_key=True)
    channel_id: Mapped[str] = mapped_column(SlackId, primary_key=True)
    message_ts: Mapped[str] = mapped_column(Ts, primary_key=True)
    erased_at: Mapped[datetime]


class TakenRequest(Base):
    """A signed request that was taken: the same one again has no effect."""

    __tablename__ = "taken_requests"
    signature: Mapped[str] = mapped_column(String(64), primary_key=True)
    taken_at: Mapped[datetime]
    __table_args__ = (Index("ix_taken_requests_taken_at", "taken_at"),)


class Backup(Base):
    """That an operator copied the whole database, for the doctor to tell how old the copy is."""

    __tablename__ = "backups"
    made_at: Mapped[datetime] = mapped_column(primary_key=True)
    size: Mapped[int] = mapped_column(BigInteger)  # bytes


class Absence(Base):
    """A time in which the bot heard nothing, of any channel or of one, and what it took in when
    it was back."""

    __tablename__ = "absences"
    id: Mapped[int] = mapped_column(Id, primary_key=True)
    team_id: Mapped[str] = mapped_column(SlackId)
    channel_id: Mapped[str | None] = mapped_column(SlackId)  # None: all that it is in
    since: Mapped[datetime]
    until: Mapped[datetime]
    caught_up_at: Mapped[datetime | None]  # all that was said is taken in
    ended_at: Mapped[datetime | None]  # and what was kept before is looked at again
    talked: Mapped[list[str]] = mapped_column(default=list)  # threads without a question
    questions: Mapped[int] = mapped_column(default=0)
    replies: Mapped[int] = mapped_column(default=0)
    marks: Mapped[int] = mapped_column(default=0)  # ✅ put on or taken off
    edits: Mapped[int] = mapped_column(default=0)
    deletions: Mapped[int] = mapped_column(default=0)
    __table_args__ = (Index("ix_absences_ended", "ended_at", "team_id"),)


class CatchUp(Base):
    """How far the history of a channel is read again. Slack gives the newest page first, and we
    take in the oldest first: `edges` are the ends of the pages that are still to be taken in."""

    __tablename__ = "catch_ups"
    team_id: Mapped[str] = mapped_column(SlackId, primary_key=True)
    channel_id: Mapped[str] = mapped_column(SlackId, primary_key=True)
    absence_id: Mapped[int] = mapped_column(ForeignKey("absences.id", ondelete="CASCADE"))
    unheard_ts: Mapped[str] = mapped_column(Ts)  # what was said from then on may be new to us
    read_ts: Mapped[str] = mapped_column(Ts)  # all up to there is taken in
    edges: Mapped[list[str]] = mapped_column(default=list)  # newest first
