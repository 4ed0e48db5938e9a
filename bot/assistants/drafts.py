"""A question that somebody's assistant wrote. It is theirs to ask: they see it first, with where it
would go and whom it would reach, and nothing is posted unless they say so, or an admin said that
they need not."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy.ext.asyncio import AsyncSession

from bot.errors import (
    AssistantsMayNotAsk,
    ChannelCannotBeUsed,
    DraftIsGone,
    NothingAsked,
    TooManyDrafts,
)
from bot.experts.assistants import AT_ONCE, NEVER, get_way
from bot.experts.choosing import look
from bot.kinds import DRAFT
from bot.questions.ask import HelpChannel, list_channels_to_ask
from bot.questions.capture import ask_by_command, find_topic
from bot.rights import check_may_act
from bot.text import MAX_TEXT, cut, plain
from storage import channels, outbox
from storage.assistants import drafts
from storage.experts import topics
from storage.questions import questions
from storage.tables import Draft, Question

MOST_WAITING, MOST_A_DAY = 5, 20  # of a person
MAX_ASSISTANT = 60  # characters of what it is called
WAITING, ASKED, REFUSED = "waiting", "asked", "refused"
STAYS = timedelta(days=30)


@dataclass(frozen=True)
class DraftView:
    draft_id: int
    user_id: str
    assistant: str
    text: str  # empty once it is asked: the question has it
    channel_id: str
    channel: str  # its name
    state: str
    able: tuple[str, ...] = ()  # who helps with it and could be asked now
    topic: str | None = None
    question_id: int | None = None
    thread_ts: str = ""  # of the question, once it is posted
    posted_in: str | None = None
    message_ts: str | None = None


async def draft(
    session: AsyncSession,
    *,
    team_id: str,
    user_id: str,
    assistant: str,
    text: str,
    channel: str = "",
    now: datetime,
) -> DraftView:
    """Keep what their assistant wrote, and owe them the card that asks what they think of it. The
    same again, while it waits, is the same draft. `channel`: its name or id, if it named one."""
    await check_may_act(session, team_id, user_id)
    way, _ = await get_way(session, team_id)
    if way == NEVER:
        raise AssistantsMayNotAsk()
    text = cut(text.strip(), MAX_TEXT)
    if not plain(text).strip():
        raise NothingAsked()
    waiting = await drafts.list_waiting(session, team_id, user_id)
    place = await choose_channel(session, team_id, user_id, text, channel)
    for each in waiting:
        if (each.text, each.channel_id) == (text, place.channel_id):
            return await view_of(session, each)
    day = now - timedelta(days=1)
    is_much = await drafts.count_since(session, team_id, user_id, day) >= MOST_A_DAY
    if is_much or len(waiting) >= MOST_WAITING:
        raise TooManyDrafts()
    new = await drafts.add(
        session,
        Draft(
            team_id=team_id,
            user_id=user_id,
            assistant=assistant[:MAX_ASSISTANT],
            text=text,
            channel_id=place.channel_id,
            drafted_at=now,
        ),
    )
    await owe_card(session, new, now=now)
    if way == AT_ONCE:
        await ask(session, team_id=team_id, user_id=user_id, draft_id=new.id, now=now)
    return await view_of(session, new)


async def choose_channel(
    session: AsyncSession, team_id: str, user_id: str, text: str, named: str
) -> HelpChannel:
    """The one that was named, if this person can ask there; else the best."""
    name = named.strip().removeprefix("#").casefold()
    named_id = await channels.find_named(session, team_id, name, reader_id=user_id) if name else ""
    place = named_id or named.strip()
    offered = await list_channels_to_ask(
        session, team_id=team_id, user_id=user_id, channel_id=place, text=text
    )
    chosen = [each for each in offered if each.channel_id == place] if name else offered
    if not chosen:
        raise ChannelCannotBeUsed(field="channel")
    return chosen[0]


async def get_draft(
    session: AsyncSession, *, team_id: str, user_id: str, draft_id: int
) -> DraftView:
    """How it stands with a draft of this person's."""
    found = await drafts.get(session, team_id, draft_id)
    if found is None or found.user_id != user_id:
        raise DraftIsGone()
    return await view_of(session, found)


