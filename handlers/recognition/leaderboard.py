"""`/askaround leaderboard` and `/kudos top`."""

from bot.recognition import leaderboard
from handlers.blocks.recognition.leaderboard import SWITCHED, leaderboard_page
from handlers.blocks.text import Block, sentence
from handlers.pressed import Pressed
from storage.database import Sessions


async def switch_leaderboard(to: str, pressed: Pressed, sessions: Sessions) -> Block:
    async with sessions.begin() as session:
        await leaderboard.switch_leaderboard(
            session, **pressed.who, is_on=to == "on", now=pressed.now
        )
    return sentence(SWITCHED[to])


async def show_leaderboard(pressed: Pressed, sessions: Sessions, written: str) -> Block:
    async with sessions.read() as session:
        board = await leaderboard.get_leaderboard(
            session,
            team_id=pressed.team_id,
            viewer_id=pressed.user_id,
            written=written,
            now=pressed.now,
        )
    return leaderboard_page(board)
