"""What assistants may ask: of oneself, and, for admins, at all."""

from bot.experts.assistants import APPROVED, AT_ONCE, NEVER, SHARES, Choices
from handlers.blocks.text import Block, button, context, option, plain_text, section

OPEN, CALLBACK = "open_assistants", "assistants"
NONE = "none"
SAVED = "Saved."
ABOUT = (
    "*Assistants*\nPrograms of yours and of others can find what was solved, and draft questions. "
    "What they may ask of you is yours to say."
)
WAYS = {
    APPROVED: "When their person said yes to the draft",
    AT_ONCE: "At once, without a yes",
    NEVER: "Not at all",
}
HINT = "Counted over four weeks, of each person: what is asked is never more than this share."


def assistant_sections() -> list[Block]:
    return [section(ABOUT, accessory=button("Assistants", OPEN, "mine"))]


def assistants_modal(choices: Choices) -> Block:
    blocks = [mine(choices), context(f"Else {least(choices.share)}")]
    if choices.is_admin:
        blocks += [way_input(choices), share_input(choices)]
    return {
        "type": "modal",
        "callback_id": CALLBACK,
        "title": plain_text("Assistants"),
        "submit": plain_text("Save"),
        "close": plain_text("Cancel"),
        "blocks": blocks,
    }


def least(share: int) -> str:
    if not share:
        return "you are asked nothing that an assistant wrote: nobody here is."
    return f"at most {share} % of what you are asked is written by an assistant, and says so."


def mine(choices: Choices) -> Block:
    refusing = option("Ask me nothing that an assistant wrote", NONE)
    element: Block = {"type": "checkboxes", "action_id": "value", "options": [refusing]}
    if choices.refuses:
        element["initial_options"] = [refusing]
    return {
        "type": "input",
        "block_id": "mine",
        "optional": True,
        "label": plain_text("What I am asked"),
        "element": element,
    }


def way_input(choices: Choices) -> Block:
    options = {way: option(label, way) for way, label in WAYS.items()}
    return {
        "type": "input",
        "block_id": "way",
        "label": plain_text("Assistants may ask people"),
        "element": {
            "type": "static_select",
            "action_id": "value",
            "options": list(options.values()),
            "initial_option": options[choices.way],
        },
    }


def share_input(choices: Choices) -> Block:
    options = {share: option(f"{share} %", share) for share in SHARES}
    return {
        "type": "input",
        "block_id": "share",
        "label": plain_text("At most, of what somebody is asked"),
        "hint": plain_text(HINT),
        "element": {
            "type": "static_select",
            "action_id": "value",
            "options": list(options.values()),
            "initial_option": options[choices.share],
        },
    }
