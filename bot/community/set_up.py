"""From invited to answered: a channel is set up in one window, and admins see what is left."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy.ext.asyncio import AsyncSession

from bot.community.channels import set_help_channel
from bot.errors import InviteMeFirst, NoHelpChannel
from bot.experts.choosing import look
from bot.experts.steps import Times, times_for
from bot.experts.topic_window import Given, SavedTopic, TopicForm, get_form, save_form
from bot.experts.webhooks import Networks
from bot.kinds import ANNOUNCEMENT, SET_UP_CARD, WELCOME, ChannelAndPerson
from bot.people import check_is_admin, is_admin
from bot.recognition.digests import WEEKLY_DIGEST, Planned, planned_of
from bot.rights import get_joined
from storage import channels, home_views, outbox, people
from storage.community import set_up
from storage.experts import topics
from storage.recognition import digests
from storage.tables import Question

ADMINS_NAMED = 3
EXPERTS_WANTED = 2


@dataclass(frozen=True)
class SetUpCard:
    """What somebody reads who invited the bot into a channel."""

    channel_id: str
    channel: str
    is_admin: bool
    admins: tuple[str, ...] = ()  # whom somebody else can ask


@dataclass(frozen=True)
class SetUp:
    """What an admin has set up, and what is left."""

    channels: int = 0
    topics: int = 0  # with somebody who helps, or was asked whether they would
    experts: int = 0  # who said yes
    digest: Planned | None = None
    topic_id: int | None = None  # that wants experts most

    @property
    def steps(self) -> tuple[bool, bool, bool, bool]:
        """Channel, topic, experts and digest: which are done."""
        is_told = self.digest is not None and self.digest.paused_at is None
        enough = self.experts >= EXPERTS_WANTED
        return self.channels > 0, self.topics > 0, enough, is_told

    @property
    def is_done(self) -> bool:
        return all(self.steps)


@dataclass(frozen=True)
class TryOut:
    """What would happen if somebody asked now, in that channel; nobody is told."""

    channel_id: str
    topic: str
    able: tuple[str, ...]  # experts who can be asked now
    later: tuple[tuple[str, datetime | None], ...]  # the others, and from when on
    times: Times
    hand_off_channel_id: str | None
    calls_helpdesk: bool


async def owe_set_up_card(
    session: AsyncSession, *, team_id: str, channel_id: str, user_id: str, now: datetime
) -> None:
    """This person has just invited the bot into the channel."""
    await outbox.owe(
        session,
        SET_UP_CARD,
        ChannelAndPerson(channel_id, user_id),
        team_id=team_id,
        lane=channel_id,
        now=now,
    )


async def get_set_up_card(
    session: AsyncSession, team_id: str, channel_id: str, user_id: str
) -> SetUpCard | None:
    """None where it is a help channel already, or the bot is out again."""
    channel = await channels.get(session, team_id, channel_id)
    if channel is None or channel.left_at is not None or channel.is_help:
        return None
    may = await is_admin(session, team_id, user_id)
    admins = (
        ()
        if may
        else await people.list_admins(session, team_id, channel_id=channel_id, limit=ADMINS_NAMED)
    )
    return SetUpCard(channel_id, channel.name, may, tuple(admins))


async def is_read(session: AsyncSession, team_id: str, channel_id: str) -> bool:
    """Whether we know who is in the channel, and so what its admins may do there."""
    return await channels.is_read(session, team_id=team_id, channel_id=channel_id)


async def get_set_up_form(
    session: AsyncSession, *, team_id: str, user_id: str, channel_id: str
) -> TopicForm:
    """The window that makes it a help channel: named like the channel, unless it has a topic."""
    await check_is_admin(session, team_id, user_id)
    channel = await get_joined(session, team_id, channel_id, user_id)
    return await get_form(
        session,
        team_id=team_id,
        user_id=user_id,
        topic_id=channel.topic_id,
        name=channel.name,
        channel_id=channel_id,
    )


async def check_is_in(
    session: AsyncSession, *, team_id: str, user_id: str, channel_id: str
) -> None:
    """An admin chose the channel to set it up."""
    await check_is_admin(session, team_id, user_id)
    if not await channels.can_read(
        session, team_id=team_id, channel_id=channel_id, user_id=user_id
    ):
        raise InviteMeFirst()


async def set_up_channel(
    session: AsyncSession,
    *,
    team_id: str,
    user_id: str,
    channel_id: str,
    given: Given,
    helpdesk_networks: Networks = (),
    now: datetime,
) -> SavedTopic:
    """Listen for questions in the channel from now on, with the topic that was given."""
    who: dict[str, Any] = {"team_id": team_id, "user_id": user_id}
    await set_help_channel(session, **who, channel_id=channel_id, is_help=True, now=now)
    channel = await get_joined(session, team_id, channel_id, user_id)
    saved = await save_form(
        session,
        **who,
        topic_id=channel.topic_id,
        given=given,
        helpdesk_networks=helpdesk_networks,
        now=now,
    )
    topic = await topics.get(session, team_id, saved.topic.topic_id)
    if topic is not None and topic.name != channel.name:
        topic.made_for = None  # somebody named it: it is a topic like any other
    return saved


async def announce(
    session: AsyncSession, *, team_id: str, user_id: str, channel_id: str, now: datetime
) -> None:
    """Tell the channel's members once what happens when they ask."""
    await check_is_admin(session, team_id, user_id)
    channel = await get_joined(session, team_id, channel_id, user_id)
    if not channel.is_help:
        raise NoHelpChannel()
    if channel.announced_at is None:
        channel.announced_at = now
        await outbox.owe(
            session, ANNOUNCEMENT, channel_id, team_id=team_id, lane=channel_id, now=now
        )


