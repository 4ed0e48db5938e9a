"""Suggestions to an asker, and what they say of them."""

from dataclasses import replace
from typing import Any

from slack_bolt.async_app import AsyncApp, AsyncBoltContext
from sqlalchemy.ext.asyncio import AsyncSession

from bot.outbox import Owed
from bot.questions.suggestions import (
    accept_suggestion,
    decline_suggestions,
    get_newcomer,
    get_suggestions,
    suggest_to_newcomer,
)
from bot.workspaces import get_url
from handlers.blocks.questions.suggestions import (
    NONE,
    STILL_OPEN,
    THIS,
    accepted,
    suggestions_message,
)
from handlers.blocks.text import listed, mention
from handlers.outbox import Deliver, Note
from handlers.payloads import Payload, question_id_of, who_and_what
from handlers.people import read_person
from handlers.slack import Slack
from storage.database import Sessions

ASKING = "I am asking the experts now."


def register(app: AsyncApp) -> None:
    app.action(THIS)(on_right)
    app.action(NONE)(on_wrong)
    app.action(STILL_OPEN)(on_wrong)


async def on_right(
    ack: Any,
    respond: Any,
    action: Payload,
    body: Payload,
    context: AsyncBoltContext,
    sessions: Sessions,
) -> None:
    question_id, _, solved_id = action["value"].partition(":")
    pressed = who_and_what({**action, "value": question_id}, body, context)
    async with sessions.begin() as session:
        credited = await accept_suggestion(session, **pressed, solved_id=question_id_of(solved_id))
    names = listed([mention(user_id) for user_id in credited])
    await respond(
        response_type="ephemeral",
        replace_original=True,
        **accepted(names, pressed["question_id"]),
    )
    await ack()


async def on_wrong(
    ack: Any,
    respond: Any,
    action: Payload,
    body: Payload,
    context: AsyncBoltContext,
    sessions: Sessions,
) -> None:
    async with sessions.begin() as session:
        await decline_suggestions(session, **who_and_what(action, body, context))
    await respond(response_type="ephemeral", replace_original=True, text=ASKING)
    await ack()


async def send_suggestions(owed: Owed, slack: Slack, sessions: Sessions) -> Note | None:
    """Show them to the asker. Private, so it cannot be looked up: at most once."""
    if owed.is_uncertain:
        return None
    async with sessions.read() as session:
        shown = await get_suggestions(session, owed.team_id, int(owed.subject))
        url = await get_url(session, owed.team_id)
    if shown is not None:
        await slack.call(
            "chat.postEphemeral",
            channel=shown.channel_id,
            **({"thread_ts": shown.thread_ts} if shown.thread_ts else {}),
            user=shown.asker_id,
            **suggestions_message(shown, url),
        )
    return None


async def meet_newcomer(owed: Owed, slack: Slack, sessions: Sessions) -> Note | None:
    """Ask Slack who asked, because what they may be shown depends on it."""
    async with sessions.read() as session:
        user_id = await get_newcomer(session, owed.team_id, int(owed.subject))
    if user_id is None:
        return None
    learn = await read_person(replace(owed, subject=user_id), slack, sessions)

    async def note(session: AsyncSession) -> None:
        if learn is not None:
            await learn(session)
        await suggest_to_newcomer(
            session, team_id=owed.team_id, question_id=int(owed.subject), now=slack.clock()
        )

    return note


KINDS: dict[str, Deliver] = {"suggestion": send_suggestions, "newcomer": meet_newcomer}
