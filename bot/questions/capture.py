"""A question's life: captured, opened, withdrawn, opened again."""

from datetime import datetime, timedelta

from sqlalchemy.ext.asyncio import AsyncSession

from bot import index
from bot.alike import find_alike
from bot.errors import ChannelCannotBeUsed, NothingAsked, OnlyAskerOrExpertMayWithdraw
from bot.experts.cards import (
    owe_about,
    owe_card_and_marker,
    owe_linking_cards,
    owe_marker,
)
from bot.experts.hints import owe_hint
from bot.experts.lateness import is_late
from bot.experts.own_topics import get_own_topic
from bot.experts.proposals import propose_alike
from bot.experts.readiness import Roll
from bot.experts.steps import FEW, plan, start
from bot.experts.topics import choose_topic, count_hits
from bot.finding.faqs import owe_faq
from bot.finding.reuse import owe_shares
from bot.kinds import (
    NAMELESS_NOTE,
    QUESTION_CARD,
    QUESTION_MARKER,
    QUESTION_POST,
    READ_THREAD,
    SAME_ELSEWHERE,
)
from bot.people import is_known, owe_person
from bot.questions import files, unsure
from bot.questions.merging import follow, forget_merge
from bot.questions.solutions import settle
from bot.questions.suggestions import PATIENCE, suggest_first
from bot.questions.wishes import check_is_heard, note_kept, stays_out
from bot.quoting import owe_quotes_of
from bot.recognition.digests import owe_digests_about
from bot.recognition.managers import owe_notes_telling
from bot.recognition.personal import owe_digests_telling
from bot.rights import get_readable, may_be_asked_about, may_decide
from bot.text import MAX_TEXT, Message, cut, is_mask, plain
from storage import channels, outbox
from storage.experts import topics
from storage.questions import erased_messages, questions
from storage.saving import add_if_first
from storage.tables import Question, QuestionPart, Topic

SLACK_SAYS_WITHIN = timedelta(seconds=10)  # who somebody is: before that they can read nothing


async def capture(
    session: AsyncSession,
    message: Message,
    *,
    has_thread: bool = False,
    is_caught_up: bool = False,
    now: datetime,
) -> bool:
    """Make the message a question; False when its thread has one, it belongs to one already,
    or it was deleted. `has_thread`: people wrote there before, which is read. `is_caught_up`: it
    was asked while the bot was away; nobody sees or hears of it before its thread is read
    (`bot/questions/catch_up`)."""
    if await stays_out(session, message) or await questions.is_known(session, **message.place):
        return False
    new = Question(
        team_id=message.team_id,
        channel_id=message.channel_id,
        message_ts=message.message_ts,
        thread_ts=message.thread_ts or message.message_ts,
        asker_id=message.user_id,
        text=cut(message.text, MAX_TEXT),
        asked_at=message.sent_at,
        stage=FEW,
        routed_at=None if is_caught_up else now,
        caught_up_at=now if is_caught_up else None,
    )
    topic = await find_topic(session, new)
    new.topic_id = topic.id if topic else None
    question = await add_if_first(session, new)
    if question is None:
        return False
    part = QuestionPart(
        **message.place,
        question_id=question.id,
        text=question.text,
        said_at=message.worded_at,
        client_msg_id=message.client_msg_id,
    )
    if await add_if_first(session, part) is None:  # the same act as a message that we have
        await session.delete(question)
        return False
    await files.keep(session, message, question, now=now)
    if is_caught_up:
        return True
    await note_kept(session, message, now=now)
    await open_question(session, question, is_new=True, topic=topic, now=now)
    if not message.has_files:
        await owe_hint(session, question, now=now)
    if has_thread:  # people replied to it before it was a question
        await owe_about(session, READ_THREAD, question, now=now)
    return True


async def reopen(session: AsyncSession, *, team_id: str, question_id: int, now: datetime) -> bool:
    """Somebody says again that it is a question; False when it stands, or its text is gone."""
    question = await questions.get_locked(session, team_id, question_id)
    if question is None or not question.text:
        return False
    if question.withdrawn_at is None and question.closed_at is None:
        return False
    question.withdrawn_at = question.over_at = None
    question.closed_at = question.closed_why = None
    await settle(session, team_id, question_id, now=now)  # marks may have come meanwhile
    await index.refresh(session, question)
    await open_question(session, question, now=now)
    return True


