"""What the pane suggests to ask."""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import and_, func, select
from sqlalchemy.ext.asyncio import AsyncSession

from storage.channels import readable_by
from storage.recognition.kudos import HELPED, standing
from storage.tables import Channel, Kudos, Question


async def list_most_helpful(
    session: AsyncSession, team_id: str, user_id: str, since: datetime, limit: int
) -> Sequence[str]:
    """What was asked in the questions whose answers helped most people besides since then, of those
    that hold and that this person can read."""
    people = func.count(Kudos.giver_id.distinct())
    rows = await session.execute(
        select(Question.text, people)
        .join(Kudos, Kudos.question_id == Question.id)
        .join(
            Channel,
            and_(Channel.team_id == Question.team_id, Channel.channel_id == Question.channel_id),
        )
        .where(
            Question.team_id == team_id,
            readable_by(team_id, user_id),
            Question.solved_at.is_not(None),
            Question.withdrawn_at.is_(None),
            Question.outdated_at.is_(None),
            Question.doubted_at.is_(None),
            Question.text != "",
            Kudos.kind.in_(HELPED),
            Kudos.given_at >= since,
            standing(),
        )
        .group_by(Question.id)
        .order_by(people.desc(), Question.id.desc())
        .limit(limit)
    )
    return [row.text for row in rows]
