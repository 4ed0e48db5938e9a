"""The tables. Facts are times in the past tense; nothing repeats what they say."""

from datetime import datetime
from typing import Any, ClassVar

from sqlalchemy import (
    JSON,
    BigInteger,
    Double,
    ForeignKey,
    ForeignKeyConstraint,
    Index,
    Integer,
    String,
    UniqueConstraint,
)
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column

from storage.types import CleanText, UtcDateTime

Id = BigInteger().with_variant(Integer, "sqlite")  # SQLite numbers only INTEGER keys itself
SlackId = String(32)
Ts = String(32)  # Slack's ts: a string and an identifier, never a number


class Base(DeclarativeBase):
    type_annotation_map: ClassVar[dict[Any, Any]] = {
        datetime: UtcDateTime,
        str: CleanText,
        dict[str, Any]: JSON,
        list[str]: JSON,
    }


class Workspace(Base):
    __tablename__ = "workspaces"
    team_id: Mapped[str] = mapped_column(SlackId, primary_key=True)
    name: Mapped[str]
    url: Mapped[str]  # https://acme.slack.com/, where permalinks start
    bot_user_id: Mapped[str] = mapped_column(SlackId)
    joined_at: Mapped[datetime]


class Channel(Base):
    __tablename__ = "channels"
    team_id: Mapped[str] = mapped_column(SlackId, primary_key=True)
    channel_id: Mapped[str] = mapped_column(SlackId, primary_key=True)
    name: Mapped[str]
    is_private: Mapped[bool]
    is_shared: Mapped[bool]  # with another company, by Slack Connect
    is_help: Mapped[bool] = mapped_column(default=False)
    topic_id: Mapped[int | None] = mapped_column(ForeignKey("topics.id", ondelete="SET NULL"))
    members_read_at: Mapped[datetime | None]
    left_at: Mapped[datetime | None]  # since then nobody tells us who may read it


class ChannelMember(Base):
    __tablename__ = "channel_members"
    team_id: Mapped[str] = mapped_column(SlackId, primary_key=True)
    channel_id: Mapped[str] = mapped_column(SlackId, primary_key=True)
    user_id: Mapped[str] = mapped_column(SlackId, primary_key=True)
    __table_args__ = (
        ForeignKeyConstraint(
            ["team_id", "channel_id"],
            ["channels.team_id", "channels.channel_id"],
            ondelete="CASCADE",
        ),
        Index("ix_channel_members_user", "team_id", "user_id"),
    )


class Person(Base):
    __tablename__ = "people"
    team_id: Mapped[str] = mapped_column(SlackId, primary_key=True)
    user_id: Mapped[str] = mapped_column(SlackId, primary_key=True)
    name: Mapped[str]
    timezone: Mapped[str | None]
    is_admin: Mapped[bool]
    is_bot: Mapped[bool]
    is_guest: Mapped[bool]
    is_external: Mapped[bool]
    is_deactivated: Mapped[bool]
    read_at: Mapped[datetime]


class GroupMember(Base):
    """Who is in a Slack user group that is an expert."""

    __tablename__ = "group_members"
    team_id: Mapped[str] = mapped_column(SlackId, primary_key=True)
    usergroup_id: Mapped[str] = mapped_column(SlackId, primary_key=True)
    user_id: Mapped[str] = mapped_column(SlackId, primary_key=True)


class Topic(Base):
    __tablename__ = "topics"
    id: Mapped[int] = mapped_column(Id, primary_key=True)
    team_id: Mapped[str] = mapped_column(SlackId)
    name: Mapped[str]
    key: Mapped[str] = mapped_column(String(80))  # the name, case folded
    keywords: Mapped[list[str]]
    sponsor_id: Mapped[str | None] = mapped_column(SlackId)
    created_by: Mapped[str] = mapped_column(SlackId)
    created_at: Mapped[datetime]
    __table_args__ = (UniqueConstraint("team_id", "key"),)


class Expert(Base):
    """A person (U…) or a user group (S…) that helps on a topic."""

    __tablename__ = "experts"
    topic_id: Mapped[int] = mapped_column(
        ForeignKey("topics.id", ondelete="CASCADE"), primary_key=True
    )
    member_id: Mapped[str] = mapped_column(SlackId, primary_key=True)
    added_by: Mapped[str] = mapped_column(SlackId)
    added_at: Mapped[datetime]
    __table_args__ = (Index("ix_experts_member", "member_id"),)


