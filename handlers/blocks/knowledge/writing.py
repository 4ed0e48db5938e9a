"""Writing an answer to what several people looked for in vain: the window, and what is posted."""

import json

from bot.knowledge.writing import Draft
from bot.text import plain
from handlers.blocks.finding.faqs import words_input
from handlers.blocks.questions.ask import MAX_OPTIONS
from handlers.blocks.text import (
    Block,
    context,
    escape,
    mention,
    message,
    option,
    plain_text,
    quote,
    section,
)

CALLBACK = "written_answer"
MAX_QUESTION, MAX_ANSWER = 300, 3000  # characters


def write_modal(draft: Draft) -> Block:
    options = [option(f"#{each.name}", each.channel_id) for each in draft.channels[:MAX_OPTIONS]]
    return {
        "type": "modal",
        "callback_id": CALLBACK,
        "title": plain_text("Write an answer"),
        "submit": plain_text("Post"),
        "close": plain_text("Cancel"),
        "private_metadata": json.dumps({"theme": draft.theme}),
        "blocks": [
            words_input(
                "question", "What people look for, as a question", draft.words, MAX_QUESTION
            ),
            words_input("answer", "What works", "", MAX_ANSWER),
            {
                "type": "input",
                "block_id": "channel",
                "label": plain_text("Where to post it"),
                "element": {
                    "type": "static_select",
                    "action_id": "value",
                    "options": options,
                    "initial_option": options[0],
                },
            },
            context("I post both in your name, and nobody is asked. The next search finds it."),
        ],
    }


def written_question(user_id: str, asked: str) -> Block:
    text = f"{mention(user_id)} wrote down what several people looked for:"
    return message(f"{text} {escape(plain(asked))}", [section(text), quote(asked)])


def written_reply(user_id: str, answered: str) -> Block:
    text = f"What works, by {mention(user_id)}:"
    return message(
        f"{text} {escape(plain(answered))}", [section(text), quote(answered, MAX_ANSWER)]
    )
