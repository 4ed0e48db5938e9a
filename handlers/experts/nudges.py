"""Private reminders, and their buttons."""

from typing import Any

from slack_bolt.async_app import AsyncApp, AsyncBoltContext

from bot.experts.claims import keep
from bot.experts.nudges import get_claim_note, mute
from bot.outbox import Owed
from bot.questions.marking import get_unmarked, mark
from bot.workspaces import get_url
from handlers.blocks.experts.nudges import (
    KEEP,
    MARK_REPLY,
    MUTE,
    NO_MORE,
    UNMARK_REPLY,
    claim_nudge,
    mark_hint,
    mark_nudge,
    marked,
    released_note,
)
from handlers.outbox import Deliver, Note
from handlers.payloads import Payload, question_id_of, team_of, who_and_what
from handlers.slack import Slack
from storage.database import Sessions


def register(app: AsyncApp) -> None:
    app.action(MARK_REPLY)(on_mark)
    app.action(UNMARK_REPLY)(on_mark)
    app.action(KEEP)(on_keep)
    app.action(MUTE)(on_mute)


async def on_mark(
    ack: Any,
    respond: Any,
    action: Payload,
    body: Payload,
    context: AsyncBoltContext,
    sessions: Sessions,
) -> None:
    question_id, _, answer_id = action["value"].partition(":")
    pressed = who_and_what({**action, "value": question_id}, body, context)
    async with sessions.begin() as session:
        done = await mark(
            session,
            **pressed,
            answer_id=question_id_of(answer_id),
            is_on=action["action_id"] == MARK_REPLY,
        )
    others = listed_in(body.get("message", {}))
    if len(others) > 1:
        async with sessions.read() as session:
            _, unmarked = await get_unmarked(session, team_of(context), others, pressed["user_id"])
            url = await get_url(session, team_of(context))
        await respond(replace_original=True, **mark_nudge(unmarked, url))
    else:
        await respond(replace_original=True, **marked(done))
    await ack()


def listed_in(message: Payload) -> list[int]:
    """The questions whose buttons a message has, in order."""
    values = [
        element.get("value", "")
        for block in message.get("blocks", [])
        for element in [block.get("accessory", {}), *block.get("elements", [])]
        if element.get("action_id") in (MARK_REPLY, UNMARK_REPLY)
    ]
    return list(dict.fromkeys(question_id_of(value.partition(":")[0]) for value in values))


async def on_keep(
    ack: Any,
    respond: Any,
    action: Payload,
    body: Payload,
    context: AsyncBoltContext,
    sessions: Sessions,
) -> None:
    async with sessions.begin() as session:
        is_theirs = await keep(session, **who_and_what(action, body, context))
    text = "Good, it is yours." if is_theirs else "Others are on it now. You can still reply."
    await respond(replace_original=True, text=text)
    await ack()


async def on_mute(
    ack: Any,
    respond: Any,
    action: Payload,
    body: Payload,
    context: AsyncBoltContext,
    sessions: Sessions,
) -> None:
    async with sessions.begin() as session:
        await mute(
            session,
            team_id=team_of(context),
            user_id=body["user"]["id"],
            kind=action.get("value", ""),
        )
    await respond(response_type="ephemeral", replace_original=False, text=NO_MORE)
    await ack()


async def send_mark_hint(owed: Owed, slack: Slack, sessions: Sessions) -> Note | None:
    """Ask the asker, in the thread, which reply worked. Private, so it cannot be looked up: at
    most once."""
    if owed.is_uncertain:
        return None
    async with sessions.read() as session:
        asked = await get_unmarked(session, owed.team_id, [int(owed.subject)], in_thread=True)
        url = await get_url(session, owed.team_id)
    asker_id, unmarked = asked
    if unmarked:
        await slack.call(
            "chat.postEphemeral",
            channel=unmarked[0].channel_id,
            thread_ts=unmarked[0].thread_ts,
            user=asker_id,
            **mark_hint(unmarked[0], url),
        )
    return None


async def send_mark_nudge(owed: Owed, slack: Slack, sessions: Sessions) -> Note | None:
    async with sessions.read() as session:
        asker_id, unmarked = await get_unmarked(session, owed.team_id, owed.payload["question_ids"])
        url = await get_url(session, owed.team_id)
    open_ones = [each for each in unmarked if not each.solved_by]
    if open_ones:
        await slack.post_privately(
            key=owed.key,
            is_uncertain=owed.is_uncertain,
            user_id=asker_id,
            **mark_nudge(open_ones, url),
        )
    return None


async def send_claim_nudge(owed: Owed, slack: Slack, sessions: Sessions) -> Note | None:
    return await send_claim_note(owed, slack, sessions, claim_nudge)


async def send_released_note(owed: Owed, slack: Slack, sessions: Sessions) -> Note | None:
    return await send_claim_note(owed, slack, sessions, released_note)


async def send_claim_note(owed: Owed, slack: Slack, sessions: Sessions, words: Any) -> Note | None:
    question_id, _, user_id = owed.subject.partition(":")
    async with sessions.read() as session:
        note = await get_claim_note(session, owed.team_id, int(question_id), user_id)
        url = await get_url(session, owed.team_id)
    if note is not None:
        await slack.post_privately(
            key=owed.key,
            is_uncertain=owed.is_uncertain,
            user_id=user_id,
            **words(note, url),
        )
    return None


KINDS: dict[str, Deliver] = {
    "mark_hint": send_mark_hint,
    "mark_nudge": send_mark_nudge,
    "claim_nudge": send_claim_nudge,
    "released_note": send_released_note,
}