class Question(Base):
    __tablename__ = "questions"
    id: Mapped[int] = mapped_column(Id, primary_key=True)
    team_id: Mapped[str] = mapped_column(SlackId)
    channel_id: Mapped[str] = mapped_column(SlackId)
    message_ts: Mapped[str | None] = mapped_column(Ts)  # None until the bot has posted an /ask
    thread_ts: Mapped[str | None] = mapped_column(Ts)
    asker_id: Mapped[str] = mapped_column(SlackId)
    text: Mapped[str]  # all its parts, joined
    topic_id: Mapped[int | None] = mapped_column(ForeignKey("topics.id", ondelete="SET NULL"))
    is_asked_by_command: Mapped[bool] = mapped_column(default=False)
    asked_at: Mapped[datetime]
    interrupted_ts: Mapped[str | None] = mapped_column(Ts)  # the first word of somebody else
    claimed_by: Mapped[str | None] = mapped_column(SlackId)
    claimed_at: Mapped[datetime | None]
    solved_at: Mapped[datetime | None]
    withdrawn_at: Mapped[datetime | None]
    reused_id: Mapped[int | None] = mapped_column(  # the earlier question that answered it
        ForeignKey("questions.id", ondelete="SET NULL")
    )
    reused_at: Mapped[datetime | None]
    review_at: Mapped[datetime | None]  # when to ask whether the solution is still true
    doubted_at: Mapped[datetime | None]  # somebody says that it no longer works
    doubted_by: Mapped[str | None] = mapped_column(SlackId)
    outdated_at: Mapped[datetime | None]  # who knows says so too
    confirmed_at: Mapped[datetime | None]
    card_ts: Mapped[str | None] = mapped_column(Ts)
    marker: Mapped[str | None] = mapped_column(String(40))  # the bot's reaction on the message
    __table_args__ = (
        UniqueConstraint("team_id", "channel_id", "thread_ts"),
        Index("ix_questions_asked", "team_id", "channel_id", "asked_at"),
        Index("ix_questions_asker", "team_id", "asker_id"),
        Index("ix_questions_solved", "team_id", "solved_at"),
        Index("ix_questions_review", "review_at"),
    )


class QuestionPart(Base):
    """A message that belongs to a question: the first one or a follow-up."""

    __tablename__ = "question_parts"
    team_id: Mapped[str] = mapped_column(SlackId, primary_key=True)
    channel_id: Mapped[str] = mapped_column(SlackId, primary_key=True)
    message_ts: Mapped[str] = mapped_column(Ts, primary_key=True)
    question_id: Mapped[int] = mapped_column(ForeignKey("questions.id", ondelete="CASCADE"))
    text: Mapped[str]
    said_at: Mapped[datetime]  # when this wording was written: a late older one changes nothing
    __table_args__ = (Index("ix_question_parts_question", "question_id"),)


class Answer(Base):
    """A reply in a question's thread; the asker's own replies are kept beside the others'."""

    __tablename__ = "answers"
    id: Mapped[int] = mapped_column(Id, primary_key=True)
    team_id: Mapped[str] = mapped_column(SlackId)
    channel_id: Mapped[str] = mapped_column(SlackId)
    message_ts: Mapped[str] = mapped_column(Ts)
    question_id: Mapped[int] = mapped_column(ForeignKey("questions.id", ondelete="CASCADE"))
    author_id: Mapped[str] = mapped_column(SlackId)
    text: Mapped[str]
    answered_at: Mapped[datetime]
    said_at: Mapped[datetime]
    erased_at: Mapped[datetime | None]
    __table_args__ = (
        UniqueConstraint("team_id", "channel_id", "message_ts"),
        Index("ix_answers_question", "question_id"),
    )


class Mark(Base):
    """Somebody's ✅ on a message. The latest word of that person counts, in Slack's time."""

    __tablename__ = "marks"
    team_id: Mapped[str] = mapped_column(SlackId, primary_key=True)
    channel_id: Mapped[str] = mapped_column(SlackId, primary_key=True)
    message_ts: Mapped[str] = mapped_column(Ts, primary_key=True)
    user_id: Mapped[str] = mapped_column(SlackId, primary_key=True)
    is_on: Mapped[bool]
    changed_at: Mapped[datetime]


class Solution(Base):
    __tablename__ = "solutions"
    answer_id: Mapped[int] = mapped_column(
        ForeignKey("answers.id", ondelete="CASCADE"), primary_key=True
    )
    question_id: Mapped[int] = mapped_column(ForeignKey("questions.id", ondelete="CASCADE"))
    accepted_by: Mapped[str] = mapped_column(SlackId)
    accepted_at: Mapped[datetime]
    __table_args__ = (Index("ix_solutions_question", "question_id"),)


class Offer(Base):
    """An expert who was asked to take a question."""

    __tablename__ = "offers"
    question_id: Mapped[int] = mapped_column(
        ForeignKey("questions.id", ondelete="CASCADE"), primary_key=True
    )
    user_id: Mapped[str] = mapped_column(SlackId, primary_key=True)
    offered_at: Mapped[datetime]
    passed_at: Mapped[datetime | None]


class Suggestion(Base):
    """A solved question that was shown to the asker of another, and what they said of it."""

    __tablename__ = "suggestions"
    question_id: Mapped[int] = mapped_column(
        ForeignKey("questions.id", ondelete="CASCADE"), primary_key=True
    )
    solved_id: Mapped[int] = mapped_column(
        ForeignKey("questions.id", ondelete="CASCADE"), primary_key=True
    )
    team_id: Mapped[str] = mapped_column(SlackId)
    likeness: Mapped[float] = mapped_column(Double)  # 0 to 1
    suggested_at: Mapped[datetime]
    is_right: Mapped[bool | None]
    judged_at: Mapped[datetime | None]
    __table_args__ = (
        Index("ix_suggestions_judged", "team_id", "judged_at"),
        Index("ix_suggestions_solved", "solved_id"),
    )


