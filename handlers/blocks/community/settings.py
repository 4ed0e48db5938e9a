"""A window for each setting, with the sentence of what it does; and the list of them all."""

import json
from collections.abc import Callable, Mapping, Sequence
from typing import Any

from bot.community.settings import (
    CHANNEL,
    CONSENT,
    DIGEST,
    LEADERBOARD,
    MARKS,
    MY_DIGEST,
    NOTES,
    OWN,
    SPONSOR_DIGEST,
    Shown,
)
from bot.questions.verdicts import ASKING, CALLED, EVERYTHING
from bot.schedules import WEEKDAYS
from bot.text import clip
from handlers.blocks.buttons import undo_button
from handlers.blocks.experts.availability import REMINDERS
from handlers.blocks.recognition.personal import PREVIEW
from handlers.blocks.text import (
    Block,
    actions,
    button,
    context,
    header,
    option,
    plain_text,
    section,
)

CALLBACK, CHANGE, OPEN_ALL = "setting", "change_setting", "open_settings"
OPEN_TOPICS, OPEN_CHANNELS, OPEN_JOIN = "open_topics", "open_channels", "open_join"
SPONSORS, CHECK = "sponsors_digests", "check_installation"
ON, OFF = "on", "off"
UNDONE = "Done. It is as it was before."
DESCRIBED = {  # what each does, in a sentence
    DIGEST: (
        "Once a week each help channel reads who helped whom with what, and which questions wait. "
        "A week in which nothing happened brings nothing."
    ),
    MARKS: (
        "Emoji of your own that mark the reply that solved a question, beside "
        ":white_check_mark: :heavy_check_mark: :ballot_box_with_check:."
    ),
    LEADERBOARD: (
        "With `/kudos top` and a topic, people see who helped most in it this month. "
        "Usually it is off: help is told in sentences, not in places."
    ),
    CONSENT: (
        "Whom an admin names as an expert is asked whether they would. This says what counts if "
        "they do not answer. Who says no is never asked questions."
    ),
    CHANNEL: "How much of what people write in this channel I take as a question.",
    MY_DIGEST: (
        "Once a week you alone read what your help did, by the clock of wherever you are. "
        "A week with nothing to tell brings nothing."
    ),
    SPONSOR_DIGEST: (
        "Once a week you alone read whose help did what on the topics that you sponsor, and where "
        "people are stuck, by the clock of wherever you are."
    ),
    NOTES: (
        "What I send to you, and whether others read your name. What you are asked to take, you "
        "change under *When you can be asked*."
    ),
}
TITLES = {
    DIGEST: "The weekly digest",
    MARKS: "Emoji that mark",
    LEADERBOARD: "Leaderboard",
    CONSENT: "Being made an expert",
    CHANNEL: "A channel",
    NOTES: "What you get",
    MY_DIGEST: "Your digest",
    SPONSOR_DIGEST: "Your sponsor's digest",
}
HEARD = {
    ASKING: "What asks something",
    EVERYTHING: "Everything but chatter",
    CALLED: "Only when I am called, by name, ❓ or /ask",
}
YES_ONLY, SILENCE_TOO = "yes", "silence"
CONSENTS = {
    YES_ONLY: "They are asked questions only once they said yes",
    SILENCE_TOO: "After a day without a no, they are asked questions",
}
Value = Mapping[str, Any]


def setting_modal(shown: Shown) -> Block:
    return {
        "type": "modal",
        "callback_id": CALLBACK,
        "title": plain_text(TITLES[shown.setting]),
        "submit": plain_text("Save"),
        "close": plain_text("Cancel"),
        "private_metadata": json.dumps(
            {
                "setting": shown.setting,
                "subject": "" if shown.setting in OWN else shown.subject,
                "seen": shown.seen,
            }
        ),
        "blocks": [
            section(DESCRIBED[shown.setting]),
            *INPUTS[shown.setting](shown.value),
        ],
    }


def changed_modal(change_id: int | None) -> Block:
    undo = [actions(undo_button(change_id))] if change_id else []
    text = "Saved." if change_id else "It was so already, so nothing changed."
    return {
        "type": "modal",
        "title": plain_text("Saved"),
        "close": plain_text("Close"),
        "blocks": [section(text), *undo],
    }


def digest_inputs(value: Value) -> list[Block]:
    *when, skips = own_digest_inputs(value)
    return [
        *when,
        text_field("timezone", "Time zone", value["timezone"], most=60),
        skips,
        context("You can look at the next one with `/askaround digest preview` in its channel."),
    ]


def own_digest_inputs(value: Value) -> list[Block]:
    days = {day: option(day.capitalize(), day) for day in WEEKDAYS}
    skip = [option("Leave it out; the one after it tells of both weeks", ON)]
    return [
        switch_input("comes", "It comes each week", value["comes"]),
        select_input("day", "On", days, value["day"]),
        field(
            "at",
            "At",
            {"type": "timepicker", "action_id": "value", "initial_time": value["at"]},
        ),
        field(
            "skips", "The next one", checkboxes(skip, skip if value["skips"] else ()), optional=True
        ),
    ]


def my_digest_inputs(value: Value) -> list[Block]:
    return [*own_digest_inputs(value), actions(button("Preview", PREVIEW))]


def marks_inputs(value: Value) -> list[Block]:
    written = " ".join(f":{name}:" for name in value["names"])
    return [text_field("marks", "Emoji", written, most=500, optional=True)]


def leaderboard_inputs(value: Value) -> list[Block]:
    return [switch_input("is_on", "People see who helped most", value["is_on"])]


