"""What who runs a topic reads of a newcomer's first question."""

from bot.experts.newcomers import NewcomerNote
from bot.experts.nudges import NEWCOMER
from handlers.blocks.experts.nudges import mute_button
from handlers.blocks.text import Block, link, mention, message, permalink, section


def newcomer_note(note: NewcomerNote, workspace_url: str) -> Block:
    asked = link(permalink(workspace_url, note.channel_id, note.thread_ts), note.text, 120)
    text = (
        f"Nobody has replied to {mention(note.asker_id)}'s first question yet: {asked}\n"
        "A word from you would help."
    )
    return message(text, [section(text), mute_button(NEWCOMER)])
