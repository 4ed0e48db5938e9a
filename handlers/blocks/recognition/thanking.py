"""Saying thanks: the modals of managers and sponsors, and the thanks as they are delivered."""

import json

from bot.recognition.kudos import MAX_REASON
from bot.recognition.thanking import SaidThanks, ThanksDraft
from handlers.blocks.recognition.sponsors import with_deeds
from handlers.blocks.text import (
    Block,
    context,
    escape,
    listed,
    mention,
    message,
    option,
    permalink,
    plain_text,
    section,
)

THANK_TELLER, TELLER_CALLBACK = "thank_for_help", "thank"
DIGEST_CALLBACK = "sponsor_thanks"
HERE, PRIVATELY = "here", "privately"


def teller_modal(user_id: str, note_id: int) -> Block:
    """Where a manager reads what somebody told them of their help."""
    told = section(f"I pass your words on to {mention(user_id)}, as a message to them alone.")
    return thanks_modal(
        TELLER_CALLBACK, str(note_id), "Say thanks", [told, reason_input("What for")]
    )


def digest_modal(draft: ThanksDraft, workspace_url: str) -> Block:
    """Where a sponsor reads what somebody's help did in their topics."""
    evidence = with_deeds(draft.help, workspace_url)
    where = [where_input(draft.channel_name)] if draft.channel_id else [only_they()]
    about = json.dumps({"slot": draft.slot, "fact_id": draft.help.fact_id})
    parts = [section(evidence), reason_input("In your words"), *where]
    return thanks_modal(DIGEST_CALLBACK, about, "Say it", parts)


def thanks_modal(callback_id: str, about: str, submit: str, parts: list[Block]) -> Block:
    return {
        "type": "modal",
        "callback_id": callback_id,
        "title": plain_text("Say thanks"),
        "submit": plain_text(submit),
        "close": plain_text("Cancel"),
        "private_metadata": about,
        "blocks": parts,
    }


def reason_input(label: str) -> Block:
    return {
        "type": "input",
        "block_id": "reason",
        "label": plain_text(label),
        "element": {
            "type": "plain_text_input",
            "action_id": "value",
            "multiline": True,
            "max_length": MAX_REASON,
            "focus_on_load": True,
        },
    }


def where_input(channel_name: str) -> Block:
    options = [option(f"In #{channel_name}", HERE), option("Privately", PRIVATELY)]
    return {
        "type": "input",
        "block_id": "where",
        "label": plain_text("Where"),
        "element": {
            "type": "radio_buttons",
            "action_id": "value",
            "options": options,
            "initial_option": options[0],
        },
    }


def only_they() -> Block:
    return context("Only they will read it.")


def said_thanks(thanks: SaidThanks, workspace_url: str) -> Block:
    """It links to the question without its words: these may be deleted, and this stays."""
    whom = "you" if thanks.channel_id is None else mention(thanks.receiver_id)
    text = f":sparkles: {mention(thanks.giver_id)} thanks {whom}: {escape(thanks.reason)}"
    if not thanks.reason:  # whoever wrote it had that erased
        text = f":sparkles: {mention(thanks.giver_id)} thanks {whom}."
    told = thanks.question
    address = permalink(workspace_url, told.channel_id, told.message_ts) if told else ""
    example = [context(f"For help with <{address}|this question>")] if address else []
    return message(text, [section(text), *example])


def thanked(*user_ids: str) -> str:
    told = listed([mention(each) for each in user_ids])
    return f"I told {told}, and it counts among their kudos."
