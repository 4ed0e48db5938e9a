"""A question and its answer that the bot posted for who wrote both."""

from datetime import datetime

from sqlalchemy.ext.asyncio import AsyncSession

from storage.tables import Answer, Question, QuestionPart


async def add_question(
    session: AsyncSession,
    *,
    team_id: str,
    channel_id: str,
    message_ts: str,
    asker_id: str,
    text: str,
    topic_id: int | None,
    now: datetime,
) -> int:
    place = {"team_id": team_id, "channel_id": channel_id, "message_ts": message_ts}
    question = Question(
        **place,
        thread_ts=message_ts,
        asker_id=asker_id,
        text=text,
        topic_id=topic_id,
        is_asked_by_command=True,
        asked_at=now,
    )
    session.add(question)
    await session.flush()
    session.add(QuestionPart(**place, question_id=question.id, text=text, said_at=now))
    await session.flush()
    return question.id


async def add_answer(
    session: AsyncSession,
    *,
    team_id: str,
    channel_id: str,
    message_ts: str,
    question_id: int,
    author_id: str,
    text: str,
    now: datetime,
) -> None:
    session.add(
        Answer(
            team_id=team_id,
            channel_id=channel_id,
            message_ts=message_ts,
            question_id=question_id,
            author_id=author_id,
            text=text,
            answered_at=now,
            said_at=now,
        )
    )
    await session.flush()