async def welcome(session: AsyncSession, *, team_id: str, user_id: str, now: datetime) -> None:
    """An admin looks at the bot's messages where nothing is set up: tell them once how to."""
    if not await is_admin(session, team_id, user_id):
        return
    if await channels.list_help_channels(session, team_id):
        return
    if await home_views.note_welcomed(session, team_id=team_id, user_id=user_id, now=now):
        await outbox.owe(session, WELCOME, user_id, team_id=team_id, lane=user_id, now=now)


async def get_set_up(session: AsyncSession, *, team_id: str, user_id: str) -> SetUp | None:
    """For admins alone."""
    if not await is_admin(session, team_id, user_id):
        return None
    row = await digests.get_schedule(session, team_id, WEEKLY_DIGEST, "")
    return SetUp(
        channels=await set_up.count_help_channels(session, team_id),
        topics=await set_up.count_topics(session, team_id),
        experts=await set_up.count_experts(session, team_id),
        digest=planned_of(row) if row else None,
        topic_id=await set_up.get_topic_without_experts(session, team_id),
    )


async def try_out(session: AsyncSession, *, team_id: str, user_id: str, now: datetime) -> TryOut:
    """For an admin: whom a question would reach now, in the first help channel that they read."""
    await check_is_admin(session, team_id, user_id)
    channel = await set_up.get_help_channel(session, team_id, user_id)
    topic = await topics.get(session, team_id, channel.topic_id or 0) if channel else None
    if channel is None or topic is None:
        raise NoHelpChannel()
    question = Question(
        team_id=team_id,
        channel_id=channel.channel_id,
        asker_id=user_id,
        topic_id=topic.id,
        text=topic.name,
        asked_at=now,
    )
    experts = [*await topics.list_expert_ids(session, team_id, topic.id)]
    able, later = await tell_apart(session, question, now=now) if experts else ((), ())
    return TryOut(
        channel_id=channel.channel_id,
        topic=topic.name,
        able=able,
        later=later,
        times=times_for(topic),
        hand_off_channel_id=topic.hand_off_channel_id,
        calls_helpdesk=topic.hand_off_url is not None,
    )


async def tell_apart(
    session: AsyncSession, question: Question, *, now: datetime
) -> tuple[tuple[str, ...], tuple[tuple[str, datetime | None], ...]]:
    """Those who can be asked now; the others, and from when on."""
    asking = await look(session, question, is_new=True, now=now)
    if asking.are_from_elsewhere:  # its only expert is who would ask
        return (), ()
    others = [each for each in asking.left if each not in asking.able]
    return tuple(asking.able), tuple((each, asking.ready[each].ready_at) for each in others)
