"""The one private message that lists the questions somebody is asked to take.

A mention in a new message calls people; whether one that an edit adds does is not documented.
So who is asked after the card was posted hears of it here; who is in it from the start only
if they want a message each time."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy.ext.asyncio import AsyncSession

from bot.experts.assistants import list_spared
from bot.kinds import OFFER_NOTE
from storage import channels, outbox, people
from storage.experts import offers, topics
from storage.questions import answers, questions
from storage.tables import Availability, Offer, Question

MOST_LISTED = 8
MOST_TRIED = 3


@dataclass(frozen=True)
class OfferItem:
    question_id: int
    channel_id: str
    thread_ts: str
    text: str
    topic: str | None
    asker_id: str
    asked_at: datetime
    is_first: bool  # the asker's first question
    solved_like: int
    referred_by: str | None
    is_claimed: bool  # by this person
    is_told: bool
    asker: str = ""  # a name
    is_by_assistant: bool = False
    tried: tuple[str, ...] = ()  # what was answered and did not help its asker, the newest last


@dataclass(frozen=True)
class OfferNote:
    user_id: str
    items: tuple[OfferItem, ...]
    more: int  # questions that are not listed
    is_new: bool  # something in it was not told yet
    channel_id: str | None
    message_ts: str | None


async def offer(
    session: AsyncSession,
    question: Question,
    solved_like: Mapping[str, int],
    *,
    said: Mapping[str, Availability | None],
    referred_by: str | None = None,
    are_from_elsewhere: bool = False,
    now: datetime,
) -> list[Offer]:
    """Ask these people to take the question; each with how many like it they solved. `said`: what
    they said of when they can be asked, and how. Who is to be spared is not asked."""
    new = []
    spared = await list_spared(session, question, solved_like, is_asking=True, now=now)
    for user_id, solved in solved_like.items():
        if user_id in spared:
            continue
        told = said.get(user_id)
        wants = told.wants_messages if told else None
        new.append(
            Offer(
                question_id=question.id,
                user_id=user_id,
                team_id=question.team_id,
                offered_at=now,
                solved_like=solved,
                referred_by=referred_by,
                is_from_elsewhere=are_from_elsewhere,
                is_by_message=question.card_ts is not None if wants is None else wants,
            )
        )
    if new:
        await offers.add(session, new)
    for each in new:
        if each.is_by_message:
            await owe_note(session, question.team_id, each.user_id, now=now)
    return new


async def owe_note(session: AsyncSession, team_id: str, user_id: str, *, now: datetime) -> None:
    await outbox.owe(session, OFFER_NOTE, user_id, team_id=team_id, lane=user_id, now=now)


async def owe_notes_about(session: AsyncSession, question: Question, *, now: datetime) -> None:
    """The question changed: make the messages that list it say how it stands."""
    for user_id in await offers.list_messaged(session, question.id):
        await owe_note(session, question.team_id, user_id, now=now)


async def get_offer_note(session: AsyncSession, team_id: str, user_id: str) -> OfferNote | None:
    """What this person's message says now; None when there is nothing to say."""
    note = await offers.get_note(session, team_id, user_id)
    waiting = [
        (given, question)
        for given, question in await offers.list_by_message(session, team_id, user_id)
        if await channels.can_read(
            session, team_id=team_id, channel_id=question.channel_id, user_id=user_id
        )
    ]
    if note is None and not waiting:
        return None
    items = [await item_of(session, given, question) for given, question in waiting]
    items.sort(key=lambda item: (not item.is_first, item.asked_at))
    shown = items[:MOST_LISTED]
    return OfferNote(
        user_id=user_id,
        items=tuple(shown),
        more=len(items) - len(shown),
        is_new=any(not item.is_told for item in shown),
        channel_id=note.channel_id if note else None,
        message_ts=note.message_ts if note else None,
    )


async def item_of(session: AsyncSession, given: Offer, question: Question) -> OfferItem:
    topic = (
        await topics.get(session, question.team_id, question.topic_id)
        if question.topic_id
        else None
    )
    asker = await people.get(session, question.team_id, question.asker_id)
    return OfferItem(
        question_id=question.id,
        channel_id=question.channel_id,
        thread_ts=question.thread_ts or "",
        text=question.text,
        topic=topic.name if topic and not topic.made_for else None,
        asker_id=question.asker_id,
        asked_at=question.asked_at,
        is_first=not await questions.has_asked_before(session, question),
        solved_like=given.solved_like,
        referred_by=given.referred_by,
        is_claimed=question.claimed_by == given.user_id,
        is_told=given.told_at is not None,
        asker=asker.name if asker else "",
        is_by_assistant=question.assistant is not None,
        tried=await list_tried(session, question),
    )


async def list_tried(session: AsyncSession, question: Question) -> tuple[str, ...]:
    if question.stuck_at is None:
        return ()
    replied = await answers.list_counted(session, question, until=question.stuck_at)
    return tuple(each.text for each in replied[-MOST_TRIED:])


async def note_posted(
    session: AsyncSession,
    *,
    team_id: str,
    user_id: str,
    question_ids: Sequence[int],
    channel_id: str,
    message_ts: str,
    now: datetime,
) -> None:
    await offers.save_note(
        session, team_id=team_id, user_id=user_id, channel_id=channel_id, message_ts=message_ts
    )
    await offers.mark_told(session, user_id=user_id, question_ids=question_ids, now=now)