async def ask_by_command(
    session: AsyncSession,
    *,
    team_id: str,
    channel_id: str,
    asker_id: str,
    text: str,
    topic_id: int | None,
    due_at: datetime = outbox.AT_ONCE,
    now: datetime,
) -> int:
    """A question from the /ask modal; returns its id. The bot owes the message itself, from
    `due_at` on."""
    if not plain(text):
        raise NothingAsked(field="question")
    channel = await channels.get(session, team_id, channel_id)
    if channel is None or channel.left_at is not None:
        raise ChannelCannotBeUsed(field="channel")
    if not await channels.can_read(
        session, team_id=team_id, channel_id=channel_id, user_id=asker_id
    ):
        raise ChannelCannotBeUsed(field="channel")
    await check_is_heard(session, team_id, asker_id, channel_id)
    if topic_id is not None and not await may_be_asked_about(
        session, team_id, topic_id, channel_id=channel_id, user_id=asker_id
    ):
        topic_id = None  # it is gone, or not for everybody there to know of
    question = Question(
        team_id=team_id,
        channel_id=channel_id,
        asker_id=asker_id,
        text=cut(text, MAX_TEXT),
        topic_id=topic_id,
        is_asked_by_command=True,
        asked_at=now,
    )
    session.add(question)
    await session.flush()
    await owe_about(session, QUESTION_POST, question, now=now, due_at=due_at)
    return question.id


async def note_posted(
    session: AsyncSession, *, team_id: str, question_id: int, message_ts: str, now: datetime
) -> None:
    """The bot has posted a question: from now on it is like any other."""
    question = await questions.get_locked(session, team_id, question_id)
    if question is None or question.message_ts is not None:
        return
    place = {"team_id": team_id, "channel_id": question.channel_id, "message_ts": message_ts}
    if await erased_messages.is_erased(session, **place):
        question.text, question.withdrawn_at = "", now
        return
    question.message_ts = question.thread_ts = message_ts
    words = question.text if question.split_ts is None else ""  # the reply has them
    session.add(QuestionPart(**place, question_id=question.id, text=words, said_at=now))
    if question.withdrawn_at is not None:  # the reply was deleted meanwhile
        await owe_about(session, QUESTION_POST, question, now=now)
        return
    if question.split_ts is not None:
        question.interrupted_ts = message_ts  # what its asker says in the channel is another
    if is_mask(question.asker_id):
        await owe_about(session, NAMELESS_NOTE, question, now=now)
    await open_question(session, question, is_new=True, now=now)


async def open_question(
    session: AsyncSession,
    question: Question,
    *,
    is_new: bool = False,
    topic: Topic | None = None,
    now: datetime,
) -> None:
    """Choose its topic and whom to ask, and owe what people see of it. Where something that
    was solved looks the same, a new question's asker sees that before anybody is asked. Who calls
    holds the question. `topic`: its own, where that is at hand."""
    if topic is None and question.topic_id is None:
        topic = await find_topic(session, question)
        question.topic_id = topic.id if topic else None
    is_met = await is_known(session, question.team_id, question.asker_id)
    if not is_met:
        await owe_person(session, team_id=question.team_id, user_id=question.asker_id, now=now)
    is_open = question.solved_at is None and question.merged_into_id is None
    # Whom we do not know can read nothing, as far as we know.
    alike = await find_alike(session, question) if is_open and is_met else []
    if is_open:
        roll = Roll(topics={topic.id: topic} if topic else {})
        await start(session, question, is_new=is_new, roll=roll, alike=alike, now=now)
        if is_new and roll.experts.get(question.topic_id or 0) == []:
            await propose_alike(session, question, alike, now=now)
    waits = is_new and is_open and await suggest_first(session, question, alike, is_met, now=now)
    if is_new and not is_open and is_late(question):
        await owe_marker(session, question, now=now)  # there is nothing to say any more
        return
    card_due_at = now + PATIENCE if waits else outbox.AT_ONCE
    if is_new:  # no message tells of it yet that would have to change
        if is_open:
            due_at = outbox.AT_ONCE if is_met else now + SLACK_SAYS_WITHIN
            await owe_about(session, SAME_ELSEWHERE, question, now=now, due_at=due_at)
        await owe_about(session, QUESTION_CARD, question, now=now, due_at=card_due_at)
        await owe_about(session, QUESTION_MARKER, question, now=now)
    else:
        await owe_card_and_marker(session, question, now=now)


