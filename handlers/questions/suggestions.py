"""Suggestions to an asker, and what they say of them."""

from typing import Any

from slack_bolt.async_app import AsyncApp
from sqlalchemy.ext.asyncio import AsyncSession

from bot.kinds import NEWCOMER, SUGGESTION
from bot.outbox import Owed
from bot.people import learn_person
from bot.questions.suggestions import (
    accept_suggestion,
    decline_suggestions,
    get_newcomer,
    get_suggestions,
    suggest_to_newcomer,
)
from bot.workspaces import get_url
from handlers.blocks.questions.suggestions import (
    ASKING,
    NONE,
    STILL_OPEN,
    THIS,
    accepted,
    suggestions_message,
)
from handlers.outbox import Note, delivers
from handlers.payloads import number_of
from handlers.people import look_up
from handlers.pressed import Pressed
from handlers.replying import IN_PLACE
from handlers.slack import Slack
from storage.database import Sessions


def register(app: AsyncApp) -> None:
    app.action(THIS)(on_right)
    app.action(NONE)(on_wrong)
    app.action(STILL_OPEN)(on_wrong)


async def on_right(ack: Any, respond: Any, pressed: Pressed, sessions: Sessions) -> None:
    question_id, solved_id = map(number_of, pressed.parts)
    about = {**pressed.question, "question_id": question_id}
    async with sessions.begin() as session:
        credited = await accept_suggestion(session, **about, solved_id=solved_id)
    await respond(**IN_PLACE, **accepted(credited, question_id))
    await ack()


async def on_wrong(ack: Any, respond: Any, pressed: Pressed, sessions: Sessions) -> None:
    async with sessions.begin() as session:
        await decline_suggestions(session, **pressed.question)
    await respond(**IN_PLACE, text=ASKING)
    await ack()


async def send_suggestions(owed: Owed[int], slack: Slack, sessions: Sessions) -> Note | None:
    """Show them to the asker. Private, so it cannot be looked up: at most once."""
    if owed.is_uncertain:
        return None
    async with sessions.read() as session:
        shown = await get_suggestions(session, owed.team_id, owed.subject)
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


async def meet_newcomer(owed: Owed[int], slack: Slack, sessions: Sessions) -> Note | None:
    """Ask Slack who asked, because what they may be shown depends on it."""
    async with sessions.read() as session:
        user_id = await get_newcomer(session, owed.team_id, owed.subject)
    if user_id is None:
        return None
    profile = await look_up(slack, owed.team_id, user_id)

    async def note(session: AsyncSession) -> None:
        if profile is not None:
            await learn_person(session, team_id=owed.team_id, profile=profile, now=owed.owed_at)
        await suggest_to_newcomer(
            session, team_id=owed.team_id, question_id=owed.subject, now=slack.clock()
        )

    return note


KINDS = (
    delivers(SUGGESTION, send_suggestions),
    delivers(NEWCOMER, meet_newcomer),
)