async def ask(
    session: AsyncSession,
    *,
    team_id: str,
    user_id: str,
    draft_id: int,
    text: str | None = None,
    channel_id: str | None = None,
    now: datetime,
) -> None:
    """Its person wants it asked, as it is or in their own words. It is their question then, and
    says that an assistant wrote it."""
    found = await get_waiting(session, team_id, user_id, draft_id)
    question_id = await ask_by_command(
        session,
        team_id=team_id,
        channel_id=channel_id or found.channel_id,
        asker_id=user_id,
        text=found.text if text is None else text,
        topic_id=None,
        now=now,
    )
    await drafts.note_assistant(session, team_id, question_id, found.assistant)
    found.asked_at, found.question_id, found.text = now, question_id, ""
    found.channel_id = channel_id or found.channel_id
    await owe_card(session, found, now=now)


async def refuse(
    session: AsyncSession, *, team_id: str, user_id: str, draft_id: int, now: datetime
) -> None:
    """Its person does not want it asked."""
    found = await get_waiting(session, team_id, user_id, draft_id)
    found.refused_at, found.text = now, ""
    await owe_card(session, found, now=now)


async def get_waiting(session: AsyncSession, team_id: str, user_id: str, draft_id: int) -> Draft:
    found = await drafts.get_locked(session, team_id, draft_id)
    is_over = found is None or found.asked_at is not None or found.refused_at is not None
    if found is None or is_over or found.user_id != user_id:
        raise DraftIsGone()
    return found


async def owe_card(session: AsyncSession, found: Draft, *, now: datetime) -> None:
    await outbox.owe(session, DRAFT, found.id, team_id=found.team_id, lane=found.user_id, now=now)


async def get_card(
    session: AsyncSession, *, team_id: str, draft_id: int, now: datetime
) -> DraftView | None:
    """What its person is shown: where it would go, and whom it would reach."""
    found = await drafts.get(session, team_id, draft_id)
    if found is None:
        return None
    return await view_of(session, found, looks=True, now=now)


async def view_of(
    session: AsyncSession, found: Draft, *, looks: bool = False, now: datetime | None = None
) -> DraftView:
    channel = await channels.get(session, found.team_id, found.channel_id)
    topic: str | None = None
    able: tuple[str, ...] = ()
    if looks and now is not None and state_of(found) == WAITING:
        topic, able = await tell_whom(session, found, now=now)
    question = await questions.get(session, found.team_id, found.question_id or 0)
    return DraftView(
        draft_id=found.id,
        user_id=found.user_id,
        assistant=found.assistant,
        text=found.text,
        channel_id=found.channel_id,
        channel=channel.name if channel else "",
        state=state_of(found),
        able=able,
        topic=topic,
        question_id=found.question_id,
        thread_ts=(question.thread_ts or "") if question else "",
        posted_in=found.posted_in,
        message_ts=found.message_ts,
    )


def state_of(found: Draft) -> str:
    if found.asked_at is not None:
        return ASKED
    return REFUSED if found.refused_at is not None else WAITING


async def tell_whom(
    session: AsyncSession, found: Draft, *, now: datetime
) -> tuple[str | None, tuple[str, ...]]:
    """What it would be about, and who could be asked now, without asking anybody."""
    question = Question(
        team_id=found.team_id,
        channel_id=found.channel_id,
        asker_id=found.user_id,
        text=found.text,
        assistant=found.assistant,
        asked_at=now,
    )
    topic = await find_topic(session, question)
    if topic is None or not await topics.list_expert_ids(session, found.team_id, topic.id):
        return None, ()
    question.topic_id = topic.id
    asking = await look(session, question, is_new=True, now=now)
    able = () if asking.are_from_elsewhere else tuple(asking.able)
    return (topic.name if topic.made_for is None else None), able


async def note_shown(
    session: AsyncSession, *, team_id: str, draft_id: int, posted_in: str, message_ts: str
) -> None:
    await drafts.note_shown(session, team_id, draft_id, posted_in=posted_in, message_ts=message_ts)


async def forget_old_drafts(session: AsyncSession, *, now: datetime) -> None:
    await drafts.forget_before(session, now - STAYS)
