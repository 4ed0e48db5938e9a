"""The tables of who is here: workspaces, channels, people, topics and their experts."""

from datetime import datetime

from sqlalchemy import (
    JSON,
    Double,
    ForeignKey,
    ForeignKeyConstraint,
    Index,
    String,
    UniqueConstraint,
)
from sqlalchemy.orm import Mapped, mapped_column

from storage.tables.base import Base, Id, SlackId, Ts


class Workspace(Base):
    __tablename__ = "workspaces"
    team_id: Mapped[str] = mapped_column(SlackId, primary_key=True)
    name: Mapped[str]
    url: Mapped[str]  # https://acme.slack.com/, where permalinks start
    bot_user_id: Mapped[str] = mapped_column(SlackId)
    joined_at: Mapped[datetime]
    leaderboard_at: Mapped[datetime | None]  # since then people see who helped most
    health_owed_until: Mapped[datetime | None]  # the midnight up to which it is counted
    catch_up_days: Mapped[int] = mapped_column(default=14)  # so far back after an absence
    heard_until: Mapped[datetime | None]  # up to then nothing was missed, or it is being read
    people_read_at: Mapped[datetime | None]  # when all whom we know were last read anew
    marks: Mapped[list[str]] = mapped_column(default=list)  # emoji that mark a solution beside ✅
    silence_is_yes_at: Mapped[datetime | None]  # since then who says no to no invitation is in
    enterprise_id: Mapped[str | None] = mapped_column(SlackId)  # its organisation, if any
    gone_at: Mapped[datetime | None]  # Askaround was uninstalled; see bot/installations.py
    # What programs of people's may do: see bot/experts/assistants.py and bot/assistants/drafts.py.
    assistants_share: Mapped[int] = mapped_column(default=20)  # of what somebody is asked, in %
    assistants_ask: Mapped[str] = mapped_column(String(10), default="approved")


class Channel(Base):
    __tablename__ = "channels"
    team_id: Mapped[str] = mapped_column(SlackId, primary_key=True)
    channel_id: Mapped[str] = mapped_column(SlackId, primary_key=True)
    name: Mapped[str]
    is_private: Mapped[bool]
    is_shared: Mapped[bool]  # with another company, by Slack Connect
    is_help: Mapped[bool] = mapped_column(default=False)
    mode: Mapped[str] = mapped_column(String(10), default="asking")  # bot/questions/unsure.py
    boldness: Mapped[int] = mapped_column(default=0)  # learned there: what is captured unasked
    listens_since: Mapped[datetime | None]  # what was said before it was a help channel is talk
    topic_id: Mapped[int | None] = mapped_column(ForeignKey("topics.id", ondelete="SET NULL"))
    members_read_at: Mapped[datetime | None]
    left_at: Mapped[datetime | None]  # since then nobody tells us who may read it
    closed_at: Mapped[datetime | None]  # when it was made private; see learn_members
    looked_at: Mapped[datetime | None]  # when Slack last told what it is
    deleted_at: Mapped[datetime | None]  # nobody reads it; its words are being erased
    announced_at: Mapped[datetime | None]  # its members were told what happens when they ask
    # The questions whose cards explain themselves; 0 where that is known.
    first_question_id: Mapped[int | None] = mapped_column(Id)
    first_solved_id: Mapped[int | None] = mapped_column(Id)
    __table_args__ = (Index("ix_channels_topic", "team_id", "topic_id"),)


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


class AskingForm(Base):
    """A workflow whose posts in a channel are questions, by its name."""

    __tablename__ = "asking_forms"
    team_id: Mapped[str] = mapped_column(SlackId, primary_key=True)
    channel_id: Mapped[str] = mapped_column(SlackId, primary_key=True)
    key: Mapped[str] = mapped_column(String(80), primary_key=True)
    name: Mapped[str]
    __table_args__ = (
        ForeignKeyConstraint(
            ["team_id", "channel_id"],
            ["channels.team_id", "channels.channel_id"],
            ondelete="CASCADE",
        ),
    )


