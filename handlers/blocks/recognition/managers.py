"""Telling a manager what one's help did: the three steps, and what the manager reads."""

import json
from collections.abc import Sequence

from bot.recognition.managers import (
    MAX_TEXT,
    THREE_WEEKS,
    TWO_WEEKS,
    WEEK,
    WEEKS,
    YEAR,
    Draft,
    Note,
    ShownThanks,
)
from bot.recognition.personal import HelpedQuestion
from bot.text import plain, shorten
from handlers.blocks.recognition.personal import REASON_LIMIT, evidence_lines, sentences, times
from handlers.blocks.recognition.thanking import THANK_TELLER
from handlers.blocks.text import (
    SECTION_LIMIT,
    Block,
    actions,
    button,
    context,
    count,
    escape,
    fitting,
    mention,
    option,
    plain_text,
    section,
)

CHOOSE_CALLBACK, WRITE_CALLBACK, SEND_CALLBACK = (
    "choose_manager",
    "write_to_manager",
    "send_to_manager",
)
PERIODS = {
    WEEK: "The last seven days",
    TWO_WEEKS: "The last two weeks",
    THREE_WEEKS: "The last three weeks",
    WEEKS: "The last four weeks",
    YEAR: "This year",
}
IN_PERIOD = {
    WEEK: "in the last seven days",
    TWO_WEEKS: "in the last two weeks",
    THREE_WEEKS: "in the last three weeks",
    WEEKS: "in the last four weeks",
    YEAR: "this year",
}
NOTHING_YET = "Nothing is sent yet. Next you see exactly what they will read."
CONSENT = "They chose these words, and saw all of this before it was sent."


def choose_modal(manager_id: str | None, period: str) -> Block:
    element: Block = {"type": "users_select", "action_id": "value"}
    if manager_id:
        element["initial_user"] = manager_id
    return {
        "type": "modal",
        "callback_id": CHOOSE_CALLBACK,
        "title": plain_text("Tell my manager"),
        "submit": plain_text("Next"),
        "close": plain_text("Cancel"),
        "blocks": [
            {
                "type": "input",
                "block_id": "manager",
                "label": plain_text("Whom to tell"),
                "element": element,
            },
            period_input(period),
            context(NOTHING_YET),
        ],
    }


def period_input(period: str) -> Block:
    options = {name: option(label, name) for name, label in PERIODS.items()}
    return {
        "type": "input",
        "block_id": "period",
        "label": plain_text("What your help did in"),
        "element": {
            "type": "static_select",
            "action_id": "value",
            "options": list(options.values()),
            "initial_option": options.get(period, options[WEEK]),
        },
    }


def write_modal(draft: Draft) -> Block:
    return {
        "type": "modal",
        "callback_id": WRITE_CALLBACK,
        "title": plain_text("What to tell"),
        "submit": plain_text("Preview"),
        "close": plain_text("Back"),
        "private_metadata": json.dumps({"manager_id": draft.manager_id, "period": draft.period}),
        "blocks": [
            {
                "type": "input",
                "block_id": "text",
                "label": plain_text("In your words"),
                "element": {
                    "type": "plain_text_input",
                    "action_id": "value",
                    "multiline": True,
                    "max_length": MAX_TEXT,
                    "initial_value": first_words(draft),
                },
            },
            *([questions_input(draft.told)] if draft.told else []),
            *([thanks_input(draft.thanks)] if draft.thanks else []),
            context(NOTHING_YET),
        ],
    }


def first_words(draft: Draft) -> str:
    """What the help comes to, as the person could say it. What others wrote when they thanked
    them was for them alone."""
    told = draft.help
    said = sentences(told, "I", "my")
    if told.thanks:
        said.append(f"I was thanked {times(len(told.thanks))}.")
    words = " ".join(said)
    return f"{words[0].upper()}{words[1:]}"


def questions_input(told: Sequence[HelpedQuestion]) -> Block:
    options = [option(plain(each.text), each.question_id) for each in told]
    return {
        "type": "input",
        "block_id": "questions",
        "optional": True,
        "label": plain_text("Questions to show with it"),
        "hint": plain_text("Only those that you and they can read are here."),
        "element": {
            "type": "checkboxes",
            "action_id": "value",
            "options": options,
            "initial_options": options,
        },
    }


def thanks_input(thanks: Sequence[ShownThanks]) -> Block:
    """They were written to this person alone, so none is chosen before they choose it."""
    options = [option(plain(each.reason), each.kudos_id) for each in thanks]
    return {
        "type": "input",
        "block_id": "thanks",
        "optional": True,
        "label": plain_text("Thanks to show with it"),
        "hint": plain_text("They were written to you. Choose those that may be passed on."),
        "element": {"type": "checkboxes", "action_id": "value", "options": options},
    }


def preview_modal(note: Note, workspace_url: str) -> Block:
    return {
        "type": "modal",
        "callback_id": SEND_CALLBACK,
        "title": plain_text("Exactly this is sent"),
        "submit": plain_text("Send it"),
        "close": plain_text("Back"),
        "private_metadata": str(note.note_id),
        "blocks": [
            context(f"{mention(note.manager_id)} will read this from me:"),
            *told_blocks(note, workspace_url),
        ],
    }


def manager_message(note: Note, workspace_url: str) -> Block:
    return {
        "text": f"{opening(note)} {escape(note.text)}",
        "blocks": [
            *told_blocks(note, workspace_url),
            actions(button("Say thanks", THANK_TELLER, note.note_id, style="primary")),
        ],
    }


def opening(note: Note) -> str:
    asked = f"{mention(note.user_id)} asked me to show you what their help did"
    return f"{asked} {IN_PERIOD[note.period]}:"


def told_blocks(note: Note, workspace_url: str) -> list[Block]:
    """What is shown before it is sent, and sent."""
    return [
        section(opening(note)),
        word_for_word(note.text),
        *evidence_and_thanks(note, workspace_url),
        context(CONSENT),
    ]


def evidence_and_thanks(note: Note, workspace_url: str) -> list[Block]:
    """The questions and the thanks that they chose."""
    lines = fitting(evidence_lines(note.told, workspace_url), SECTION_LIMIT - len(note.told))
    thanks = fitting(map(thanks_line, note.thanks), SECTION_LIMIT - len(note.thanks))
    return [
        *([section("\n".join(lines))] if lines else []),
        *([context(elsewhere(note.elsewhere))] if note.elsewhere else []),
        *([section("\n".join(thanks))] if thanks else []),
    ]


def thanks_line(thanks: ShownThanks) -> str:
    who = mention(thanks.giver_id) if thanks.giver_id else "A colleague"
    return f":sparkles: {who} thanked them: {escape(shorten(thanks.reason, REASON_LIMIT))}"


def word_for_word(text: str) -> Block:
    """A quotation in which Slack interprets nothing."""
    return {
        "type": "rich_text",
        "elements": [{"type": "rich_text_quote", "elements": [{"type": "text", "text": text}]}],
    }


def elsewhere(questions: int) -> str:
    return f"{count(questions, 'more question')} that I cannot show you."


def sent_note(manager_id: str) -> Block:
    return {
        "type": "modal",
        "title": plain_text("Sent"),
        "close": plain_text("Close"),
        "clear_on_close": True,
        "blocks": [section(f"Done: {mention(manager_id)} reads it in a moment.")],
    }
