"""What somebody reads who has it too."""

from bot.experts.nudges import ME_TOO
from bot.questions.me_too import SolvedNote
from handlers.blocks.experts.nudges import mute_button
from handlers.blocks.text import Block, link, message, permalink, quote, section


def solved_note(note: SolvedNote, workspace_url: str) -> Block:
    result = note.result
    address = permalink(workspace_url, result.channel_id, result.thread_ts)
    text = f"Solved, and you have it too: {link(address, result.question, 120)}"
    shown = [section(text), quote(result.solution, most=1500), mute_button(ME_TOO)]
    return message(text, shown)
