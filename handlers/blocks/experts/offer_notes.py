"""What an expert sees who is asked privately."""

from bot.experts.offer_notes import OfferItem, OfferNote
from handlers.blocks.buttons import claim_button
from handlers.blocks.experts.cards import MOMENT, PASS
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

NOTHING_WAITS = "Nothing waits for you here. Thank you."


def offer_note(note: OfferNote, workspace_url: str) -> Block:
    """The one message that lists what a person is asked to take."""
    if not note.items:
        return message(NOTHING_WAITS, [section(NOTHING_WAITS)])
    number = count(len(note.items) + note.more, "question")
    text = f"Can you help? {number} that you are likely to know:"
    blocks = [section(text)]
    for item in note.items:
        blocks += [divider(), *offer_item(item, workspace_url)]
    if note.more:
        blocks.append(context(f"{note.more} more come when these are done."))
    blocks.append(
        context("`/experts messages off` stops these messages, `/experts away` all asking.")
    )
    return message(text, blocks)


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
    if item.is_first:
        found.append("their first question")
    if item.referred_by:
        found.append(f"{mention(item.referred_by)} says to ask you")
    elif item.solved_like:
        found.append(f"you solved {count(item.solved_like, 'question')} like this")
    return found
