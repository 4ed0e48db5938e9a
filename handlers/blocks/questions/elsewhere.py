"""Asking which question a message of the channel answers."""

from bot.questions.elsewhere import Choice
from handlers.blocks.text import Block, button, inline, message, section

ANSWERS_THIS = "answers_this"
WHICH = "Which question does that message answer? Others will find it, and its author is credited."
WITHOUT_WORDS = "A question without words"
THANKS = "Thank you. It is marked as what solved the question."


def choice_message(choice: Choice) -> Block:
    asked = [
        section(
            inline(each.text, 200) or WITHOUT_WORDS,
            button("This one", ANSWERS_THIS, f"{each.question_id}:{choice.message_ts}"),
        )
        for each in choice.fitting
    ]
    return message(WHICH, [section(WHICH), *asked])