class Review(Base):
    """That somebody is asked whether a question's solution is still true."""

    __tablename__ = "reviews"
    question_id: Mapped[int] = mapped_column(
        ForeignKey("questions.id", ondelete="CASCADE"), primary_key=True
    )
    reviewer_id: Mapped[str] = mapped_column(SlackId, primary_key=True)
    team_id: Mapped[str] = mapped_column(SlackId)
    asked_at: Mapped[datetime]
    __table_args__ = (Index("ix_reviews_reviewer", "team_id", "reviewer_id"),)


class ReviewNote(Base):
    """The one message that lists a person's reviews; the next one comes some days later."""

    __tablename__ = "review_notes"
    team_id: Mapped[str] = mapped_column(SlackId, primary_key=True)
    reviewer_id: Mapped[str] = mapped_column(SlackId, primary_key=True)
    channel_id: Mapped[str] = mapped_column(SlackId)
    message_ts: Mapped[str] = mapped_column(Ts)
    posted_at: Mapped[datetime]


class Kudos(Base):
    """The ledger of help. Rows are only ever added; a reversal names the row it takes back."""

    __tablename__ = "kudos"
    id: Mapped[int] = mapped_column(Id, primary_key=True)
    team_id: Mapped[str] = mapped_column(SlackId)
    kind: Mapped[str] = mapped_column(String(20))  # solved, helped, reused, thanked, reversal
    giver_id: Mapped[str] = mapped_column(SlackId)
    receiver_id: Mapped[str] = mapped_column(SlackId)
    question_id: Mapped[int | None] = mapped_column(ForeignKey("questions.id"))
    answer_id: Mapped[int | None] = mapped_column(ForeignKey("answers.id"))
    channel_id: Mapped[str | None] = mapped_column(SlackId)
    reason: Mapped[str | None]
    given_at: Mapped[datetime]
    reverses_id: Mapped[int | None] = mapped_column(ForeignKey("kudos.id"), unique=True)
    __table_args__ = (
        Index("ix_kudos_receiver", "team_id", "receiver_id", "given_at"),
        Index("ix_kudos_channel", "team_id", "channel_id", "given_at"),
        Index("ix_kudos_question", "question_id"),
    )


class DigestSchedule(Base):
    """When a workspace's weekly digests are posted, in its local time."""

    __tablename__ = "digest_schedules"
    team_id: Mapped[str] = mapped_column(SlackId, primary_key=True)
    weekday: Mapped[int]  # Monday is 0
    hour: Mapped[int]
    minute: Mapped[int]
    timezone: Mapped[str]
    next_run_at: Mapped[datetime]


class DigestRun(Base):
    """One week's digest of one channel; the key makes it happen once, whoever ticks."""

    __tablename__ = "digest_runs"
    team_id: Mapped[str] = mapped_column(SlackId, primary_key=True)
    channel_id: Mapped[str] = mapped_column(SlackId, primary_key=True)
    slot: Mapped[str] = mapped_column(String(10), primary_key=True)  # local ISO week: 2026-W48
    since: Mapped[datetime]
    until: Mapped[datetime]
    skipped_at: Mapped[datetime | None]  # too late to be worth posting
    quiet_at: Mapped[datetime | None]  # nothing happened, so nothing was said
    posted_at: Mapped[datetime | None]
    message_ts: Mapped[str | None] = mapped_column(Ts)


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
    claimed_until: Mapped[datetime | None]
    is_uncertain: Mapped[bool] = mapped_column(default=False)  # it may have reached Slack
    gave_up_at: Mapped[datetime | None]
    error: Mapped[str | None]
    __table_args__ = (
        UniqueConstraint("team_id", "kind", "subject"),
        Index("ix_outbox_due", "gave_up_at", "due_at"),
    )


class FailedEvent(Base):
    """An event whose listener failed, kept for `app.py replay`."""

    __tablename__ = "failed_events"
    id: Mapped[int] = mapped_column(Id, primary_key=True)
    reference: Mapped[str] = mapped_column(String(12), unique=True)
    team_id: Mapped[str | None] = mapped_column(SlackId)
    body: Mapped[dict[str, Any]]
    error: Mapped[str]
    failed_at: Mapped[datetime]


class ErasedMessage(Base):
    """A message deleted before we heard of it: its late copy must not come back."""

    __tablename__ = "erased_messages"
    team_id: Mapped[str] = mapped_column(SlackId, primary_key=True)
    channel_id: Mapped[str] = mapped_column(SlackId, primary_key=True)
    message_ts: Mapped[str] = mapped_column(Ts, primary_key=True)
    erased_at: Mapped[datetime]
