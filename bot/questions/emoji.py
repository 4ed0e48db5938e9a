"""Which emoji mark what solved a question: ✅ and its like, and those that the workspace named."""

import re
from datetime import datetime

from sqlalchemy.ext.asyncio import AsyncSession

from bot import audit
from bot.errors import AsksAlready, NotEmoji, TooManyEmoji
from bot.people import check_is_admin
from storage import workspaces

USUAL = ("white_check_mark", "heavy_check_mark", "ballot_box_with_check")
ASKING = ("question", "grey_question")  # these make a message a question
NAME = re.compile(r":?([a-z0-9_+'-]{1,100})(?:::skin-tone-\d)?:?")
MOST = 10


def bare(name: str) -> str:
    """Its name, whatever the tone of skin."""
    return name.partition("::")[0]


def is_usual(name: str) -> bool:
    return bare(name) in USUAL


async def marks_solution(look: workspaces.Look, team_id: str, name: str) -> bool:
    """Whether a reaction of this name marks a solution."""
    return is_usual(name) or bare(name) in await workspaces.list_marks(look, team_id)


async def list_emoji(look: workspaces.Look, team_id: str) -> tuple[str, ...]:
    """All that mark a solution."""
    return (*USUAL, *await workspaces.list_marks(look, team_id))


async def show_emoji(session: AsyncSession, *, team_id: str, user_id: str) -> tuple[str, ...]:
    await check_is_admin(session, team_id, user_id)
    return await list_emoji(session, team_id)


async def save_emoji(
    session: AsyncSession, *, team_id: str, user_id: str, written: str, now: datetime
) -> tuple[str, ...]:
    """An admin names those that mark a solution beside the usual ones, instead of what was named
    before; `default` names none. Returns all that do."""
    await check_is_admin(session, team_id, user_id)
    names = [] if written == "default" else read_names(written)
    how = {"before": " ".join(await workspaces.list_marks(session, team_id))}
    await workspaces.set_marks(session, team_id, names)
    how["after"] = " ".join(names)
    await audit.note(session, audit.MARKS, team_id=team_id, by=user_id, **how, now=now)
    return await list_emoji(session, team_id)


def read_names(written: str) -> list[str]:
    """`:done: :party-parrot:`, also without blanks between them."""
    names = []
    for word in written.replace("::skin", "\0skin").replace("::", ": :").split():
        found = NAME.fullmatch(word.replace("\0skin", "::skin"))
        if found is None:
            raise NotEmoji(word)
        names.append(found[1])
    names = [each for each in dict.fromkeys(names) if each not in USUAL]
    if set(names) & set(ASKING):
        raise AsksAlready()
    if len(names) > MOST:
        raise TooManyEmoji(MOST)
    return names