class ChannelMove(Base):
    """When somebody last came into a channel or left it, in Slack's time; kept until everybody
    in it is read anew."""

    __tablename__ = "channel_moves"
    team_id: Mapped[str] = mapped_column(SlackId, primary_key=True)
    channel_id: Mapped[str] = mapped_column(SlackId, primary_key=True)
    user_id: Mapped[str] = mapped_column(SlackId, primary_key=True)
    moved_at: Mapped[datetime]
    __table_args__ = (
        ForeignKeyConstraint(
            ["team_id", "channel_id"],
            ["channels.team_id", "channels.channel_id"],
            ondelete="CASCADE",
        ),
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
    out_until: Mapped[datetime | None]  # their status says that they are away


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
    next_after: Mapped[int | None]  # minutes of work until the next few are asked
    everybody_after: Mapped[int | None]
    hand_off_after: Mapped[int | None]
    pause_after: Mapped[int | None]  # how long a reply pauses the asking
    hand_off_channel_id: Mapped[str | None] = mapped_column(SlackId)
    made_for: Mapped[str | None] = mapped_column(SlackId)  # the channel whose own it is, by itself
    hint: Mapped[str | None]  # what its experts will ask
    hand_off_url: Mapped[str | None]  # an outside helpdesk, and what our calls are signed with
    hand_off_secret: Mapped[str | None]
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


class Proposal(Base):
    """That somebody was asked to be a topic's expert, once: who keeps solving its questions, solved
    some like one of them, or was named by a colleague."""

    __tablename__ = "proposals"
    topic_id: Mapped[int] = mapped_column(
        ForeignKey("topics.id", ondelete="CASCADE"), primary_key=True
    )
    user_id: Mapped[str] = mapped_column(SlackId, primary_key=True)
    team_id: Mapped[str] = mapped_column(SlackId)
    proposed_at: Mapped[datetime]
    accepted_at: Mapped[datetime | None]
    accepted_by: Mapped[str | None] = mapped_column(SlackId)  # themselves, or an admin
    declined_at: Mapped[datetime | None]  # by themselves, for good
    put_off_at: Mapped[datetime | None]  # by an admin, until more was solved
    message_ts: Mapped[str | None] = mapped_column(Ts)  # of the message to them
    question_id: Mapped[int | None] = mapped_column(  # what it was about
        ForeignKey("questions.id", ondelete="SET NULL", name="fk_proposals_question")
    )
    alike: Mapped[int] = mapped_column(default=0)  # questions like that one that they solved
    named_by: Mapped[str | None] = mapped_column(SlackId)
    __table_args__ = (Index("ix_proposals_team", "team_id"),)


class Invitation(Base):
    """That an admin named somebody as a topic's expert, and what they said; or that they have that
    role by a user group, which they are told once."""

    __tablename__ = "invitations"
    topic_id: Mapped[int] = mapped_column(
        ForeignKey("topics.id", ondelete="CASCADE"), primary_key=True
    )
    user_id: Mapped[str] = mapped_column(SlackId, primary_key=True)
    team_id: Mapped[str] = mapped_column(SlackId)
    usergroup_id: Mapped[str | None] = mapped_column(SlackId)  # by which they are in
    invited_by: Mapped[str] = mapped_column(SlackId)
    invited_at: Mapped[datetime]
    accepted_at: Mapped[datetime | None]
    declined_at: Mapped[datetime | None]
    withdrawn_at: Mapped[datetime | None]  # by an admin; gone once its message is
    message_ts: Mapped[str | None] = mapped_column(Ts)  # of the message to them
    __table_args__ = (Index("ix_invitations_user", "team_id", "user_id"),)


class Availability(Base):
    """What an expert said of when they can be asked; without it, their time zone's usual hours
    are taken."""

    __tablename__ = "availabilities"
    team_id: Mapped[str] = mapped_column(SlackId, primary_key=True)
    user_id: Mapped[str] = mapped_column(SlackId, primary_key=True)
    away_until: Mapped[datetime | None]
    days: Mapped[str | None] = mapped_column(String(7))  # "01234": Monday is 0
    starts: Mapped[int | None]  # minutes after local midnight
    ends: Mapped[int | None]
    daily_limit: Mapped[int | None]
    wants_messages: Mapped[bool | None]  # of every offer, or of none
    country: Mapped[str | None] = mapped_column(String(10))  # whose holidays count; "" for none
    refuses_assistants: Mapped[bool] = mapped_column(default=False)  # is asked nothing they wrote


class Calendar(Base):
    """A calendar of somebody's own, outside Slack, and when it says that they are not there. None
    of its words are here."""

    __tablename__ = "calendars"
    team_id: Mapped[str] = mapped_column(SlackId, primary_key=True)
    user_id: Mapped[str] = mapped_column(SlackId, primary_key=True)
    address: Mapped[str]
    named_at: Mapped[datetime]
    busy: Mapped[list[list[int]]] = mapped_column(JSON, default=list)  # from and until, since 1970
    read_at: Mapped[datetime | None]
    tried_at: Mapped[datetime | None]
    failed_at: Mapped[datetime | None]  # since then it cannot be read
    failed_why: Mapped[str | None] = mapped_column(String(20))  # see bot/experts/calendars.py
    __table_args__ = (Index("ix_calendars_tried", "tried_at"),)


class Presence(Base):
    """Whether a person can be reached, as Slack last told: when it holds back their
    notifications next, and whether they were at their screen."""

    __tablename__ = "presences"
    team_id: Mapped[str] = mapped_column(SlackId, primary_key=True)
    user_id: Mapped[str] = mapped_column(SlackId, primary_key=True)
    quiet_from: Mapped[datetime | None]
    quiet_until: Mapped[datetime | None]
    quiet_read_at: Mapped[datetime | None]
    is_active: Mapped[bool | None]
    active_read_at: Mapped[datetime | None]


class Pause(Base):
    """An expert who is not asked about a topic for now."""

    __tablename__ = "pauses"
    topic_id: Mapped[int] = mapped_column(
        ForeignKey("topics.id", ondelete="CASCADE"), primary_key=True
    )
    user_id: Mapped[str] = mapped_column(SlackId, primary_key=True)
    paused_at: Mapped[datetime]


class MutedNudge(Base):
    """A kind of reminder that somebody does not want."""

    __tablename__ = "muted_nudges"
    team_id: Mapped[str] = mapped_column(SlackId, primary_key=True)
    user_id: Mapped[str] = mapped_column(SlackId, primary_key=True)
    kind: Mapped[str] = mapped_column(String(10), primary_key=True)


class Choice(Base):
    """What a person chose about being told of."""

    __tablename__ = "choices"
    team_id: Mapped[str] = mapped_column(SlackId, primary_key=True)
    user_id: Mapped[str] = mapped_column(SlackId, primary_key=True)
    unnamed_at: Mapped[datetime | None]  # since then no digest names them
    undigested_at: Mapped[datetime | None]  # since then they get no digests


class Rhythm(Base):
    """How much a person helps these days, and when: sums of their answers that fade with time,
    and numbers."""

    __tablename__ = "rhythms"
    team_id: Mapped[str] = mapped_column(SlackId, primary_key=True)
    user_id: Mapped[str] = mapped_column(SlackId, primary_key=True)
    amount: Mapped[float] = mapped_column(Double)  # each answer counts half a month later
    week: Mapped[float] = mapped_column(Double, default=0.0)  # half a week later
    year: Mapped[float] = mapped_column(Double, default=0.0)  # half a year later
    last_at: Mapped[datetime]
    seen_at: Mapped[datetime | None]  # when they last wrote about a question
    answered: Mapped[int] = mapped_column(default=0)  # questions, since this is counted
    first: Mapped[int] = mapped_column(default=0)  # of them, in which nobody had answered before
    hours: Mapped[list[int]] = mapped_column(default=list)  # answers in each hour of the day (UTC)


class Weight(Base):
    """What a figure that tells who knows counts in a workspace, as it learned."""

    __tablename__ = "weights"
    team_id: Mapped[str] = mapped_column(SlackId, primary_key=True)
    figure: Mapped[str] = mapped_column(String(10), primary_key=True)
    value: Mapped[float] = mapped_column(Double)
    doubt: Mapped[float] = mapped_column(Double)  # a variance: the larger, the less is known
    questions: Mapped[int] = mapped_column(default=0)  # that it was learned from
    learned_at: Mapped[datetime | None]
