"""`/askaround marks`: which emoji mark what solved a question."""

from bot.questions import emoji
from handlers.blocks.questions.emoji import marking_emoji
from handlers.blocks.text import Block, sentence
from handlers.pressed import Pressed
from storage.database import Sessions


async def change_emoji(written: str, pressed: Pressed, sessions: Sessions) -> Block:
    if not written:
        async with sessions.read() as session:
            names = await emoji.show_emoji(session, **pressed.who)
    else:
        async with sessions.begin() as session:
            names = await emoji.save_emoji(
                session, **pressed.who, written=written.casefold(), now=pressed.now
            )
    return sentence(marking_emoji(names))
