"""Having somebody erased: what would become of what, the choice, and the receipt."""

import json
from collections.abc import Mapping

from bot.privacy.erasing import Erased, Preview
from handlers.blocks.experts.availability import checkboxes, choice_input, field
from handlers.blocks.text import Block, count, described, plain_text, section, sentence

ME_CALLBACK, OTHER_CALLBACK, SURE_CALLBACK = "erase_me", "erase_other", "erase_other_sure"
WORDS: Mapping[str, str] = {
    "erase": "Erase what was asked and answered",
    "keep": "Keep the text, without the name",
}
BEGUN = "It is being erased now. That takes a few minutes, and then I send a receipt."
STAYS = (
    "What helped others stays theirs: their kudos remain, given by “a colleague”. Digests, cards, "
    "shared answers and notes that I posted are edited or taken back.\n"
    "*What I cannot erase*: your messages in Slack itself, which are yours to delete; what went to "
    "an outside helpdesk; and backups of the database, which whoever runs me keeps for as long as "
    "they say."
)


def erase_me_modal(seen: Preview) -> Block:
    out = described("And stay out", "out", "Nothing that I write from now on is kept")
    return {
        "type": "modal",
        "callback_id": ME_CALLBACK,
        "title": plain_text("Erase me"),
        "submit": plain_text("Erase it"),
        "close": plain_text("Cancel"),
        "blocks": [
            section(f"*What happens*\n{becomes(seen)}\n{STAYS}"),
            choice_input("words", "My questions and replies", dict(WORDS), "erase"),
            field("out", "From now on", checkboxes([out], [out])),
            section("This cannot be taken back."),
        ],
    }


def becomes(seen: Preview) -> str:
    return (
        f"{count(seen.asked, 'question')} and {count(seen.answered, 'reply', 'replies')} lose "
        "their words, or only the name, as chosen below. Open questions end. In "
        f"{count(seen.rows, 'row')} of the database the name goes."
    )


def erase_other_modal() -> Block:
    person: Block = {"type": "users_select", "action_id": "value"}
    reason: Block = {"type": "plain_text_input", "action_id": "value", "max_length": 300}
    return {
        "type": "modal",
        "callback_id": OTHER_CALLBACK,
        "title": plain_text("Somebody has left"),
        "submit": plain_text("Preview"),
        "close": plain_text("Cancel"),
        "blocks": [
            section(
                "Whose account is closed can be erased by an admin. Who is still here does that "
                "themselves: `/askaround me`."
            ),
            {**field("person", "Who has left", person), "optional": False},
            choice_input("words", "Their questions and replies", dict(WORDS), "erase"),
            {
                **field("reason", "Why", reason, hint="It stays in the audit. Name nobody in it."),
                "optional": False,
            },
        ],
    }


def sure_modal(seen: Preview, *, keeps_words: bool, reason: str) -> Block:
    about = {"person": seen.user_id, "keeps_words": keeps_words, "reason": reason}
    return {
        "type": "modal",
        "callback_id": SURE_CALLBACK,
        "title": plain_text("Somebody has left"),
        "submit": plain_text("Erase it"),
        "close": plain_text("Cancel"),
        "private_metadata": json.dumps(about),
        "blocks": [
            section(f"*What happens*\n{becomes(seen)}\n{STAYS}"),
            section("This cannot be taken back."),
        ],
    }


def receipt(done: Erased) -> Block:
    words = (
        "The text of what was asked and answered stays, without the name, as chosen."
        if done.keeps_words
        else f"{count(done.questions, 'question')} and "
        f"{count(done.answers, 'reply', 'replies')} lost their words."
    )
    whose = "all that was kept of who left" if done.is_of_other else "all that was kept of you"
    return sentence(
        f"It is done: {whose} is erased, and nothing in the database, the search index or what "
        f"waits to be sent names them any more. {words} The audit has an entry without a name."
    )