async def find_topic(session: AsyncSession, question: Question) -> Topic | None:
    """What it is about, as far as its words and its channel tell, of what may be told there."""
    channel = await channels.get(session, question.team_id, question.channel_id)
    if channel is not None and channel.is_help and channel.topic_id is None:
        await get_own_topic(session, channel, now=question.asked_at)  # it became one before
    own_id = channel.topic_id if channel else None
    known = {topic.id: topic for topic in await topics.list_all(session, question.team_id)}
    text = plain(question.text)
    hit = [each for each in known.values() if count_hits(text, each)]
    if any(each.id != own_id for each in hit):
        usable = await topics.list_usable(
            session,
            team_id=question.team_id,
            topic_ids=[each.id for each in hit],
            channel_id=question.channel_id,
            asker_id=question.asker_id,
        )
        hit = [each for each in hit if each.id in usable]
    chosen = choose_topic(text, hit, channel_topic_id=own_id)
    return known.get(chosen) if chosen is not None else None


async def look_for_topic(session: AsyncSession, question: Question, *, now: datetime) -> None:
    """More was said: that may tell what it is about, where so far nothing or its channel did."""
    known = await topics.get(session, question.team_id, question.topic_id or 0)
    if known is not None and known.made_for is None:
        return
    found = await find_topic(session, question)
    if found is not None and found is not known:
        question.topic_id = found.id
        await open_question(session, question, topic=found, now=now)


async def withdraw(session: AsyncSession, question: Question, *, now: datetime) -> None:
    """It is no question any more: no card, not found. Kudos for help that was given stay. Who
    calls holds the question."""
    if question.withdrawn_at is None:
        question.withdrawn_at = now
        await forget_merge(session, question)
        await plan(session, question, now=now)
        await index.refresh(session, question)
        await owe_card_and_marker(session, question, now=now)
        await follow(session, question, now=now)
        await forget_in_digests(session, question, now=now)


async def forget_in_digests(session: AsyncSession, question: Question, *, now: datetime) -> None:
    """Words of it are gone: they leave the digests that were posted."""
    await owe_digests_about(
        session,
        team_id=question.team_id,
        channel_id=question.channel_id,
        question_id=question.id,
        asked_at=question.asked_at,
        now=now,
    )
    await owe_digests_telling(session, question, now=now)
    await owe_notes_telling(session, question, now=now)
    await owe_posts_about(session, question, now=now)


async def owe_posts_about(session: AsyncSession, question: Question, *, now: datetime) -> None:
    """The posts made from it follow it, the cards that link to it, and what quotes it."""
    await owe_quotes_of(session, question.team_id, question.id, now=now)
    await owe_shares(session, question.team_id, question.id, now=now)
    await owe_faq(session, question.team_id, question.id, now=now)
    await owe_linking_cards(session, question.team_id, question.id, now=now)


async def call_not_a_question(
    session: AsyncSession, *, team_id: str, question_id: int, user_id: str, now: datetime
) -> None:
    """Its asker, an expert or an admin says so."""
    question = await get_readable(session, team_id, question_id, user_id)
    if not await may_decide(session, question, user_id):
        raise OnlyAskerOrExpertMayWithdraw(question.asker_id)
    await withdraw(session, question, now=now)
    if question.message_ts is not None:
        place = {"channel_id": question.channel_id, "message_ts": question.message_ts}
        await unsure.learn(session, team_id=team_id, **place, is_asked=False, now=now)
