"""Asking how long it would have taken without the answer."""

from bot.recognition.saved import DAY, HOUR, MINUTES, SAVED, SavedQuestion
from handlers.blocks.buttons import mute_button
from handlers.blocks.text import Block, actions, button, context, message, section

SAY_MINUTES, SAY_HOUR, SAY_DAY = "say_saved_minutes", "say_saved_hour", "say_saved_day"
SAID = {SAY_MINUTES: MINUTES, SAY_HOUR: HOUR, SAY_DAY: DAY}
ASKED = "Good that it is solved. How long would this have taken you without the answer?"
WHY = "I ask rarely. It is told only added up, as a range, for five people or more."
THANKS = "Thank you. It is counted, without your name."


def saved_question(asked: SavedQuestion) -> Block:
    return message(
        ASKED,
        [
            section(ASKED),
            actions(
                button("Minutes", SAY_MINUTES, asked.question_id),
                button("About an hour", SAY_HOUR, asked.question_id),
                button("About a day", SAY_DAY, asked.question_id),
                mute_button("Never ask me", SAVED),
            ),
            context(WHY),
        ],
    )
