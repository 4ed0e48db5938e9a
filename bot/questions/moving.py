"""A question that is about something else than was thought: it goes to another topic, whose
experts are asked."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy.ext.asyncio import AsyncSession

from bot import index
from bot.errors import NoOtherTopic, OnlyAskerOrExpertMayMove, TopicCannotBeUsed
from bot.experts.cards import owe_card
from bot.experts.claims import ask_others
from bot.experts.steps import FEW, end_offers_of_gone
from bot.rights import get_readable, list_known_topics, may_be_asked_about, may_decide
from storage.experts import topics
from storage.questions.questions import Held


@dataclass(frozen=True)
class OtherTopic:
    topic_id: int
    name: str


async def list_other_topics(
    session: AsyncSession, *, team_id: str, question_id: int, user_id: str, now: datetime
) -> Sequence[OtherTopic]:
    """What this person can say that the question is about, and all in its channel may know of."""
    question = await get_moved(session, team_id, question_id, user_id)
    known = await list_known_topics(session, team_id, user_id)
    usable = await topics.list_usable(
        session,
        team_id=team_id,
        topic_ids=[each.id for each in known],
        channel_id=question.channel_id,
        asker_id=question.asker_id,
    )
    others = [each for each in known if each.id in usable and each.id != question.topic_id]
    if not others:
        raise NoOtherTopic()
    return [OtherTopic(each.id, each.name) for each in others]


async def move(
    session: AsyncSession,
    *,
    team_id: str,
    question_id: int,
    user_id: str,
    topic_id: int,
    now: datetime,
) -> bool:
    """Say that it is about that topic; False where it is already. Who was asked and does not help
    there is waited for no longer. Where nobody has it and nobody answered, the few of that topic
    are asked next."""
    question = await get_moved(session, team_id, question_id, user_id)
    is_known = topic_id in {each.id for each in await list_known_topics(session, team_id, user_id)}
    if not is_known or not await may_be_asked_about(
        session, team_id, topic_id, channel_id=question.channel_id, user_id=question.asker_id
    ):
        raise TopicCannotBeUsed()
    if question.topic_id == topic_id:
        return False
    question.topic_id = topic_id
    if question.solved_at is not None or question.closed_at is not None:
        await index.refresh(session, question)
        await owe_card(session, question, now=now)
        return True
    question.stage, question.routed_at, question.rested_at = FEW, now, None
    await end_offers_of_gone(session, question, now=now)
    await ask_others(session, question, now=now)
    return True


async def get_moved(session: AsyncSession, team_id: str, question_id: int, user_id: str) -> Held:
    question = await get_readable(session, team_id, question_id, user_id)
    if not await may_decide(session, question, user_id):
        raise OnlyAskerOrExpertMayMove(question.asker_id)
    return question
