"""Writing the answer to what several people looked for in vain: a question and what solves it, by
who knows, at once. Nobody is asked, and the next search finds it."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy.ext.asyncio import AsyncSession

from bot.errors import AnswerNeedsWords, NothingIsMissing
from bot.finding.misses import close, get_missing
from bot.kinds import WRITTEN_QUESTION, WRITTEN_REPLY
from bot.questions.ask import HelpChannel, list_channels_to_ask
from bot.questions.solutions import accept_solution
from bot.questions.wishes import check_is_heard
from bot.rights import get_joined
from bot.text import MAX_TEXT, cut, plain
from storage import outbox
from storage.finding import misses
from storage.knowledge import writing
from storage.questions import questions

LONGEST_SUBJECT = 120  # characters


@dataclass(frozen=True)
class Draft:
    theme: str
    words: str
    channels: tuple[HelpChannel, ...]  # where it can be posted, the best first


@dataclass(frozen=True)
class Reply:
    """Where the answer is to be posted, and whose it is."""

    channel_id: str
    thread_ts: str
    author_id: str


async def draft_answer(
    session: AsyncSession, *, team_id: str, user_id: str, theme: str, channel_id: str
) -> Draft:
    """For who is told of it: an admin, or the topic's sponsor."""
    missing = await get_missing(session, team_id=team_id, user_id=user_id, theme=theme)
    if missing is None:
        raise NothingIsMissing()
    words = " ".join(missing.words)
    open_to = await list_channels_to_ask(
        session, team_id=team_id, user_id=user_id, channel_id=channel_id, text=words
    )
    return Draft(theme, words, tuple(open_to))


async def write_answer(
    session: AsyncSession,
    *,
    team_id: str,
    user_id: str,
    theme: str,
    channel_id: str,
    asked: str,
    answered: str,
    now: datetime,
) -> None:
    """Owe both to a channel that they read, in their name."""
    if await get_missing(session, team_id=team_id, user_id=user_id, theme=theme) is None:
        raise NothingIsMissing()
    for field, said in (("question", asked), ("answer", answered)):
        if not plain(said):
            raise AnswerNeedsWords(field)
    await get_joined(session, team_id, channel_id, user_id)
    await check_is_heard(session, team_id, user_id, channel_id)
    payload = {"by": user_id, "channel": channel_id, "theme": theme}
    await outbox.owe(
        session,
        WRITTEN_QUESTION,
        theme[:LONGEST_SUBJECT],
        team_id=team_id,
        lane=channel_id,
        payload={**payload, "question": cut(asked, MAX_TEXT), "answer": cut(answered, MAX_TEXT)},
        now=now,
    )


async def note_question(
    session: AsyncSession,
    *,
    team_id: str,
    channel_id: str,
    message_ts: str,
    user_id: str,
    asked: str,
    answered: str,
    theme: str,
    now: datetime,
) -> None:
    """It is posted; the answer follows at once, so nobody else is asked."""
    place = {"team_id": team_id, "channel_id": channel_id, "message_ts": message_ts}
    missing = await misses.get(session, team_id, theme)
    topic_id = missing.topic_id if missing else None
    question_id = await writing.add_question(
        session, **place, asker_id=user_id, text=asked, topic_id=topic_id, now=now
    )
    await close(session, team_id, theme, question_id, now=now)
    await outbox.owe(
        session,
        WRITTEN_REPLY,
        question_id,
        team_id=team_id,
        lane=channel_id,
        payload={"answer": answered},
        now=now,
    )


async def get_reply(session: AsyncSession, team_id: str, question_id: int) -> Reply | None:
    """None where the question was taken back meanwhile."""
    question = await questions.get(session, team_id, question_id)
    if question is None or question.withdrawn_at is not None:
        return None
    return Reply(question.channel_id, question.thread_ts or "", question.asker_id)


async def note_reply(
    session: AsyncSession,
    *,
    team_id: str,
    question_id: int,
    message_ts: str,
    answered: str,
    now: datetime,
) -> None:
    """It is posted: it solves the question by the word of who wrote both."""
    question = await questions.get_locked(session, team_id, question_id)
    if question is None or question.withdrawn_at is not None:
        return
    place = {"team_id": team_id, "channel_id": question.channel_id, "message_ts": message_ts}
    await writing.add_answer(
        session,
        **place,
        question_id=question_id,
        author_id=question.asker_id,
        text=answered,
        now=now,
    )
    await accept_solution(session, **place, user_id=question.asker_id, is_pressed=True, now=now)
