"""`/askaround leaderboard` and `/kudos top`."""

from collections.abc import Callable
from datetime import datetime

from slack_bolt.async_app import AsyncBoltContext

from bot.recognition.leaderboard import get_leaderboard, switch_leaderboard
from handlers.blocks.recognition.leaderboard import leaderboard_page
from handlers.blocks.text import Block, sentence
from handlers.payloads import Payload, team_of
from storage.database import Sessions

SWITCHED = {
    "on": (
        "Done. `/kudos top` and a topic shows who helped most this month; "
        "`/kudos top customs last month` the month before. Who said `/kudos private on` is not "
        "in it. `/askaround leaderboard off` ends it."
    ),
    "off": "Done. There is no leaderboard.",
}


async def switch(
    to: str,
    command: Payload,
    context: AsyncBoltContext,
    sessions: Sessions,
    clock: Callable[[], datetime],
) -> Block:
    async with sessions.begin() as session:
        await switch_leaderboard(
            session,
            team_id=team_of(context),
            user_id=command["user_id"],
            is_on=to == "on",
            now=clock(),
        )
    return sentence(SWITCHED[to])


async def show_leaderboard(
    sessions: Sessions, team_id: str, viewer_id: str, written: str, now: datetime
) -> Block:
    async with sessions.read() as session:
        board = await get_leaderboard(
            session, team_id=team_id, viewer_id=viewer_id, written=written, now=now
        )
    return leaderboard_page(board)