def consent_inputs(value: Value) -> list[Block]:
    options = {each: option(words, each) for each, words in CONSENTS.items()}
    chosen = SILENCE_TOO if value["silence_is_yes"] else YES_ONLY
    return [radio_input("consent", "What counts", options, chosen)]


def channel_inputs(value: Value) -> list[Block]:
    options = {mode: option(words, mode) for mode, words in HEARD.items()}
    return [
        switch_input("is_help", "It is a help channel: I listen here", value["is_help"]),
        radio_input("mode", "I take as a question", options, value["mode"]),
        text_field(
            "forms",
            "Workflows whose posts are questions",
            "\n".join(value["forms"]),
            most=2000,
            optional=True,
            lines=True,
            hint="Their names, one on each line.",
        ),
    ]


def notes_inputs(value: Value) -> list[Block]:
    options = {kind: option(words, kind) for kind, words in REMINDERS.items()}
    wanted = [options[kind] for kind in value["reminders"] if kind in options]
    return [
        switch_input(
            "digests", "Digests: what my help did, and of what I sponsor", value["digests"]
        ),
        switch_input("named", "Digests may name me", value["named"]),
        field(
            "reminders",
            "Remind me of",
            checkboxes(list(options.values()), wanted),
            optional=True,
        ),
    ]


INPUTS: Mapping[str, Callable[[Value], list[Block]]] = {
    DIGEST: digest_inputs,
    MARKS: marks_inputs,
    LEADERBOARD: leaderboard_inputs,
    CONSENT: consent_inputs,
    CHANNEL: channel_inputs,
    NOTES: notes_inputs,
    MY_DIGEST: my_digest_inputs,
    SPONSOR_DIGEST: own_digest_inputs,
}


def settings_sections(is_admin: bool) -> list[Block]:
    """In an admin's Home: one row."""
    if not is_admin:
        return []
    return [
        header("Settings"),
        actions(
            button("Channels", OPEN_CHANNELS, "all"),
            button("Topics", OPEN_TOPICS, "all"),
            button("All settings", OPEN_ALL, "all"),
        ),
    ]


def all_settings_modal() -> Block:
    rows = [
        (
            "*Help channels*\nWhere I listen, and how much of it I hear.",
            button("Open", OPEN_CHANNELS, "all"),
        ),
        (
            "*Topics*\nWho helps with what, how soon, who sponsors it, and the helpdesk.",
            button("Open", OPEN_TOPICS, "all"),
        ),
        (f"*Being made an expert*\n{DESCRIBED[CONSENT]}", button("Change", CHANGE, CONSENT)),
        (f"*The weekly digest*\n{DESCRIBED[DIGEST]}", button("Change", CHANGE, DIGEST)),
        (
            "*Sponsors' digests*\nWhen the managers of topics read what their experts did. "
            "Each of them can pause theirs in App Home.",
            button("Open", SPONSORS, "all"),
        ),
        (
            f"*Emoji that mark what solved a question*\n{DESCRIBED[MARKS]}",
            button("Change", CHANGE, MARKS),
        ),
        (f"*Leaderboard*\n{DESCRIBED[LEADERBOARD]}", button("Change", CHANGE, LEADERBOARD)),
        (
            "*The installation*\nWhether Slack, the clock and the database are as they should be.",
            button("Check", CHECK, "all"),
        ),
    ]
    return {
        "type": "modal",
        "title": plain_text("All settings"),
        "close": plain_text("Close"),
        "blocks": [section(text, accessory=press) for text, press in rows],
    }


def sponsors_modal(plans: Block) -> Block:
    """`plans`: the message that says when each comes."""
    return {
        "type": "modal",
        "title": plain_text("Sponsors' digests"),
        "close": plain_text("Close"),
        "blocks": plans["blocks"],
    }


# Inputs


def field(
    block_id: str, label: str, element: Block, *, optional: bool = False, hint: str = ""
) -> Block:
    block: Block = {
        "type": "input",
        "block_id": block_id,
        "optional": optional,
        "label": plain_text(label),
        "element": element,
    }
    return {**block, "hint": plain_text(hint)} if hint else block


def switch_input(block_id: str, label: str, is_on: bool) -> Block:
    options = {ON: option("Yes", ON), OFF: option("No", OFF)}
    return radio_input(block_id, label, options, ON if is_on else OFF)


def radio_input(block_id: str, label: str, options: Mapping[str, Block], chosen: str) -> Block:
    element = {
        "type": "radio_buttons",
        "action_id": "value",
        "options": list(options.values()),
        "initial_option": options[chosen],
    }
    return field(block_id, label, element)


def select_input(block_id: str, label: str, options: Mapping[str, Block], chosen: str) -> Block:
    element = {
        "type": "static_select",
        "action_id": "value",
        "options": list(options.values()),
        "initial_option": options[chosen],
    }
    return field(block_id, label, element)


def text_field(
    block_id: str,
    label: str,
    value: str,
    *,
    most: int,
    optional: bool = False,
    lines: bool = False,
    hint: str = "",
) -> Block:
    element: Block = {
        "type": "plain_text_input",
        "action_id": "value",
        "max_length": most,
        "multiline": lines,
    }
    if value:
        element["initial_value"] = clip(value, most)
    return field(block_id, label, element, optional=optional, hint=hint)


def checkboxes(options: Sequence[Block], chosen: Sequence[Block]) -> Block:
    element: Block = {"type": "checkboxes", "action_id": "value", "options": list(options)}
    return {**element, "initial_options": list(chosen)} if chosen else element
