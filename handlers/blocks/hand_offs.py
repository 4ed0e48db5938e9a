"""What the helpdesk's channel sees of a question that nobody took."""

from bot.hand_offs import HandOff
from handlers.blocks.questions import CLAIM, MOMENT
from handlers.blocks.text import (
    Block,
    actions,
    button,
    context,
    count,
    date,
    escape,
    link,
    mention,
    message,
    permalink,
    quote,
    section,
)


def hand_off_message(hand_off: HandOff, workspace_url: str) -> Block:
    address = permalink(workspace_url, hand_off.channel_id, hand_off.thread_ts)
    asked = link(address, "a question")
    if hand_off.is_withdrawn:
        text = f"No longer needed: a question about *{escape(hand_off.topic)}* was withdrawn."
        return message(text, [section(text)])
    if hand_off.is_solved:
        text = f":white_check_mark: Solved: {asked} about *{escape(hand_off.topic)}*."
        return message(text, [section(text)])
    if hand_off.is_merged:
        text = f":link: No longer needed: {asked} about *{escape(hand_off.topic)}* is the same as "
        text += "another one."
        return message(text, [section(text)])
    if hand_off.claimed_by:
        text = f":raised_hand: {mention(hand_off.claimed_by)} is on {asked} about "
        text += f"*{escape(hand_off.topic)}*."
        return message(text, [section(text)])
    text = f"Nobody could take {asked} about *{escape(hand_off.topic)}* in time. Can you help?"
    blocks = [section(text)]
    if hand_off.text is not None:
        blocks.append(quote(hand_off.text, most=1500))
    blocks += [
        context(facts(hand_off)),
        actions(button("I'll take it", CLAIM, hand_off.question_id, style="primary")),
    ]
    return message(text, blocks)


def facts(hand_off: HandOff) -> str:
    asker = f" by {mention(hand_off.asker_id)}" if hand_off.asker_id else ""
    experts = count(hand_off.experts_asked, "expert")
    return f"Asked{asker} {date(hand_off.asked_at, MOMENT)}; {experts} asked so far."
