"""The places, where an admin wants them."""

from bot.recognition.leaderboard import Leaderboard, Place
from handlers.blocks.recognition.leaderboard import leaderboard_page
from tests.handlers.blocks.conftest import AT


def leaders(text: str, number: int) -> Leaderboard:
    places = tuple(Place(1, f"U{each}", each, 2) for each in range(number))
    return Leaderboard(text[:60], AT, places, bool(number))


MESSAGES = {"leaderboard": lambda text: leaderboard_page(leaders(text, 10))}
