"""Handing a question off to the helpdesk: its channel, and its system outside Slack."""

import json
import logging
from functools import partial

from sqlalchemy.ext.asyncio import AsyncSession

from bot.experts.hand_offs import (
    HandOffCall,
    get_call,
    get_hand_off,
    get_lost,
    note_lost,
    note_posted,
    note_told,
    read_receipt,
)
from bot.kinds import HAND_OFF, HAND_OFF_CALL, HAND_OFF_LOST
from bot.outbox import Owed
from bot.workspaces import get_url
from handlers.blocks.experts.hand_offs import call_body, hand_off_message, lost_note
from handlers.experts.webhooks import Outside, post_signed
from handlers.outbox import Delivery, Note, delivers
from handlers.slack import Refused, Slack, Unclear
from storage.database import Sessions

NOTHING_SET = Outside()

logger = logging.getLogger("askaround.hand_offs")


async def send_hand_off(owed: Owed[int], slack: Slack, sessions: Sessions) -> Note | None:
    """Tell the helpdesk's channel, or make its message say how things stand now."""
    async with sessions.read() as session:
        hand_off = await get_hand_off(session, owed.team_id, owed.subject)
        url = await get_url(session, owed.team_id)
    if hand_off is None:
        return None
    shown = hand_off_message(hand_off, url)
    if hand_off.message_ts is not None:
        await slack.touch(
            "chat.update",
            channel=hand_off.hand_off_channel_id,
            ts=hand_off.message_ts,
            **shown,
        )
        return None
    if hand_off.is_solved or hand_off.is_withdrawn or hand_off.is_merged:
        return None
    message_ts = await slack.post(
        key=owed.key,
        is_uncertain=owed.is_uncertain,
        channel=hand_off.hand_off_channel_id,
        **shown,
    )

    async def note(session: AsyncSession) -> None:
        await note_posted(
            session,
            team_id=owed.team_id,
            question_id=hand_off.question_id,
            message_ts=message_ts,
        )

    return note


async def call_helpdesk(
    owed: Owed[int], slack: Slack, sessions: Sessions, outside: Outside = NOTHING_SET
) -> Note | None:
    """Tell the helpdesk outside Slack how the question stands, if that is news there."""
    async with sessions.read() as session:
        call = await get_call(session, owed.team_id, owed.subject, may_be_known=owed.is_uncertain)
        url = await get_url(session, owed.team_id)
    if call is None:
        return None
    now = slack.clock()
    body = json.dumps(call_body(call, url)).encode()
    try:
        answer = await post_signed(
            call.address,
            call.secret,
            message_id=call.message_id,
            body=body,
            now=now,
            outside=outside,
        )
    except Refused as refusal:
        return lose(call, refusal.code, slack)
    except Unclear as trouble:
        if not owed.is_last_try:
            raise
        return lose(call, f"I tried for more than a day, and the last time {trouble}", slack)
    return lambda session: note_told(session, call, read_receipt(answer), now=now)


def lose(call: HandOffCall, reason: str, slack: Slack) -> Note:
    logger.warning("Question %d is not handed off: %s", call.question_id, reason)
    return lambda session: note_lost(session, call, reason=reason, now=slack.clock())


async def send_lost_note(owed: Owed[int], slack: Slack, sessions: Sessions) -> Note | None:
    async with sessions.read() as session:
        lost = await get_lost(session, owed.team_id, owed.subject)
        url = await get_url(session, owed.team_id)
    if lost is not None:
        await slack.post_privately(
            key=owed.key,
            is_uncertain=owed.is_uncertain,
            user_id=lost.user_id,
            **lost_note(lost, owed.payload["reason"], url),
        )
    return None


KINDS = (
    delivers(HAND_OFF, send_hand_off),
    delivers(HAND_OFF_CALL, call_helpdesk),
    delivers(HAND_OFF_LOST, send_lost_note),
)


def calling(outside: Outside) -> Delivery:
    """The kind that calls, as the operator set it."""
    return delivers(HAND_OFF_CALL, partial(call_helpdesk, outside=outside))
