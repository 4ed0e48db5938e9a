"""What the asker of a thin question privately reads."""

from bot.experts.hints import Hint
from bot.experts.nudges import HINT
from bot.experts.topics import MAX_HINT
from handlers.blocks.experts.nudges import mute_button
from handlers.blocks.text import Block, context, escape, inline, message, quote, section

USUAL = "Experts will want to know what you tried, the exact error text, and which system it is."
HOW = "You can edit your message or add it in a reply."


def thin_hint(hint: Hint) -> Block:
    after = [context("Only you see this."), mute_button(HINT)]
    if not hint.words:
        text = f"{USUAL} {HOW}"
        return message(text, [section(text), *after])
    wanted = f"Experts on *{escape(hint.topic or '')}* will want to know:"
    words = quote(hint.words, MAX_HINT)
    return message(
        f"{wanted} {inline(hint.words, 200)}", [section(wanted), words, section(HOW), *after]
    )
