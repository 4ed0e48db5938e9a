"""What assistants' questions may take of people: a share of what they are asked, or nothing.

Whoever is asked, by whatever way, is asked through `offer`; it looks here for a question that an
assistant wrote, and asks nobody beyond their share."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy.ext.asyncio import AsyncSession

from bot import audit
from bot.people import check_is_admin, is_admin
from storage.experts import assistants, availability
from storage.tables import Question

COUNTED = timedelta(days=28)
SHARES = (0, 10, 20, 33, 50)  # percent
# How what an assistant wrote is asked: with its person's yes, at once, or not at all.
APPROVED, AT_ONCE, NEVER = "approved", "at_once", "never"
WAYS = (APPROVED, AT_ONCE, NEVER)


async def list_spared(
    session: AsyncSession,
    question: Question,
    user_ids: Collection[str],
    *,
    is_asking: bool = False,
    now: datetime,
) -> set[str]:
    """Those of these people whom the question is not for: an assistant wrote it, and they had
    their share of such, or want none. `is_asking`: the others are asked now, in this
    transaction."""
    if question.assistant is None or not user_ids:
        return set()
    team_id = question.team_id
    share = await assistants.get_share(session, team_id, is_held=is_asking)
    asked = await assistants.count_asked(session, team_id, user_ids, since=now - COUNTED)
    refusing = await assistants.list_refusing(session, team_id, user_ids)
    over = {
        each for each in user_ids if not has_room(*asked.get(each, (0, 0)), share_percent=share)
    }
    return over | refusing


def has_room(asked: int, by_assistants: int, *, share_percent: int) -> bool:
    """Whether one more that an assistant wrote is within the share of all that they are asked."""
    return (by_assistants + 1) * 100 <= share_percent * (asked + 1)


async def get_way(session: AsyncSession, team_id: str) -> tuple[str, int]:
    """How assistants may ask, and the share in percent."""
    rules = await assistants.get_rules(session, team_id)
    return (rules.assistants_ask, rules.assistants_share) if rules else (NEVER, 0)


@dataclass(frozen=True)
class Choices:
    """What somebody, and an admin for all, said of what assistants may do."""

    refuses: bool  # is asked nothing that they wrote
    is_admin: bool
    way: str
    share: int  # percent


async def get_choices(session: AsyncSession, *, team_id: str, user_id: str) -> Choices:
    way, share = await get_way(session, team_id)
    refusing = await assistants.list_refusing(session, team_id, [user_id])
    return Choices(user_id in refusing, await is_admin(session, team_id, user_id), way, share)


async def set_way(
    session: AsyncSession, *, team_id: str, user_id: str, way: str, share: int, now: datetime
) -> None:
    """An admin says how assistants may ask, and how much they may take of people."""
    await check_is_admin(session, team_id, user_id)
    rules = await assistants.get_rules(session, team_id, is_held=True)
    if rules is None or way not in WAYS or share not in SHARES:
        return
    about: dict[str, Any] = {"team_id": team_id, "by": user_id, "now": now}
    was = (rules.assistants_ask, f"{rules.assistants_share} %")
    await audit.note(session, audit.ASSISTANTS_ASK, **about, before=was[0], after=way)
    await audit.note(session, audit.ASSISTANTS_SHARE, **about, before=was[1], after=f"{share} %")
    rules.assistants_ask, rules.assistants_share = way, share


async def refuse(session: AsyncSession, *, team_id: str, user_id: str, refuses: bool) -> None:
    """This person is asked nothing that assistants wrote, or may be again."""
    said = await availability.get(session, team_id, user_id)
    said.refuses_assistants = refuses
