"""What an expert sees who is asked privately."""

from bot.experts.offer_notes import OfferItem, OfferNote
from handlers.blocks.buttons import claim_button
from handlers.blocks.experts.cards import MOMENT, PASS, begun
from handlers.blocks.text import (
    Block,
    actions,
    button,
    context,
    count,
    date,
    divider,
    escape,
    inline,
    link,
    mention,
    message,
    permalink,
    section,
)

CAN_YOU_HELP = "You are likely to know this. Can you help?"
NOTHING_WAITS = "Nothing is waiting for you here. Thank you."


def offer_note(note: OfferNote, workspace_url: str) -> Block:
    """The one message that lists what a person is asked to take."""
    if not note.items:
        return message(NOTHING_WAITS, [section(NOTHING_WAITS)])
    number = len(note.items) + note.more
    text = CAN_YOU_HELP if number == 1 else f"{number} questions that you are likely to know:"
    blocks = [section(text)]
    for item in note.items:
        blocks += [divider(), *offer_item(item, workspace_url)]
    if note.more:
        blocks.append(context(f"{note.more} more come when these are done."))
    blocks.append(
        context("`/experts messages off` stops these messages, `/experts away` all asking.")
    )
    return message(begun(note.items[0].asker, note.items[0].text, twin(number)), blocks)


def twin(number: int) -> str:
    """Below the first question, on a screen that shows no more."""
    if number == 1:
        return CAN_YOU_HELP
    return f"Can you help with this, and with {count(number - 1, 'more question')}?"


def offer_item(item: OfferItem, workspace_url: str) -> list[Block]:
    address = permalink(workspace_url, item.channel_id, item.thread_ts)
    who = f"{mention(item.asker_id)}, {date(item.asked_at, MOMENT)}"
    parts = [who, *([f"about *{escape(item.topic)}*"] if item.topic else []), *reasons(item)]
    blocks = [section(f"*{link(address, item.text, 200)}*"), context(" · ".join(parts))]
    blocks += [context(f"Did not help: {inline(each, 150)}") for each in item.tried if each]
    if item.is_claimed:
        return [*blocks, context("You are on it. Reply in the thread.")]
    return [
        *blocks,
        actions(
            claim_button(item.question_id, style="primary"),
            button("Not me", PASS, item.question_id),
        ),
    ]


def reasons(item: OfferItem) -> list[str]:
    found = []
    if item.is_by_assistant:
        found.append("their assistant wrote it")
    if item.is_first:
        found.append("their first question")
    if item.referred_by:
        found.append(f"{mention(item.referred_by)} says to ask you")
    elif item.solved_like:
        found.append(f"you solved {count(item.solved_like, 'question')} like this")
    return found
