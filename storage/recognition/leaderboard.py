"""The help in a topic, in all channels that a reader can read."""

from datetime import datetime

from sqlalchemy import and_, select, update
from sqlalchemy.ext.asyncio import AsyncSession

from storage import channels
from storage.recognition.channel_digest import SOLVED, Fact
from storage.recognition.kudos import HELPED, standing
from storage.tables import Channel, Kudos, Question, Workspace


async def save_choice(session: AsyncSession, team_id: str, at: datetime | None) -> None:
    await session.execute(
        update(Workspace).where(Workspace.team_id == team_id).values(leaderboard_at=at)
    )


async def is_on(session: AsyncSession, team_id: str) -> bool:
    statement = select(Workspace.leaderboard_at).where(Workspace.team_id == team_id)
    return (await session.scalar(statement)) is not None


async def list_facts(
    session: AsyncSession,
    *,
    team_id: str,
    topic_id: int,
    viewer_id: str,
    since: datetime,
    until: datetime,
) -> list[Fact]:
    rows = await session.execute(
        select(Kudos.kind, Kudos.giver_id, Kudos.receiver_id, Kudos.question_id)
        .join(Question, Question.id == Kudos.question_id)
        .join(
            Channel,
            and_(Channel.team_id == Kudos.team_id, Channel.channel_id == Kudos.channel_id),
        )
        .where(
            Kudos.team_id == team_id,
            Kudos.kind.in_([SOLVED, *HELPED]),
            Kudos.given_at >= since,
            Kudos.given_at < until,
            Question.topic_id == topic_id,
            channels.readable_by(team_id, viewer_id),
            standing(),
        )
    )
    return [Fact(*row) for row in rows]  # type: ignore[arg-type]  # these have a question
