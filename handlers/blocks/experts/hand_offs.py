"""What the helpdesk sees of a question that nobody took: its channel, and its system outside
Slack."""

import html
from typing import Any

from bot.experts.hand_offs import HandOff, HandOffCall, LostHandOff, Named
from handlers.blocks.buttons import claim_button
from handlers.blocks.experts.cards import MOMENT, begun
from handlers.blocks.text import (
    Block,
    actions,
    context,
    count,
    date,
    escape,
    link,
    mention,
    message,
    permalink,
    profile,
    quote,
    section,
)


def hand_off_message(hand_off: HandOff, workspace_url: str) -> Block:
    address = permalink(workspace_url, hand_off.channel_id, hand_off.thread_ts)
    text = how_it_stands(hand_off, link(address, "a question"))
    told = begun(hand_off.asker, hand_off.text or "", text)
    if not is_still_needed(hand_off):
        return message(told, [section(text)])
    quoted = [] if hand_off.text is None else [quote(hand_off.text, most=1500)]
    return message(
        told,
        [
            section(text),
            *quoted,
            context(facts(hand_off, workspace_url)),
            actions(claim_button(hand_off.question_id, style="primary")),
        ],
    )


def is_still_needed(hand_off: HandOff) -> bool:
    ends = (hand_off.is_withdrawn, hand_off.is_solved, hand_off.is_closed, hand_off.is_merged)
    return not any(ends) and hand_off.claimed_by is None


def how_it_stands(hand_off: HandOff, asked: str) -> str:
    """`asked`: a link to it."""
    topic = escape(hand_off.topic)
    if hand_off.is_withdrawn:
        return f"No longer needed: a question about *{topic}* was withdrawn."
    if hand_off.is_solved:
        return f":white_check_mark: Solved: {asked} about *{topic}*."
    if hand_off.is_closed:
        return f"No longer needed: {asked} about *{topic}* is closed."
    if hand_off.is_merged:
        return f":link: No longer needed: {asked} about *{topic}* is the same as another one."
    if hand_off.claimed_by:
        return f":raised_hand: {mention(hand_off.claimed_by)} is on {asked} about *{topic}*."
    return f"Nobody could take {asked} about *{topic}* in time. Can you help?"


def call_body(call: HandOffCall, workspace_url: str) -> dict[str, Any]:
    """What the outside helpdesk is sent; docs/HANDOFF.md describes it."""
    address = permalink(workspace_url, call.channel_id, call.thread_ts)
    return {
        "type": f"question.{call.happened}",
        "timestamp": call.happened_at.isoformat(),
        "data": {
            "question_id": call.question_id,
            "workspace_id": call.team_id,
            "topic": call.topic,
            "asked_at": call.asked_at.isoformat(),
            "asker": named(call.asker),
            "text": call.text,
            "permalink": html.unescape(address) or None,
            "channel": {"id": call.channel_id, "name": call.channel_name},
            "is_private": call.is_private,
            "experts_asked": call.experts_asked,
            "claimed_by": named(call.claimed_by),
            "solved_by": [named(each) for each in call.solved_by],
        },
    }


def named(person: Named | None) -> dict[str, str | None] | None:
    return {"id": person.user_id, "name": person.name} if person else None


def lost_note(lost: LostHandOff, reason: str, workspace_url: str) -> Block:
    """To those who run the topic, who may be unable to read the question: none of its words."""
    address = permalink(workspace_url, lost.channel_id, lost.thread_ts)
    asked, topic = link(address, "a question"), escape(lost.topic)
    if lost.is_known_there:
        text = f":warning: The helpdesk has {asked} about *{topic}*, and I cannot tell it how "
        text += f"that stands now: {escape(reason)}."
        then = f"An admin can change the helpdesk's address with `/askaround topic {topic}`."
    else:
        text = f":warning: Nobody could take {asked} about *{topic}* in time, and I cannot reach "
        text += f"the helpdesk: {escape(reason)}."
        then = f"An admin can look at its address with `/askaround topic {topic}`. "
        then += "Once that is saved, I try again."
    return message(text, [section(text), context(then)])


def facts(hand_off: HandOff, workspace_url: str) -> str:
    at, experts = date(hand_off.asked_at, MOMENT), count(hand_off.experts_asked, "expert")
    if not hand_off.asker_id:
        return f"Asked {at}; {experts} asked so far."
    asker = profile(workspace_url, hand_off.asker_id, hand_off.asker)
    return f"Asked by {asker} {at}; {experts} asked so far."
