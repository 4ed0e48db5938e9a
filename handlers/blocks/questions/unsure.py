"""The one quiet line to the author of a message that may be a question."""

from bot.experts.nudges import UNSURE
from bot.questions.unsure import UnsureLine
from handlers.blocks.buttons import mute_button
from handlers.blocks.text import Block, actions, button, message, section

ASK_THEM, NO_QUESTION = "ask_them", "no_question"
WONDERED = "Is this for the people who know?"
ASKING = "I am asking them."
LEFT_ALONE = "Then I leave it."
ASKED_ALREADY = "It is a question by now. “Not a question” on its card takes that back."


def unsure_line(line: UnsureLine) -> Block:
    value = line.message_ts
    return message(
        WONDERED,
        [
            section(WONDERED),
            actions(
                button("Ask them", ASK_THEM, value, style="primary"),
                button("No", NO_QUESTION, value),
                mute_button("Never ask me this", UNSURE),
            ),
        ],
    )
